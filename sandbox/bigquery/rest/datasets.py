"""Requests about datasets and routines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.bigquery.catalog import Dataset, RoutineEntry, now_ms
from sandbox.bigquery.errors import Failure
from sandbox.bigquery.jobs import Jobs
from sandbox.bigquery.rest import shapes
from sandbox.bigquery.rest.request import Request, paged


def list_datasets(jobs: Jobs, r: Request) -> dict[str, Any]:
    catalog = jobs.warehouse.catalog
    found = [shapes.dataset_entry(d) for (p, _), d in sorted(catalog.datasets.items()) if p == r.path["p"]]
    return paged(r, "datasets", found, {"kind": "bigquery#datasetList"})


def get_dataset(jobs: Jobs, r: Request) -> dict[str, Any]:
    return shapes.dataset(jobs.warehouse.catalog.dataset(r.path["p"], r.path["d"]))


def insert_dataset(jobs: Jobs, r: Request) -> dict[str, Any]:
    catalog = jobs.warehouse.catalog
    name = (r.body.get("datasetReference") or {}).get("datasetId")
    if not name or not isinstance(name, str):
        raise Failure("required", "Required parameter is missing: datasetReference.datasetId")
    if not all(c.isalnum() or c in "_-" for c in name):
        raise Failure(
            "invalid", f'Invalid dataset ID "{name}". Dataset IDs must be alphanumeric (plus underscores)'
        )
    project = r.path["p"]
    with catalog.locked((project, name)):
        if (project, name) in catalog.datasets:
            raise Failure("duplicate", f"Already Exists: Dataset {project}:{name}")
        made = Dataset(
            project,
            name,
            r.body.get("location") or catalog.location,
            now_ms(),
            now_ms(),
            _settings(r.body, {}),
        )
        with catalog.transaction() as change:
            change.put_dataset(made)
    return shapes.dataset(made)


def _settings(body: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    settings = dict(before)
    for name in shapes.DATASET_FIELDS:
        if name == "labels" and body.get("labels") is not None:
            merged = {**settings.get("labels", {}), **body["labels"]}
            settings["labels"] = {k: v for k, v in merged.items() if v is not None}
        elif name in body:
            settings[name] = body[name]
    return {k: v for k, v in settings.items() if v not in (None, {})}


def update_dataset(jobs: Jobs, r: Request) -> dict[str, Any]:
    """PATCH changes what is named, PUT replaces it all."""
    catalog = jobs.warehouse.catalog
    with catalog.locked((r.path["p"], r.path["d"])):
        before = catalog.dataset(r.path["p"], r.path["d"])
        r.check_tag(shapes.dataset(before)["etag"])
        changed = replace(
            before,
            settings=_settings(r.body, before.settings if r.method == "PATCH" else {}),
            modified=now_ms(),
        )
        with catalog.transaction() as change:
            change.put_dataset(changed)
    return shapes.dataset(changed)


def delete_dataset(jobs: Jobs, r: Request) -> None:
    catalog = jobs.warehouse.catalog
    with catalog.locked((r.path["p"], r.path["d"])):
        dataset = catalog.dataset(r.path["p"], r.path["d"])
        with catalog.transaction() as change:
            change.drop_dataset(dataset, r.query.get("deleteContents", "").lower() == "true")


# ---------- routines


def list_routines(jobs: Jobs, r: Request) -> dict[str, Any]:
    catalog = jobs.warehouse.catalog
    catalog.dataset(r.path["p"], r.path["d"])
    found = [
        shapes.routine(e) for k, e in sorted(catalog.routines.items()) if k[:2] == (r.path["p"], r.path["d"])
    ]
    return paged(r, "routines", found, {})


def get_routine(jobs: Jobs, r: Request) -> dict[str, Any]:
    return shapes.routine(jobs.warehouse.catalog.routine((r.path["p"], r.path["d"], r.path["r"])))


def put_routine(jobs: Jobs, r: Request) -> dict[str, Any]:
    catalog = jobs.warehouse.catalog
    name = r.path.get("r") or (r.body.get("routineReference") or {}).get("routineId")
    key = (r.path["p"], r.path["d"], str(name))
    if (
        r.body.get("language", "SQL") != "SQL"
        or r.body.get("routineType", "SCALAR_FUNCTION") != "SCALAR_FUNCTION"
    ):
        raise Failure("invalid", "not supported by the stand-in: routines other than scalar functions in SQL")
    with catalog.locked(key):
        catalog.dataset(key[0], key[1])
        before = catalog.routines.get(key)
        if before is not None and r.method == "POST":
            raise Failure("duplicate", f"Already Exists: Routine {key[0]}:{key[1]}.{key[2]}")
        kept = ("definitionBody", "language", "routineType", "arguments", "returnType", "description")
        resource = {k: r.body[k] for k in kept if r.body.get(k) is not None}
        made = RoutineEntry(key, resource, before.created if before else now_ms(), now_ms())
        with catalog.transaction() as change:
            change.put_routine(made)
    return shapes.routine(made)


def delete_routine(jobs: Jobs, r: Request) -> None:
    catalog = jobs.warehouse.catalog
    key = (r.path["p"], r.path["d"], r.path["r"])
    catalog.routine(key)
    with catalog.locked(key), catalog.transaction() as change:
        change.drop_routine(key)


def empty_list(name: str) -> Any:
    """Models and row access policies: there are none here."""
    return lambda jobs, r: {name: []}
