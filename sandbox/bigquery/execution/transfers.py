"""LOAD DATA and EXPORT DATA, and what load and extract jobs do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.catalog import Key
from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.execution import options, query
from sandbox.bigquery.execution.context import Context
from sandbox.bigquery.execution.definitions import _settings, defined_columns
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.files import locations, reading, writing
from sandbox.bigquery.types import Column

# options of LOAD DATA, and the fields of a load job that mean the same
FILE_OPTIONS = {
    "skip_leading_rows": "skipLeadingRows", "field_delimiter": "fieldDelimiter", "quote": "quote", "null_marker": "nullMarker",
    "allow_jagged_rows": "allowJaggedRows", "allow_quoted_newlines": "allowQuotedNewlines", "encoding": "encoding",
    "ignore_unknown_values": "ignoreUnknownValues",
}  # fmt: skip


def load_files(
    context: Context,
    key: Key,
    files: Sequence[Path],
    form: str,
    told: dict[str, Any],
    schema: Sequence[Column],
    disposition: str,
    settings: dict[str, Any],
) -> Outcome:
    """The rows of files into a table."""
    catalog = context.catalog
    if told.get("maxBadRecords"):
        raise Unsupported("a load that tolerates bad records")
    if told.get("schemaUpdateOptions"):
        raise Unsupported("a load that changes the schema")
    catalog.dataset(key[0], key[1])
    if not schema and catalog.exists(key) and not (disposition == "WRITE_TRUNCATE" and form == "PARQUET"):
        schema = catalog.table(key).columns
    with catalog.cursor() as cursor:
        columns, sql = reading.read(cursor, files, form, told, schema)
    outcome = Outcome("LOAD_DATA", target=key, destination=key)
    if context.dry_run:
        return outcome
    declared = {c.name: c for c in schema}
    columns = [declared.get(c.name, c) for c in columns]
    table, outcome.rows = query.write_table(
        context, key, columns, sql, disposition, settings, told.get("createDisposition", "CREATE_IF_NEEDED")
    )
    outcome.columns = list(table.columns)
    outcome.extra = {"inputFiles": len(files), "inputFileBytes": sum(f.stat().st_size for f in files)}
    return outcome


def load_data(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    if (
        node.is_temp_table
        or node.partition_filter is not None
        or node.with_partition_columns is not None
        or node.connection is not None
    ):
        raise Unsupported("this form of LOAD DATA")
    t = context.translator(sources)
    told = options.option_values(context, t, node.from_files_option_list)
    form, uris = str(told.pop("format", "")).upper(), told.pop("uris", None)
    if not form or not uris:
        raise InvalidQuery("LOAD DATA needs the options format and uris")
    fields: dict[str, Any] = {}
    for name, value in told.items():
        if name == "enable_list_inference":
            fields["parquetOptions"] = {"enableListInference": value}
        elif name in FILE_OPTIONS:
            fields[FILE_OPTIONS[name]] = value
        else:
            raise Unsupported(f"the option {name} of LOAD DATA")
    columns = defined_columns(context, node, sources)
    settings = _settings(context, node, sources, columns)
    disposition = "WRITE_TRUNCATE" if node.insertion_mode == "OVERWRITE" else "WRITE_APPEND"
    files = locations.found(uris, context.warehouse.files)
    return load_files(
        context, context.key(node.name_path), files, form, fields, columns, disposition, settings
    )


def export_data(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    if node.connection is not None:
        raise Unsupported("EXPORT DATA WITH CONNECTION")
    t = context.translator(sources)
    told = options.option_values(context, t, node.option_list)
    uri, form = told.pop("uri", None), str(told.pop("format", "")).upper()
    if not uri or not form:
        raise InvalidQuery("EXPORT DATA needs the options uri and format")
    if uri.count("*") != 1:
        raise InvalidQuery("Option 'uri' value must be a wild card URI with exactly one *")
    known = {"overwrite", "compression", "header", "field_delimiter"}
    if set(told) - known:
        raise Unsupported(f"the option {sorted(set(told) - known)[0]} of EXPORT DATA")
    columns = query.output_columns(node.output_column_list)
    sql = context.translator(sources).query(node.query, node.output_column_list)
    outcome = Outcome("EXPORT_DATA", processed=context.processed, referenced=list(context.referenced))
    if context.dry_run:
        return outcome
    with context.catalog.cursor() as cursor:
        outcome.rows = writing.export(
            cursor, columns, sql, uri, context.warehouse.files, form, str(told.get("compression") or "NONE").upper(),
            told.get("header", True), told.get("field_delimiter", ","), bool(told.get("overwrite", False)),
        )  # fmt: skip
    outcome.extra = {"fileCount": 1, "rowCount": outcome.rows}
    return outcome
