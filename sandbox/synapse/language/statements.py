"""Statements of a batch. `line`: 1-based, in the text of the batch. `text`: the statement as written."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.synapse.language.definitions import AlterAuthorization as AlterAuthorization
from sandbox.synapse.language.definitions import AlterIndex as AlterIndex
from sandbox.synapse.language.definitions import AlterMaterializedView as AlterMaterializedView
from sandbox.synapse.language.definitions import AlterPrincipal as AlterPrincipal
from sandbox.synapse.language.definitions import AlterSchemaTransfer as AlterSchemaTransfer
from sandbox.synapse.language.definitions import AlterTableAdd as AlterTableAdd
from sandbox.synapse.language.definitions import AlterTableAddDefault as AlterTableAddDefault
from sandbox.synapse.language.definitions import AlterTableColumn as AlterTableColumn
from sandbox.synapse.language.definitions import AlterTableDrop as AlterTableDrop
from sandbox.synapse.language.definitions import AlterTablePartition as AlterTablePartition
from sandbox.synapse.language.definitions import AlterTableRebuild as AlterTableRebuild
from sandbox.synapse.language.definitions import ColumnDefinition as ColumnDefinition
from sandbox.synapse.language.definitions import Constraint as Constraint
from sandbox.synapse.language.definitions import CopyInto as CopyInto
from sandbox.synapse.language.definitions import CreateExternalTable as CreateExternalTable
from sandbox.synapse.language.definitions import CreateExternalThing as CreateExternalThing
from sandbox.synapse.language.definitions import CreateIndex as CreateIndex
from sandbox.synapse.language.definitions import CreateMaterializedView as CreateMaterializedView
from sandbox.synapse.language.definitions import CreatePrincipal as CreatePrincipal
from sandbox.synapse.language.definitions import CreateProcedure as CreateProcedure
from sandbox.synapse.language.definitions import CreateSchema as CreateSchema
from sandbox.synapse.language.definitions import CreateStatistics as CreateStatistics
from sandbox.synapse.language.definitions import CreateTable as CreateTable
from sandbox.synapse.language.definitions import CreateTableAsSelect as CreateTableAsSelect
from sandbox.synapse.language.definitions import CreateView as CreateView
from sandbox.synapse.language.definitions import DropIndex as DropIndex
from sandbox.synapse.language.definitions import DropNamed as DropNamed
from sandbox.synapse.language.definitions import DropObjects as DropObjects
from sandbox.synapse.language.definitions import DropStatistics as DropStatistics
from sandbox.synapse.language.definitions import Permission as Permission
from sandbox.synapse.language.definitions import RenameObject as RenameObject
from sandbox.synapse.language.definitions import Statement as Statement
from sandbox.synapse.language.definitions import TableOptions as TableOptions
from sandbox.synapse.language.definitions import UpdateStatistics as UpdateStatistics
from sandbox.synapse.language.nodes import Name, Node, Query
from sandbox.synapse.types import SqlType

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
