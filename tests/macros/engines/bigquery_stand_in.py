"""The sandbox's BigQuery, in this process: what it gives is held against the evaluator beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.macros.engines import Answer, Question, Table
from tests.macros.engines.asking import Rows, answer, flat, select_of
from tests.macros.engines.bigquery_evaluator import TYPES, literal_of
from tests.macros.kinds import Kind, value_of


class BigQueryStandIn:
    """Opened at the first question, in memory; ``cache`` keeps the analyzer's compiled code."""

    name = "BigQuery stand-in"
    adapter = "bigquery"
    target = "bigquery"

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._warehouse: Any = None

    def absence(self) -> str:
        return ""

    def accepts(self, kind: Kind, type_name: str) -> bool:
        return type_name.lower().split("(")[0] == TYPES[kind.name]

    def evaluate(self, questions: Sequence[Question]) -> list[list[Answer]]:
        from sandbox.bigquery.execution.context import Warehouse

        if self._warehouse is None:
            self._warehouse = Warehouse(None, self._cache, Path(tempfile.gettempdir()))
            self._run("create schema given")
        return [answer(question, self._ask) for question in questions]

    def close(self) -> None:
        self._warehouse = None

    def _run(self, sql: str) -> Any:
        from sandbox.bigquery.execution.context import Context
        from sandbox.bigquery.execution.dispatch import run_statement

        return run_statement(Context(self._warehouse, "project", ("project", "given")), sql)

    def _ask(self, question: Question, vectors: Sequence[int], tables: Sequence[Table]) -> tuple[str, Rows]:
        columns = (("vector", Kind("integer")), ("position", Kind("integer")), *tables[0].columns)
        types = ", ".join(f"{name} {TYPES[kind.name]}" for name, kind in columns)
        structs = ", ".join(
            "("
            + ", ".join(literal_of(kind, value) for (_, kind), value in zip(columns, row, strict=True))
            + ")"
            for row in flat(tables)
        )
        # a table, as models give columns of tables
        self._run(f"create or replace table given as select * from unnest(array<struct<{types}>>[{structs}])")
        outcome = self._run(
            f"select vector, position, value, cast(value as string) as text from ({select_of(question, vectors)}) as asked"
        )
        with self._warehouse.catalog.cursor() as cursor:
            found = cursor.execute(f"SELECT o0, o1, o3 FROM {outcome.place}").fetchall()
        type_name = str(outcome.columns[2].type)
        return type_name, [(int(v), int(p), value_of(question.gives, text)) for v, p, text in found if p]
