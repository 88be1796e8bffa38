"""Registers what Prefect runs: python -m flows.register. Safe to repeat.

The work pool, one limit of concurrency per warehouse, the deployments of prefect.yaml, and two automations: a day that
crashed (its worker died) is run again, and a day that has not ended well for 26 hours is started. A day that failed is
not: what failed then needs somebody.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from flows.errors import Customer360Error, SettingsError
from flows.settings import (
    PROJECT,
    TARGETS,
    Settings,
    prefect_api_url,
    quiet_prefect,
    use_prefect_server,
)

POOL = "customer-360"
SERVER = "http://127.0.0.1:4200/api"
RUN = "prefect.flow-run."


def register() -> list[str]:
    """Register everything with the server of PREFECT_API_URL; names of the deployments. SettingsError when none answers.

    Prefect must be quiet by then, because it reads its settings when it is imported.
    """
    url = prefect_api_url() or SERVER
    _ask(url)
    use_prefect_server(url)
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate

    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"), overwrite=True)
        for target in TARGETS:
            client.upsert_global_concurrency_limit_by_name(f"warehouse-{target}", 1)
        _deploy()
        found = {d.name: str(d.id) for d in client.read_deployments()}
    _automate(found["day"])
    return sorted(found)


def _automate(day: str) -> None:
    from prefect.automations import Automation
    from prefect.events.actions import RunDeployment
    from prefect.events.schemas.automations import EventTrigger, Posture

    of_the_day: dict[str, Any] = {
        "prefect.resource.role": "deployment",
        "prefect.resource.id": f"prefect.deployment.{day}",
    }
    again = RunDeployment(source="selected", deployment_id=UUID(day), parameters={}, job_variables={})
    for wanted in (
        Automation(
            name="customer-360 day crashed",
            description="The worker of the day died: run it again, it goes on where it was. At most three times an hour.",
            trigger=EventTrigger(
                expect={RUN + "Crashed"}, match_related=of_the_day, posture=Posture.Reactive, threshold=1, within=timedelta(minutes=20)
            ),
            actions=[again],
        ),
        Automation(
            name="customer-360 day is overdue",
            description="No day has ended well for 26 hours: start one.",
            trigger=EventTrigger(
                after={RUN + "Completed"}, expect={RUN + "Completed"}, match_related=of_the_day,
                posture=Posture.Proactive, threshold=1, within=timedelta(hours=26),
            ),
            actions=[again],
        ),
    ):  # fmt: skip
        with suppress(ValueError):  # none of that name yet
            Automation.read(name=wanted.name).delete()  # type: ignore[attr-defined]
        wanted.create()


def _ask(url: str) -> None:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=10):
            return
    except (urllib.error.URLError, OSError) as fault:
        raise SettingsError(
            f"no Prefect server answers at {url}; start one with `make prefect` or set PREFECT_API_URL."
        ) from fault


def _deploy() -> None:
    """Everything in prefect.yaml, by Prefect's own command."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        words = " ".join((done.stderr or done.stdout).split())[-500:]
        raise SettingsError(f"prefect deploy failed: {words}")


def main() -> int:
    """Command line: exit code of the first expected error, see flows/errors.py."""
    try:
        quiet_prefect(Settings.from_environment())
        names = register()
    except Customer360Error as fault:
        print(f"customer-360: {fault}", file=sys.stderr)
        return fault.exit_code
    print(f"Registered {len(names)} deployments: {', '.join(names)}. `make worker` runs them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
