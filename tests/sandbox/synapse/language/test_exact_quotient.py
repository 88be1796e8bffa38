"""The project's quotient on the pool's decimals, which keep no more than 38 digits of a product."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import Environment

from sandbox.synapse import language
from sandbox.synapse.language.statements import SelectStatement
from tests.sandbox.synapse.language import conftest

MACRO = Path(__file__).resolve().parents[4] / "macros" / "portable" / "quotient.sql"


@pytest.mark.parametrize(
    ("left", "right", "scale", "expected"),
    [
        ("1", "3", 8, "0.33333333"),
        ("-10", "11", 8, "-0.90909091"),
        ("2", "3", 9, "0.666666667"),
        ("1", "17", 8, "0.05882353"),
    ],
)
def test_quotient__keeps_all_its_decimals(left: str, right: str, scale: int, expected: str) -> None:
    templates = Environment(extensions=["jinja2.ext.do"])
    templates.globals["data_type"] = lambda kind, precision, digits: f"{kind}({precision},{digits})"
    rendered = templates.from_string(MACRO.read_text(encoding="utf-8")).module
    text = rendered.synapse__quotient(left, right, 18, scale)  # type: ignore[attr-defined]
    [statement] = language.read_batch(f"select {text} as x")
    assert isinstance(statement, SelectStatement)
    pool = conftest.Pool()
    translated = language.translate(statement.query, pool, {})
    assert pool.connection.execute(translated.duckdb).fetchall() == [(Decimal(expected),)]
