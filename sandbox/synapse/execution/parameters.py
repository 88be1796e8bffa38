"""Parameters of sp_executesql and sp_prepare: their declaration `@a int, @b varchar(20) OUTPUT`."""

from __future__ import annotations

import re

from sandbox.synapse.errors import SqlError
from sandbox.synapse.types import SqlType, parse_type

_PARAMETER = re.compile(
    r"\s*(@[\w@$#]+)\s+(?:as\s+)?(.+?)(?:\s+(?:out|output|readonly))?\s*", re.IGNORECASE | re.DOTALL
)
# what a driver declares for a parameter of any length; no column has these types
LONG_TYPES = {"text": "varchar(max)", "ntext": "nvarchar(max)", "image": "varbinary(max)"}


def read_declaration(text: str) -> list[tuple[str, SqlType]]:
    """(name in lower case, type) of each parameter. Raises SqlError 102."""
    if not text.strip():
        return []
    found = []
    for part in _split(text):
        match = _PARAMETER.fullmatch(part)
        if match is None:
            raise SqlError(102, f"Incorrect syntax near '{part.strip()}'.", severity=15)
        declared = match.group(2)
        found.append((match.group(1).lower(), parse_type(LONG_TYPES.get(declared.lower(), declared))))
    return found


def _split(text: str) -> list[str]:
    """At commas outside of parentheses."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
