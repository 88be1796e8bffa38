"""A PostgreSQL of one's own with the language's functions; every test in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from sandbox.redshift.language import Prepared, bootstrap, prepare
from sandbox.redshift.postgres import Postgres, absence

NAMES = {
    16: "boolean", 20: "bigint", 21: "smallint", 23: "integer", 25: "varchar", 700: "real", 701: "double precision", 1042: "char",
    1043: "varchar", 1082: "date", 1083: "time", 1114: "timestamp", 1184: "timestamptz", 1186: "interval", 1266: "timetz",
    1700: "numeric", 3802: "super", 17: "varbyte",
}  # fmt: skip
COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod)
from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
where a.attnum > 0 and not a.attisdropped and c.relname = %s and (n.nspname = %s or (%s is null and pg_table_is_visible(c.oid)))
order by a.attnum
"""


class Session:
    def __init__(self) -> None:
        self.user = "dev"
        self.search_path = ["public"]
        self.case_sensitive = False
        self.database = "dev"


class Warehouse:
    """The language over a real PostgreSQL; it is its own catalog."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.session = Session()
        self._changes = 0

    def columns(self, schema: str | None, name: str) -> list[tuple[str, str]] | None:
        self.cursor.execute(COLUMNS, (name, schema, schema))
        return self.cursor.fetchall() or None

    def version(self) -> int:
        self._changes += 1
        return self._changes

    def prepare(self, sql: str) -> list[Prepared]:
        return prepare(sql, self, self.session)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of the last statement."""
        for prepared in self.prepare(sql):
            for statement in prepared.postgres:
                # no parameters, so that a percent sign is one
                self.cursor.execute(statement)
        return self.cursor.fetchall() if self.cursor.description else []

    def value(self, expression: str, source: str = "") -> tuple[Any, str]:
        """A value and its type in Redshift's words: ``numeric(8,2)``, ``varchar(3)``."""
        rows = self.run(f"select {expression} as x {source}")
        return rows[0][0], self.types()[0]

    def types(self) -> list[str]:
        """The types of the last result's columns."""
        return [_type(column) for column in self.cursor.description]


def _type(column: Any) -> str:
    name = NAMES.get(column.type_code, str(column.type_code))
    if name == "numeric":
        return name if column.scale == 65535 else f"numeric({column.precision},{column.scale})"
    if name in ("varchar", "char") and column.internal_size not in (-1, None):
        return f"{name}({column.internal_size})"
    return name


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres]:
    if missing := absence():
        pytest.skip(missing)
    postgres = Postgres(None)
    postgres.start()
    try:
        connection = psycopg2.connect(host=str(postgres.sockets), port=5432, user="rdsdb", dbname="postgres")
        connection.autocommit = True
        connection.cursor().execute(bootstrap())
        connection.close()
        yield postgres
    finally:
        postgres.stop()


@pytest.fixture
def warehouse(cluster: Postgres) -> Iterator[Warehouse]:
    connection = psycopg2.connect(host=str(cluster.sockets), port=5432, user="rdsdb", dbname="postgres")
    try:
        # as in the server's sessions: a user's own names come before PostgreSQL's
        connection.cursor().execute("set search_path to public, pg_catalog")
        yield Warehouse(connection.cursor())
    finally:
        connection.rollback()
        connection.close()


class Nothing:
    """A catalog without any relation, for what needs no PostgreSQL."""

    def columns(self, schema: str | None, name: str) -> list[tuple[str, str]] | None:
        return None

    def version(self) -> int:
        return id(object())


def prepared(sql: str) -> list[Prepared]:
    """What the language makes of a text when no relation is known."""
    return prepare(sql, Nothing(), Session())
