"""Shared by all tests: a small simulated company, and a home folder per worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import faults

ROOT = Path(__file__).resolve().parents[1]
os.environ.update(DO_NOT_TRACK="1", PREFECT_SERVER_ANALYTICS_ENABLED="false")
for name in [n for n in os.environ if n.startswith("CUSTOMER_360_")]:
    del os.environ[name]


def python(*arguments: str, home: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the project's Python as a user would, and return what it printed."""
    settings = {"CUSTOMER_360_HOME": str(home)} if home else {}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **settings, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    faults.note(items)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outboxes of a company of 40 households, written once per worker; copy before changing."""
    out = tmp_path_factory.mktemp("company") / "company"
    done = python("-m", "sandbox.company", "--out", str(out), "--households", "40", "--quiet")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    """A home folder with an empty outbox."""
    (tmp_path / "company").mkdir()
    return tmp_path


def copy_company(company: Path, home: Path) -> None:
    """The company's outboxes in a home folder of one's own."""
    shutil.copytree(company, home / "company")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the faults that were survived, and the mutation scores of the macros, which tests record wherever they run."""
    outcomes = [
        (int(value), outcome == "passed")
        for outcome in ("passed", "failed", "error")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in getattr(report, "user_properties", [])
        if name == faults.MARK
    ]
    for line in faults.told(outcomes, faults.injected(ROOT / "tests")):
        terminalreporter.write_line(line)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == "mutation score":
                    terminalreporter.write_line(f"mutation score on {value}")
