"""What the parser makes of a query. ``at`` is the 1-based position in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class TypeName:
    """A type as written: the canonical name of types.py, and the numbers in its brackets."""

    name: str
    sizes: tuple[int, ...]
    at: int


# ---------- expressions


@dataclass(slots=True)
class Name:
    """A column, perhaps with its table, schema and database before it."""

    parts: list[str]
    at: int
    quoted: bool = False


@dataclass(slots=True)
class Star:
    qualifier: list[str]
    at: int


@dataclass(slots=True)
class Literal:
    """``kind``: text, number, true, false, null."""

    kind: str
    value: str
    at: int


@dataclass(slots=True)
class Typed:
    """date '2020-01-31'."""

    type: TypeName
    value: str
    at: int


@dataclass(slots=True)
class Interval:
    value: Any
    unit: str
    at: int


@dataclass(slots=True)
class Parameter:
    text: str
    at: int


@dataclass(slots=True)
class OrderItem:
    expression: Any
    descending: bool
    nulls: str  # "first", "last", ""


@dataclass(slots=True)
class Window:
    partition: list[Any]
    order: list[OrderItem]
    frame: str
    at: int


@dataclass(slots=True)
class Call:
    name: list[str]
    arguments: list[Any]
    at: int
    distinct: bool = False
    star: bool = False
    approximate: bool = False
    within: list[OrderItem] | None = None
    nulls: str = ""  # "ignore", "respect"
    over: Window | None = None
    keyword: str = ""  # a form with words inside its brackets: "trim both", "position", …


@dataclass(slots=True)
class Cast:
    expression: Any
    type: TypeName
    at: int
    attempt: bool = False  # TRY_CAST


@dataclass(slots=True)
class Unary:
    operator: str
    operand: Any
    at: int


@dataclass(slots=True)
class Binary:
    operator: str
    left: Any
    right: Any
    at: int


@dataclass(slots=True)
class Is:
    operand: Any
    what: str
    negated: bool
    at: int


@dataclass(slots=True)
class Between:
    operand: Any
    low: Any
    high: Any
    negated: bool
    at: int


@dataclass(slots=True)
class In:
    operand: Any
    values: list[Any] | None
    query: Query | None
    negated: bool
    at: int


@dataclass(slots=True)
class Like:
    """``operator``: like, ilike, similar to."""

    operator: str
    operand: Any
    pattern: Any
    escape: Any
    negated: bool
    at: int


@dataclass(slots=True)
class Case:
    operand: Any
    branches: list[tuple[Any, Any]]
    otherwise: Any
    at: int


@dataclass(slots=True)
class Exists:
    query: Query
    at: int


@dataclass(slots=True)
class Scalar:
    """A query in brackets, used as a value."""

    query: Query
    at: int


@dataclass(slots=True)
class Quantified:
    """x = ANY (query)."""

    operator: str
    left: Any
    word: str
    query: Any
    at: int


@dataclass(slots=True)
class Row:
    items: list[Any]
    at: int


@dataclass(slots=True)
class Brackets:
    expression: Any
    at: int


@dataclass(slots=True)
class Path:
    """Navigation in SUPER: base[0].name; steps are expressions (index) or names."""

    base: Any
    steps: list[Any]
    at: int


@dataclass(slots=True)
class AtZone:
    operand: Any
    zone: Any
    at: int


# ---------- queries


@dataclass(slots=True)
class Item:
    expression: Any
    alias: str | None
    at: int
    start: int
    end: int


@dataclass(slots=True)
class Table:
    parts: list[str]
    alias: str | None
    columns: list[str]
    at: int
    index: str | None = None  # FROM t.array AS x AT i
    path: list[Any] = field(default_factory=list)  # steps into SUPER behind the name
    unpivot: bool = False  # UNPIVOT t.object AS value AT key


@dataclass(slots=True)
class Derived:
    query: Query
    alias: str | None
    columns: list[str]
    at: int


@dataclass(slots=True)
class FunctionTable:
    call: Call
    alias: str | None
    columns: list[tuple[str, TypeName | None]]
    at: int


@dataclass(slots=True)
class Join:
    """``kind``: inner, left, right, full, cross, comma."""

    left: Any
    right: Any
    kind: str
    natural: bool
    on: Any
    using: list[str]
    at: int


@dataclass(slots=True)
class Pivot:
    source: Any
    aggregates: list[tuple[Call, str | None]]
    column: str
    values: list[tuple[Any, str | None]]
    alias: str | None
    at: int


@dataclass(slots=True)
class Unpivot:
    source: Any
    value: str
    name: str
    columns: list[tuple[str, str | None]]
    include_nulls: bool
    alias: str | None
    at: int


@dataclass(slots=True)
class Grouping:
    """ROLLUP, CUBE or GROUPING SETS with its lists."""

    word: str
    sets: list[Any]
    at: int


@dataclass(slots=True)
class Select:
    items: list[Item]
    at: int
    distinct: bool = False
    top: Any = None
    into: tuple[bool, list[str]] | None = None
    source: Any = None
    where: Any = None
    group: list[Any] = field(default_factory=list)
    group_all: bool = False
    having: Any = None
    qualify: Any = None
    exclude: list[str] = field(default_factory=list)  # columns that the result leaves out


@dataclass(slots=True)
class SetOperation:
    """``word``: union, intersect, except (minus is except)."""

    word: str
    all: bool
    left: Any
    right: Any
    at: int


@dataclass(slots=True)
class CommonTable:
    name: str
    columns: list[str]
    query: Query
    at: int


@dataclass(slots=True)
class Query:
    body: Any
    at: int
    tables: list[CommonTable] = field(default_factory=list)
    recursive: bool = False
    order: list[OrderItem] = field(default_factory=list)
    limit: Any = None
    offset: Any = None
    start: int = 0
    end: int = 0
