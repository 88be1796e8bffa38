"""EXEC of procedures: the user's own, and the system's as far as they are here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.synapse.catalog.functions import split_name
from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import PROCEDURE, VIEW
from sandbox.synapse.errors import SqlError
from sandbox.synapse.execution.evaluating import value_of
from sandbox.synapse.execution.finding import find
from sandbox.synapse.language import read_batch
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.names import VariableValue
from sandbox.synapse.language.nodes import Name, Variable
from sandbox.synapse.session import Scope, Session
from sandbox.synapse.types import INT
from sandbox.synapse.wire.reply import Reply

Given = list[tuple[str | None, VariableValue]]


def execute(session: Session, statement: s.ExecuteProcedure, reply: Reply) -> None:
    name = statement.name.last.lower()
    if name == "sp_executesql":
        status = _execute_sql(session, statement, reply)
    elif name in SYSTEM:
        given = [
            (n.lower() if n else None, value_of(session, node, None, statement.line))
            for n, node, _ in statement.arguments
        ]
        SYSTEM[name](session, given, statement.line, reply)
        status = 0
    else:
        status = _own(session, statement, reply)
    if statement.status is not None:
        if statement.status.lower() not in session.scope.variables:
            raise SqlError(137, f'Must declare the scalar variable "{statement.status}".', statement.line, 15)
        session.scope.variables[statement.status.lower()] = VariableValue(INT, status)
    reply.done_procedure()


def _own(session: Session, statement: s.ExecuteProcedure, reply: Reply) -> int:
    from sandbox.synapse.execution.batches import run_body

    found = find(session, statement.name, statement.line)
    if found is None or found.kind != PROCEDURE:
        raise SqlError(
            2812,
            f"Could not find stored procedure '{'.'.join(p for p in statement.name.parts if p)}'.",
            statement.line,
            state=62,
        )
    (declared,) = read_batch(found.definition or "")
    assert isinstance(declared, s.CreateProcedure)
    scope, outputs = Scope(), {}
    for place, (name, kind, default, _output) in enumerate(declared.parameters):
        argument = _argument(statement, place, name)
        if argument is None:
            if default is None:
                raise SqlError(
                    201,
                    f"Procedure or function '{found.name}' expects parameter '{name}', which was not supplied.",
                    statement.line,
                )
            scope.variables[name.lower()] = value_of(session, default, kind, statement.line)
            continue
        node, wants_back = argument
        scope.variables[name.lower()] = value_of(session, node, kind, statement.line)
        if wants_back and isinstance(node, Variable):
            outputs[name.lower()] = node.name.lower()
    if len(statement.arguments) > len(declared.parameters):
        raise SqlError(
            8144, f"Procedure or function {found.name} has too many arguments specified.", statement.line
        )
    status = run_body(session, declared.body, scope, reply)
    for inner, outer in outputs.items():
        session.scope.variables[outer] = VariableValue(
            session.scope.variables[outer].type, scope.variables[inner].value
        )
    return status


def _argument(statement: s.ExecuteProcedure, place: int, name: str) -> tuple[Any, bool] | None:
    for given, node, output in statement.arguments:
        if given is not None and given.lower() == name.lower():
            return node, output
    if place < len(statement.arguments) and statement.arguments[place][0] is None:
        _, node, output = statement.arguments[place]
        return node, output
    return None


def _execute_sql(session: Session, statement: s.ExecuteProcedure, reply: Reply) -> int:
    from sandbox.synapse.execution.batches import run_inner
    from sandbox.synapse.execution.parameters import read_declaration

    values = [(n.lower() if n else None, node, output) for n, node, output in statement.arguments]
    if not values:
        raise SqlError(
            201,
            "Procedure or function 'sp_executesql' expects parameter '@statement', which was not supplied.",
            statement.line,
        )
    text = value_of(session, values[0][1], None, statement.line).value
    scope = Scope()
    outputs: dict[str, str] = {}
    if len(values) > 1:
        declared = read_declaration(str(value_of(session, values[1][1], None, statement.line).value or ""))
        rest = values[2:]
        for place, (name, kind) in enumerate(declared):
            chosen = next(
                (v for v in rest if v[0] == name),
                rest[place] if place < len(rest) and rest[place][0] is None else None,
            )
            if chosen is None:
                raise SqlError(
                    8178,
                    f"The parameterized query '{text}' expects the parameter '{name}', which was not supplied.",
                    statement.line,
                )
            scope.variables[name] = value_of(session, chosen[1], kind, statement.line)
            if chosen[2] and isinstance(chosen[1], Variable):
                outputs[name] = chosen[1].name.lower()
    if text is None:
        return 0
    status = run_inner(session, str(text), scope, reply)
    for inner, outer in outputs.items():
        session.scope.variables[outer] = VariableValue(
            session.scope.variables[outer].type, scope.variables[inner].value
        )
    return status


def _text(given: Given, place: int, name: str, procedure: str, line: int) -> str:
    for key, value in given:
        if key == name:
            return str(value.value)
    if place < len(given) and given[place][0] is None:
        return str(given[place][1].value)
    raise SqlError(
        201, f"Procedure or function '{procedure}' expects parameter '{name}', which was not supplied.", line
    )


def _named(text: str, line: int) -> Name:
    parts = split_name(text)
    if not parts:
        raise SqlError(
            15225, f"No item by the name of '{text}' could be found in the current database.", line, 11
        )
    return Name(tuple(parts), (line, 1))


def sp_rename(session: Session, given: Given, line: int, reply: Reply) -> None:
    """In a dedicated pool sp_rename renames columns of tables, and nothing else.

    https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-rename-transact-sql
    """
    from sandbox.synapse.execution.objects import rename

    old = _text(given, 0, "@objname", "sp_rename", line)
    new = _text(given, 1, "@newname", "sp_rename", line)
    kind = next(
        (str(v.value) for k, v in given if k == "@objtype"),
        str(given[2][1].value) if len(given) > 2 and given[2][0] is None else "OBJECT",
    )
    if kind.upper() != "COLUMN":
        raise SqlError(
            104387, "sp_rename renames columns only; use RENAME OBJECT for tables and views.", line
        )
    name = _named(old, line)
    if len(name.parts) < 2:
        raise SqlError(
            15248,
            "Either the parameter @objname is ambiguous or the claimed @objtype (COLUMN) is wrong.",
            line,
            11,
        )
    rename(session, Name(name.parts[:-1], name.at), new, name.last, line)


def sp_refreshview(session: Session, given: Given, line: int, reply: Reply) -> None:
    """The view's columns become what its text gives now."""
    from dataclasses import replace

    from sandbox.synapse.execution.tables import now
    from sandbox.synapse.execution.views import view_columns

    name = _named(_text(given, 0, "@viewname", "sp_refreshview", line), line)

    def make(change: Change) -> None:
        found = find(session, name, line)
        if found is None or found.kind != VIEW:
            raise SqlError(15165, f"Could not find object '{name.last}' or you do not have permission.", line)
        (statement,) = read_batch(found.definition or "")
        assert isinstance(statement, s.CreateView)
        columns = view_columns(session.names, statement.query, statement.columns, found.name, line)
        change.put(replace(found, columns=columns, modified=now()))

    session.change(make)


def sp_addrolemember(session: Session, given: Given, line: int, reply: Reply) -> None:
    from sandbox.synapse.execution.permissions import change_membership

    role = _text(given, 0, "@rolename", "sp_addrolemember", line)
    member = _text(given, 1, "@membername", "sp_addrolemember", line)
    change_membership(session, role, member, True, line)


def sp_droprolemember(session: Session, given: Given, line: int, reply: Reply) -> None:
    from sandbox.synapse.execution.permissions import change_membership

    role = _text(given, 0, "@rolename", "sp_droprolemember", line)
    member = _text(given, 1, "@membername", "sp_droprolemember", line)
    change_membership(session, role, member, False, line)


def sp_set_session_context(session: Session, given: Given, line: int, reply: Reply) -> None:
    raise SqlError(49999, "not supported by the stand-in: sp_set_session_context.", line)


SYSTEM: dict[str, Callable[[Session, Given, int, Reply], None]] = {
    "sp_rename": sp_rename, "sp_refreshview": sp_refreshview, "sp_addrolemember": sp_addrolemember,
    "sp_droprolemember": sp_droprolemember, "sp_set_session_context": sp_set_session_context,
}  # fmt: skip
