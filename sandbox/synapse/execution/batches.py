"""Runs the statements of a batch: the control of flow, and the table of what does each kind of statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution import (
    altering,
    copying,
    dropping,
    external_tables,
    indexes,
    objects,
    permissions,
    procedures,
    rows,
    settings,
    tables,
    views,
)
from sandbox.synapse.execution.evaluating import holds, number_of, value_of
from sandbox.synapse.language import Settings, read_batch
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.names import VariableValue
from sandbox.synapse.session import Cancelled, Scope, Session
from sandbox.synapse.wire.reply import Reply

Handler = Callable[[Session, Any, Reply], None]
MOST_NESTED = 32  # levels of EXEC and procedures


class _Left(Exception):
    """BREAK leaves its loop."""


class _Returned(Exception):
    """RETURN leaves the batch or procedure."""

    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.value = value


def run_text(session: Session, text: str, reply: Reply) -> int:
    """Parses a whole batch, then runs it. Gives what RETURN told, else 0. Raises SqlError at the first that fails."""
    statements = read_batch(text, Settings(quoted_identifier=session.options.quoted_identifier))
    if session.options.parse_only:
        return 0
    try:
        run_all(session, statements, reply)
    except _Returned as returned:
        return returned.value
    return 0


def run_all(session: Session, statements: Sequence[s.Statement], reply: Reply) -> None:
    for statement in statements:
        run(session, statement, reply)


def run(session: Session, statement: s.Statement, reply: Reply) -> None:
    flow = FLOW.get(type(statement))
    if flow is not None:
        flow(session, statement, reply)
        return
    handler = HANDLERS.get(type(statement))
    if handler is None:
        raise unsupported(type(statement).__name__, statement.line)
    _logged(session, statement, handler, reply)


def _logged(session: Session, statement: s.Statement, handler: Handler, reply: Reply) -> None:
    """Runs it as a request of sys.dm_pdw_exec_requests."""
    command = getattr(statement, "text", None)
    label = getattr(statement, "label", None) or getattr(getattr(statement, "query", None), "label", None)
    record = session.pool.begin_request(
        session, command if isinstance(command, str) else type(statement).__name__, label
    )
    try:
        handler(session, statement, reply)
    except SqlError as problem:
        session.pool.end_request(record, "Failed", str(problem.number))
        if problem.line == 1 and statement.line != 1:
            # an error of DuckDB's run knows no line: it is the statement's
            raise SqlError(
                problem.number, problem.message, statement.line, problem.severity, problem.state
            ) from problem
        raise
    except Cancelled:
        session.pool.end_request(record, "Cancelled")
        raise
    session.facts.error = 0
    session.pool.end_request(record, "Completed")


# ---------- control of flow


def _block(session: Session, statement: s.Block, reply: Reply) -> None:
    run_all(session, statement.statements, reply)


def _if(session: Session, statement: s.If, reply: Reply) -> None:
    if holds(session, statement.condition, statement.line):
        run(session, statement.then, reply)
    elif statement.otherwise is not None:
        run(session, statement.otherwise, reply)


def _while(session: Session, statement: s.While, reply: Reply) -> None:
    try:
        while holds(session, statement.condition, statement.line):
            run(session, statement.body, reply)
    except _Left:
        pass


def _break(session: Session, statement: s.Break, reply: Reply) -> None:
    raise _Left


def _return(session: Session, statement: s.Return, reply: Reply) -> None:
    raise _Returned(0 if statement.value is None else number_of(session, statement.value, statement.line, 0))


def _try(session: Session, statement: s.TryCatch, reply: Reply) -> None:
    try:
        run_all(session, statement.body, reply)
    except SqlError as problem:
        session.fail_transaction()
        before = session.facts.caught
        session.facts.caught = (
            problem.number,
            problem.severity,
            problem.state,
            problem.message,
            problem.line,
        )
        try:
            run_all(session, statement.handler, reply)
        finally:
            session.facts.caught = before


def _throw(session: Session, statement: s.Throw, reply: Reply) -> None:
    if statement.number is None:
        caught = session.facts.caught
        if caught is None:
            raise SqlError(
                10704,
                "To rethrow an error, a THROW statement must be used inside a CATCH block.",
                statement.line,
                15,
            )
        number, severity, state, message, line = caught
        raise SqlError(number, message, line, severity, state)
    assert statement.message is not None
    assert statement.state is not None
    number = number_of(session, statement.number, statement.line, 50000)
    message = str(value_of(session, statement.message, None, statement.line).value)
    state = number_of(session, statement.state, statement.line, 1)
    raise SqlError(number, message, statement.line, 16, state)


def _raise_error(session: Session, statement: s.RaiseError, reply: Reply) -> None:
    message = str(value_of(session, statement.message, None, statement.line).value or "")
    severity = number_of(session, statement.severity, statement.line, 0)
    state = number_of(session, statement.state, statement.line, 1)
    values = [value_of(session, a, None, statement.line).value for a in statement.arguments]
    message = _formatted(message, values)
    if severity <= 10:
        reply.info(50000, message, statement.line)
        return
    raise SqlError(50000, message, statement.line, severity, state)


def _formatted(message: str, values: list[Any]) -> str:
    """RAISERROR's %s, %d, %i and %%."""
    out, rest = "", iter(values)
    parts = message.split("%")
    out = parts[0]
    skip = False
    for part in parts[1:]:
        if skip:
            out += part
            skip = False
        elif part == "":
            out += "%"
            skip = True
        elif part[0] in "sdiuoxX":
            value = next(rest, None)
            out += ("(null)" if value is None else str(value)) + part[1:]
        else:
            out += "%" + part
    return out


def _print(session: Session, statement: s.Print, reply: Reply) -> None:
    value = value_of(session, statement.text, None, statement.line).value
    reply.info(0, " " if value is None else str(value), statement.line)


def _declare(session: Session, statement: s.Declare, reply: Reply) -> None:
    for name, kind, first in statement.variables:
        if name.lower() in session.scope.variables:
            raise SqlError(
                134,
                f"The variable name '{name}' has already been declared. Variable names must be unique within a query batch or stored procedure.",
                statement.line,
                15,
            )
        value = VariableValue(kind, None) if first is None else value_of(session, first, kind, statement.line)
        session.scope.variables[name.lower()] = value


def _set(session: Session, statement: s.SetVariable, reply: Reply) -> None:
    variable = session.scope.variables.get(statement.name.lower())
    if variable is None:
        raise SqlError(137, f'Must declare the scalar variable "{statement.name}".', statement.line, 15)
    session.scope.variables[statement.name.lower()] = value_of(
        session, statement.value, variable.type, statement.line
    )


def _execute_string(session: Session, statement: s.ExecuteString, reply: Reply) -> None:
    text = value_of(session, statement.text, None, statement.line).value
    if text is not None:
        run_inner(session, str(text), Scope(), reply)
        reply.done_procedure()


def run_inner(session: Session, text: str, scope: Scope, reply: Reply) -> int:
    """Runs a text with variables of its own, as EXEC('…') and sp_executesql do."""
    if reply.procedure >= MOST_NESTED:
        raise SqlError(
            217,
            f"Maximum stored procedure, function, trigger, or view nesting level exceeded (limit {MOST_NESTED}).",
        )
    outer, session.scope = session.scope, scope
    reply.procedure += 1
    try:
        return run_text(session, text, reply)
    finally:
        session.scope = outer
        reply.procedure -= 1


def run_body(session: Session, statements: Sequence[s.Statement], scope: Scope, reply: Reply) -> int:
    """Runs a procedure's statements with its parameters as variables. Gives its return value."""
    if reply.procedure >= MOST_NESTED:
        raise SqlError(
            217,
            f"Maximum stored procedure, function, trigger, or view nesting level exceeded (limit {MOST_NESTED}).",
        )
    outer, session.scope = session.scope, scope
    reply.procedure += 1
    try:
        run_all(session, statements, reply)
    except _Returned as returned:
        return returned.value
    finally:
        session.scope = outer
        reply.procedure -= 1
    return 0


def _begin(session: Session, statement: s.BeginTransaction, reply: Reply) -> None:
    session.begin_transaction()


def _commit(session: Session, statement: s.CommitTransaction, reply: Reply) -> None:
    session.commit_transaction()


def _rollback(session: Session, statement: s.RollbackTransaction, reply: Reply) -> None:
    session.rollback_transaction()


FLOW: dict[type[s.Statement], Handler] = {
    s.Block: _block, s.If: _if, s.While: _while, s.Break: _break, s.Return: _return, s.TryCatch: _try,
    s.Throw: _throw, s.RaiseError: _raise_error, s.Print: _print, s.Declare: _declare, s.SetVariable: _set,
    s.ExecuteString: _execute_string, s.BeginTransaction: _begin, s.CommitTransaction: _commit,
    s.RollbackTransaction: _rollback, s.ExecuteProcedure: procedures.execute, s.UseDatabase: settings.use,
    s.SetOption: settings.set_option,
}  # fmt: skip
HANDLERS: dict[type[s.Statement], Handler] = {
    s.SelectStatement: rows.select, s.Insert: rows.insert, s.InsertExecute: rows.insert_execute, s.Update: rows.update,
    s.Delete: rows.delete, s.Merge: rows.merge, s.Truncate: tables.truncate, s.CreateTable: tables.create_table,
    s.CreateTableAsSelect: tables.create_table_as_select, s.CreateView: views.create_view,
    s.CreateMaterializedView: views.create_materialized_view, s.AlterMaterializedView: views.alter_materialized_view,
    s.CreateSchema: objects.create_schema, s.DropObjects: dropping.drop_objects, s.DropNamed: dropping.drop_named,
    s.DropStatistics: indexes.drop_statistics, s.DropIndex: indexes.drop_index, s.CreateIndex: indexes.create_index,
    s.AlterIndex: indexes.alter_index, s.AlterTableAdd: altering.alter_add, s.AlterTableAddDefault: altering.alter_add_default,
    s.AlterTableDrop: altering.alter_drop, s.AlterTableColumn: altering.alter_column,
    s.AlterTablePartition: altering.alter_partition, s.AlterTableRebuild: altering.alter_rebuild,
    s.AlterAuthorization: objects.alter_authorization, s.AlterSchemaTransfer: objects.transfer,
    s.RenameObject: objects.rename_object, s.CreateProcedure: objects.create_procedure,
    s.CreateStatistics: indexes.create_statistics, s.UpdateStatistics: indexes.update_statistics,
    s.CreatePrincipal: permissions.create_principal, s.AlterPrincipal: permissions.alter_principal,
    s.Permission: permissions.permission, s.CopyInto: copying.copy_into,
    s.CreateExternalTable: external_tables.create_table, s.CreateExternalThing: external_tables.create_thing,
    s.Explain: settings.explain, s.DbccStatement: settings.dbcc,
}  # fmt: skip
