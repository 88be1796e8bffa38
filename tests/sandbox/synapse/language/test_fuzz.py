"""Mutilated statements: the language answers with an error of the pool or with rows, never with a fault of its own."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import duckdb
import pytest

from sandbox.synapse import language
from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.tokens import tokenize

from . import test_accepted, test_queries

ROUNDS = 2


def mutilated(text: str, words: list[str], chance: random.Random) -> str:
    """One to three tokens dropped, doubled, swapped or replaced by one from elsewhere."""
    tokens = [text[t.start : t.stop] for t in tokenize(text)][:-1]
    for _ in range(chance.randint(1, 3)):
        if not tokens:
            break
        i, j = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        action = chance.randrange(4)
        if action == 0:
            del tokens[i]
        elif action == 1:
            tokens.insert(i, tokens[j])
        elif action == 2:
            tokens[i], tokens[j] = tokens[j], tokens[i]
        else:
            tokens[i] = chance.choice(words)
    return " ".join(tokens)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_parser__of_mutilated_statements_raises_only_sql_errors(seed: int) -> None:
    chance = random.Random(seed)
    texts = [text for text, _ in test_accepted.STATEMENTS if text]
    words = [text[t.start : t.stop] for text in texts for t in tokenize(text)]
    for text in texts:
        for _ in range(4):
            with contextlib.suppress(SqlError):
                language.read_batch(mutilated(text, words, chance))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_translation__of_mutilated_queries_raises_only_sql_errors(pool: Any, seed: int) -> None:
    test_queries.fill(pool)
    chance = random.Random(seed)
    texts = [text for text, _ in test_queries.CASES]
    words = [text[t.start : t.stop] for text in texts for t in tokenize(text)]
    changed = [mutilated(text, words, chance) for text in texts for _ in range(4)]
    assert [fault for text in changed if (fault := _fault(pool, text)) is not None] == []


def _fault(pool: Any, text: str) -> str | None:
    """What DuckDB said that is no error of SQL Server's; None if there is nothing of the kind."""
    try:
        for statement in language.read_batch(text):
            if isinstance(statement, s.SelectStatement):
                translated = language.translate(statement.query, pool, {})
                pool.connection.execute(translated.duckdb).fetchmany(5)
    except SqlError:
        return None
    except duckdb.Error as error:
        return None if language.error_of(error) is not None else f"{text}\n{error}"
    return None
