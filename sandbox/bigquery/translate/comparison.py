"""Comparisons, with BigQuery's meaning of NaN (equal to nothing) and of structs (field by field, NULL-aware)."""

from __future__ import annotations

from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.types import Type

SIGNS = {
    "$equal": "=", "$not_equal": "<>", "$less": "<", "$less_or_equal": "<=", "$greater": ">", "$greater_or_equal": ">=",
}  # fmt: skip
COMPARISONS = {*SIGNS, "$between", "$in", "$is_distinct_from", "$is_not_distinct_from"}


def write(name: str, arguments: list[str], types: list[Type]) -> str:
    """The comparison as a DuckDB expression."""
    type_ = types[0]
    if type_.kind == "BIGNUMERIC" and name not in SIGNS:
        raise Unsupported(f"{name.lstrip('$').upper()} of BIGNUMERIC")
    if name in SIGNS:
        return compare(SIGNS[name], arguments[0], arguments[1], type_)
    if name == "$between":
        low = compare(">=", arguments[0], arguments[1], type_)
        high = compare("<=", arguments[0], arguments[2], type_)
        return (
            f"({low} AND {high})"
            if type_.kind == "FLOAT64"
            else f"({arguments[0]} BETWEEN {arguments[1]} AND {arguments[2]})"
        )
    if name == "$in":
        if type_.kind in ("FLOAT64", "STRUCT"):
            return "(" + " OR ".join(compare("=", arguments[0], a, type_) for a in arguments[1:]) + ")"
        return f"({arguments[0]} IN ({', '.join(arguments[1:])}))"
    sign = "IS DISTINCT FROM" if name == "$is_distinct_from" else "IS NOT DISTINCT FROM"
    return f"({arguments[0]} {sign} {arguments[1]})"


def compare(sign: str, left: str, right: str, type_: Type) -> str:
    if type_.kind == "STRUCT":
        return _structs(sign, left, right, type_)
    if type_.kind in ("ARRAY", "INTERVAL", "JSON"):
        raise Unsupported(f"comparing values of type {type_}")
    if type_.kind == "BIGNUMERIC":
        return f"(bq_big_compare({left}, {right}) {sign} 0)"
    if type_.kind == "FLOAT64":
        macro = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[sign]
        return f"bq_float_{macro}({left}, {right})"
    return f"({left} {sign} {right})"


def _structs(sign: str, left: str, right: str, type_: Type) -> str:
    if sign not in ("=", "<>"):
        raise Unsupported("ordering of structs")
    fields = [
        compare("=", f"struct_extract({left}, 'f{i}')", f"struct_extract({right}, 'f{i}')", inner)
        for i, (_, inner) in enumerate(type_.fields)
    ]
    same = "(" + " AND ".join(fields) + ")"
    return same if sign == "=" else f"(NOT {same})"
