"""One step as a Prefect task: retried when another try may help, failing with its sentence alone when not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flows.errors import Customer360Error, Unreachable, WarehouseUnreachable

T = TypeVar("T")
RETRY_AFTER_SECONDS = (2.0, 10.0)


def _calmly(work: Callable[[], T]) -> T:
    """Run work; an expected error comes out as its sentence alone, without the frames (and connections) behind it."""
    try:
        return work()
    except Customer360Error as fault:
        expected = type(fault)(str(fault))
    raise expected


def may_pass(fault: BaseException) -> bool:
    """True for faults that another try may not meet again: a busy or unreachable warehouse, a disk or network error."""
    if isinstance(fault, Customer360Error):
        return isinstance(fault, (WarehouseUnreachable, Unreachable))
    return isinstance(fault, OSError)


def _another_try(_task: Any, _run: Any, state: Any) -> bool:
    try:
        state.result()
    except Exception as fault:
        return may_pass(fault)
    return False


def run_task(
    name: str, work: Callable[[], T], retry_after_seconds: tuple[float, ...] = RETRY_AFTER_SECONDS
) -> T:
    """Run ``work`` as a task of the running flow, with one try more per entry of ``retry_after_seconds``.

    Raises what ``work`` raised last; import only after quiet_prefect.
    """
    from prefect import task

    as_task = task(
        name=name,
        retries=len(retry_after_seconds),
        retry_delay_seconds=list(retry_after_seconds),
        retry_condition_fn=_another_try,
    )
    result: T = as_task(_calmly)(work)
    return result
