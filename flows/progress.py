"""How far a long copy has come, as a progress artifact in Prefect."""

from __future__ import annotations

import threading
from types import TracebackType
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

LEAST_BYTES = 32 << 20  # what is smaller is done before anybody looks
STEP = 5.0  # percent


class Progress:
    """Called with bytes that are there and bytes in all, from any thread; Prefect is told every five percent.

    Enter it in the running flow or task: the artifact belongs to that.
    """

    def __init__(self, what: str, least_bytes: int = LEAST_BYTES) -> None:
        self.what, self.least_bytes = what, least_bytes
        self.artifact: UUID | None = None
        self.shown, self.lock = 0.0, threading.Lock()

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, total: int) -> None:
        if total < self.least_bytes:
            return
        percent = 100.0 * done / total
        with self.lock:
            if self.artifact is None:
                made = create_progress_artifact(0.0, description=f"{self.what}, {total:,} bytes")
                assert isinstance(made, UUID)
                self.artifact = made
            if percent >= self.shown + STEP or done == total:
                update_progress_artifact(self.artifact, percent)
                self.shown = percent

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to do: where a copy failed, its artifact says how far it came."""
