"""The whole multi-cloud day in one command: python -m flows.clouds [--targets redshift,synapse,bigquery,local].

The flow is the one that Prefect schedules (flows/day.py); this gives it a Prefect server for the time, and prints what
went where. The settings say where everything is; on a laptop `make sandbox` gives them.
"""

from __future__ import annotations

import argparse
import sys

from flows.command_line import exit_code_of
from flows.prefect_server import start_prefect_server
from flows.settings import Settings, check_targets, quiet_prefect


def main() -> int:
    """Command line: exit code of the first expected error, see flows/errors.py."""
    parser = argparse.ArgumentParser(prog="python -m flows.clouds", description=__doc__.splitlines()[0])
    parser.add_argument("--targets", help="warehouses, separated by commas (default: CUSTOMER_360_TARGETS)")
    parser.add_argument("--no-predictions", action="store_true", help="score nobody")
    given = parser.parse_args()

    def work() -> None:
        settings = Settings.from_environment()
        names = check_targets(given.targets.split(",")) if given.targets is not None else settings.targets
        quiet_prefect(settings)
        start_prefect_server(settings)
        from flows.day import day  # reads Prefect's settings when it is imported

        day(targets=list(names), predictions=not given.no_predictions)

    return exit_code_of(work)


if __name__ == "__main__":
    sys.exit(main())
