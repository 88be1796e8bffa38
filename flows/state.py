"""What a home folder knows about the runs that worked on it: the one that holds it now, and the steps that ended well."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import AlreadyRunning, InputError
from flows.settings import PROJECT, Settings

# everything that decides what dbt builds
DECIDES = (
    "models/**/*",
    "macros/**/*",
    "seeds/**/*",
    "tests/data/**/*",
    "dbt_project.yml",
    "profiles/profiles.yml",
)


@contextmanager
def only_run(home: Path) -> Iterator[None]:
    """One run per home folder at a time; AlreadyRunning for the second, InputError when the folder cannot be written. The lock goes with the process, killed or not."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "pipeline.lock").open("w")
    except OSError as fault:
        raise InputError(
            f"home folder {home} cannot be written: {fault.strerror}; set CUSTOMER_360_HOME to a folder of yours."
        ) from fault
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"another run works on {home}; wait for it or set another CUSTOMER_360_HOME."
            ) from None
        yield


def project_digest() -> str:
    """SHA-256, in hex, of everything that decides what dbt builds."""
    digest = hashlib.sha256()
    for pattern in DECIDES:
        for path in sorted(p for p in PROJECT.glob(pattern) if p.is_file()):
            digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def warehouse_stamp(settings: Settings, target: str) -> str | None:
    """What tells the warehouse of a target from another one put in its place; None when nothing can tell.

    The DuckDB file is known by its inode. A server is not known by anything cheap, so it is always asked again.
    """
    if target != "local" or not settings.duckdb_path.exists():
        return None
    return f"{settings.duckdb_path} {settings.duckdb_path.stat().st_ino}"


class State:
    """Steps that ended well, each with a fingerprint of its inputs; ``force`` lets every step run again."""

    def __init__(self, settings: Settings, force: bool) -> None:
        self.folder, self.force = settings.state, force

    def is_done(self, step: str, *inputs: object) -> bool:
        """True when the step ended well on the same inputs; never when an input is None, which is not known."""
        path = self.folder / f"{step}.json"
        if self.force or None in inputs or not path.exists():
            return False
        return bool(json.loads(path.read_text(encoding="utf-8")) == _fingerprint(inputs))

    def begin(self, step: str) -> None:
        """Record that the step is at work; it stays so until ``done``, also when the step fails or is killed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{step}.begun").touch()

    def is_begun(self, step: str) -> bool:
        """True when the step began and did not end well."""
        return (self.folder / f"{step}.begun").exists()

    def done(self, step: str, *inputs: object) -> None:
        """Record that the step ended well."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{step}.partial"
        partial.write_text(json.dumps(_fingerprint(inputs)), encoding="utf-8")
        partial.replace(self.folder / f"{step}.json")
        (self.folder / f"{step}.begun").unlink(missing_ok=True)

    def forget(self, step: str) -> None:
        """The step did not end well this time."""
        (self.folder / f"{step}.json").unlink(missing_ok=True)


def _fingerprint(inputs: tuple[object, ...]) -> list[str]:
    return [str(value) for value in inputs]
