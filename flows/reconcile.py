"""Reconcile: what was built gives back what was read, to the cent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flows.errors import DoesNotReconcile
from flows.settings import Settings
from flows.transform import run_dbt


@dataclass(frozen=True)
class Reconciled:
    """Rows per mart; one line per control total: name, source (None: unknown), staging, marts; net revenue by month."""

    marts: list[dict[str, Any]]
    totals: list[tuple[str, Any, Any, Any]]
    revenue_by_month: list[dict[str, str]]


def reconcile(settings: Settings, target: str) -> Reconciled:
    """Compare marts with staging, and with the totals the source itself states. DoesNotReconcile names the first that differs.

    The source's own totals are in the outbox's company.json, counted from the real file without our code; they are
    known for whole deliveries only.
    """
    told = run_dbt(settings, target, ["run-operation", "report_marts"]).told["report_marts"]
    record = settings.company / "company.json"
    stated = json.loads(record.read_text(encoding="utf-8"))["control_totals"] if record.exists() else {}
    totals = []
    for name, staged in told["totals"]["staging"].items():
        built, source = told["totals"]["marts"][name], stated.get(name)
        totals.append((name, source, staged, built))
        if staged != built:
            raise DoesNotReconcile(
                f"target {target}: {name} is {built} in the marts but {staged} in staging; nothing should be published before that is explained."
            )
        if source is not None and source != built:
            raise DoesNotReconcile(
                f"target {target}: {name} is {built} in the marts but {source} at the source; nothing should be published before that is explained."
            )
    return Reconciled(told["marts"], totals, told["revenue_by_month"])
