"""Statements of a batch. `line`: 1-based, in the text of the batch. `text`: the statement as written."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.synapse.language.nodes import Name, Node, Query
from sandbox.synapse.types import SqlType


@dataclass(frozen=True, slots=True)
class Statement:
    line: int


# ---------- queries and changes of rows


@dataclass(frozen=True, slots=True)
class SelectStatement(Statement):
    """SELECT … [OPTION (…)]; label: OPTION (LABEL = '…'). A SELECT of `@x = …` sets variables and gives no rows.

    into: SELECT … INTO #t.
    """

    query: Query
    label: str | None = None
    into: Name | None = None


@dataclass(frozen=True, slots=True)
class Insert(Statement):
    """source: a Query, a one-row VALUES as tuple of expressions (None = DEFAULT), or None for DEFAULT VALUES."""

    table: Name
    columns: tuple[str, ...]
    query: Query | None
    values: tuple[Node | None, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True)
class InsertExecute(Statement):
    """INSERT … EXEC …"""

    table: Name
    columns: tuple[str, ...]
    execute: ExecuteString | ExecuteProcedure


@dataclass(frozen=True, slots=True)
class Update(Statement):
    """target: the table, or an alias of `source`. assignments: (column, expression | None = DEFAULT)."""

    target: Name
    assignments: tuple[tuple[str, Node | None], ...]
    source: Node | None
    where: Node | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Delete(Statement):
    """target: the table, or an alias of `source` (DELETE t FROM x AS t …)."""

    target: Name
    source: Node | None
    where: Node | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class MergeAction:
    """when: 'matched', 'not matched', 'not matched by source'; action: 'update', 'delete', 'insert'."""

    when: str
    condition: Node | None
    action: str
    assignments: tuple[tuple[str, Node | None], ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[Node | None, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Merge(Statement):
    target: Name
    alias: str | None
    source: Node
    on: Node
    actions: tuple[MergeAction, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Truncate(Statement):
    """partitions: WITH (PARTITIONS (…)), as written, or ()."""

    table: Name
    partitions: tuple[str, ...] = ()


# ---------- definitions


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


# ---------- control of flow


@dataclass(frozen=True, slots=True)
class Block(Statement):
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If(Statement):
    condition: Node
    then: Statement
    otherwise: Statement | None


@dataclass(frozen=True, slots=True)
class While(Statement):
    condition: Node
    body: Statement


@dataclass(frozen=True, slots=True)
class Break(Statement):
    pass


@dataclass(frozen=True, slots=True)
class Return(Statement):
    value: Node | None = None


@dataclass(frozen=True, slots=True)
class TryCatch(Statement):
    body: tuple[Statement, ...]
    handler: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Declare(Statement):
    """variables: (name with @, type, first value | None)."""

    variables: tuple[tuple[str, SqlType, Node | None], ...]


@dataclass(frozen=True, slots=True)
class SetVariable(Statement):
    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class SetOption(Statement):
    """SET NOCOUNT ON, SET ANSI_NULLS ON, SET TRANSACTION ISOLATION LEVEL …; option: upper case words; value: as written."""

    option: str
    value: str


@dataclass(frozen=True, slots=True)
class ExecuteString(Statement):
    """EXEC ('…' + @x): a text expression."""

    text: Node


@dataclass(frozen=True, slots=True)
class ExecuteProcedure(Statement):
    """EXEC [@status =] name arguments. arguments: (name with @ | None, expression, output)."""

    name: Name
    arguments: tuple[tuple[str | None, Node, bool], ...]
    status: str | None = None


@dataclass(frozen=True, slots=True)
class BeginTransaction(Statement):
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CommitTransaction(Statement):
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RollbackTransaction(Statement):
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Print(Statement):
    text: Node


@dataclass(frozen=True, slots=True)
class RaiseError(Statement):
    message: Node
    severity: Node
    state: Node
    arguments: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Throw(Statement):
    """number None: THROW alone, inside CATCH."""

    number: Node | None = None
    message: Node | None = None
    state: Node | None = None


@dataclass(frozen=True, slots=True)
class UseDatabase(Statement):
    """USE: the pool answers 104455 unless the database is the connection's own."""

    name: str


@dataclass(frozen=True, slots=True)
class Explain(Statement):
    text: str


@dataclass(frozen=True, slots=True)
class DbccStatement(Statement):
    """DBCC of a dedicated pool: command upper case, arguments as written."""

    command: str
    arguments: str
