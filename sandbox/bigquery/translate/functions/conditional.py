"""Logic, conditions and NULL."""

from __future__ import annotations

from sandbox.bigquery.translate.comparison import compare
from sandbox.bigquery.translate.registry import Call, scalar


@scalar("$and")
def and_(call: Call) -> str:
    return "(" + " AND ".join(call.arguments) + ")"


@scalar("$or")
def or_(call: Call) -> str:
    return "(" + " OR ".join(call.arguments) + ")"


@scalar("$not")
def not_(call: Call) -> str:
    return f"(NOT {call[0]})"


@scalar("$is_null")
def is_null(call: Call) -> str:
    return f"({call[0]} IS NULL)"


@scalar("$is_true", "$is_false")
def is_truth(call: Call) -> str:
    return f"({call[0]} IS NOT DISTINCT FROM {'TRUE' if call.name == '$is_true' else 'FALSE'})"


@scalar("if")
def if_(call: Call) -> str:
    return f"CASE WHEN {call[0]} THEN {call[1]} ELSE {call[2]} END"


@scalar("coalesce", "ifnull")
def coalesce(call: Call) -> str:
    return f"coalesce({', '.join(call.arguments)})"


@scalar("nullif")
def nullif(call: Call) -> str:
    return f"CASE WHEN {compare('=', call[0], call[1], call.types[0])} THEN NULL ELSE {call[0]} END"


@scalar("$case_no_value")
def case_no_value(call: Call) -> str:
    """WHEN … THEN … pairs, and the ELSE if their number is odd."""
    pairs = list(zip(call.arguments[0::2], call.arguments[1::2], strict=False))
    written = " ".join(f"WHEN {condition} THEN {result}" for condition, result in pairs)
    return f"CASE {written} {_else(call, 2 * len(pairs))}END"


@scalar("$case_with_value")
def case_with_value(call: Call) -> str:
    value, rest = call[0], call.arguments[1:]
    pairs = list(zip(rest[0::2], rest[1::2], strict=False))
    written = " ".join(
        f"WHEN {compare('=', value, candidate, call.types[0])} THEN {result}" for candidate, result in pairs
    )
    return f"CASE {written} {_else(call, 1 + 2 * len(pairs))}END"


def _else(call: Call, used: int) -> str:
    return f"ELSE {call[used]} " if len(call) > used else ""


@scalar("iferror")
def iferror(call: Call) -> str:
    """The list around the value tells a NULL from an error."""
    return f"coalesce(TRY([{call[0]}]), [{call[1]}])[1]"


@scalar("error")
def error(call: Call) -> str:
    return f"CAST(bq_fail({call[0]}) AS {call.type.engine})"


@scalar("session_user")
def session_user(call: Call) -> str:
    return "'sandbox@localhost'"


@scalar("generate_uuid")
def generate_uuid(call: Call) -> str:
    return "CAST(uuid() AS VARCHAR)"


@scalar("rand")
def rand(call: Call) -> str:
    return "random()"
