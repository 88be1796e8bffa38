"""python -m sandbox: the clouds on a laptop, all services or some, until Ctrl-C.

While it is up, <home>/sandbox/environment holds the variables that lead clients to it, one NAME=value a line. A shell
takes them in (set -a; . FILE; set +a), so that whoever works on the sandbox need not know that file.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from sandbox.services import SERVICES, Service, arguments, environment

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_START = 240
SECONDS_TO_END = 30
SECONDS_BETWEEN_CHECKS = 5.0
SILENT_CHECKS = 6  # in a row: a machine may be busy for half a minute


@dataclass
class Running:
    """A service that was started, and the line that it said when it was ready."""

    service: Service
    port: int
    process: subprocess.Popen[str]
    log: Path
    ready: str = ""
    silent: int = 0

    def check(self) -> bool:
        """True unless nobody has taken a connection for several checks in a row."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS_BETWEEN_CHECKS):
                self.silent = 0
        except OSError:
            self.silent += 1
        return self.silent < SILENT_CHECKS


def start(service: Service, ports: dict[str, int], home: Path) -> Running:
    """Start a service on a leash, so that it ends when this process does, however that ends."""
    port = ports[service.name]
    log = home / "logs" / f"sandbox-{service.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", f"sandbox.{service.name}", "--home", str(home), "--port", str(port)]
    command += arguments(service, ports, home)
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.leash", *command],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True,
        )  # fmt: skip
    return Running(service, port, process, log)


def listen(running: Running) -> None:
    """Take the ready line, then keep the pipe empty."""

    def read() -> None:
        assert running.process.stdout is not None
        for line in running.process.stdout:
            if "ready: " in line and not running.ready:
                running.ready = line.strip().removesuffix(" Ctrl-C ends it.")

    threading.Thread(target=read, daemon=True).start()


def end(services: list[Running]) -> None:
    """Let every service go by its leash, and wait."""
    for running in services:
        assert running.process.stdin is not None
        running.process.stdin.close()
    for running in services:
        try:
            running.process.wait(timeout=SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            running.process.kill()


def up(chosen: list[Service], ports: dict[str, int], home: Path) -> int:
    """Run until Ctrl-C or SIGTERM. Exit code 2 when a service does not start, 3 when one ends by itself."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    services: list[Running] = []
    told = home / "sandbox" / "environment"
    told.unlink(missing_ok=True)  # of a sandbox that was killed
    try:
        used = {service.name: ports.get(service.name, service.port) for service in chosen}
        for service in chosen:
            services.append(start(service, used, home))
            listen(services[-1])
        if (code := await_ready(services, stopping)) is not None:
            return code
        variables = environment(used, home)
        write_environment(variables, told)
        print("\nThe environment that leads there:")
        print("".join(f"  {variable}\n" for variable in variables))
        print(f"It is kept in {told} while the sandbox is up; a shell takes it by: set -a; . {told}; set +a")
        print(f"\nsandbox: {len(services)} of {len(services)} ready. Ctrl-C ends it.", flush=True)
        return watch(services, stopping)
    finally:
        told.unlink(missing_ok=True)
        end(services)


def watch(services: list[Running], stopping: threading.Event) -> int:
    """Wait for the end. Exit code 3 when a service ended by itself, or takes no connection any more."""
    check_at = time.monotonic() + SECONDS_BETWEEN_CHECKS
    while not stopping.wait(0.5):
        for running in services:
            if running.process.poll() is not None:
                print(f"sandbox: {running.service.name} ended by itself; see {running.log}.", file=sys.stderr)
                return 3
        if time.monotonic() >= check_at:
            for running in services:
                if not running.check():
                    print(
                        f"sandbox: {running.service.name} does not answer on port {running.port} any more; see {running.log}.",
                        file=sys.stderr,
                    )
                    return 3
            check_at = time.monotonic() + SECONDS_BETWEEN_CHECKS
    return 0


def write_environment(variables: list[str], file: Path) -> None:
    """Leave the variables for shells; values are quoted where a shell would take them apart."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    lines = (variable.partition("=") for variable in variables)
    partial.write_text("".join(f"{n}={shlex.quote(v)}\n" for n, _, v in lines), encoding="utf-8")
    partial.chmod(0o600)
    partial.replace(file)


def await_ready(services: list[Running], stopping: threading.Event) -> int | None:
    """None when all are ready; each one's line is printed as it comes."""
    waiting, until = list(services), time.monotonic() + SECONDS_TO_START
    while waiting:
        for running in list(waiting):
            if running.ready:
                print(running.ready, flush=True)
                waiting.remove(running)
            elif running.process.poll() is not None or time.monotonic() > until:
                told = running.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                said = f": {told[-1]}" if told else ""
                print(
                    f"sandbox: {running.service.name} did not start; see {running.log}{said}", file=sys.stderr
                )
                return 2
        if stopping.wait(0.1):
            return 0
    return None


def reset(chosen: list[Service], home: Path) -> int:
    """Delete what the services keep."""
    for service in chosen:
        for folder in service.folders(home):
            shutil.rmtree(folder, ignore_errors=True)
    print(f"sandbox: state of {', '.join(s.name for s in chosen)} deleted.")
    return 0


def chosen_of(text: str) -> list[Service]:
    """Services by name, separated by commas; all for nothing."""
    names = [n.strip() for n in text.split(",") if n.strip()] or list(SERVICES)
    for name in names:
        if name not in SERVICES:
            raise argparse.ArgumentTypeError(f"there is no service '{name}'; there are {', '.join(SERVICES)}")
    return [SERVICES[name] for name in names]


def ports_of(text: str) -> dict[str, int]:
    """Ports as name=port, separated by commas."""
    found = {}
    for part in (p for p in text.split(",") if p.strip()):
        name, _, port = part.strip().partition("=")
        if name not in SERVICES or not port.isdigit():
            raise argparse.ArgumentTypeError(f"'{part}' is not name=port; names are {', '.join(SERVICES)}")
        found[name] = int(port)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("what", choices=["up", "reset"], nargs="?", default="up")
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360", help="home folder of the project")
    parser.add_argument(
        "--services", type=chosen_of, default="", help="names, separated by commas (default: all)"
    )
    parser.add_argument(
        "--ports", type=ports_of, default="", help="other ports, as bigquery=9051,redshift=5440"
    )
    given = parser.parse_args()
    home = given.home.absolute()
    return reset(given.services, home) if given.what == "reset" else up(given.services, given.ports, home)


if __name__ == "__main__":
    sys.exit(main())
