"""Each module here tests one long build: it stays on one worker, so that it is built once."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a run side by side, a group for each module. (The hook of tests/conftest.py would come too late for xdist.)"""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
