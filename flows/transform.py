"""Transform: dbt, the only door to a warehouse. Each call is its own process with its own target path."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flows.errors import DbtFailed, WarehouseUnreachable
from flows.settings import PROJECT, Settings, check_targets, dbt_program

MARK = "CUSTOMER_360 "  # what the macro tell() writes before its JSON
# how the four drivers say that the warehouse is held by another process, does not answer or asks for patience: Redshift
# 1023, a paused pool of Synapse (40613 and 42119), BigQuery's quotas
UNREACHABLE = re.compile(
    r"could not set lock on file|connection (?:refused|reset|timed out)|could not connect|login timeout expired"
    r"|server closed the connection|service unavailable"
    r"|serializable isolation violation|when it is paused|is not currently available"
    r"|rateLimitExceeded|quotaExceeded|exceeded rate limits|quota exceeded",
    re.IGNORECASE,
)
Event = dict[str, Any]


@dataclass
class DbtRun:
    """What a dbt process did: seconds, its nodes by status, and what macros told (see macro ``tell``)."""

    seconds: float = 0.0
    nodes: dict[str, int] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


def progress_of(event: Event) -> str | None:
    """The line to show for one of dbt's events, or None: nodes that ended, warnings and errors."""
    name, data = event["info"]["name"], event["data"]
    node = data.get("node_info", {})
    if name in ("LogModelResult", "LogSeedResult", "LogSnapshotResult"):
        return f"{data.get('index', '?'):>4}/{data.get('total', '?')}  {node.get('node_name', ''):<45} {data.get('status', '')}  {data.get('execution_time', 0):.1f} s"
    if name == "LogTestResult" and data.get("status") not in ("pass",):
        return f"{data.get('index', '?'):>4}/{data.get('total', '?')}  test {data.get('name', ''):<40} {data.get('status', '')}"
    return None


def run_dbt(
    settings: Settings, target: str, arguments: list[str], on_event: Callable[[Event], None] | None = None
) -> DbtRun:
    """Run dbt with ``arguments`` on ``target``; ``on_event`` gets its structured events as they come.

    Raises SettingsError for an unknown target, DbtFailed with one sentence that names what failed. When this
    process ends, however it does, dbt ends with it.
    """
    check_targets([target])
    command = [
        sys.executable,
        "-m",
        "flows.leash",
        dbt_program(),
        "--log-format",
        "json",
        "--log-level",
        "info",
        "--no-use-colors",
        *arguments,
        "--target",
        target,
        "--project-dir",
        str(PROJECT),
    ]
    settings.target_path(target).mkdir(parents=True, exist_ok=True)
    if target == "local":
        settings.duckdb_path.parent.mkdir(parents=True, exist_ok=True)
    run, faults, plain = DbtRun(), [], []
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=settings.dbt_environment(target),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            try:
                event: Event = json.loads(line)
                info = event["info"]
            except (json.JSONDecodeError, KeyError, TypeError):
                plain.append(line.rstrip())
                continue
            message = info.get("msg", "")
            if MARK in message:
                told = json.loads(message.split(MARK, 1)[1])
                run.told[told["what"]] = told["result"]
            if info.get("level") == "error":
                faults.append(message)
            if on_event:
                on_event(event)
        process.wait()
    finally:
        _end(process)
    run.seconds = time.perf_counter() - began
    results = _results(settings, target, began_wall=time.time() - run.seconds)
    for result in results:
        run.nodes[result["status"]] = run.nodes.get(result["status"], 0) + 1
    if process.returncode:
        sentence = _sentence(target, arguments, results, faults, plain)
        raise (WarehouseUnreachable if UNREACHABLE.search(sentence) else DbtFailed)(sentence)
    return run


def _end(process: subprocess.Popen[str]) -> None:
    """End dbt and whatever it started, politely and then not."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _results(settings: Settings, target: str, began_wall: float) -> list[dict[str, Any]]:
    path = settings.target_path(target) / "run_results.json"
    if not path.exists() or path.stat().st_mtime < began_wall - 1:
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["results"]
    return found


def _sentence(
    target: str, arguments: list[str], results: list[dict[str, Any]], faults: list[str], plain: list[str]
) -> str:
    failed = [r for r in results if r["status"] in ("error", "fail", "runtime error")]
    if failed:
        names = ", ".join(r["unique_id"].split(".", 1)[1].removeprefix("customer_360.") for r in failed[:5])
        more = f" and {len(failed) - 5} more" if len(failed) > 5 else ""
        reason = " ".join((failed[0].get("message") or " ".join(faults)).split())
        return f"dbt {arguments[0]} on target {target} failed in {len(failed)} node(s): {names}{more}; the first says: {reason}"
    words = " ".join(" ".join(faults or plain[-5:]).split())
    if "libodbc" in words:
        return f"dbt {arguments[0]} on target {target} failed: the ODBC manager is missing; run `make setup`."
    return f"dbt {arguments[0]} on target {target} failed: {words or 'it gave no reason; see its log below the home folder'}"
