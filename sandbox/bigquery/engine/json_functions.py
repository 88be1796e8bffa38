"""Functions of the engine about JSON, which is kept as text with sorted keys and no blanks, as BigQuery prints it."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from sandbox.bigquery.engine.python_functions import bq_float_to_string, engine_function

STEP = re.compile(
    r"\.(?P<name>[^.\[\"']+)|\.\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|\[(?P<index>\d+)\]"
    r"|\[(?P<q>['\"])(?P<bracket>(?:[^\\]|\\.)*?)(?P=q)\]"
)
MISSING = object()


class Written(float):
    """A number with a fraction or an exponent, which keeps how it was written: that is what JSON_VALUE returns."""

    text: str

    def __new__(cls, text: str) -> Written:
        made = super().__new__(cls, text)
        made.text = text
        return made


def loads(text: str) -> Any:
    return json.loads(text)


def dumps(value: Any) -> str:
    """Keys sorted, numbers in the shortest form."""
    if isinstance(value, dict):
        inner = ",".join(f"{_text(k)}:{dumps(v)}" for k, v in sorted(value.items()))
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        text = bq_float_to_string(value)
        return text if re.search(r"[.en]", text) else text + ".0"
    return json.dumps(value)


def _plain(value: Any) -> str:
    """As the functions on strings print it: keys in the order they came, numbers as they were written."""
    if isinstance(value, Written):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(k)}:{_plain(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_plain, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def steps(path: str, legacy: bool) -> list[str | int]:
    """The steps of a JSONPath; ValueError for one that BigQuery does not know."""
    if not path.startswith("$"):
        raise ValueError(f"JSONPath must start with '$': {path}")
    found: list[str | int] = []
    at = 1
    while at < len(path):
        step = STEP.match(path, at)
        if step is None or (step["q"] and not legacy):
            raise ValueError(f"Invalid token in JSONPath at: {path[at:]}")
        if step["index"] is not None:
            found.append(int(step["index"]))
        else:
            name = next(s for s in (step["name"], step["quoted"], step["bracket"]) if s is not None)
            found.append(re.sub(r"\\(.)", r"\1", name))
        at = step.end()
    return found


def look_up(text: str, path: str, legacy: bool) -> Any:
    """What is at the path, MISSING when nothing is or the text is no JSON."""
    way = steps(path, legacy)
    try:
        value = json.loads(text, parse_float=Written)
    except ValueError:
        return MISSING
    for step in way:
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif isinstance(value, dict) and str(step) in value:
            value = value[str(step)]
        else:
            return MISSING
    return value


def _scalar(value: Any) -> str | None:
    if value is MISSING or value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, Written) else str(value)


@engine_function(["VARCHAR", "VARCHAR", "BOOLEAN"], "VARCHAR")
def bq_json_value(text: str, path: str, legacy: bool) -> str | None:
    return _scalar(look_up(text, path, legacy))


@engine_function(["VARCHAR", "VARCHAR", "BOOLEAN"], "VARCHAR")
def bq_json_query(text: str, path: str, legacy: bool) -> str | None:
    value = look_up(text, path, legacy)
    return None if value is MISSING or value is None else _plain(value)


@engine_function(["VARCHAR", "VARCHAR", "BOOLEAN"], "VARCHAR[]")
def bq_json_array(text: str, path: str, legacy: bool) -> list[str] | None:
    value = look_up(text, path, legacy)
    return [_plain(v) for v in value] if isinstance(value, list) else None


@engine_function(["VARCHAR", "VARCHAR", "BOOLEAN"], "VARCHAR[]")
def bq_json_strings(text: str, path: str, legacy: bool) -> list[str | None] | None:
    value = look_up(text, path, legacy)
    if not isinstance(value, list) or any(isinstance(v, dict | list) for v in value):
        return None
    return [_scalar(v) for v in value]


@engine_function(["VARCHAR", "VARCHAR"], "VARCHAR")
def bq_json_member(text: str, name: str) -> str | None:
    value = loads(text)
    return dumps(value[name]) if isinstance(value, dict) and name in value else None


@engine_function(["VARCHAR", "BIGINT"], "VARCHAR")
def bq_json_element(text: str, index: int) -> str | None:
    value = loads(text)
    return dumps(value[index]) if isinstance(value, list) and 0 <= index < len(value) else None


@engine_function(["VARCHAR"], "VARCHAR")
def bq_parse_json(text: str) -> str:
    try:
        return dumps(loads(text))
    except ValueError as error:
        raise ValueError(f"Invalid input to PARSE_JSON: {error}") from error


@engine_function(["VARCHAR"], "VARCHAR")
def bq_json_text(text: str) -> str:
    return _text(text)


@engine_function(["DOUBLE"], "VARCHAR")
def bq_json_number(value: float) -> str:
    if not math.isfinite(value):
        return {"inf": '"Infinity"', "-inf": '"-Infinity"'}.get(bq_float_to_string(value), '"NaN"')
    return bq_float_to_string(value)


@engine_function(["VARCHAR"], "VARCHAR")
def bq_json_type(text: str) -> str:
    value = loads(text)
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")


@engine_function(["VARCHAR"], "VARCHAR")
def bq_json_scalar_text(text: str) -> str:
    value: object = loads(text)
    if not isinstance(value, str):
        raise ValueError("The provided JSON input is not a string")
    return value


@engine_function(["VARCHAR", "VARCHAR"], "VARCHAR")
def bq_json_exactly(text: str, kind: str) -> str:
    """The text of a JSON value of just this kind; a number without a fraction is an INT64 too."""
    value = loads(text)
    if kind == "BOOL" and isinstance(value, bool):
        return str(value).lower()
    if (
        kind == "INT64"
        and isinstance(value, int | float)
        and not isinstance(value, bool)
        and value == int(value)
    ):
        return str(int(value))
    if kind == "FLOAT64" and isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value))
    raise ValueError(f"The provided JSON input is not a {kind.lower()}")


@engine_function(["VARCHAR", "VARCHAR"], "VARCHAR")
def bq_json_lax(text: str, kind: str) -> str | None:
    """The text of a JSON scalar made into a kind; None where there is no way.

    https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions#lax_converters
    """
    value = loads(text)
    if kind == "STRING":
        return _scalar(value)
    if kind == "BOOL":
        return _lax_bool(value)
    number = _lax_number(value, kind)
    if number is None or kind == "FLOAT64":
        return None if number is None else repr(number)
    if not math.isfinite(number):
        return None
    whole = math.floor(abs(number) + 0.5) * (-1 if number < 0 else 1) if isinstance(number, float) else number
    return str(whole) if -(2**63) <= whole < 2**63 else None


def _lax_bool(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value.lower() if value.lower() in ("true", "false") else None
    return str(value != 0).lower() if isinstance(value, int | float) else None


def _lax_number(value: Any, kind: str) -> int | float | None:
    if isinstance(value, bool):
        return int(value) if kind == "INT64" else None
    if isinstance(value, str):
        try:
            return int(value) if kind == "INT64" and value.strip().lstrip("+-").isdigit() else float(value)
        except ValueError:
            return None
    if isinstance(value, int | float):
        return value if kind == "INT64" else float(value)
    return None
