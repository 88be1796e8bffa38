"""ARRAY: elements are counted from 0 (OFFSET) or 1 (ORDINAL)."""

from __future__ import annotations

from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.translate.registry import Call, same, scalar

same(array_reverse="list_reverse")


@scalar("$make_array")
def make_array(call: Call) -> str:
    return f"CAST([{', '.join(call.arguments)}] AS {call.type.engine})"


@scalar("array_length")
def array_length(call: Call) -> str:
    return f"CAST(len({call[0]}) AS BIGINT)"


@scalar("$array_at_offset")
def at_offset(call: Call) -> str:
    return (
        f"({call[0]})[bq_index({call[0]}, {call[1]} + 1, 'Array index ' || {call[1]} || ' is out of bounds')]"
    )


@scalar("$array_at_ordinal")
def at_ordinal(call: Call) -> str:
    return f"({call[0]})[bq_index({call[0]}, {call[1]}, 'Array index ' || {call[1]} || ' is out of bounds')]"


@scalar("$safe_array_at_offset")
def safe_at_offset(call: Call) -> str:
    return f"({call[0]})[CASE WHEN {call[1]} >= 0 THEN {call[1]} + 1 END]"


@scalar("$safe_array_at_ordinal")
def safe_at_ordinal(call: Call) -> str:
    return f"({call[0]})[CASE WHEN {call[1]} >= 1 THEN {call[1]} END]"


@scalar("array_concat")
def array_concat(call: Call) -> str:
    nulls = " OR ".join(f"{a} IS NULL" for a in call.arguments)
    return f"CASE WHEN {nulls} THEN NULL ELSE list_concat({', '.join(call.arguments)}) END"


@scalar("array_to_string")
def array_to_string(call: Call) -> str:
    """NULL elements are left out, or written as the third argument."""
    if call.types[0].element is None or call.types[0].element.kind != "STRING":
        raise Unsupported("ARRAY_TO_STRING of BYTES")
    if len(call) == 3:
        return f"array_to_string(list_transform({call[0]}, lambda e: coalesce(e, {call[2]})), {call[1]})"
    return f"array_to_string({call[0]}, {call[1]})"


@scalar("$in_array")
def in_array(call: Call) -> str:
    if call.types[0].kind in ("FLOAT64", "STRUCT"):
        raise Unsupported(f"{call.types[0]} IN UNNEST(…)")
    return f"bq_in_array({call[0]}, {call[1]})"


@scalar("generate_array")
def generate_array(call: Call) -> str:
    step = call[2] if len(call) > 2 else "CAST(1 AS BIGINT)"
    if call.types[0].kind == "INT64":
        return f"generate_series({call[0]}, {call[1]}, bq_step({step}))"
    made = f"bq_series({call[0]}, {call[1]}, CAST({step} AS {call.types[0].engine}))"
    return f"CAST({made} AS {call.type.engine})"
