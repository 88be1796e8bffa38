"""Requests about tables and their rows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.bigquery.catalog import Change, Key, Table, now_ms
from sandbox.bigquery.errors import Failure, Unsupported
from sandbox.bigquery.execution import query
from sandbox.bigquery.execution.context import Context, place_of
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.files import reading
from sandbox.bigquery.jobs import Jobs
from sandbox.bigquery.rest import rows, shapes
from sandbox.bigquery.rest.request import Request, paged
from sandbox.bigquery.translate import values
from sandbox.bigquery.types import Column, of_field


def _key(r: Request) -> Key:
    return r.path["p"], r.path["d"], r.path["t"]


def list_tables(jobs: Jobs, r: Request) -> dict[str, Any]:
    catalog = jobs.warehouse.catalog
    catalog.dataset(r.path["p"], r.path["d"])
    found = [shapes.table_entry(t) for t in catalog.tables_of(r.path["p"], r.path["d"])]
    return paged(r, "tables", found, {"kind": "bigquery#tableList", "totalItems": len(found)})


def get_table(jobs: Jobs, r: Request) -> dict[str, Any]:
    job = jobs.result_table(_key(r))
    if job is not None and job.outcome is not None:
        key = _key(r)
        return {
            "kind": "bigquery#table", "id": f"{key[0]}:{key[1]}.{key[2]}", "tableReference": shapes.reference(key), "type": "TABLE",
            "schema": shapes.schema(job.outcome), "numRows": str(job.outcome.rows or 0), "numBytes": "0", "location": job.location,
            "creationTime": str(job.created), "lastModifiedTime": str(job.ended or job.created), "etag": job.name,
        }  # fmt: skip
    return shapes.table(jobs.warehouse.catalog.table(_key(r)), jobs.warehouse)


def columns_of(body: dict[str, Any]) -> list[Column]:
    try:
        columns = [of_field(f) for f in (body.get("schema") or {}).get("fields", [])]
        for column in columns:
            column.type.check_storable()
    except (ValueError, KeyError, TypeError) as error:
        raise Failure("invalid", f"Invalid schema: {error}") from error
    return columns


def insert_table(jobs: Jobs, r: Request) -> dict[str, Any]:
    catalog = jobs.warehouse.catalog
    name = (r.body.get("tableReference") or {}).get("tableId")
    if not name or not isinstance(name, str):
        raise Failure("required", "Required parameter is missing: tableReference.tableId")
    key = (r.path["p"], r.path["d"], name)
    for form in (
        "externalDataConfiguration",
        "snapshotDefinition",
        "cloneDefinition",
        "biglakeConfiguration",
    ):
        if r.body.get(form):
            raise Unsupported(f"tables with {form}")
    catalog.dataset(key[0], key[1])
    with catalog.locked(key):
        if catalog.exists(key):
            raise Failure("duplicate", f"Already Exists: Table {key[0]}:{key[1]}.{key[2]}")
        made = (
            _view(jobs, key, r.body)
            if r.body.get("view") or r.body.get("materializedView")
            else _plain(jobs, key, r.body)
        )
        with catalog.transaction() as change, engine_errors():
            made = made if made.is_view else change.create_place(made)
            change.put_table(made)
    return shapes.table(made, jobs.warehouse)


def _plain(jobs: Jobs, key: Key, body: dict[str, Any]) -> Table:
    moment = now_ms()
    settings = merged({}, body)
    return Table(
        key,
        "TABLE",
        tuple(columns_of(body)),
        jobs.warehouse.catalog.serial(),
        moment,
        moment,
        settings=settings,
    )


def _view(jobs: Jobs, key: Key, body: dict[str, Any]) -> Table:
    kind, told = (
        ("VIEW", body["view"]) if body.get("view") else ("MATERIALIZED_VIEW", body["materializedView"])
    )
    if told.get("useLegacySql"):
        raise Unsupported("views in legacy SQL")
    context = Context(jobs.warehouse, key[0])
    node = context.analyze(told["query"])
    columns = query.named_columns(node.output_column_list, "CREATE VIEW")
    moment = now_ms()
    return Table(
        key,
        kind,
        tuple(columns),
        jobs.warehouse.catalog.serial(),
        moment,
        moment,
        told["query"],
        merged({}, body),
    )


def merged(before: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Settings after a request: a field that is null goes, labels are merged."""
    settings = dict(before)
    for name in shapes.TABLE_FIELDS:
        if name == "labels" and body.get("labels") is not None:
            both = {**settings.get("labels", {}), **body["labels"]}
            settings["labels"] = {k: v for k, v in both.items() if v is not None}
        elif name in body:
            settings[name] = body[name]
    nested = (settings.get("timePartitioning") or {}).get("requirePartitionFilter")
    if nested is not None:
        settings["timePartitioning"] = {
            k: v for k, v in settings["timePartitioning"].items() if k != "requirePartitionFilter"
        }
        settings.setdefault("requirePartitionFilter", nested)
    return {k: v for k, v in settings.items() if v not in (None, {}, "", False)}


def update_table(jobs: Jobs, r: Request) -> dict[str, Any]:
    """PATCH and PUT: settings, descriptions, new columns, relaxed columns, a view's query."""
    catalog = jobs.warehouse.catalog
    key = _key(r)
    with catalog.locked(key), engine_errors():
        before = catalog.table(key)
        r.check_tag(shapes.table(before, jobs.warehouse)["etag"])
        changed = replace(before, settings=merged(before.settings, r.body), modified=now_ms())
        with catalog.transaction() as change:
            if r.body.get("view"):
                fresh = _view(jobs, key, {**r.body, "schema": None})
                changed = replace(changed, query=fresh.query, columns=fresh.columns)
            if r.body.get("schema"):
                changed = _with_schema(change, changed, columns_of(r.body))
            change.put_table(changed)
    return shapes.table(changed, jobs.warehouse)


def _with_schema(change: Change, table: Table, wanted: Sequence[Column]) -> Table:
    """Columns may be added, described and made nullable; nothing else."""
    known = {c.name: c for c in table.columns}
    told = {c.name: c for c in wanted}
    missing = [n for n in known if n not in told]
    if missing:
        raise Failure(
            "invalid",
            f"Provided Schema does not match Table {table.name}. Field {missing[0]} is missing in new schema",
        )
    columns = []
    for column in wanted:
        before = known.get(column.name)
        if before is None:
            if column.required:
                raise Failure(
                    "invalid",
                    f"Provided Schema does not match Table {table.name}. Cannot add required fields to an existing schema. (field: {column.name})",
                )
            if table.place:
                default = " DEFAULT []" if column.type.element is not None else ""
                change.cursor.execute(
                    f"ALTER TABLE {table.place} ADD COLUMN {values.name(column.name)} {column.type.engine}{default}"
                )
        elif before.type.bare != column.type.bare:
            raise Failure(
                "invalid",
                f"Provided Schema does not match Table {table.name}. Field {column.name} has changed type from {before.type} to {column.type}",
            )
        elif column.required and not before.required:
            raise Failure(
                "invalid",
                f"Provided Schema does not match Table {table.name}. Field {column.name} has changed mode from NULLABLE to REQUIRED",
            )
        elif before.required and not column.required and table.place:
            change.cursor.execute(
                f"ALTER TABLE {table.place} ALTER COLUMN {values.name(column.name)} DROP NOT NULL"
            )
        columns.append(column)
    return replace(table, columns=tuple(columns), version=table.version + 1)


def delete_table(jobs: Jobs, r: Request) -> None:
    catalog = jobs.warehouse.catalog
    with catalog.locked(_key(r)), engine_errors():
        table = catalog.table(_key(r))
        with catalog.transaction() as change:
            change.drop_table(table)


# ---------- rows


def list_rows(jobs: Jobs, r: Request) -> dict[str, Any]:
    """tabledata.list: pages of a table, or of a query's result."""
    job = jobs.result_table(_key(r))
    if job is not None and job.outcome is not None and job.outcome.place:
        source, columns = job.outcome.place, job.outcome.columns
        names, total = [f"o{i}" for i in range(len(columns))], job.outcome.rows or 0
        tag = job.name
    else:
        table = jobs.warehouse.catalog.table(_key(r))
        if table.is_view:
            raise Failure("invalid", f"Cannot list a table of type {table.kind}.")
        source, columns, names = place_of(table), list(table.columns), [c.name for c in table.columns]
        total, tag = sum(jobs.warehouse.sizes.partitions(table).values()), f"{table.serial}-{table.version}"
    if r.query.get("selectedFields"):
        wanted = r.query["selectedFields"].split(",")
        chosen = [(n, c) for n, c in zip(names, columns, strict=True) if c.name in wanted]
        names, columns = [n for n, _ in chosen], [c for _, c in chosen]
    start = r.number("pageToken", r.number("startIndex", 0))
    return _page(
        jobs, r, source, columns, names, start, total, {"kind": "bigquery#tableDataList", "etag": tag}
    )


def _page(
    jobs: Jobs,
    r: Request,
    source: str,
    columns: Sequence[Column],
    names: Sequence[str],
    start: int,
    total: int,
    told: dict[str, Any],
) -> dict[str, Any]:
    exact = r.query.get("formatOptions.useInt64Timestamp", "").lower() == "true"
    most = min(r.number("maxResults", 100_000), 100_000)
    with jobs.warehouse.catalog.cursor() as cursor, engine_errors():
        found, behind = rows.page(cursor, source, columns, names, start, most, exact)
    body = {**told, "totalRows": str(total), "rows": found}
    if behind < total and found:
        body["pageToken"] = str(behind)
    return body


def query_page(jobs: Jobs, r: Request, job: Any, start: int, most: int) -> dict[str, Any]:
    """The rows of a job's result, as getQueryResults tells them."""
    outcome = job.outcome
    exact = (
        r.query.get(
            "formatOptions.useInt64Timestamp",
            str(r.body.get("formatOptions", {}).get("useInt64Timestamp", "")),
        ).lower()
        == "true"
    )
    body: dict[str, Any] = {"totalRows": str(outcome.rows or 0), "schema": shapes.schema(outcome)}
    if most and outcome.place:
        names = [f"o{i}" for i in range(len(outcome.columns))]
        with jobs.warehouse.catalog.cursor() as cursor, engine_errors():
            body["rows"], behind = rows.page(
                cursor, outcome.place, outcome.columns, names, start, most, exact
            )
        if behind < (outcome.rows or 0):
            body["pageToken"] = str(behind)
    elif outcome.place and (outcome.rows or 0) > 0:
        body["pageToken"] = str(start)
    return body


def insert_rows(jobs: Jobs, r: Request) -> dict[str, Any]:
    """tabledata.insertAll: all rows, or none and what is wrong with each."""
    table = jobs.warehouse.catalog.table(_key(r))
    if table.is_view:
        raise Failure("invalid", f"Cannot add rows to a table of type {table.kind}")
    if r.body.get("templateSuffix"):
        raise Unsupported("insertAll with a template suffix")
    sent = r.body.get("rows") or []
    lines = [json.dumps(row.get("json") or {}) for row in sent]
    if not lines:
        raise Failure("invalid", "No rows present in the request.")
    told = {"ignoreUnknownValues": r.body.get("ignoreUnknownValues")}
    context = Context(jobs.warehouse, table.key[0])
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            _load(context, jobs, table, Path(folder) / "all.json", lines, told)
        except Failure:
            for i, line in enumerate(lines):
                try:
                    with jobs.warehouse.catalog.cursor() as cursor, engine_errors():
                        path = Path(folder) / "one.json"
                        path.write_text(line + "\n", encoding="utf-8")
                        _, sql = reading.read(cursor, [path], "JSON", told, table.columns)
                        cursor.execute(f"SELECT * FROM ({sql})").fetchall()
                    faults.append({"index": i, "errors": [{"reason": "stopped", "message": ""}]})
                except Failure as failure:
                    faults.append({"index": i, "errors": [{"reason": "invalid", "message": failure.message}]})
    return {"kind": "bigquery#tableDataInsertAllResponse", **({"insertErrors": faults} if faults else {})}


def _load(
    context: Context, jobs: Jobs, table: Table, path: Path, lines: list[str], told: dict[str, Any]
) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with jobs.warehouse.catalog.cursor() as cursor:
        columns, sql = reading.read(cursor, [path], "JSON", told, table.columns)
    query.write_table(context, table.key, columns, sql, "WRITE_APPEND", {})


# ---------- access


def iam_policy(jobs: Jobs, r: Request) -> dict[str, Any]:
    """getIamPolicy and setIamPolicy: bindings are the grants of the table."""
    catalog = jobs.warehouse.catalog
    key = (r.path["p"], r.path["d"], r.path["t"])
    table = catalog.table(key)
    if r.path.get("verb") == "setIamPolicy":
        bindings = (r.body.get("policy") or {}).get("bindings") or []
        pairs = tuple((b["role"], m) for b in bindings for m in b.get("members", []))
        with catalog.locked(key), catalog.transaction() as change:
            table = replace(table, grants=pairs)
            change.put_table(table)
    if r.path.get("verb") == "testIamPermissions":
        return {"permissions": r.body.get("permissions") or []}
    roles: dict[str, list[str]] = {}
    for role, member in table.grants:
        roles.setdefault(role, []).append(member)
    return {"version": 1, "etag": "ACAB", "bindings": [{"role": k, "members": v} for k, v in roles.items()]}
