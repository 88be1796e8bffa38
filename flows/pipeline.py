"""The pipeline: one Prefect flow from the systems of record to the Customer 360 and its docs site.

python -m flows.pipeline [--targets local] [--parity] [--no-docs] [--force]

Every step may be run again: what is done is skipped, and a killed run is completed by the next.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from flows.command_line import exit_code_of
from flows.prefect_server import start_prefect_server
from flows.settings import Settings, check_targets, quiet_prefect
from flows.state import State, only_run, project_digest, warehouse_stamp

T = TypeVar("T")


def run(
    settings: Settings,
    targets: tuple[str, ...],
    *,
    docs: bool = True,
    force: bool = False,
    parity: bool = False,
) -> str:
    """Run the flow and return the summary's text. Raises the first step's Customer360Error.

    With ``parity`` all targets must hold the same rows as the first, or nothing is published.

    Prefect must be quiet and have its server by then, because it reads its settings when it is imported.
    """
    from prefect import flow, get_run_logger
    from prefect.artifacts import create_markdown_artifact, create_table_artifact

    from flows.capture import capture
    from flows.certificate import as_text
    from flows.curate import curate, manifests
    from flows.identity_quality import measure
    from flows.load import load
    from flows.parallel import for_each
    from flows.parity import certify, require_equal, sides_of
    from flows.publish import publish
    from flows.reconcile import reconcile
    from flows.replicate import replicate
    from flows.score import score
    from flows.summary import Summary
    from flows.task import run_task
    from flows.transform import Event, progress_of, run_dbt

    state, summary, digest = State(settings, force), Summary(targets), project_digest()

    def show(event: Event) -> None:
        line = progress_of(event)
        if line:
            get_run_logger().info(line)
            print(f"    {line}", flush=True)

    def step(name: str, work: Callable[[], T], note: Callable[[T], str]) -> T:
        """One task: run, timed, logged, and entered into the summary."""
        began = time.perf_counter()
        result = run_task(name, work)
        seconds = time.perf_counter() - began
        summary.steps.append((name, seconds, note(result)))
        print(f"{name:<36}{seconds:>7.1f} s   {note(result)}", flush=True)
        return result

    def carry(suffix: str = "") -> list[dict[str, Any]]:
        """Capture, curate, load; returns the batches that were committed."""
        before = len(manifests(settings))
        step(
            f"capture{suffix}",
            lambda: capture(settings),
            lambda c: f"{c.new_files:,} new files, {c.known_files:,} known",
        )
        step(
            f"curate{suffix}",
            lambda: curate(settings),
            lambda b: f"batch {b.number}: {b.total('rows'):,} rows" if b.number else "nothing new",
        )
        batches = manifests(settings)[before:]
        summary.batches += batches
        for target in targets:
            position = len(manifests(settings))
            if state.is_done(f"load-{target}", position, warehouse_stamp(settings, target)):
                summary.steps.append((f"load {target}{suffix}", 0.0, "nothing new"))
                continue
            if settings.replicas.get(target):
                step(
                    f"replicate {target}{suffix}",
                    partial(replicate, settings, target),
                    lambda r: f"{r.files} files, {r.bytes:,} bytes",
                )
            step(
                f"load {target}{suffix}",
                partial(load, settings, target),
                lambda r: f"{r.files} files, {r.rows:,} rows",
            )
            state.done(f"load-{target}", position, warehouse_stamp(settings, target))
        return batches

    def build(target: str, name: str, selection: list[str]) -> None:
        position = len(manifests(settings))
        if state.is_done(f"build-{target}", digest, position, warehouse_stamp(settings, target)):
            summary.steps.append((f"{name} {target}", 0.0, "up to date"))
            return
        state.begin(f"build-{target}")
        step(
            f"{name} {target}",
            lambda: run_dbt(settings, target, ["build", *selection], on_event=show),
            lambda r: ", ".join(f"{n} {s}" for s, n in sorted(r.nodes.items())),
        )
        state.done(f"build-{target}", digest, position, warehouse_stamp(settings, target))

    @flow(name="customer-360", validate_parameters=False)
    def customer_360() -> None:
        carry()
        for_each(targets, lambda target: build(target, "dbt build", []))
        unload = Path(settings.analytics)
        unload.mkdir(parents=True, exist_ok=True)
        models = ["customer_features", "identity_map", "int_identity__edges", "int_identity__edges_rejected"]
        files = {model: str(unload / f"{model}.parquet") for model in models}
        if not state.is_done("score", digest, len(manifests(settings))):
            step(
                "unload features",
                lambda: run_dbt(
                    settings,
                    targets[0],
                    ["run-operation", "unload_models", "--args", json.dumps({"models": files})],
                ),
                lambda r: f"{len(files)} models",
            )
            step(
                "score",
                lambda: score(Path(files["customer_features"]), settings.company),
                lambda s: s.note or f"{s.customers:,} customers",
            )
            arrived = {t["source"] for batch in carry(" predictions") for t in batch["tables"]}
            # other sources may have delivered meanwhile; then everything is built
            selection = ["--select", "source:ml+"] if arrived <= {"ml"} else []
            for_each(targets, lambda target: build(target, "dbt build predictions", selection))
            state.done("score", digest, len(manifests(settings)))
        for target in targets:
            summary.reconciled[target] = step(
                f"reconcile {target}",
                partial(reconcile, settings, target),
                lambda r: f"{len(r.marts)} marts, {len(r.totals)} totals equal",
            )
        if parity:
            certificate = step(
                "parity", lambda: certify(settings, sides_of(settings, targets)), lambda c: c["verdict"]
            )
            create_markdown_artifact(key="customer-360-parity", markdown=f"```\n{as_text(certificate)}\n```")
            print(as_text(certificate), flush=True)
            require_equal(certificate)
        if (settings.truth / "identifiers.parquet").exists():
            summary.quality = step(
                "measure identity",
                lambda: measure(
                    Path(files["identity_map"]),
                    Path(files["int_identity__edges"]),
                    Path(files["int_identity__edges_rejected"]),
                    settings.truth,
                ),
                lambda q: f"F1 {q.f1:.4f}",
            )
        write(settings, summary.data(), summary.text())
        if docs:
            landing = settings.site / "index.html"
            if landing.exists() and state.is_done("docs", digest, len(manifests(settings))):
                summary.steps.append(("docs site", 0.0, "up to date"))
            else:
                landing = step("docs site", lambda: publish(settings, targets[0]), lambda p: "built")
                state.done("docs", digest, len(manifests(settings)))
            summary.site = str(landing)
        create_markdown_artifact(key="customer-360-summary", markdown=f"```\n{summary.text()}\n```")
        create_table_artifact(
            key="customer-360-marts",
            table=[m | {"target": t} for t, r in summary.reconciled.items() for m in r.marts],
        )

    customer_360()
    write(settings, summary.data(), summary.text())
    return summary.text()


def write(settings: Settings, data: dict[str, Any], text: str) -> None:
    """Leave the summary in the home folder, for the site and for reading again."""
    (settings.home / "summary.json").write_text(json.dumps(data, indent=1, default=str), encoding="utf-8")
    (settings.home / "summary.txt").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Command line: exit code of the first expected error, see flows/errors.py."""
    parser = argparse.ArgumentParser(prog="python -m flows.pipeline", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--targets", help="warehouses to build, separated by commas (default: CUSTOMER_360_TARGETS)"
    )
    parser.add_argument(
        "--parity", action="store_true", help="publish only when all targets hold the same rows"
    )
    parser.add_argument("--no-docs", action="store_true", help="leave the docs site as it is")
    parser.add_argument("--force", action="store_true", help="build again even when nothing changed")
    given = parser.parse_args()

    def work() -> None:
        settings = Settings.from_environment()
        targets = check_targets(given.targets.split(",")) if given.targets is not None else settings.targets
        with only_run(settings.home):
            quiet_prefect(settings)
            start_prefect_server(settings)
            print(run(settings, targets, docs=not given.no_docs, force=given.force, parity=given.parity))

    return exit_code_of(work)


if __name__ == "__main__":
    sys.exit(main())
