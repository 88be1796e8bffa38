"""Verify: try a warehouse of yours, in schemas that exist for this trial alone and are dropped whatever happens.

python -m flows.verify --target bigquery          the trial
python -m flows.verify --target bigquery --drop customer_360_verify_0123456789ab   after a trial that was killed

The macros' vectors, then loading and building what the home's lake holds into a scratch schema, then parity against
the same build on DuckDB. docs/verify-runbook.md names the rights that it needs.
"""

from __future__ import annotations

import argparse
import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from flows.certificate import as_text
from flows.curate import manifests
from flows.errors import Customer360Error, DbtFailed, InputError
from flows.fingerprints import Side
from flows.load import load
from flows.parity import certify, require_equal
from flows.settings import PROJECT, Settings, check_targets
from flows.state import only_run
from flows.transform import run_dbt

T = TypeVar("T")


def verify(settings: Settings, target: str, *, vectors: bool = True, select: list[str] | None = None) -> dict[str, Any]:  # fmt: skip
    """Run the trial and return its certificate; NotEqual, DbtFailed or InputError when something is wrong.

    ``select`` builds and compares less than everything, for a quick look: dbt's selection arguments.
    """
    if not manifests(settings):
        raise InputError(f"verify: the lake below {settings.home} is empty; run `make demo` first, so that there is something to build.")  # fmt: skip
    scratch = f"customer_360_verify_{secrets.token_hex(6)}"
    reference = replace(settings, schema=scratch, duckdb_path=settings.home / "verify" / f"{scratch}.duckdb")
    trial = replace(settings, schema=scratch)
    _say(f"the trial's schemas on {target} begin with {scratch}")
    _operation(trial, target, "require_no_scratch_schemas", scratch)
    try:
        if vectors:
            _step("vectors of the macros", lambda: _vectors(settings, target))
        for side, name in ((trial, target), (reference, "local")):
            _step(f"load and build {name}", lambda s=side, n=name: _build(s, n, select or []))  # type: ignore[misc]
        sides = [Side("reference", reference, "local"), Side(target, trial, target)]
        certificate = _step("parity", lambda: certify(settings, sides, afresh=True, in_warehouses=False))
        print(as_text(certificate), flush=True)
        return require_equal(certificate)
    finally:
        reference.duckdb_path.unlink(missing_ok=True)
        drop(trial, target, scratch)


def drop(settings: Settings, target: str, scratch: str) -> list[str]:
    """Drop the schemas of one trial; returns their names. DbtFailed says how to try again."""
    try:
        dropped: list[str] = _operation(settings, target, "drop_scratch_schemas", scratch)
    except DbtFailed as fault:
        raise DbtFailed(f"verify: the trial's schemas may be left; drop them with `python -m flows.verify --target {target} --drop {scratch}` ({fault})") from fault  # fmt: skip
    _say(f"dropped on {target}: {', '.join(dropped) or 'nothing, there was none'}")
    return dropped


def _operation(settings: Settings, target: str, name: str, scratch: str) -> Any:
    arguments = json.dumps({"scratch": scratch})
    settings = replace(settings, schema=scratch)
    return run_dbt(settings, target, ["run-operation", name, "--args", arguments]).told.get("dropped")


def _vectors(settings: Settings, target: str) -> None:
    command = [sys.executable, "-m", "tests.macros", "--target", target, "--home", str(settings.home)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        words = " ".join((done.stderr or done.stdout).split())[-500:]
        raise DbtFailed(f"verify: the macros' vectors do not hold on target {target}: {words}")


def _build(settings: Settings, target: str, select: list[str]) -> None:
    load(settings, target)
    run_dbt(settings, target, ["build", "--full-refresh", *select])


def _step(name: str, work: Callable[[], T]) -> T:
    _say(name)
    return work()


def _say(words: str) -> None:
    print(f"verify: {words}", flush=True)


def main() -> int:
    """Command line: 0 when everything held, else the exit code of the first expected error."""
    parser = argparse.ArgumentParser(prog="python -m flows.verify", description=__doc__.splitlines()[0])
    parser.add_argument("--target", required=True, help="the warehouse to try")
    parser.add_argument("--drop", metavar="NAME", help="drop what a killed trial left, and do nothing else")
    given = parser.parse_args()
    # a polite end of the process must drop the schemas too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        settings = Settings.from_environment()
        target = check_targets([given.target])[0]
        with only_run(settings.home):
            if given.drop:
                drop(settings, target, given.drop)
            else:
                verify(settings, target)
    except Customer360Error as fault:
        print(f"\ncustomer-360: {fault}", file=sys.stderr)
        return fault.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
