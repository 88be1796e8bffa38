"""JSON in text: JSON_VALUE, JSON_QUERY, ISJSON, OPENJSON.

https://learn.microsoft.com/sql/relational-databases/json/json-path-expressions-sql-server
"""

from __future__ import annotations

import json
import re
from typing import Any

_STEP = re.compile(r"\.(?:\"((?:[^\"\\]|\\.)*)\"|([A-Za-z_$][\w$]*))|\[(\d+)\]")
MISSING = object()
TYPES = {str: 1, int: 2, float: 2, bool: 3, list: 4, dict: 5}


class _Number(str):
    """A number as it is written: 1.0 stays 1.0."""


def _load(text: str) -> Any:
    try:
        return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_refuse)
    except ValueError as error:
        found = re.search(r"char (\d+)", str(error))
        at = int(found.group(1)) if found else 0
        character = text[at : at + 1]
        raise ValueError(
            f"#13609|JSON text is not properly formatted. Unexpected character '{character}' is found at position {at}."
        ) from None


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _walk(text: str, path: str) -> tuple[Any, bool]:
    """What the path leads to (MISSING if nothing), and whether it is strict."""
    path = path.strip()
    strict = False
    for word in ("lax ", "strict "):
        if path.lower().startswith(word):
            strict, path = word == "strict ", path[len(word) :].strip()
    if not path.startswith("$"):
        raise ValueError(
            f"#13607|JSON path is not properly formatted. Unexpected character '{path[:1]}' is found at position 0."
        )
    value, position = _load(text), 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise ValueError(
                f"#13607|JSON path is not properly formatted. Unexpected character '{path[position]}' is found at position {position}."
            )
        if step.group(3) is not None:
            index = int(step.group(3))
            value = value[index] if isinstance(value, list) and index < len(value) else MISSING
        else:
            name = step.group(1) if step.group(1) is not None else step.group(2)
            value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
        if value is MISSING:
            if strict:
                raise ValueError("#13608|Property cannot be found on the specified JSON path.")
            return MISSING, False
        position = step.end()
    return value, strict


def _scalar(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def json_value(text: str, path: str) -> str | None:
    """A scalar's text, at most 4000 characters; lax: NULL for anything else."""
    value, strict = _walk(text, path)
    if value is MISSING:
        return None
    if isinstance(value, dict | list):
        if strict:
            raise ValueError("#13623|Scalar value cannot be found in the specified JSON path.")
        return None
    found = _scalar(value)
    return None if found is not None and len(found) > 4000 else found


def json_query(text: str, path: str) -> str | None:
    """An object's or array's text; lax: NULL for a scalar."""
    value, strict = _walk(text, path)
    if value is MISSING or not isinstance(value, dict | list):
        if strict:
            raise ValueError("#13624|Object or array cannot be found in the specified JSON path.")
        return None
    return text.strip() if path.strip() in ("$", "lax $") else write(value)


def write(value: Any) -> str:
    """JSON text without blanks; numbers as they were read."""
    if isinstance(value, dict):
        return (
            "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{write(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(write(v) for v in value) + "]"
    if isinstance(value, _Number):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def is_json(text: str) -> int:
    """1 for an object or array."""
    try:
        return 1 if isinstance(_load(text), dict | list) else 0
    except ValueError:
        return 0


def open_json(text: str, path: str) -> list[dict[str, Any]]:
    """key, value, type of every member of the object or array at the path."""
    value, strict = _walk(text, path)
    if value is MISSING or not isinstance(value, dict | list):
        if strict:
            raise ValueError("#13624|Object or array cannot be found in the specified JSON path.")
        return []
    pairs = value.items() if isinstance(value, dict) else ((str(i), v) for i, v in enumerate(value))
    return [
        {"key": k, "value": write(v) if isinstance(v, dict | list) else _scalar(v), "type": _type(v)}
        for k, v in pairs
    ]


def _type(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, _Number):
        return 2
    return TYPES[type(value)]


def json_rows(text: str, path: str) -> list[str]:
    """The JSON text of every element that OPENJSON … WITH makes a row of: an array's elements, or the object itself."""
    value, _ = _walk(text, path)
    if value is MISSING or not isinstance(value, dict | list):
        return []
    return [write(v) for v in value] if isinstance(value, list) else [write(value)]
