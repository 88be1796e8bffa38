"""Portable kinds of values, as vector files write them: text, integer, decimal(p,s), date, timestamp, flag, boolean."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

Value = str | int | Decimal | dt.date | dt.datetime | bool | None

NAMES = ("text", "integer", "decimal", "date", "timestamp", "flag", "boolean")


@dataclass(frozen=True)
class Kind:
    """A kind; a decimal also has its precision and scale."""

    name: str
    precision: int | None = None
    scale: int | None = None

    def __str__(self) -> str:
        return self.name if self.precision is None else f"{self.name}({self.precision},{self.scale})"


def kind_of(text: str) -> Kind:
    """The kind that a vector file names; ValueError for any other word."""
    found = re.fullmatch(r"([a-z]+)(?:\((\d+),(\d+)\))?", text)
    if not found or found[1] not in NAMES or (found[1] == "decimal") != (found[2] is not None):
        raise ValueError(f"'{text}' is no kind; write one of {', '.join(NAMES)}, decimal as decimal(18,4).")
    return Kind(found[1], int(found[2]) if found[2] else None, int(found[3]) if found[3] else None)


def value_of(kind: Kind, cell: object) -> Value:
    """The Python value of a cell: Decimal, date, naive UTC datetime, int, bool or str; None for null.

    Raises ValueError when the cell does not hold the kind.
    """
    if cell is None:
        return None
    text = str(cell)
    match kind.name:
        case "text":
            return text
        case "integer" | "flag":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "date":
            return dt.date.fromisoformat(text)
        case "timestamp":
            return dt.datetime.fromisoformat(text)
        case _:
            if text.lower() not in ("true", "false"):
                raise ValueError(f"'{text}' is no boolean; write true or false.")
            return text.lower() == "true"


def text_of(value: Value) -> str | None:
    """The text from which every engine casts the value; None stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
    if isinstance(value, dt.date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
