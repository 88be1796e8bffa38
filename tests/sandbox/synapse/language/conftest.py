"""A small pool for the language alone: a catalog of declared columns over one DuckDB connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from sandbox.synapse import language
from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.names import BIN2, CI_AS, Column, VariableValue
from sandbox.synapse.types import SqlType, parse_type


class Pool:
    """Implements language.Names; `run` reads, translates and executes one batch of queries and changes of rows."""

    def __init__(self, collation: str = BIN2) -> None:
        self.collation = collation
        self.database = "dev"
        self.default_schema = "dbo"
        self.tables: dict[tuple[str, str], list[Column]] = {}
        self.variables: dict[str, VariableValue] = {}
        self.connection = duckdb.connect()
        language.install(self.connection)

    # ---------- language.Names

    def columns(self, schema: str | None, name: str) -> list[Column] | None:
        return self.tables.get(((schema or "dbo").lower(), name.lower()))

    def source(self, schema: str | None, name: str) -> str:
        return f'"{(schema or "dbo").lower()}.{name.lower()}"'

    def scalar(self, function: str, arguments: list[str]) -> tuple[str, SqlType] | None:
        return ("'dev'", SqlType("nvarchar", 128)) if function == "db_name" else None

    # ---------- for tests

    def table(self, name: str, /, **columns: str) -> None:
        """A table of declared types; a type that ends in NOT NULL is not nullable."""
        schema, _, base = name.rpartition(".")
        key = ((schema or "dbo").lower(), base.lower())
        self.tables[key] = [
            Column(column, parse_type(text.replace(" not null", "")), not text.endswith(" not null"))
            for column, text in columns.items()
        ]
        listed = ", ".join(f'"{c.name}" {c.type.duckdb()}' for c in self.tables[key])
        self.connection.execute(f"CREATE OR REPLACE TABLE {self.source(*key)} ({listed})")

    def query(self, text: str) -> tuple[list[Column], list[tuple[Any, ...]]]:
        """Columns and rows of the batch's last SELECT."""
        columns: list[Column] = []
        rows: list[tuple[Any, ...]] = []
        for statement in language.read_batch(text):
            columns, rows = self._run(statement)
        return columns, rows

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        return self.query(text)[1]

    def value(self, expression: str) -> tuple[str, Any]:
        """(T-SQL type, value) of an expression."""
        columns, rows = self.query(f"SELECT {expression}")
        return columns[0].type.sql(), rows[0][0]

    def error(self, text: str) -> SqlError:
        """The error that a batch ends with."""
        with pytest.raises(SqlError) as raised:
            self.query(text)
        return raised.value

    def _run(self, statement: s.Statement) -> tuple[list[Column], list[tuple[Any, ...]]]:
        changes = {
            s.Insert: language.translate_insert,
            s.Update: language.translate_update,
            s.Delete: language.translate_delete,
            s.Merge: language.translate_merge,
        }
        try:
            if isinstance(statement, s.SelectStatement):
                translated = language.translate(statement.query, self, self.variables)
                found = self.connection.execute(translated.duckdb)
                types = [str(column[1]).upper() for column in found.description or []]
                for column, given in zip(translated.columns, types, strict=True):
                    assert _same(column.type.duckdb(), given), (column, given, translated.duckdb)
                return translated.columns, found.fetchall()
            change = changes[type(statement)](statement, self, self.variables)  # type: ignore[operator]
            for check, error in change.checks:
                if self.connection.execute(check).fetchall():
                    raise error
            return [], self.connection.execute(change.duckdb).fetchall()
        except duckdb.Error as error:
            known = language.error_of(error, statement.line)
            if known is None:
                raise
            raise known from error


def _same(wanted: str, given: str) -> bool:
    """Whether DuckDB's result column has the type that the T-SQL type stands for."""
    return wanted.upper().replace(" ", "") == given.replace(" ", "").replace('"', "")


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.connection.close()


@pytest.fixture(scope="module")
def insensitive_pool() -> Iterator[Pool]:
    made = Pool(CI_AS)
    yield made
    made.connection.close()
