"""The tree of a query: expressions, conditions, sources, SELECT.

Expressions give values, conditions give true, false or unknown; T-SQL keeps the two apart, and so do these classes.
Every node knows its place: `at` = (line, column), both from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.synapse.types import SqlType

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Name:
    """A name of up to four parts, outermost first: ('server', 'db', 'schema', 'object'); '' = left out."""

    parts: tuple[str, ...]
    at: Place

    @property
    def last(self) -> str:
        return self.parts[-1]

    @property
    def schema(self) -> str | None:
        return (self.parts[-2] or None) if len(self.parts) > 1 else None

    @property
    def database(self) -> str | None:
        return (self.parts[-3] or None) if len(self.parts) > 2 else None


@dataclass(frozen=True, slots=True)
class Node:
    at: Place


# ---------- expressions


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """kind: 'text', 'unicode', 'integer', 'decimal', 'float', 'money', 'binary', 'null'; text: as written, unquoted."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnRef(Node):
    name: Name


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """`@name` or `@@name`, with its signs."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary(Node):
    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Collate(Node):
    operand: Node
    collation: str


@dataclass(frozen=True, slots=True)
class AtTimeZone(Node):
    operand: Node
    zone: Node


@dataclass(frozen=True, slots=True)
class Cast(Node):
    """CAST, TRY_CAST, CONVERT, TRY_CONVERT, PARSE's kin. style: CONVERT's third argument."""

    operand: Node
    type: SqlType
    attempt: bool
    style: Node | None = None


@dataclass(frozen=True, slots=True)
class SimpleCase(Node):
    operand: Node
    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class SearchedCase(Node):
    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Frame:
    """ROWS or RANGE; a bound is ('unbounded preceding' | 'preceding' | 'current' | 'following' | 'unbounded following', rows)."""

    unit: str
    start: tuple[str, int]
    end: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Window:
    partition: tuple[Node, ...]
    order: tuple[OrderItem, ...]
    frame: Frame | None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function. star: COUNT(*). within: WITHIN GROUP (ORDER BY …)."""

    name: str
    arguments: tuple[Node, ...]
    distinct: bool = False
    star: bool = False
    over: Window | None = None
    within: tuple[OrderItem, ...] = ()


@dataclass(frozen=True, slots=True)
class DatePartName(Node):
    """The first argument of DATEADD and its kin: a word, no expression."""

    word: str


@dataclass(frozen=True, slots=True)
class Subquery(Node):
    query: Query


# ---------- conditions


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """operator: = <> < <= > >=. quantifier: 'all', 'any' with a Subquery to the right."""

    operator: str
    left: Node
    right: Node
    quantifier: str | None = None


@dataclass(frozen=True, slots=True)
class And(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    operand: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class Between(Node):
    operand: Node
    low: Node
    high: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class InList(Node):
    operand: Node
    items: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class InQuery(Node):
    operand: Node
    query: Query
    negated: bool


@dataclass(frozen=True, slots=True)
class Like(Node):
    operand: Node
    pattern: Node
    escape: Node | None
    negated: bool


@dataclass(frozen=True, slots=True)
class Exists(Node):
    query: Query


# ---------- sources


@dataclass(frozen=True, slots=True)
class TableSource(Node):
    name: Name
    alias: str | None


@dataclass(frozen=True, slots=True)
class DerivedTable(Node):
    query: Query
    alias: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FunctionSource(Node):
    """STRING_SPLIT, OPENJSON. columns: OPENJSON's WITH (name, type, path, as json)."""

    call: Call
    alias: str | None
    columns: tuple[tuple[str, SqlType, str | None], ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Join(Node):
    """kind: 'inner', 'left', 'right', 'full', 'cross', 'cross apply', 'outer apply'."""

    kind: str
    left: Node
    right: Node
    on: Node | None


@dataclass(frozen=True, slots=True)
class Pivot(Node):
    source: Node
    aggregate: Call
    column: Name
    values: tuple[str, ...]
    alias: str


@dataclass(frozen=True, slots=True)
class Unpivot(Node):
    source: Node
    value: str
    name: str
    columns: tuple[str, ...]
    alias: str


# ---------- queries


@dataclass(frozen=True, slots=True)
class OrderItem(Node):
    expression: Node
    descending: bool


@dataclass(frozen=True, slots=True)
class SelectItem(Node):
    """expression None and star: `*` or `t.*` (qualifier). variable: `@x = expression`."""

    expression: Node | None
    alias: str | None = None
    star: bool = False
    qualifier: Name | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class Top:
    count: Node
    percent: bool
    ties: bool


@dataclass(frozen=True, slots=True)
class Grouping:
    """kind: 'plain' or 'rollup'."""

    kind: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Select(Node):
    items: tuple[SelectItem, ...]
    distinct: bool = False
    top: Top | None = None
    source: Node | None = None
    where: Node | None = None
    group: Grouping | None = None
    having: Node | None = None
    order: tuple[OrderItem, ...] = ()


@dataclass(frozen=True, slots=True)
class SetOperation(Node):
    """operator: 'union', 'union all', 'except', 'intersect'. order: of the whole."""

    operator: str
    left: Body
    right: Body
    order: tuple[OrderItem, ...] = ()


@dataclass(frozen=True, slots=True)
class CommonTable(Node):
    name: str
    columns: tuple[str, ...]
    query: Query


@dataclass(frozen=True, slots=True)
class Query(Node):
    body: Body
    ctes: tuple[CommonTable, ...] = ()
    label: str | None = field(default=None)


Body = Select | SetOperation
