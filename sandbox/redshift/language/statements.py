"""What the parser makes of a statement that is no bare query. ``at`` is the 1-based position in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.redshift.language.tree import CommonTable, Query, TypeName


@dataclass(slots=True)
class Layout:
    """Table attributes, as of CREATE TABLE, CREATE TABLE AS and CREATE MATERIALIZED VIEW."""

    backup: bool | None = None
    diststyle: str | None = None
    distkey: str | None = None
    sortstyle: str | None = None
    sortkeys: list[str] = field(default_factory=list)
    auto_refresh: bool | None = None


@dataclass(slots=True)
class Column:
    name: str
    type: TypeName
    at: int
    default: Any = None
    identity: tuple[int, int] | None = None
    by_default: bool = False
    encode: str | None = None
    distkey: bool = False
    sortkey: bool = False
    not_null: bool = False
    primary_key: bool = False
    constraints: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CreateTable:
    parts: list[str]
    columns: list[Column]
    layout: Layout
    at: int
    temporary: bool = False
    if_not_exists: bool = False
    constraints: list[str] = field(default_factory=list)
    key_columns: list[str] = field(default_factory=list)
    like: list[str] | None = None
    like_defaults: bool = False


@dataclass(slots=True)
class CreateTableAs:
    parts: list[str]
    columns: list[str]
    layout: Layout
    query: Query
    at: int
    temporary: bool = False
    if_not_exists: bool = False


@dataclass(slots=True)
class CreateView:
    parts: list[str]
    columns: list[str]
    query: Query
    at: int
    replace: bool = False
    late_binding: bool = False
    materialized: bool = False
    layout: Layout = field(default_factory=Layout)


@dataclass(slots=True)
class CreateFunction:
    parts: list[str]
    arguments: list[TypeName]
    returns: TypeName
    volatility: str
    body: str
    body_at: int
    replace: bool
    at: int


@dataclass(slots=True)
class Insert:
    parts: list[str]
    columns: list[str]
    at: int
    query: Query | None = None
    rows: list[list[Any]] = field(default_factory=list)  # None in a row = DEFAULT
    defaults: bool = False


@dataclass(slots=True)
class Update:
    parts: list[str]
    alias: str | None
    changes: list[tuple[str, Any]]
    source: Any
    where: Any
    at: int
    tables: list[CommonTable] = field(default_factory=list)
    recursive: bool = False


@dataclass(slots=True)
class Delete:
    parts: list[str]
    source: Any
    where: Any
    at: int
    tables: list[CommonTable] = field(default_factory=list)
    recursive: bool = False


@dataclass(slots=True)
class Merge:
    """``matched``: the changes of an UPDATE, or None for DELETE; ``remove_duplicates``: the simplified form."""

    target: list[str]
    source: list[str]
    alias: str | None
    on: Any
    at: int
    matched: list[tuple[str, Any]] | None = None
    columns: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    remove_duplicates: bool = False


@dataclass(slots=True)
class AlterTable:
    """``action``: add_column, drop_column, rename, rename_column, type, encode, distkey, diststyle, sortkey, owner,
    add_constraint, drop_constraint, append."""

    parts: list[str]
    action: str
    at: int
    column: Column | None = None
    name: str = ""
    new_name: str = ""
    type: TypeName | None = None
    text: str = ""
    layout: Layout = field(default_factory=Layout)
    encodings: dict[str, str] = field(default_factory=dict)
    source: list[str] = field(default_factory=list)
    flags: frozenset[str] = frozenset()


@dataclass(slots=True)
class Simple:
    """A statement that needs no more than its own words for PostgreSQL: ``postgres`` is ready, with its facts."""

    kind: str
    postgres: tuple[str, ...]
    facts: object | None = None
    table: list[str] | None = None


@dataclass(slots=True)
class Explain:
    query: Any
    verbose: bool
    at: int


@dataclass(slots=True)
class Declare:
    name: str
    query: Query
    at: int


@dataclass(slots=True)
class Unload:
    query: str
    query_at: int
    target: str
    format: str
    options: dict[str, object]
    at: int
