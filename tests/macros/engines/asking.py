"""The SELECT around a rendered macro, the same for every engine that has the tables as one relation ``given``.

``given`` has the columns vector (number of the table), position (number of the row in it) and the tables' own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.macros.engines import Answer, Question, Table
from tests.macros.kinds import Value

Rows = list[tuple[int, int, Value]]


def select_of(question: Question, vectors: Sequence[int]) -> str:
    """A SELECT of vector, position and value for the given numbers of tables."""
    if question.shape == "row":
        return f"select vector, position, {question.sql} as value from given"
    parts = []
    for vector in vectors:
        # a table without rows must still give its one row of an aggregate, so each table is asked by itself
        table = f"(select * from given where vector = {vector} and position > 0) as one_table"
        if question.shape == "rows":
            parts.append(f"select vector, position, {question.sql} as value from {table}")
        else:
            parts.append(
                f"select {vector} as vector, 1 as position, ({question.sql.replace('{rows}', table)}) as value"
            )
    return " union all ".join(parts)


def answer(
    question: Question, ask: Callable[[Question, Sequence[int], Sequence[Table]], tuple[str, Rows]]
) -> list[Answer]:
    """Answers of all tables, asked at once; one by one when that fails, so that one failure speaks for itself only.

    ``ask`` returns the type's name and rows of (vector, position, value), and may raise anything.
    """
    numbers = list(range(1, len(question.tables) + 1))
    try:
        return _sorted_answers(question, numbers, *ask(question, numbers, question.tables))
    except Exception as fault:
        if len(numbers) == 1:
            return [Answer(error=" ".join(str(fault).split())[:500])]
    return [
        answer(Question(question.sql, question.shape, question.gives, (table,)), ask)[0]
        for table in question.tables
    ]


def _sorted_answers(question: Question, numbers: Sequence[int], type_name: str, rows: Rows) -> list[Answer]:
    found: dict[int, list[tuple[int, Value]]] = {number: [] for number in numbers}
    for vector, position, value in rows:
        found[vector].append((position, value))
    return [
        Answer(tuple(value for _, value in sorted(found[number], key=lambda pair: pair[0])), type_name)
        for number in numbers
    ]


def flat(tables: Sequence[Table]) -> list[tuple[Value, ...]]:
    """The rows of ``given``: vector, position, then the columns; a table without rows is one row at position 0."""
    width = max(len(table.columns) for table in tables)
    return [
        (vector, position, *row)
        for vector, table in enumerate(tables, start=1)
        for position, row in enumerate(table.rows, start=1)
    ] or [(0, 0, *(None,) * width)]
