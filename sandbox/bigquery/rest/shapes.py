"""The resources of the REST interface: datasets, tables, routines, jobs."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sandbox.bigquery.billing import billed
from sandbox.bigquery.catalog import Dataset, Key, RoutineEntry, Table
from sandbox.bigquery.execution.context import Warehouse
from sandbox.bigquery.execution.outcome import Outcome

# fields of a table that settings keep under the same name
TABLE_FIELDS = (
    "description", "friendlyName", "labels", "expirationTime", "timePartitioning", "rangePartitioning", "clustering",
    "requirePartitionFilter", "tableConstraints",
)  # fmt: skip
DATASET_FIELDS = (
    "description", "friendlyName", "labels", "access", "defaultTableExpirationMs", "defaultPartitionExpirationMs", "isCaseInsensitive",
    "maxTimeTravelHours", "storageBillingModel", "defaultCollation", "defaultRoundingMode",
)  # fmt: skip
ACCESS = [
    {"role": "WRITER", "specialGroup": "projectWriters"}, {"role": "OWNER", "specialGroup": "projectOwners"},
    {"role": "OWNER", "userByEmail": "sandbox@localhost"}, {"role": "READER", "specialGroup": "projectReaders"},
]  # fmt: skip


def etag(told: dict[str, Any]) -> str:
    return hashlib.md5(json.dumps(told, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def reference(key: Key, last: str = "tableId") -> dict[str, str]:
    return {"projectId": key[0], "datasetId": key[1], last: key[2]}


def dataset(d: Dataset) -> dict[str, Any]:
    told = {
        "kind": "bigquery#dataset", "id": f"{d.project}:{d.name}", "selfLink": f"/bigquery/v2/projects/{d.project}/datasets/{d.name}",
        "datasetReference": {"projectId": d.project, "datasetId": d.name}, "location": d.location, "type": "DEFAULT",
        "creationTime": str(d.created), "lastModifiedTime": str(d.modified), "access": ACCESS, **d.settings,
    }  # fmt: skip
    return {**told, "etag": etag(told)}


def dataset_entry(d: Dataset) -> dict[str, Any]:
    """A dataset in a list."""
    return {
        k: v
        for k, v in dataset(d).items()
        if k in ("kind", "id", "datasetReference", "location", "labels", "friendlyName")
    }


def table(t: Table, warehouse: Warehouse) -> dict[str, Any]:
    project, dataset_name, name = t.key
    told: dict[str, Any] = {
        "kind": "bigquery#table", "id": t.name, "selfLink": f"/bigquery/v2/projects/{project}/datasets/{dataset_name}/tables/{name}",
        "tableReference": reference(t.key), "type": t.kind, "schema": {"fields": [c.field() for c in t.columns]},
        "creationTime": str(t.created), "lastModifiedTime": str(t.modified), "location": warehouse.catalog.location,
        **{k: v for k, v in t.settings.items() if k in TABLE_FIELDS},
    }  # fmt: skip
    if t.settings.get("timePartitioning") and t.needs_filter:
        told["timePartitioning"] = {**t.settings["timePartitioning"], "requirePartitionFilter": True}
    if t.kind == "VIEW":
        told["view"] = {"query": t.query, "useLegacySql": False}
    elif t.kind == "MATERIALIZED_VIEW":
        made = t.settings.get("materializedViewOptions") or {}
        minutes = float(made.get("refresh_interval_minutes") or 30)
        told["materializedView"] = {
            "query": t.query, "enableRefresh": made.get("enable_refresh", "True") != "False",
            "refreshIntervalMs": str(int(minutes * 60_000)), "lastRefreshTime": str(t.modified),
        }  # fmt: skip
    tag = etag({**told, "serial": t.serial, "version": t.version})
    rows, size = (0, 0)
    if t.place:
        rows = sum(warehouse.sizes.partitions(t).values())
        size = sum(warehouse.sizes.of(t, t.columns).values())
    counted = {
        "numRows": str(rows),
        "numBytes": str(size),
        "numLongTermBytes": "0",
        "numTotalLogicalBytes": str(size),
    }
    return {**told, **({} if t.kind == "VIEW" else counted), "etag": tag}


def table_entry(t: Table) -> dict[str, Any]:
    """A table in a list."""
    kept = ("labels", "friendlyName", "timePartitioning", "rangePartitioning", "clustering", "expirationTime")
    told = {
        "kind": "bigquery#table", "id": t.name, "tableReference": reference(t.key), "type": t.kind, "creationTime": str(t.created),
        **{k: v for k, v in t.settings.items() if k in kept},
    }  # fmt: skip
    return told | ({"view": {"useLegacySql": False}} if t.kind == "VIEW" else {})


def routine(r: RoutineEntry) -> dict[str, Any]:
    told = {
        **r.resource, "routineReference": reference(r.key, "routineId"), "creationTime": str(r.created), "lastModifiedTime": str(r.modified),
    }  # fmt: skip
    return {**told, "etag": etag(told)}


def schema(outcome: Outcome) -> dict[str, Any]:
    return {"fields": [c.field() for c in outcome.columns]}


def query_statistics(o: Outcome, dry_run: bool) -> dict[str, Any]:
    """statistics.query of a job; numbers are text."""
    told: dict[str, Any] = {
        "statementType": o.kind, "totalBytesProcessed": str(o.processed), "totalBytesBilled": "0" if dry_run else str(billed(o.processed)),
        "cacheHit": False, "billingTier": 1, "totalSlotMs": "1", "estimatedBytesProcessed": str(o.processed),
        "referencedTables": [reference(k) for k in o.referenced], "totalPartitionsProcessed": "0",
    }  # fmt: skip
    if o.columns and dry_run:
        told["schema"] = schema(o)
        told["totalBytesProcessedAccuracy"] = "PRECISE"
    if o.affected is not None:
        told["numDmlAffectedRows"] = str(o.affected)
        told["dmlStats"] = {
            "insertedRowCount": str(o.inserted or 0),
            "updatedRowCount": str(o.updated or 0),
            "deletedRowCount": str(o.deleted or 0),
        }
    if o.operation is not None:
        told["ddlOperationPerformed"] = o.operation
        if o.target is not None:
            told["ddlTargetTable"] = reference(o.target)
        if "routine" in o.extra:
            told["ddlTargetRoutine"] = reference(o.extra["routine"], "routineId")
    if o.kind == "EXPORT_DATA" and o.extra:
        told["exportDataStatistics"] = {
            "fileCount": str(o.extra["fileCount"]),
            "rowCount": str(o.extra["rowCount"]),
        }
    if o.kind == "LOAD_DATA":
        told["loadQueryStatistics"] = load_statistics(o)
    return told


def load_statistics(o: Outcome) -> dict[str, Any]:
    return {
        "inputFiles": str(o.extra.get("inputFiles", 0)), "inputFileBytes": str(o.extra.get("inputFileBytes", 0)),
        "outputRows": str(o.rows or 0), "outputBytes": str(o.extra.get("outputBytes", 0)), "badRecords": "0",
    }  # fmt: skip
