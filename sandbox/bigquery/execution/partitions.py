"""One partition by its decorator, as `table$20240131` in copy and load jobs.

https://cloud.google.com/bigquery/docs/managing-partitioned-table-data#partition_decorators
"""

from __future__ import annotations

import datetime as dt

from sandbox.bigquery.billing import partition_of
from sandbox.bigquery.catalog import Key, Table
from sandbox.bigquery.errors import Failure
from sandbox.bigquery.translate import values
from sandbox.bigquery.types import TIMESTAMP

PATTERNS = {"HOUR": "%Y%m%d%H", "DAY": "%Y%m%d", "MONTH": "%Y%m", "YEAR": "%Y"}


def split(table_id: str) -> tuple[str, str]:
    """Name and decorator of a table; the decorator is empty when there is none."""
    name, _, decorator = table_id.partition("$")
    return name, decorator


def decorated(key: Key, decorator: str) -> str:
    return f"{key[2]}${decorator}" if decorator else key[2]


def condition(table: Table, decorator: str) -> str:
    """SQL that is true for the rows of the partition. Raises Failure for a decorator that the table cannot have."""
    by_time, by_range = table.settings.get("timePartitioning"), table.settings.get("rangePartitioning")
    if decorator == "__NULL__" and (by_time or by_range):
        return f"{partition_of(table)} IS NULL"
    if by_range:
        try:
            return f"{partition_of(table)} = {int(decorator)}"
        except ValueError as error:
            raise _wrong(table, decorator) from error
    if not by_time:
        raise Failure(
            "invalid", f"The table {table.name} is not partitioned, so ${decorator} is no part of it"
        )
    try:
        moment = dt.datetime.strptime(decorator, PATTERNS[by_time["type"]])
    except ValueError as error:
        raise _wrong(table, decorator) from error
    return f"{partition_of(table)} = {values.literal(moment, TIMESTAMP)}"


def _wrong(table: Table, decorator: str) -> Failure:
    return Failure(
        "invalid", f"Invalid partition decorator ${decorator} for the partitioning of {table.name}"
    )
