"""python -m sandbox.during --home FOLDER [--services …] -- COMMAND: the stand-ins for as long as one command runs.

A service that answers on its usual port already is used as it is; the others are started there, or on a free port when
they have none of their own to take, and ended with the command. Ends with the command's exit code; 2 or 3 as
``python -m sandbox`` when a service does not start or ends by itself.
"""

from __future__ import annotations

import argparse
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from sandbox.__main__ import ROOT, Running, await_ready, chosen_of, end, listen, start
from sandbox.services import SERVICES, Service, filled


def answers(port: int) -> bool:
    """Whether somebody listens on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_free(port: int) -> bool:
    """Whether a service may listen on this port: nobody does, and the system lets us."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(chosen: list[Service], home: Path, command: list[str], moved: bool) -> int:
    """Start what does not answer, run ``command`` with what it must be told of moved ports, end what was started.

    ``moved``: take free ports for all, also where somebody answers.
    """
    stopping = threading.Event()
    # the command is told by the terminal, or by us, and then everything ends in its turn
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    services: list[Running] = []
    ports: dict[str, int] = {}
    for service in chosen:
        if not moved and answers(service.port):
            print(f"sandbox: {service.name} answers on port {service.port} already", flush=True)
        else:
            ports[service.name] = free_port() if moved or not is_free(service.port) else service.port
    try:
        for name in ports:
            services.append(start(SERVICES[name], ports, home))
            listen(services[-1])
        if (code := await_ready(services, stopping)) is not None:
            return code or 130
        told = [
            setting
            for name, port in ports.items()
            if port != SERVICES[name].port
            for setting in filled(SERVICES[name].settings, SERVICES[name], ports, home)
        ]
        # env adds to the environment that the command inherits
        process = subprocess.Popen(["env", *told, *command], cwd=ROOT)
        while True:
            try:
                return process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                if stopping.is_set():
                    process.terminate()
                    return process.wait()
                if ended := [r for r in services if r.process.poll() is not None]:
                    print(
                        f"sandbox: {ended[0].service.name} ended by itself; see {ended[0].log}.",
                        file=sys.stderr,
                    )
                    process.terminate()
                    process.wait()
                    return 3
    finally:
        end(services)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.during", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360", help="home folder of the project")
    parser.add_argument(
        "--services", type=chosen_of, default="", help="names, separated by commas (default: all)"
    )
    parser.add_argument("--free-ports", action="store_true", help="start all on free ports")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    given = parser.parse_args()
    return run(given.services, given.home.absolute(), given.command, given.free_ports)


if __name__ == "__main__":
    sys.exit(main())
