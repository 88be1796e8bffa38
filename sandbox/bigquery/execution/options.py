"""OPTIONS(…) and PARTITION BY, as the settings of a table's or dataset's REST resource."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.execution.context import Context
from sandbox.bigquery.translate.functions.dates import part_of
from sandbox.bigquery.translate.registry import Call
from sandbox.bigquery.translate.translator import Translator, type_of
from sandbox.bigquery.types import STRING, Type

TABLE_OPTIONS = {
    "description", "friendly_name", "labels", "expiration_timestamp", "partition_expiration_days",
    "require_partition_filter", "kms_key_name", "tags", "max_staleness", "default_rounding_mode", "storage_uri", "file_format", "table_format",
    "enable_refresh", "refresh_interval_minutes", "allow_non_incremental_definition", "privacy_policy", "enable_change_history",
}  # fmt: skip
REFUSED = {
    "kms_key_name",
    "tags",
    "max_staleness",
    "default_rounding_mode",
    "storage_uri",
    "file_format",
    "table_format",
    "privacy_policy",
    "enable_change_history",
}
CLUSTERABLE = {
    "INT64",
    "STRING",
    "BYTES",
    "BOOL",
    "DATE",
    "DATETIME",
    "TIMESTAMP",
    "NUMERIC",
    "BIGNUMERIC",
    "GEOGRAPHY",
    "RANGE",
}


def option_values(context: Context, t: Translator, options: list[Node]) -> dict[str, Any]:
    """The values of options by lower-case name; a name given alone is a text."""
    found = {}
    for option in options:
        if option.assignment_op not in ("DEFAULT_ASSIGN", ""):
            raise Unsupported(f"the option {option.name} with += or -=")
        found[option.name.lower()] = context.constant(t, option.value) if option.value is not None else None
    return found


def _milliseconds(moment: dt.datetime) -> str:
    return str(int((moment - dt.datetime(1970, 1, 1)).total_seconds() * 1000))


def _pairs(labels: Any) -> dict[str, str]:
    return {pair["f0"]: pair["f1"] for pair in labels or []}


def table_settings(told: dict[str, Any], before: dict[str, Any], kind: str = "TABLE") -> dict[str, Any]:
    """Settings after the options; an option that is NULL takes the setting away. Raises InvalidQuery, Unsupported."""
    settings = dict(before)
    partitioning = dict(settings.get("timePartitioning") or {})
    for name, value in told.items():
        if name not in TABLE_OPTIONS:
            raise InvalidQuery(f"Unknown option: {name}")
        if name in REFUSED and value not in (None, []):
            raise Unsupported(f"the table option {name}")
        if name in ("description", "friendly_name"):
            settings[{"description": "description", "friendly_name": "friendlyName"}[name]] = value
        elif name == "labels":
            settings["labels"] = _pairs(value)
        elif name in REFUSED:
            continue
        elif name == "expiration_timestamp":
            settings["expirationTime"] = None if value is None else _milliseconds(value)
        elif name == "partition_expiration_days":
            if not partitioning:
                raise InvalidQuery(
                    "Option partition_expiration_days cannot be set for a non-partitioned table"
                )
            days = None if value is None else Decimal(str(value))
            partitioning["expirationMs"] = None if days is None else str(int(days * 86_400_000))
        elif name == "require_partition_filter":
            if value and not settings.get("timePartitioning") and not settings.get("rangePartitioning"):
                raise InvalidQuery("require_partition_filter cannot be set for a non-partitioned table")
            settings["requirePartitionFilter"] = bool(value)
        else:
            settings.setdefault("materializedViewOptions", {})[name] = str(value)
    if partitioning:
        settings["timePartitioning"] = {k: v for k, v in partitioning.items() if v is not None}
    return {k: v for k, v in settings.items() if v not in (None, {}, "")}


def dataset_settings(told: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    settings = dict(before)
    for name, value in told.items():
        if name in ("description", "friendly_name"):
            settings[{"description": "description", "friendly_name": "friendlyName"}[name]] = value
        elif name == "labels":
            settings["labels"] = _pairs(value)
        elif name == "location":
            settings["location"] = value
        elif name == "default_table_expiration_days":
            settings["defaultTableExpirationMs"] = (
                None if value is None else str(int(float(value) * 86_400_000))
            )
        elif value is not None:
            raise Unsupported(f"the dataset option {name}")
    return {k: v for k, v in settings.items() if v not in (None, {}, "")}


def column_description(context: Context, t: Translator, annotations: Node | None) -> str | None:
    if annotations is None:
        return None
    told = option_values(context, t, annotations.option_list)
    unknown = set(told) - {"description"}
    if unknown:
        raise Unsupported(f"the column option {sorted(unknown)[0]}")
    text: str | None = told.get("description")
    return text


def partitioning(expressions: list[Node], columns: dict[str, Type]) -> dict[str, Any]:
    """timePartitioning or rangePartitioning of a PARTITION BY clause."""
    if not expressions:
        return {}
    if len(expressions) > 1:
        raise InvalidQuery("Only a single PARTITION BY expression is supported but found multiple")
    node = expressions[0]
    if node.kind == "ColumnRef":
        return _by_column(node, columns)
    if node.kind == "FunctionCall":
        name = node.function.name.removeprefix("ZetaSQL:")
        first = node.argument_list[0]
        if name in ("date_trunc", "timestamp_trunc", "datetime_trunc") and first.kind == "ColumnRef":
            return _by_time(first, _part(node, 1))
        if name in ("date", "$extract_date") and first.kind == "ColumnRef" and len(node.argument_list) == 1:
            return _by_time(first, "DAY")
        if name == "range_bucket":
            return _by_range(node)
    raise InvalidQuery(
        "PARTITION BY expression must be DATE(<timestamp_column>), DATE(<datetime_column>), DATETIME_TRUNC(<datetime_column>, DAY/HOUR/MONTH/YEAR), a DATE column, TIMESTAMP_TRUNC(<timestamp_column>, DAY/HOUR/MONTH/YEAR), DATE_TRUNC(<date_column>, MONTH/YEAR), or RANGE_BUCKET(<int64_column>, GENERATE_ARRAY(<int64_value>, <int64_value>[, <int64_value>]))"
    )


def _part(node: Node, at: int) -> str:
    from sandbox.bigquery.translate.expressions import literal_value

    made = Call("", [], [], STRING, values=[literal_value(a) for a in node.argument_list])
    return part_of(made, at)


def _by_column(node: Node, columns: dict[str, Type]) -> dict[str, Any]:
    name = node.column.name
    if name.upper() == "_PARTITIONDATE":
        return {"timePartitioning": {"type": "DAY"}}
    if type_of(node).kind != "DATE":
        raise InvalidQuery(
            f"PARTITION BY expression must be DATE(<timestamp_column>), or a DATE column, but {name} is of type {type_of(node)}"
        )
    return {"timePartitioning": {"type": "DAY", "field": name}}


def _by_time(column: Node, part: str) -> dict[str, Any]:
    if part not in ("HOUR", "DAY", "MONTH", "YEAR"):
        raise InvalidQuery(f"PARTITION BY expression must truncate to DAY, HOUR, MONTH or YEAR, not {part}")
    told = {"type": part}
    if not column.column.name.upper().startswith("_PARTITION"):
        told["field"] = column.column.name
    return {"timePartitioning": told}


def _by_range(node: Node) -> dict[str, Any]:
    from sandbox.bigquery.translate.expressions import literal_value

    column, series = node.argument_list
    if column.kind != "ColumnRef" or series.kind != "FunctionCall":
        raise InvalidQuery("PARTITION BY RANGE_BUCKET needs a column and GENERATE_ARRAY of constants")
    told = [literal_value(a) for a in series.argument_list]
    if None in told:
        raise InvalidQuery("The arguments of GENERATE_ARRAY in PARTITION BY must be constants")
    start, end, step = (*told, 1)[:3]
    return {
        "rangePartitioning": {
            "field": column.column.name, "range": {"start": str(start), "end": str(end), "interval": str(step)},
        }
    }  # fmt: skip


def clustering(expressions: list[Node]) -> dict[str, Any]:
    """clustering of a CLUSTER BY clause."""
    if not expressions:
        return {}
    if len(expressions) > 4:
        raise InvalidQuery("Clustering by more than 4 columns is not supported")
    names = []
    for node in expressions:
        if node.kind != "ColumnRef":
            raise InvalidQuery("CLUSTER BY expressions must be columns")
        if type_of(node).kind not in CLUSTERABLE:
            raise InvalidQuery(
                f"Clustering is not supported on column {node.column.name} of type {type_of(node)}"
            )
        names.append(node.column.name)
    return {"clustering": {"fields": names}}
