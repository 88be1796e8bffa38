"""PARTITION BY of UNLOAD: folders of Hive's convention, key=value/, one for each combination of values.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-partitionby-usage
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa

from sandbox.redshift.bulk.failures import CopyFailed
from sandbox.redshift.bulk.unloaded_types import Column
from sandbox.redshift.language import Refused

PAGE = "https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html"
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
# Type codes that the page lists as keys: booleans, whole numbers, REAL, DECIMAL, CHAR, VARCHAR, DATE, TIMESTAMP.
KEY_TYPES = frozenset((16, 20, 21, 23, 25, 700, 1042, 1043, 1082, 1114, 1700))
# What Hive writes as % and two digits in the name of a partition's folder.
ESCAPED = re.compile(r"[\x00-\x1f\"#%'*/:=?\\\x7f{}\[\]^]")


@dataclass(frozen=True)
class Partition:
    """``folder`` ends with a slash, or is empty without PARTITION BY; ``table`` has the columns of the file."""

    folder: str
    table: pa.Table
    columns: list[Column]


def partitions(table: pa.Table, columns: list[Column], option: object) -> list[Partition]:
    """The parts of a result; ``option`` is what PARTITION BY names, and "include" at its end. Raises Refused, CopyFailed."""
    if option is None:
        return [Partition("", table, columns)]
    assert isinstance(option, tuple)
    keys = [str(name) for name in option]
    include = len(keys) > 1 and keys[-1] == "include"
    keys = keys[:-1] if include else keys
    places = [_place(key, columns) for key in keys]
    kept = [i for i in range(len(columns)) if include or i not in places]
    if not kept:
        raise CopyFailed(
            "UNLOAD with PARTITION BY needs at least one column that is no partition column, or INCLUDE"
        )
    values = [_folders(keys[i], table.column(place)) for i, place in enumerate(places)]
    rows: dict[str, list[int]] = {}
    for number, folders in enumerate(zip(*values, strict=True)):
        rows.setdefault("".join(folders), []).append(number)
    left = table.select(kept).rename_columns([str(i) for i in range(len(kept))])
    return [
        Partition(folder, left.take(pa.array(numbers, pa.int64())), [columns[i] for i in kept])
        for folder, numbers in sorted(rows.items())
    ]


def _place(key: str, columns: list[Column]) -> int:
    place = next((i for i, column in enumerate(columns) if column.name == key), None)
    if place is None:
        raise Refused("42703", f'column "{key}" of PARTITION BY is not in the query of UNLOAD', PAGE, 0)
    if columns[place].oid not in KEY_TYPES:
        raise Refused("0A000", f'the type of column "{key}" cannot be a partition key of UNLOAD', PAGE, 0)
    return place


def _folders(key: str, values: pa.ChunkedArray) -> list[str]:
    return [f"{_escaped(key)}={_escaped(_text(value)) or NO_VALUE}/" for value in values.to_pylist()]


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _escaped(text: str) -> str:
    return ESCAPED.sub(lambda found: f"%{ord(found.group()):02X}", text)
