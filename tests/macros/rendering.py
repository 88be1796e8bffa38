"""Macro calls as SQL of a target: one dbt process renders thousands, offline. dbt renders, so what is proven is what runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTABLE = ROOT / "macros" / "portable"
TARGETS = ("local", "redshift", "synapse", "bigquery")
ADAPTERS = {"local": "duckdb", "redshift": "redshift", "synapse": "synapse", "bigquery": "bigquery"}
PROJECT = """
name: customer_360
version: "0.1.0"
profile: customer_360
config-version: 2
model-paths: [models]
macro-paths: [portable, macros]
dispatch: [{macro_namespace: dbt, search_order: [customer_360, dbt]}]
flags: {send_anonymous_usage_stats: false}
"""
MARK = "/*<< {} >>*/"


class RenderingFailed(Exception):
    """dbt could not render a call; the message holds dbt's own words, which name macro and model."""


def write_project(folder: Path, macros: Mapping[str, str]) -> None:
    """A dbt project around the project's portable macros and ``macros``, further ones by file name."""
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (folder / "macros").mkdir()
    (folder / "portable").symlink_to(PORTABLE)
    for name, text in macros.items():
        (folder / "macros" / f"{name}.sql").write_text(text, encoding="utf-8")


def run_dbt(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """dbt on the project in ``folder``, with the project's profiles and nothing left outside of it."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), *arguments, "--profiles-dir", str(ROOT / "profiles"), "--no-partial-parse",
         "--target-path", str(folder / "target"), "--log-path", str(folder / "logs")],
        cwd=folder,
        env={
            "CUSTOMER_360_DUCKDB_PATH": str(folder / "none.duckdb"),
            **os.environ,
            "DO_NOT_TRACK": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def render(
    target: str, groups: Mapping[str, Sequence[str]], macros: Mapping[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    """The SQL of each group's Jinja texts for ``target``, in order. Raises RenderingFailed."""
    with tempfile.TemporaryDirectory(prefix="rendering-") as temporary:
        folder = Path(temporary)
        write_project(folder, macros or {})
        for name, texts in groups.items():
            body = "\n".join(f"{MARK.format(i)}{text}" for i, text in enumerate(texts))
            # not while parsing, where every model would be rendered once more for nothing
            model = f"{{% if execute %}}{body}\n{MARK.format(len(texts))}{{% endif %}}"
            (folder / "models" / f"rendering_{name}.sql").write_text(model, encoding="utf-8")
        done = run_dbt(
            folder, "compile", "--target", target, "--no-introspect", "--no-populate-cache", "--threads", "1"
        )
        if done.returncode:
            raise RenderingFailed(f"dbt compile for {target} failed: {' '.join(done.stdout.split())[-1500:]}")
        results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
        found = {
            result["unique_id"].rsplit(".rendering_", 1)[1]: result["compiled_code"] for result in results
        }
        return {name: _texts(found[name], len(texts)) for name, texts in groups.items()}


def _texts(compiled: str, number: int) -> tuple[str, ...]:
    rest, texts = compiled.split(MARK.format(0), 1)[1], []
    for i in range(1, number + 1):
        text, rest = rest.split(MARK.format(i), 1)
        texts.append(text.strip())
    return tuple(texts)


def refusals_of(calls: Sequence[str], macros: Mapping[str, str] | None = None) -> list[str]:
    """What dbt says to each call, in order; empty for a call that it accepts.

    By `dbt run`, which goes on after a model that does not compile; on DuckDB, the one target that needs no server.
    """
    with tempfile.TemporaryDirectory(prefix="refusals-") as temporary:
        folder = Path(temporary)
        write_project(folder, macros or {})
        for i, call in enumerate(calls):
            model = f"{{% if execute %}}{{% set refused = {call} %}}{{% endif %}}select 1 as accepted"
            (folder / "models" / f"refusal_{i}.sql").write_text(model, encoding="utf-8")
        done = run_dbt(folder, "run", "--target", "local", "--threads", "1")
        results = folder / "target" / "run_results.json"
        if not results.exists():
            raise RenderingFailed(f"dbt run failed: {' '.join(done.stdout.split())[-1500:]}")
        said = {
            result["unique_id"].rsplit(".refusal_", 1)[1]: ""
            if result["status"] == "success"
            else result["message"]
            for result in json.loads(results.read_text(encoding="utf-8"))["results"]
        }
        return [" ".join(said[str(i)].split()) for i in range(len(calls))]
