"""The pages of docs/ that tell what a stand-in is faithful in, what differs and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rows_without_a_test(name: str) -> list[str]:
    """Rows of the page's tables whose last cell names no test of tests/sandbox/<name>."""
    page = (ROOT / "docs" / f"{name}-stand-in.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert rows, f"the page of {name} has no tables"
    return [row for row in rows if not _exists(row.rstrip(" |").rsplit("|", 1)[-1].strip(), name)]


def _exists(test: str, name: str) -> bool:
    file, _, function = test.partition("::")
    path = ROOT / "tests" / "sandbox" / name / file
    if not path.is_file():
        return False
    return not function or bool(
        re.search(rf"^def {re.escape(function)}\(", path.read_text(encoding="utf-8"), re.M)
    )
