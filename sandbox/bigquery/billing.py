"""What a statement is billed for: the bytes of the columns it reads, in the partitions that cannot be left out.

Sizes of values are BigQuery's logical sizes, not DuckDB's.
https://cloud.google.com/bigquery/pricing#data
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from zetasql.wasi._pb2.zetasql.public.functions import datetime_pb2

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.catalog import Table
from sandbox.bigquery.translate.values import name as quoted
from sandbox.bigquery.types import Column, Type

FIXED = {
    "INT64": 8,
    "FLOAT64": 8,
    "NUMERIC": 16,
    "BOOL": 1,
    "DATE": 8,
    "DATETIME": 8,
    "TIMESTAMP": 8,
    "TIME": 8,
    "INTERVAL": 16,
}
SMALLEST = 10 * 1024 * 1024  # billed for a query that reads anything
STEP = 1024 * 1024
NULL_PARTITION = "__NULL__"
Partition = Any  # first moment of the partition, first number of the range, or NULL_PARTITION


def size(value: str, type_: Type) -> str:
    """SQL of a value's size in bytes; NULL is nothing."""
    if type_.kind in FIXED:
        return f"CASE WHEN {value} IS NULL THEN 0 ELSE {FIXED[type_.kind]} END"
    if type_.kind in ("STRING", "JSON"):
        return f"coalesce(2 + strlen({value}), 0)"
    if type_.kind == "BYTES":
        return f"coalesce(2 + octet_length({value}), 0)"
    if type_.element is not None:
        return f"coalesce(list_sum(list_transform({value}, lambda e: {size('e', type_.element)})), 0)"
    fields = [size(f"struct_extract({value}, 'f{i}')", t) for i, (_, t) in enumerate(type_.fields)]
    return "(" + " + ".join(fields or ["0"]) + ")"


def partition_of(table: Table) -> str:
    """SQL of the partition that a row is in; NULL for a table without partitions."""
    by_time, by_range = table.settings.get("timePartitioning"), table.settings.get("rangePartitioning")
    if by_time:
        column = quoted(by_time.get("field", "_PARTITIONTIME"))
        return f"CAST(date_trunc('{by_time['type'].lower()}', CAST({column} AS TIMESTAMP)) AS TIMESTAMP)"
    if by_range:
        column, told = quoted(by_range["field"]), by_range["range"]
        return f"CASE WHEN {column} >= {told['start']} AND {column} < {told['end']} THEN {told['start']} + ({column} - {told['start']}) // {told['interval']} * {told['interval']} ELSE -9223372036854775807 END"
    return "NULL"


class Sizes:
    """Bytes by partition and column, measured when first asked for and kept while the table does not change."""

    def __init__(self, cursor: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._cursor = cursor
        self._known: OrderedDict[tuple[int, int, str], dict[Partition, int]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, table: Table, columns: Sequence[Column]) -> dict[Partition, int]:
        """Bytes of these columns in each partition."""
        missing = [c for c in columns if (table.serial, table.version, c.name) not in self._known]
        if missing:
            self._measure(table, missing)
        total: dict[Partition, int] = {}
        for column in columns:
            for partition, bytes_ in self._known.get((table.serial, table.version, column.name), {}).items():
                total[partition] = total.get(partition, 0) + bytes_
        return total

    def partitions(self, table: Table) -> dict[Partition, int]:
        """Rows in each partition."""
        with self._cursor() as cursor:
            rows = cursor.execute(
                f"SELECT {partition_of(table)}, count(*) FROM {table.place} GROUP BY 1"
            ).fetchall()
        return {NULL_PARTITION if p is None and table.partitioning else p: n for p, n in rows}

    def _measure(self, table: Table, columns: list[Column]) -> None:
        sums = ", ".join(f"CAST(sum({size(_stored_name(c), c.type)}) AS BIGINT)" for c in columns)
        with self._cursor() as cursor:
            rows = cursor.execute(
                f"SELECT {partition_of(table)}, {sums} FROM {table.place} GROUP BY 1"
            ).fetchall()
        with self._lock:
            for i, column in enumerate(columns):
                self._known[table.serial, table.version, column.name] = {
                    NULL_PARTITION if row[0] is None and table.partitioning else row[0]: row[i + 1]
                    for row in rows
                }
            while len(self._known) > 20_000:
                self._known.popitem(last=False)


def _stored_name(column: Column) -> str:
    return "CAST(_PARTITIONTIME AS DATE)" if column.name == "_PARTITIONDATE" else quoted(column.name)


def billed(processed: int) -> int:
    """Rounded up to a megabyte, ten at least."""
    return max(SMALLEST, -(-processed // STEP) * STEP) if processed else 0


# ---------- partitions that a filter leaves out


@dataclass(frozen=True)
class Bound:
    """A condition on the partition column with a constant: sign is one of =, <, <=, >, >=, in, null, not null."""

    sign: str
    values: tuple[Any, ...]


SIGNS = {"$equal": "=", "$less": "<", "$less_or_equal": "<=", "$greater": ">", "$greater_or_equal": ">="}
TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def bounds(
    filters: Sequence[Node], column: int, constant: Callable[[Node], Any], part: str | None = None
) -> list[Bound]:
    """The conditions among ``filters`` that BigQuery uses to leave partitions out.

    ``column`` is the partition column's number; ``constant`` gives the value of an expression without columns;
    ``part`` is the partitions' length: a column truncated to just that is as good as the column.
    """
    found = []
    for node in filters:
        bound = _bound(node, column, constant, part)
        if bound is not None:
            found.append(bound)
    return found


def _bound(node: Node, column: int, constant: Callable[[Node], Any], part: str | None) -> Bound | None:
    if node.kind != "FunctionCall":
        return None
    name, arguments = node.function.name.removeprefix("ZetaSQL:"), node.argument_list
    if name in SIGNS:
        left, right = arguments
        if _is(left, column, part) and is_constant(right):
            return Bound(SIGNS[name], (constant(right),))
        if _is(right, column, part) and is_constant(left):
            return Bound(TURNED[SIGNS[name]], (constant(left),))
    if name == "$between" and _is(arguments[0], column, part) and all(map(is_constant, arguments[1:])):
        return Bound("between", tuple(constant(a) for a in arguments[1:]))
    if name == "$in" and _is(arguments[0], column, part) and all(map(is_constant, arguments[1:])):
        return Bound("in", tuple(constant(a) for a in arguments[1:]))
    if name == "$in_array" and _is(arguments[0], column, part) and is_constant(arguments[1]):
        return Bound("in", tuple(constant(arguments[1]) or ()))
    if name == "$is_null" and _is(arguments[0], column, part):
        return Bound("null", ())
    if (
        name == "$not"
        and arguments[0].kind == "FunctionCall"
        and arguments[0].function.name == "ZetaSQL:$is_null"
    ):
        return Bound("not null", ()) if _is(arguments[0].argument_list[0], column, part) else None
    return None


def mentions(filters: Sequence[Node], column: int) -> bool:
    """Whether any condition names the column, which is what requirePartitionFilter asks for."""
    return any(n.kind == "ColumnRef" and n.column.column_id == column for f in filters for n in f.walk())


def _is(node: Node, column: int, part: str | None) -> bool:
    """The column, or the column cast to a date type or truncated to a partition, which keeps the order."""
    while node.kind == "Cast" or _keeps_order(node, part):
        node = node.expr if node.kind == "Cast" else node.argument_list[0]
    return node.kind == "ColumnRef" and node.column.column_id == column


def _keeps_order(node: Node, part: str | None) -> bool:
    if node.kind != "FunctionCall":
        return False
    name = node.function.name.removeprefix("ZetaSQL:")
    if name in ("date", "timestamp", "datetime", "$extract_date"):
        return len(node.argument_list) == 1
    if name in ("date_trunc", "timestamp_trunc", "datetime_trunc") and len(node.argument_list) == 2:
        told = node.argument_list[1]
        return bool(
            told.kind == "Literal"
            and datetime_pb2.DateTimestampPart.Name(told.value.value.enum_value) == part
        )
    return False


def is_constant(node: Node) -> bool:
    """Without columns and subqueries, so that it is known before the query runs."""
    return all(n.kind not in ("ColumnRef", "SubqueryExpr") for n in node.walk())


def kept(partition: Partition, table: Table, conditions: Sequence[Bound]) -> bool:
    """Whether a partition may hold rows that pass all conditions."""
    if partition is None or not table.partitioning:
        return True
    if partition == NULL_PARTITION:
        return all(b.sign == "null" for b in conditions)
    first, last = _range(partition, table)
    return all(_touches(b, first, last) for b in conditions)


def _range(partition: Partition, table: Table) -> tuple[Any, Any]:
    """First value of a partition, and the first behind it."""
    by_range = table.settings.get("rangePartitioning")
    if by_range:
        return partition, partition + int(by_range["range"]["interval"])
    kind = table.settings["timePartitioning"]["type"]
    if kind == "HOUR":
        return partition, partition + dt.timedelta(hours=1)
    if kind == "DAY":
        return partition, partition + dt.timedelta(days=1)
    months = 1 if kind == "MONTH" else 12
    at = partition.year * 12 + partition.month - 1 + months
    return partition, partition.replace(year=at // 12, month=at % 12 + 1) if at < 120_000 else dt.datetime.max


def _comparable(value: Any) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value


def _touches(bound: Bound, first: Any, behind: Any) -> bool:
    values = [_comparable(v) for v in bound.values]
    if bound.sign == "null":
        return False
    if bound.sign == "not null":
        return True
    if bound.sign == "in":
        return any(v is not None and first <= v < behind for v in values)
    if None in values:
        return False
    if bound.sign == "between":
        return bool(values[0] < behind and values[1] >= first)
    value = values[0]
    return bool(
        {
            "=": first <= value < behind,
            "<": value > first,
            "<=": value >= first,
            ">": value < behind,
            ">=": value < behind,
        }[bound.sign]
    )
