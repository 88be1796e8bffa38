"""Statements that define: tables, views, schemas, permissions, loading; and the base of every statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.synapse.language.nodes import Name, Node, Query
from sandbox.synapse.types import SqlType


@dataclass(frozen=True, slots=True)
class Statement:
    line: int


@dataclass(frozen=True, slots=True)
class Constraint:
    """kind: 'primary key', 'unique'; both NOT ENFORCED."""

    kind: str
    name: str | None
    columns: tuple[str, ...]
    clustered: bool | None = None


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """identity: (seed, increment). default: a constant expression, default_text as written."""

    name: str
    type: SqlType
    nullable: bool | None = None
    collation: str | None = None
    identity: tuple[int, int] | None = None
    default: Node | None = None
    default_name: str | None = None
    default_text: str | None = None
    constraints: tuple[Constraint, ...] = ()
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class TableOptions:
    """WITH (…) of a table.

    distribution: 'HASH', 'ROUND_ROBIN', 'REPLICATE' or None (not given). distribution_columns: HASH's.
    index: 'CLUSTERED COLUMNSTORE INDEX', 'HEAP', 'CLUSTERED INDEX' or None. index_columns: (column, descending).
    partition: (column, 'LEFT'|'RIGHT', boundaries as written) or None.
    """

    distribution: str | None = None
    distribution_columns: tuple[str, ...] = ()
    index: str | None = None
    index_columns: tuple[tuple[str, bool], ...] = ()
    partition: tuple[str, str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class CreateTable(Statement):
    name: Name
    columns: tuple[ColumnDefinition, ...]
    constraints: tuple[Constraint, ...]
    options: TableOptions


@dataclass(frozen=True, slots=True)
class CreateTableAsSelect(Statement):
    """columns: names in parentheses after the table's name, or ()."""

    name: Name
    columns: tuple[str, ...]
    options: TableOptions
    query: Query
    label: str | None = None


@dataclass(frozen=True, slots=True)
class CreateView(Statement):
    """text: CREATE … as written (sys.sql_modules.definition). alter: ALTER VIEW, or CREATE OR ALTER."""

    name: Name
    columns: tuple[str, ...]
    query: Query
    text: str
    alter: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class CreateMaterializedView(Statement):
    name: Name
    options: TableOptions
    query: Query
    text: str


@dataclass(frozen=True, slots=True)
class AlterMaterializedView(Statement):
    """action: 'REBUILD' or 'DISABLE'."""

    name: Name
    action: str


@dataclass(frozen=True, slots=True)
class CreateSchema(Statement):
    name: str
    authorization: str | None = None


@dataclass(frozen=True, slots=True)
class DropObjects(Statement):
    """kind: 'table', 'view', 'procedure', 'function', 'external table', 'materialized view'."""

    kind: str
    names: tuple[Name, ...]
    if_exists: bool


@dataclass(frozen=True, slots=True)
class DropNamed(Statement):
    """kind: 'schema', 'user', 'role', 'external data source', 'external file format', 'database scoped credential',
    'master key', 'login', 'workload group', 'workload classifier'."""

    kind: str
    name: str
    if_exists: bool


@dataclass(frozen=True, slots=True)
class DropStatistics(Statement):
    """names: table.statistics."""

    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class DropIndex(Statement):
    index: str
    table: Name


@dataclass(frozen=True, slots=True)
class CreateIndex(Statement):
    """kind: 'CLUSTERED COLUMNSTORE INDEX', 'CLUSTERED INDEX', 'NONCLUSTERED INDEX'. columns: (column, descending)."""

    index: str
    kind: str
    table: Name
    columns: tuple[tuple[str, bool], ...]
    drop_existing: bool = False


@dataclass(frozen=True, slots=True)
class AlterIndex(Statement):
    """index: its name or 'ALL'; action: 'REBUILD', 'REORGANIZE', 'DISABLE'."""

    index: str
    table: Name
    action: str


@dataclass(frozen=True, slots=True)
class AlterTableAdd(Statement):
    table: Name
    columns: tuple[ColumnDefinition, ...]
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class AlterTableAddDefault(Statement):
    """ADD CONSTRAINT name DEFAULT value FOR column."""

    table: Name
    constraint: str | None
    default: Node
    column: str
    default_text: str = ""


@dataclass(frozen=True, slots=True)
class AlterTableDrop(Statement):
    """kind: 'column' or 'constraint'."""

    table: Name
    kind: str
    names: tuple[str, ...]
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class AlterTableColumn(Statement):
    table: Name
    column: ColumnDefinition


@dataclass(frozen=True, slots=True)
class AlterTablePartition(Statement):
    """action: 'split', 'merge', 'switch'. words: the rest, as written."""

    table: Name
    action: str
    words: str


@dataclass(frozen=True, slots=True)
class AlterTableRebuild(Statement):
    table: Name
    words: str


@dataclass(frozen=True, slots=True)
class AlterAuthorization(Statement):
    """ALTER AUTHORIZATION ON kind::name TO principal. kind: 'schema' or 'object'."""

    kind: str
    name: Name
    principal: str


@dataclass(frozen=True, slots=True)
class AlterSchemaTransfer(Statement):
    schema: str
    object: Name


@dataclass(frozen=True, slots=True)
class RenameObject(Statement):
    """RENAME OBJECT [::] a.b TO c; column: RENAME OBJECT t COLUMN x TO y."""

    name: Name
    new_name: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class CreateProcedure(Statement):
    """body: the statements; text: CREATE … as written. parameters: (name, type, default | None, output)."""

    name: Name
    parameters: tuple[tuple[str, SqlType, Node | None, bool], ...]
    body: tuple[Statement, ...]
    text: str
    alter: bool = False


@dataclass(frozen=True, slots=True)
class CreateStatistics(Statement):
    statistics: str
    table: Name
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpdateStatistics(Statement):
    table: Name
    statistics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreatePrincipal(Statement):
    """kind: 'user', 'role', 'login'. options: as written."""

    kind: str
    name: str
    options: str


@dataclass(frozen=True, slots=True)
class AlterPrincipal(Statement):
    """ALTER ROLE r ADD|DROP MEMBER m; ALTER USER. kind: 'role' or 'user'."""

    kind: str
    name: str
    action: str
    member: str | None


@dataclass(frozen=True, slots=True)
class Permission(Statement):
    """GRANT, REVOKE, DENY. verb: 'grant' … . permissions: upper case words. object: of ON, with its class
    ('object', 'schema', 'database', …) or None. columns: of `SELECT (a, b)`."""

    verb: str
    permissions: tuple[str, ...]
    object_class: str | None
    object: Name | None
    principals: tuple[str, ...]
    columns: tuple[str, ...] = ()
    grant_option: bool = False


@dataclass(frozen=True, slots=True)
class CopyInto(Statement):
    """columns: (name, default | None, field number | None). options: upper-case name → text, number or dict."""

    table: Name
    columns: tuple[tuple[str, Node | None, int | None], ...]
    sources: tuple[str, ...]
    options: dict[str, object] = field(default_factory=dict)
    label: str | None = None


@dataclass(frozen=True, slots=True)
class CreateExternalTable(Statement):
    """CREATE EXTERNAL TABLE, with a query: … AS SELECT. options: LOCATION, DATA_SOURCE, FILE_FORMAT, …"""

    name: Name
    columns: tuple[ColumnDefinition, ...]
    options: dict[str, object]
    query: Query | None


@dataclass(frozen=True, slots=True)
class CreateExternalThing(Statement):
    """kind: 'external data source', 'external file format', 'database scoped credential', 'master key'."""

    kind: str
    name: str
    options: dict[str, object]
