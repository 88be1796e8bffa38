"""DuckDB itself, embedded: the warehouse of the target local."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from tests.macros.engines import Answer, Question, Table
from tests.macros.engines.asking import Rows, answer, flat, select_of
from tests.macros.kinds import Kind, text_of

TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "flag": "SMALLINT",
    "boolean": "BOOLEAN",
}


def type_of(kind: Kind) -> str:
    """DuckDB's type of a kind."""
    return f"DECIMAL({kind.precision},{kind.scale})" if kind.name == "decimal" else TYPES[kind.name]


class EmbeddedDuckDB:
    """An in-memory database, opened at the first question."""

    name = "DuckDB"
    adapter = "duckdb"
    target = "local"

    def __init__(self) -> None:
        self._connection: duckdb.DuckDBPyConnection | None = None

    def absence(self) -> str:
        return ""

    def accepts(self, kind: Kind, type_name: str) -> bool:
        return type_name == type_of(kind)

    def evaluate(self, questions: Sequence[Question]) -> list[list[Answer]]:
        if self._connection is None:
            self._connection = duckdb.connect(":memory:", config={"threads": 1})
        return [answer(question, self._ask) for question in questions]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, question: Question, vectors: Sequence[int], tables: Sequence[Table]) -> tuple[str, Rows]:
        assert self._connection is not None
        columns = (("vector", Kind("integer")), ("position", Kind("integer")), *tables[0].columns)
        rows = flat(tables)
        lists = ", ".join(
            f"cast(unnest($c{i}::varchar[]) as {type_of(kind)}) as {name}"
            for i, (name, kind) in enumerate(columns)
        )
        # a table, not constants: models give columns, and folding constants is not what they meet
        self._connection.execute(
            f"create or replace temp table given as select {lists}",
            {f"c{i}": [text_of(row[i]) for row in rows] for i in range(len(columns))},
        )
        found = self._connection.execute(select_of(question, vectors))
        type_name = str(found.description[2][1]) if found.description else ""
        return type_name, [(int(v), int(p), value) for v, p, value in found.fetchall() if p]
