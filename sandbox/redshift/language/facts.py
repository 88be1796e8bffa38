"""What a statement says that PostgreSQL has no words for: the server keeps it, or does it itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableAttributes:
    """How a new table is laid out, and the lengths and rules that its columns declare (SVV_TABLE_INFO, PG_TABLE_DEF).

    ``schema`` is None where the statement leaves it to the search path. ``encodings`` and ``types`` are by column name,
    ``types`` in Redshift's words ("character varying(256)", "super"). ``like`` is the source of CREATE TABLE … (LIKE).
    """

    schema: str | None
    name: str
    diststyle: str | None = None  # "even", "key", "all", "auto"; None = not said
    distkey: str | None = None
    sortstyle: str | None = None  # "compound", "interleaved", "auto"
    sortkeys: tuple[str, ...] = ()
    encodings: dict[str, str] = field(default_factory=dict)
    backup: bool | None = None
    temporary: bool = False
    if_not_exists: bool = False
    types: dict[str, str] = field(default_factory=dict)
    constraints: tuple[str, ...] = ()  # primary key, unique and foreign keys as written: kept, never enforced
    like: tuple[str | None, str] | None = None


@dataclass(frozen=True)
class LateBindingView:
    """CREATE VIEW … WITH NO SCHEMA BINDING. ``query`` is the user's own SELECT, to prepare again when a table changes;
    ``query_postgres`` what it is now."""

    schema: str | None
    name: str
    query: str
    query_postgres: str
    replace: bool
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class MaterializedView:
    """CREATE MATERIALIZED VIEW; the layout as of a table's."""

    schema: str | None
    name: str
    query: str
    query_postgres: str
    backup: bool
    auto_refresh: bool
    attributes: TableAttributes


@dataclass(frozen=True)
class RefreshMaterializedView:
    schema: str | None
    name: str


@dataclass(frozen=True)
class CopyCommand:
    """COPY table [columns] FROM source. ``options`` by lower-case name: True for a bare word, a text, a number, or a
    tuple of texts."""

    schema: str | None
    table: str
    columns: tuple[str, ...]
    source: str
    format: str  # "delimited", "csv", "json", "parquet", "orc", "avro", "fixedwidth", "shapefile"
    options: dict[str, object]


@dataclass(frozen=True)
class UnloadCommand:
    """UNLOAD ('query') TO target; the query already in PostgreSQL's words."""

    query: str
    query_postgres: str
    target: str
    format: str  # "delimited", "csv", "json", "parquet"
    options: dict[str, object]


@dataclass(frozen=True)
class AppendFrom:
    """ALTER TABLE target APPEND FROM source: the rows move. The statements do it; the server checks the layouts."""

    schema: str | None
    name: str
    source_schema: str | None
    source: str
    ignore_extra: bool
    fill_target: bool


@dataclass(frozen=True)
class AlterAttributes:
    """ALTER TABLE … ALTER DISTKEY / DISTSTYLE / SORTKEY / ENCODE: only the layout changes."""

    schema: str | None
    name: str
    diststyle: str | None = None
    distkey: str | None = None
    sortstyle: str | None = None
    sortkeys: tuple[str, ...] | None = None
    encodings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Renamed:
    """ALTER TABLE … RENAME TO, also of a view."""

    schema: str | None
    name: str
    new_name: str


@dataclass(frozen=True)
class Dropped:
    """DROP TABLE / VIEW / MATERIALIZED VIEW / SCHEMA."""

    kind: str
    names: tuple[tuple[str | None, str], ...]
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class GrantCommand:
    """GRANT or REVOKE as it was said; ``to`` are ("user" | "group" | "role" | "public", name)."""

    revoke: bool
    privileges: tuple[str, ...]
    on: str  # "table", "schema", "database", "function", "role", …
    names: tuple[tuple[str | None, str], ...]
    to: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PrincipalCommand:
    """CREATE / ALTER / DROP USER, GROUP or ROLE. ``options`` as of CopyCommand."""

    action: str
    kind: str
    name: str
    options: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """SET name TO value, RESET name, SHOW name."""

    name: str
    value: str | None
    local: bool = False


@dataclass(frozen=True)
class ShowObjects:
    """SHOW TABLES, COLUMNS, SCHEMAS, DATABASES, GRANTS, TABLE, VIEW … : the server answers from its catalog.

    ``name`` is the dotted name behind FROM or ON, outermost first; ``like`` and ``limit`` as given.
    """

    what: str
    name: tuple[str, ...] = ()
    kind: str = ""  # of what FROM or ON names: "schema", "table", "database", …
    like: str | None = None
    limit: int | None = None
    grantee: tuple[str, str] | None = None


@dataclass(frozen=True)
class CommentOn:
    kind: str  # "table", "column", "view", "schema", "database", "constraint"
    name: tuple[str, ...]
    comment: str | None


@dataclass(frozen=True)
class CreatedFunction:
    """CREATE FUNCTION … LANGUAGE SQL."""

    schema: str | None
    name: str
    arguments: tuple[str, ...]
    returns: str
    body: str


@dataclass(frozen=True)
class AlterRefresh:
    """ALTER MATERIALIZED VIEW … AUTO REFRESH."""

    schema: str | None
    name: str
    auto_refresh: bool
