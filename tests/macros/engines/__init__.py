"""Engines that answer what a rendered macro gives. One small class each; a stand-in of a warehouse is one more class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.macros.kinds import Kind, Value

Row = tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """The rows that one vector puts in; a vector of a plain expression has one row."""

    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Question:
    """A rendered SQL text over the columns of tables, one table a vector.

    shape: ``row``, an expression, asked for the one row of each table; ``rows``, a window expression, asked for every
    row of each table; ``query``, a SELECT that gives one value, with {rows} where the table stands.
    """

    sql: str
    shape: str
    gives: Kind
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Answer:
    """What an engine gave for one table: a value per row (one for ``row`` and ``query``), or why it gave none.

    type_name is the engine's name of the result's type; empty when the engine cannot tell.
    """

    values: tuple[Value, ...] = ()
    type_name: str = ""
    error: str = ""


class Engine(Protocol):
    """name: as the matrix shows it; adapter: the dbt adapter whose SQL it runs; target: the dbt target that renders it."""

    name: str
    adapter: str
    target: str

    def absence(self) -> str:
        """Empty when the engine can be had, else one sentence that says why not."""

    def evaluate(self, questions: Sequence[Question]) -> list[list[Answer]]:
        """An answer per table of each question; an engine's refusal is an Answer with its error, never an exception."""

    def accepts(self, kind: Kind, type_name: str) -> bool:
        """Whether a result of that type is of the kind."""

    def close(self) -> None:
        """Give back what the engine holds; it may be asked again only after a new start."""
