"""docs/synapse-stand-in.md: each of its rows names a test that exists."""

from __future__ import annotations

from tests.sandbox.pages import rows_without_a_test


def test_every_row__names_a_test_that_exists() -> None:
    assert rows_without_a_test("synapse") == []
