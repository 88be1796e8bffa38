"""Build of one warehouse that goes on where the last one failed: only what failed, and what waited for it, runs again."""

from __future__ import annotations

import json
import shutil

from flows.curate import manifests
from flows.errors import DbtFailed
from flows.settings import Settings
from flows.state import State, project_digest, warehouse_stamp
from flows.transform import DbtRun, run_dbt

RESULTS = "run_results.json"
FAILED = ("error", "fail", "runtime error", "skipped")


def build(
    settings: Settings,
    target: str,
    selection: tuple[str, ...] = (),
    *,
    force: bool = False,
    holds_all: bool = False,
) -> DbtRun:
    """``dbt build`` with a selection, or ``dbt retry`` when the last build of the same project on the same batches failed in some nodes;
    nothing when it was good. A warehouse on a server is taken for the one that was built when ``holds_all``: its own ledger has
    just told that it holds every file. Raises DbtFailed and WarehouseUnreachable."""
    state = State(settings, force)
    what = (project_digest(), len(manifests(settings)))
    stamp = warehouse_stamp(settings, target) if target == "local" else "by its ledger" if holds_all else None
    if state.is_done(f"build-{target}", *what, stamp):
        return DbtRun()
    # other commands of dbt write results of their own, so those of a failed build are put aside
    aside = settings.state / f"failed-build-{target}"
    arguments = ["build", *selection]
    if state.is_done(f"failed-build-{target}", *what) and (aside / RESULTS).exists():
        arguments = ["retry", "--state", str(aside)]
    try:
        run = run_dbt(settings, target, arguments)
    except DbtFailed:
        state.forget(f"build-{target}")
        shutil.rmtree(aside, ignore_errors=True)
        results = settings.target_path(target) / RESULTS
        if _worth_a_retry(results.read_text(encoding="utf-8") if results.exists() else ""):
            aside.mkdir(parents=True)
            shutil.copyfile(results, aside / RESULTS)
            state.done(f"failed-build-{target}", *what)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    state.done(f"build-{target}", *what, "by its ledger" if target != "local" else stamp)
    return run


def _worth_a_retry(results: str) -> bool:
    """True for results of a build in which some nodes failed and others did not; a file cut by a kill tells nothing."""
    try:
        found = json.loads(results)
    except json.JSONDecodeError:
        return False
    failed = [r["status"] in FAILED for r in found["results"]]
    return found["args"].get("which") in ("build", "retry") and any(failed) and not all(failed)
