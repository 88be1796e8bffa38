"""What a translation asks of the catalog, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sandbox.synapse.types import SqlType

BIN2 = "Latin1_General_100_BIN2_UTF8"
CI_AS = "SQL_Latin1_General_CP1_CI_AS"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, view or result. collation: None = the database's; only of text."""

    name: str
    type: SqlType
    nullable: bool = True
    collation: str | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """duckdb: a SELECT whose columns have exactly columns[i].type.duckdb(), in this order.

    variables: for `SELECT @x = …`: the variable that each column sets, else ().
    tables: (schema | None, name) of every table and view that was looked up.
    """

    duckdb: str
    columns: list[Column]
    variables: tuple[str, ...] = ()
    tables: tuple[tuple[str | None, str], ...] = ()


class Names(Protocol):
    """The catalog of one session."""

    @property
    def collation(self) -> str:
        """The database's: 'Latin1_General_100_BIN2_UTF8' or 'SQL_Latin1_General_CP1_CI_AS'."""

    @property
    def database(self) -> str:
        """The database's name: the only one that a three-part name may carry."""

    @property
    def default_schema(self) -> str:
        """The user's, for names without a schema."""

    def columns(self, schema: str | None, name: str) -> list[Column] | None:
        """The columns of a table, view (its listed columns) or temporary table '#t'; None: there is no such object.

        schema None: the user's default schema. 'sys' and 'INFORMATION_SCHEMA' come here too, in any case.
        """

    def source(self, schema: str | None, name: str) -> str:
        """DuckDB's text for the FROM clause, with those columns, each of its type's duckdb()."""

    def scalar(self, function: str, arguments: list[str]) -> tuple[str, SqlType] | None:
        """A function of the catalog or session (object_id, schema_name, db_name, @@rowcount …): DuckDB's text and
        type, or None if there is none of this name. arguments: DuckDB's texts."""


@dataclass(frozen=True, slots=True)
class VariableValue:
    """A variable's declared type and its value as Python gives it to DuckDB (str, int, Decimal, datetime, None …)."""

    type: SqlType
    value: object


Variables = dict[str, VariableValue]
