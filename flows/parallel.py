"""The same work for several targets side by side, each in its own dbt process."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def for_each(targets: tuple[str, ...], work: Callable[[str], None]) -> None:
    """Call ``work`` for every target at the same time and wait for all; raises what the first failing target raised.

    Prefect finds the running flow by context variables, so each thread works in a copy of the caller's.
    """
    if len(targets) == 1:
        work(targets[0])
        return
    with ThreadPoolExecutor(len(targets)) as pool:
        waiting = [pool.submit(contextvars.copy_context().run, work, target) for target in targets]
    for done in waiting:
        done.result()
