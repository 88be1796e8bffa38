"""python -m sandbox.during: the stand-ins live as long as the command, and its exit code is theirs."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.conftest import python

SAY = "import os, socket, sys; port = os.environ['CUSTOMER_360_SYNAPSE_HOST'].split(',')[1]; socket.create_connection(('127.0.0.1', int(port)), 5); print('PORT', port); sys.exit(8)"


@pytest.mark.xdist_group("synapse")
def test_command__finds_the_stand_ins_and_gives_its_exit_code(tmp_path: Path) -> None:
    done = python(
        "-m", "sandbox.during", "--home", str(tmp_path), "--services", "synapse", "--free-ports", "--", "python3", "-c", SAY
    )  # fmt: skip
    assert done.returncode == 8, done.stdout + done.stderr
    port = int(next(line for line in done.stdout.splitlines() if line.startswith("PORT")).split()[1])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the stand-in outlives the command"
