"""Query parameters of a request."""

from __future__ import annotations

import base64
import datetime as dt
from decimal import Decimal
from typing import Any

from sandbox.bigquery.engine.python_functions import bq_parse_civil, bq_parse_timestamp
from sandbox.bigquery.errors import Failure, Unsupported
from sandbox.bigquery.types import MODERN, Type

Typed = tuple[Type, Any]


def read(told: list[dict[str, Any]], mode: str | None) -> tuple[dict[str, Typed], list[Typed]]:
    """Named and positional parameters. Raises Failure for a value that is not of its type."""
    named: dict[str, Typed] = {}
    positional: list[Typed] = []
    for parameter in told:
        type_ = _type(parameter.get("parameterType") or {})
        try:
            value = _value(parameter.get("parameterValue") or {}, type_)
        except (ValueError, ArithmeticError, TypeError) as error:
            raise Failure("invalid", f"Invalid query parameter: {error}") from error
        if parameter.get("name"):
            named[parameter["name"].lower()] = (type_, value)
        else:
            positional.append((type_, value))
    return named, positional


def _type(told: dict[str, Any]) -> Type:
    kind = str(told.get("type", "STRING")).upper()
    kind = MODERN.get(kind, kind)
    if kind == "ARRAY":
        return Type("ARRAY", element=_type(told["arrayType"]))
    if kind == "STRUCT":
        return Type(
            "STRUCT", fields=tuple((f.get("name", ""), _type(f["type"])) for f in told["structTypes"])
        )
    return Type(kind)


def _value(told: dict[str, Any], type_: Type) -> Any:
    if type_.element is not None:
        if told.get("arrayValues") is None:
            return None if "value" not in told and "arrayValues" in told else []
        return [_value(v, type_.element) for v in told["arrayValues"]]
    if type_.kind == "STRUCT":
        inner = told.get("structValues") or {}
        return tuple(_value(inner.get(n, {}), t) for n, t in type_.fields)
    text = told.get("value")
    return None if text is None else _scalar(str(text), type_.kind)


def _scalar(text: str, kind: str) -> Any:
    if kind in ("STRING", "JSON"):
        return text
    if kind == "INT64":
        return int(text)
    if kind == "FLOAT64":
        return float(text)
    if kind == "NUMERIC":
        return Decimal(text)
    if kind == "BOOL":
        return text.lower() == "true"
    if kind == "BYTES":
        return base64.b64decode(text)
    if kind == "DATE":
        return dt.date.fromisoformat(text)
    if kind == "TIME":
        return dt.time.fromisoformat(text)
    if kind == "DATETIME":
        return dt.datetime.fromisoformat(bq_parse_civil(text, "DATETIME"))
    if kind == "TIMESTAMP":
        return dt.datetime.fromisoformat(bq_parse_timestamp(text, "UTC"))
    raise Unsupported(f"a query parameter of type {kind}")
