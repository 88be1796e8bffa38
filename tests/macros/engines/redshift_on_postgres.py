"""PostgreSQL with Redshift's documented differences (redshift_differences.sql): Redshift grew from PostgreSQL 8.0.

What it cannot show is told, not passed: a function that Redshift's reference does not list, or that has no difference
written here, is refused as "not supported". Compute and leader node, encodings, byte limits of VARCHAR and the scale of a
decimal quotient are not shown; the macros are written not to depend on them.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.redshift import postgres
from tests.macros.engines import Answer, Question, Table
from tests.macros.engines.asking import Rows, answer, flat, select_of
from tests.macros.kinds import Kind, text_of

HERE = Path(__file__).parent
TYPES = {
    "text": "varchar",
    "integer": "bigint",
    "date": "date",
    "timestamp": "timestamp",
    "flag": "smallint",
    "boolean": "boolean",
}
NUMERIC = "numeric"
# Words before a bracket that Redshift's SQL reference has as functions or syntax, and that mean the same here.
KNOWN = frozenset(
    re.findall(
        r"\w+",
        """
        abs btrim cast chr coalesce count date_trunc dateadd datediff extract floor last_day left
        len listagg lower max md5 min mod nullif numeric over replace right round row_number sign
        split_part strpos strtol substring sum to_char translate try_cast varchar and as by else from in is
        not on or select then when where group all timestamp union except
        """,
    )
)


class RedshiftOnPostgres:
    """A private server that keeps nothing, begun at the first question."""

    name = "PostgreSQL as Redshift"
    adapter = "redshift"
    target = "redshift"

    def __init__(self) -> None:
        self._server: postgres.Postgres | None = None
        self._connection: Any = None

    def absence(self) -> str:
        if not importlib.util.find_spec("psycopg2"):
            return "The package psycopg2 is not installed; run `make setup`."
        return postgres.absence()

    def accepts(self, kind: Kind, type_name: str) -> bool:
        if kind.name == "text":
            return type_name in ("varchar", "text")
        # a CASE without ELSE makes PostgreSQL forget a decimal's digits; the values show them
        return type_name == type_of(kind) or (kind.name == "decimal" and type_name == NUMERIC)

    def evaluate(self, questions: Sequence[Question]) -> list[list[Answer]]:
        if self._connection is None:
            self._start()
        return [self._answers(question) for question in questions]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._server is not None:
            self._server.stop()
        self._server = self._connection = None

    def _answers(self, question: Question) -> list[Answer]:
        if unknown := unknown_words(question.sql):
            said = f"not supported: {', '.join(unknown)} has no documented meaning of Redshift here"
            return [Answer(error=said) for _ in question.tables]
        return answer(question, self._ask)

    def _ask(self, question: Question, vectors: Sequence[int], tables: Sequence[Table]) -> tuple[str, Rows]:
        columns = (("vector", Kind("integer")), ("position", Kind("integer")), *tables[0].columns)
        rows = flat(tables)
        names = ", ".join(f"c{i}" for i in range(len(columns)))
        casts = ", ".join(
            f"cast(c{i} as {type_of(kind)}) as {name}" for i, (name, kind) in enumerate(columns)
        )
        arrays = ", ".join("cast(%s as varchar[])" for _ in columns)
        with self._connection.cursor() as cursor:
            cursor.execute("drop table if exists given")
            cursor.execute(
                f"create temp table given as select {casts} from unnest({arrays}) as listed ({names})",
                [[text_of(row[i]) for row in rows] for i in range(len(columns))],
            )
            cursor.execute(in_postgres(select_of(question, vectors)))
            return self._type_of(cursor.description[2]), [row for row in cursor.fetchall() if row[1]]

    def _type_of(self, column: Any) -> str:
        names = {
            25: "text", 1043: "varchar", 20: "bigint", 21: "smallint", 23: "integer", 16: "boolean", 1082: "date", 1114: "timestamp",
        }  # fmt: skip
        if column.type_code == 1700:
            return NUMERIC if column.scale == 65535 else f"{NUMERIC}({column.precision},{column.scale})"
        return names.get(column.type_code, f"type {column.type_code}")

    def _start(self) -> None:
        import psycopg2

        self._server = postgres.Postgres(None)
        self._server.start()
        self._connection = psycopg2.connect(
            host=str(self._server.sockets), user=postgres.SUPERUSER, dbname="postgres"
        )
        self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute((HERE / "redshift_differences.sql").read_text(encoding="utf-8"))
            cursor.execute("set search_path = redshift, pg_catalog")
            # a backslash in a literal escapes, as in PostgreSQL 8.0
            cursor.execute("set standard_conforming_strings = off; set escape_string_warning = off")


def type_of(kind: Kind) -> str:
    """Redshift's type of a kind, without the length of a text."""
    return f"{NUMERIC}({kind.precision},{kind.scale})" if kind.name == "decimal" else TYPES[kind.name]


LITERAL = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)


def unknown_words(sql: str) -> list[str]:
    """Words before a bracket that are not known to mean on Redshift what they mean here."""
    words = re.findall(r"\b([a-z_][a-z_0-9]*)\s*\(", LITERAL.sub("''", sql.lower()))
    return sorted({word for word in words if word not in KNOWN})


def in_postgres(sql: str) -> str:
    """Redshift's syntax that PostgreSQL lacks, as calls of the functions in redshift_differences.sql."""
    literals: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        literals.append(found.group())
        return f"'{len(literals) - 1}'"

    bare = LITERAL.sub(put_aside, sql)
    bare = re.sub(r"\b(dateadd|datediff)\s*\(\s*([a-z]+)\s*,", r"\1(<\2>,", bare)
    bare = _without_try_cast(bare)
    bare = _without_listagg(bare)
    bare = re.sub(r"'(\d+)'", lambda found: literals[int(found[1])], bare)
    return re.sub(r"<([a-z]+)>,", r"'\1',", bare)


def _inside(sql: str, opening: int) -> int:
    """Index of the bracket that closes the one at ``opening``; literals are put aside before."""
    depth = 0
    for index in range(opening, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[index], 0)
        if depth == 0:
            return index
    raise ValueError("a bracket is not closed")


def _without_try_cast(sql: str) -> str:
    while found := re.search(r"\btry_cast\s*\(", sql):
        closing = _inside(sql, found.end() - 1)
        expression, _, type_name = sql[found.end() : closing].rpartition(" as ")
        scaled = re.fullmatch(r"numeric\((\d+),(\d+)\)", type_name.strip())
        call = (
            f"try_cast_numeric({expression}, {scaled[1]}, {scaled[2]})"
            if scaled
            else f"try_cast_{type_name.strip()}({expression})"
        )
        sql = sql[: found.start()] + call + sql[closing + 1 :]
    return sql


def _without_listagg(sql: str) -> str:
    """LISTAGG leaves out NULL and '' (r_LISTAGG); string_agg takes its order inside."""
    while found := re.search(r"\blistagg\s*\(", sql):
        closing = _inside(sql, found.end() - 1)
        expression, _, delimiter = sql[found.end() : closing].rpartition(", ")
        order = re.compile(r"\s*within group\s*\(").match(sql, closing + 1)
        if not order:
            raise ValueError("listagg without an order")
        end = _inside(sql, order.end() - 1)
        call = f"string_agg(nullif({expression}, ''), {delimiter} {sql[order.end() : end]})"
        sql = sql[: found.start()] + call + sql[end + 1 :]
    return sql
