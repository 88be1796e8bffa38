"""No engine here runs Synapse's T-SQL, so the matrix calls it absent. What can be shown: every call renders, parses as T-SQL, and
uses nothing that a dedicated SQL pool lacks."""

from __future__ import annotations

import hashlib
import re

import pytest
from sqlfluff.core import FluffConfig, Linter

from tests.macros.rendering import ROOT
from tests.macros.vectors import Vector

pytestmark = pytest.mark.xdist_group("macros")
# https://learn.microsoft.com/azure/synapse-analytics/sql/overview-features and semantics.md, what the pool lacks
LACKS = re.compile(
    r"\|\||::|\b(?:translate|greatest|least|string_split|datetrunc|last_day|to_char|date_trunc|split_part|limit|true|false|date ')\b"
)
LITERAL = re.compile(r"'(?:[^']|'')*'")


def statements(
    all_vectors: list[Vector], calls: dict[str, list[str]], rendered: dict[str, dict[str, tuple[str, ...]]]
) -> list[str]:
    """A SELECT around each distinct call."""
    shapes = {(v.macro, v.call): v.shape for v in all_vectors}
    found = []
    for macro, known in calls.items():
        for call, sql in zip(known, rendered["synapse"][macro], strict=True):
            if shapes[macro, call] == "query":
                found.append(sql.replace("{rows}", "given"))
            elif shapes[macro, call] != "rendered":
                found.append(f"select {sql} as value from given")
    return found


def test_every_call__parses_as_t_sql(
    all_vectors: list[Vector], calls: dict[str, list[str]], rendered: dict[str, dict[str, tuple[str, ...]]]
) -> None:
    linter = Linter(
        config=FluffConfig(overrides={"dialect": "tsql", "templater": "raw", "large_file_skip_byte_limit": 0})
    )
    found = statements(all_vectors, calls, rendered)
    assert len(found) >= 300
    faults = {sql[:200]: violations for sql in found if (violations := unparsable(linter, sql))}
    # the ninth part of a text is nested too deep for sqlfluff, which stops at a depth of 600; that is its limit, not T-SQL's
    assert {sql[:16] for sql in faults} <= {"select substring"}, faults
    assert all(v.count("Maximum parse depth") for violations in faults.values() for v in violations)
    assert len(faults) <= 1


def unparsable(linter: Linter, sql: str) -> list[str]:
    """What sqlfluff cannot parse; a text that it could parse before is known by content, because parsing is slow."""
    known = ROOT / ".pytest_cache" / "parsed" / hashlib.sha256(f"tsql macro\n{sql}".encode()).hexdigest()
    if known.exists():
        return []
    violations = [str(v) for v in linter.parse_string(sql + "\n").violations]
    if not violations:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.touch()
    return violations


def test_no_call__uses_what_a_dedicated_pool_lacks(
    all_vectors: list[Vector], calls: dict[str, list[str]], rendered: dict[str, dict[str, tuple[str, ...]]]
) -> None:
    guilty = [
        sql[:200]
        for sql in statements(all_vectors, calls, rendered)
        if LACKS.search(LITERAL.sub("''", sql.lower()))
    ]
    assert guilty == []
