"""JSON: kept as its text; paths are read by the engine's Python functions."""

from __future__ import annotations

from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.translate.functions.formatting import field
from sandbox.bigquery.translate.registry import Call, scalar
from sandbox.bigquery.types import Type


@scalar("json_value", "json_extract_scalar")
def json_value(call: Call) -> str:
    return f"bq_json_value({call[0]}, {_path(call)}, {_legacy(call)})"


@scalar("json_query", "json_extract")
def json_query(call: Call) -> str:
    return f"bq_json_query({call[0]}, {_path(call)}, {_legacy(call)})"


@scalar("json_query_array", "json_extract_array")
def json_query_array(call: Call) -> str:
    return f"bq_json_array({call[0]}, {_path(call)}, {_legacy(call)})"


@scalar("json_value_array", "json_extract_string_array")
def json_value_array(call: Call) -> str:
    return f"bq_json_strings({call[0]}, {_path(call)}, {_legacy(call)})"


def _path(call: Call) -> str:
    return call[1] if len(call) > 1 else "'$'"


def _legacy(call: Call) -> str:
    """JSON_EXTRACT… writes ['a'] where the newer functions write "a"."""
    return "TRUE" if "extract" in call.name else "FALSE"


@scalar("$subscript")
def subscript(call: Call) -> str:
    if call.types[0].kind != "JSON":
        raise Unsupported(f"[] of {call.types[0]}")
    if call.types[1].kind == "INT64":
        return f"bq_json_element({call[0]}, {call[1]})"
    return f"bq_json_member({call[0]}, {call[1]})"


@scalar("parse_json")
def parse_json(call: Call) -> str:
    if len(call) > 1 and call.values[1] not in (None, "exact"):
        raise Unsupported("PARSE_JSON with a rounding mode")
    return f"bq_parse_json({call[0]})"


@scalar("to_json_string", "to_json")
def to_json_string(call: Call) -> str:
    """A value as JSON text, fields in order, numbers beyond 2^53 as they are."""
    if len(call) > 1 and call.values[1] not in (None, False):
        raise Unsupported(f"{call.name.upper()} with an option")
    return encoded(call[0], call.types[0])


def encoded(value: str, type_: Type) -> str:
    """The JSON text of a value; 'null' for NULL."""
    kind = type_.kind
    if kind == "STRUCT":
        fields = []
        for i, (name, inner) in enumerate(type_.fields):
            fields.append(
                f"bq_json_text('{name}') || ':' || {encoded(f'struct_extract({value}, {field(i)})', inner)}"
            )
        inner_text = " || ',' || ".join(fields) or "''"
        return f"CASE WHEN {value} IS NULL THEN 'null' ELSE '{{' || {inner_text} || '}}' END"
    if kind == "ARRAY":
        assert type_.element is not None
        items = f"list_transform({value}, lambda e: {encoded('e', type_.element)})"
        return f"coalesce('[' || array_to_string({items}, ',') || ']', 'null')"
    if kind == "BOOL":
        return f"coalesce(CAST({value} AS VARCHAR), 'null')"
    if kind == "INT64":
        return f"coalesce(bq_json_integer({value}), 'null')"
    if kind == "NUMERIC":
        return f"coalesce(bq_json_numeric({value}), 'null')"
    if kind == "FLOAT64":
        return f"coalesce(bq_json_number({value}), 'null')"
    if kind == "JSON":
        return f"coalesce({value}, 'null')"
    if kind == "BYTES":
        return f"coalesce('\"' || to_base64({value}) || '\"', 'null')"
    texts = {
        "STRING": f"bq_json_text({value})", "DATE": f"bq_json_text(bq_date_to_string({value}))",
        "DATETIME": f"bq_json_text(replace(bq_datetime_to_string({value}), ' ', 'T'))",
        "TIMESTAMP": f"bq_json_text(replace(bq_datetime_to_string({value}), ' ', 'T') || 'Z')",
        "TIME": f"bq_json_text(bq_time_to_string({value}))",
    }  # fmt: skip
    if kind not in texts:
        raise Unsupported(f"TO_JSON_STRING of {type_}")
    return f"coalesce({texts[kind]}, 'null')"


@scalar("json_type")
def json_type(call: Call) -> str:
    return f"bq_json_type({call[0]})"


@scalar("bool", "int64", "float64")
def json_to_scalar(call: Call) -> str:
    if call.types[0].kind != "JSON" or (len(call) > 1 and call.values[1] != "round"):
        raise Unsupported(f"the function {call.name.upper()} of {call.types[0]}")
    return f"CAST(bq_json_exactly({call[0]}, '{call.type.kind}') AS {call.type.engine})"


@scalar("lax_int64", "lax_float64", "lax_string", "lax_bool")
def lax(call: Call) -> str:
    """NULL for what cannot be converted."""
    return f"CAST(bq_json_lax({call[0]}, '{call.type.kind}') AS {call.type.engine})"
