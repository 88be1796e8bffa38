"""Copies one object from any lake to any other: streamed in parts, checked, resumable, in bounded memory.

Each part is one ranged read of the source and one checked write to the target; at most ``workers`` parts are under
way, so a copy holds about workers x block_bytes. Parts that an earlier try left whole are not sent again. The object
appears at once and only when its name is free.
"""

from __future__ import annotations

import gc
import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from flows.errors import InputError
from flows.lake.store import Lake, Stored


class Throttle:
    """Lets ``bytes_per_second`` through over all threads that share it; 0 lets everything through."""

    def __init__(self, bytes_per_second: int) -> None:
        self.rate, self.free_at, self.lock = bytes_per_second, 0.0, threading.Lock()

    def take(self, size: int) -> None:
        """Wait until ``size`` bytes may pass."""
        if not self.rate:
            return
        with self.lock:
            start = max(self.free_at, time.monotonic())
            self.free_at = start + size / self.rate
        time.sleep(max(0.0, start - time.monotonic()))


def copy_object(
    source: Lake,
    name: str,
    target: Lake,
    target_name: str,
    *,
    replace: bool = False,
    sha256: str = "",
    size: int | None = None,
    throttle: Throttle | None = None,
    passed: Callable[[int], None] = lambda size: None,
) -> Stored:
    """Copy ``name`` and return what was stored, with the SHA-256 of the bytes that passed.

    InputError when the source is missing, changes, or is not of the expected ``sha256``, and when the target holds
    other content under that name. With ``sha256`` and ``size`` a small object costs one request to the source. ``replace`` is for objects that nothing refers to yet.
    ``passed`` is told the bytes of each part that has arrived, from any thread.
    """
    throttle = throttle or Throttle(0)
    if size is not None and sha256 and size <= target.block_bytes:
        found: Stored | None = Stored(name, size)  # the hash tells whether it is still what it was
    else:
        found = source.stat(name)
    if found is None:
        raise source.missing(name)
    if found.size <= target.block_bytes:
        throttle.take(found.size)
        content = source.read_range(name, 0, found.size, found.version) if found.size else b""
        digest = hashlib.sha256(content).hexdigest()
        _expect(source, name, digest, sha256)
        if not target.put(target_name, content, digest, create_only=not replace):
            target.must_equal(target_name, digest)
        passed(found.size)
        return Stored(target_name, found.size, digest)
    marks = f"{source.uri(name)}|{found.size}|{found.version}|{sha256}"
    fingerprint = hashlib.sha256(marks.encode()).hexdigest()[:16]
    upload = target.start_upload(target_name, found.size, fingerprint)
    step, digest_of_all = upload.part_bytes, hashlib.sha256()
    parts = range((found.size + step - 1) // step)

    def carry(part: int) -> bytes:
        """Read one part and send it unless it is there; the bytes come back to be hashed in order."""
        length = min(step, found.size - part * step)
        throttle.take(length)
        content = source.read_range(name, part * step, length, found.version)
        if part not in upload.done:
            upload.put(part, content)
        passed(length)
        return content

    waiting: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(target.workers) as pool:
        try:
            for part in parts:
                if part % (2 * target.workers) == 0:
                    # the vendors' libraries leave sent bodies in reference cycles, which would be collected late
                    gc.collect()
                waiting.append(pool.submit(carry, part))
                if len(waiting) >= target.workers:
                    digest_of_all.update(waiting.popleft().result())
            while waiting:
                digest_of_all.update(waiting.popleft().result())
        except BaseException:
            for future in waiting:
                future.cancel()
            raise
    digest = digest_of_all.hexdigest()
    try:
        _expect(source, name, digest, sha256)
    except InputError:
        upload.abandon()
        raise
    if not upload.commit(create_only=not replace):
        upload.abandon()
        target.must_equal(target_name, digest)
    return Stored(target_name, found.size, digest)


def _expect(source: Lake, name: str, digest: str, sha256: str) -> None:
    if sha256 and digest != sha256:
        raise InputError(
            f"{source.uri(name)} is damaged: its SHA-256 is {digest}, its manifest says {sha256}; restore it and run again."
        )
