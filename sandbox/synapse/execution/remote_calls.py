"""Procedures that a driver calls: executesql, prepare, execute, unprepare, and the catalog procedures of ODBC."""

from __future__ import annotations

import struct

from sandbox.synapse.catalog.odbc import datatype_info
from sandbox.synapse.errors import SqlError
from sandbox.synapse.execution.batches import run_inner
from sandbox.synapse.execution.parameters import read_declaration
from sandbox.synapse.language.names import VariableValue
from sandbox.synapse.session import Scope, Session
from sandbox.synapse.types import INT
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply
from sandbox.synapse.wire.request import Call, Parameter
from sandbox.synapse.wire.rows import RowWriter
from sandbox.synapse.wire.tokens import short_text
from sandbox.synapse.wire.values import encoder, null_of, type_info


def run_call(session: Session, call: Call, reply: Reply) -> None:
    name = call.name.lower().replace("[", "").replace("]", "").split(".")[-1]
    if name == "sp_executesql":
        _execute_sql(session, call, reply)
    elif name in ("sp_prepare", "sp_prepexec"):
        _prepare(session, call, reply, run=name == "sp_prepexec")
    elif name == "sp_execute":
        _execute(session, call, reply)
    elif name == "sp_unprepare":
        session.prepared.pop(_number(call, 0), None)
        _end(reply, 0)
    elif name == "sp_datatype_info_100" or name == "sp_datatype_info":
        _datatype_info(session, call, reply)
    else:
        _named(session, call, name, reply)


def _number(call: Call, place: int) -> int:
    if place >= len(call.parameters) or call.parameters[place].value is None:
        raise SqlError(8179, "Could not find prepared statement with handle 0.")
    return int(call.parameters[place].value)


def _text(call: Call, place: int) -> str:
    if place >= len(call.parameters):
        raise SqlError(
            201, f"Procedure or function '{call.name}' expects a parameter, which was not supplied."
        )
    return str(call.parameters[place].value or "")


def _scope(text: str, declaration: str, given: tuple[Parameter, ...]) -> Scope:
    """The parameters as variables. Raises SqlError 8178 where one is missing."""
    scope = Scope()
    for place, (name, kind) in enumerate(read_declaration(declaration)):
        chosen = next((p for p in given if p.name.lower() == name), None)
        if chosen is None and place < len(given) and not given[place].name:
            chosen = given[place]
        if chosen is None:
            raise SqlError(
                8178,
                f"The parameterized query '{text[:200]}' expects the parameter '{name}', which was not supplied.",
            )
        scope.variables[name] = VariableValue(kind, chosen.value)
    return scope


def _execute_sql(session: Session, call: Call, reply: Reply) -> None:
    text = _text(call, 0)
    declaration = _text(call, 1) if len(call.parameters) > 1 else ""
    given = call.parameters[2:]
    scope = _scope(text, declaration, given)
    status = run_inner(session, text, scope, reply)
    reply.raw(tokens.return_status(status))
    _outputs(session, given, scope, reply)
    reply.done_procedure()


def _prepare(session: Session, call: Call, reply: Reply, run: bool) -> None:
    declaration, text = _text(call, 1), _text(call, 2)
    read_declaration(declaration)
    handle = session.prepare(text, declaration)
    given = call.parameters[3:]
    status = 0
    scope = Scope()
    if run:
        scope = _scope(text, declaration, given)
        status = run_inner(session, text, scope, reply)
    reply.raw(tokens.return_status(status))
    _return_value(session, call.parameters[0].name, VariableValue(INT, handle), reply)
    if run:
        _outputs(session, given, scope, reply)
    reply.done_procedure()


def _execute(session: Session, call: Call, reply: Reply) -> None:
    handle = _number(call, 0)
    prepared = session.prepared.get(handle)
    if prepared is None:
        raise SqlError(8179, f"Could not find prepared statement with handle {handle}.")
    given = call.parameters[1:]
    scope = _scope(prepared.text, prepared.declaration, given)
    status = run_inner(session, prepared.text, scope, reply)
    reply.raw(tokens.return_status(status))
    _outputs(session, given, scope, reply)
    reply.done_procedure()


def _end(reply: Reply, status: int) -> None:
    reply.raw(tokens.return_status(status))
    reply.done_procedure()


def _outputs(session: Session, given: tuple[Parameter, ...], scope: Scope, reply: Reply) -> None:
    names = list(scope.variables)
    for place, parameter in enumerate(given):
        if parameter.output:
            name = parameter.name.lower() or (names[place] if place < len(names) else "")
            if name in scope.variables:
                _return_value(session, parameter.name, scope.variables[name], reply)


def _return_value(session: Session, name: str, value: VariableValue, reply: Reply) -> None:
    """RETURNVALUE: an output parameter. https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/7091f6f6-b83d-4ed2-afeb-ba5013dfb18f"""
    collation = session.names.collation
    data = null_of(value.type) if value.value is None else encoder(value.type, collation)(value.value)
    head = struct.pack("<BH", 0xAC, 0) + short_text(name) + struct.pack("<BIH", 1, 0, 0)
    reply.raw(head + type_info(value.type, collation) + data)


def _datatype_info(session: Session, call: Call, reply: Reply) -> None:
    wanted = int(call.parameters[0].value or 0) if call.parameters else 0
    columns, rows = datatype_info(wanted)
    reply.procedure += 1
    reply.columns(columns)
    reply.raw(RowWriter(columns, session.names.collation).write(rows))
    reply.done(tokens.SELECT, len(rows))
    reply.procedure -= 1
    _end(reply, 0)


def _named(session: Session, call: Call, name: str, reply: Reply) -> None:
    """A procedure by its name: the same as EXEC name @a = …"""
    from sandbox.synapse.execution.odbc_procedures import PROCEDURES

    procedure = PROCEDURES.get(name)
    if procedure is not None:
        columns, rows = procedure(session, call)
        reply.procedure += 1
        reply.columns(columns)
        reply.raw(RowWriter(columns, session.names.collation).write(rows))
        reply.done(tokens.SELECT, len(rows))
        reply.procedure -= 1
        _end(reply, 0)
        return
    scope = Scope()
    words = []
    for place, parameter in enumerate(call.parameters):
        variable = f"@p{place}"
        scope.variables[variable] = VariableValue(parameter.type, parameter.value)
        prefix = f"{parameter.name} = " if parameter.name else ""
        words.append(f"{prefix}{variable}{' OUTPUT' if parameter.output else ''}")
    status = run_inner(session, f"EXEC {call.name} {', '.join(words)}", scope, reply)
    reply.raw(tokens.return_status(status))
    for place, parameter in enumerate(call.parameters):
        if parameter.output:
            _return_value(session, parameter.name, scope.variables[f"@p{place}"], reply)
    reply.done_procedure()
