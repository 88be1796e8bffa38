"""ISNULL, COALESCE, NULLIF, CHOOSE, NEWID.

https://learn.microsoft.com/sql/t-sql/functions/isnull-transact-sql (and its kin)
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.translating import collations, conditions
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.precedence import common_type
from sandbox.synapse.language.translating.registry import Invocation, function
from sandbox.synapse.language.translating.values import Typed, once_each
from sandbox.synapse.types import UNIQUEIDENTIFIER


@function("ISNULL", 2)
def isnull(call: Invocation) -> Typed:
    """The first argument's type: the second is converted to it, and cut to its length without a word."""
    first, second = call.arguments
    if first.null and second.null:
        return first
    if first.null:
        return Typed(
            second.sql, second.type, second.nullable, second.collation, second.explicit, second.trimmed
        )
    other = convert(second, first.type, call.context, call.line)
    collation = (
        collations.resolve([first, second], call.context, call.line, "isnull") if first.type.is_text else None
    )
    return Typed(
        f"coalesce({first.sql}, {other.sql})",
        first.type,
        first.nullable and (second.nullable or second.null),
        collation,
        first.explicit,
        first.trimmed and (other.trimmed or second.null),
    )


@function("COALESCE", 1, -1)
def coalesce(call: Invocation) -> Typed:
    """CASE's type: that of highest precedence."""
    if len(call.arguments) < 2:
        raise SqlError(102, "Incorrect syntax near ')'.", call.line, 15)
    if all(value.null for value in call.arguments):
        raise SqlError(
            4127,
            "At least one of the arguments to COALESCE must be an expression that is not the NULL constant.",
            call.line,
        )
    target = common_type(call.arguments, call.line)
    values = [convert(value, target, call.context, call.line) for value in call.arguments]
    collation = (
        collations.resolve(call.arguments, call.context, call.line, "COALESCE") if target.is_text else None
    )
    nullable = all(value.nullable or value.null for value in call.arguments)
    return Typed(
        f"coalesce({', '.join(value.sql for value in values)})",
        target,
        nullable,
        collation,
        trimmed=all(value.trimmed or given.null for value, given in zip(values, call.arguments, strict=True)),
    )


@function("NULLIF", 2)
def nullif(call: Invocation) -> Typed:
    """The first argument's type; equal as `=` has it."""
    first, second = call.arguments
    if first.null:
        raise SqlError(
            4151,
            "The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.",
            call.line,
        )

    def write(v: list[str]) -> str:
        test = conditions.compare(
            "=", replace(first, sql=v[0]), replace(second, sql=v[1]), call.context, call.line
        )
        return f"CASE WHEN {test} THEN NULL ELSE {v[0]} END"

    return replace(
        first, sql=once_each([first.sql, second.sql], write), nullable=True, digits=None, constant=None
    )


@function("CHOOSE", 2, -1)
def choose(call: Invocation) -> Typed:
    options = call.arguments[1:]
    target = common_type(options, call.line)
    values = [convert(value, target, call.context, call.line) for value in options]
    branches = " ".join(f"WHEN {i + 1} THEN {value.sql}" for i, value in enumerate(values))
    return Typed(
        f"(CASE {call.integer(0)} {branches} END)",
        target,
        True,
        trimmed=all(value.trimmed for value in values),
    )


@function("NEWID", 0)
def newid(call: Invocation) -> Typed:
    return Typed("uuid()", UNIQUEIDENTIFIER, False)


@function("GREATEST LEAST", 1, -1)
def of_serverless(call: Invocation) -> Typed:
    """Of the serverless pool only: https://learn.microsoft.com/sql/t-sql/functions/logical-functions-greatest-transact-sql"""
    raise SqlError(195, f"'{call.call.name}' is not a recognized built-in function name.", call.line, 15)


@function("CURRENT_USER SESSION_USER USER SYSTEM_USER", 0)
def users(call: Invocation) -> Typed:
    found = call.context.names.scalar(call.call.name.lower(), [])
    if found is None:
        raise unsupported(call.call.name, call.line)
    return Typed(found[0], found[1], False)
