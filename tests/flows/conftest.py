"""Shared by the tests of the flows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import copy_company, python


@pytest.fixture(scope="session")
def home(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder after one whole run; copy before changing. Only tests of xdist_group 'pipeline' use it."""
    home = tmp_path_factory.mktemp("pipeline") / "home"
    home.mkdir()
    copy_company(company, home)
    done = python("-m", "flows.pipeline", home=home)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return home
