"""Broken statements are refused, never a fault of the language's own."""

from __future__ import annotations

import random

from sandbox.redshift.language import Refused, prepare
from sandbox.redshift.language.tokens import tokens_of
from tests.sandbox.redshift.language.conftest import Session, prepared
from tests.sandbox.redshift.language.test_accepted import FOREIGN, STATEMENTS


class OneTable:
    """Every relation is this one."""

    def columns(self, schema: str | None, name: str) -> list[tuple[str, str]] | None:
        return [
            ("id", "integer"),
            ("k", "character varying(10)"),
            ("s", "super"),
            ("d", "date"),
            ("amount", "numeric(10,2)"),
        ]

    def version(self) -> int:
        return id(object())


def broken(statement: str, chance: random.Random) -> str:
    """A statement without one of its words, with another in its place, or cut short."""
    tokens = tokens_of(statement)[:-1]
    token, other = chance.choice(tokens), chance.choice(tokens)
    inserted = chance.choice(["", statement[other.start : other.end], None])
    if inserted is None:
        return statement[: token.start]
    return f"{statement[: token.start]} {inserted} {statement[token.end :]}"


def refusal_of(statement: str) -> Refused | None:
    try:
        prepare(statement, OneTable(), Session())
    except Refused as refusal:
        return refusal
    return None


def test_broken_statements__are_refused_or_mean_something_else() -> None:
    chance = random.Random(7)
    mutants = [broken(statement, chance) for statement in [*STATEMENTS, *FOREIGN] for _ in range(4)]
    refusals = {mutant: refusal for mutant in mutants if (refusal := refusal_of(mutant)) is not None}
    assert len(refusals) > len(mutants) / 3
    assert [m for m, r in refusals.items() if not (0 <= r.position <= len(m) + 1 and r.message)] == []


def test_long_chains__are_written() -> None:
    [one] = prepared(f"select {' + '.join(['1'] * 1500)} as x where {' or '.join(['true'] * 1500)}")
    assert one.postgres[0].count("+") == 1499


def test_endless_chains__are_refused() -> None:
    refusal = refusal_of(f"select {' + '.join(['1'] * 30_000)}")
    assert refusal is not None
    assert refusal.sqlstate == "54001"


def test_long_unions_and_lists__are_written() -> None:
    [one] = prepared(" union all ".join(f"select {n} as n, 'x' || {n} as s" for n in range(1000)))
    assert one.postgres[0].count("union all") == 999
    [one] = prepared(f"select 1 where 'a' in ({', '.join(repr(str(n)) for n in range(5000))})")
    assert one.postgres[0].count(",") == 4999


def test_deep_brackets__are_written_or_refused() -> None:
    assert prepared(f"select {'(' * 300}1{')' * 300} as x")[0].kind == "select"
