"""Waiting for a service that does not answer or asks for patience: one rule for stores, streams and topics."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from flows.errors import Unreachable

T = TypeVar("T")


def patiently(call: Callable[[], T], seconds: float) -> T:
    """Call until it answers, for ``seconds`` at most; raises the last Unreachable.

    Waits grow and differ, so that many callers do not return at once. A write may have been carried out although its
    answer was lost: callers must be able to repeat it.
    """
    until, wait = time.monotonic() + seconds, 0.2
    while True:
        try:
            return call()
        except Unreachable:
            pause = wait * random.uniform(0.5, 1.5)
            if time.monotonic() + pause > until:
                raise
            time.sleep(pause)
            wait = min(2 * wait, 15)
