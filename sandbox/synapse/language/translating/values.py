"""A translated expression: DuckDB's text with T-SQL's type, and the helpers that write such text."""

from __future__ import annotations

import datetime
import decimal as decimals
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.synapse.types import INT, SqlType


@dataclass(frozen=True, slots=True)
class Typed:
    """sql: DuckDB's text, of exactly type.duckdb(). collation: of text; None = the database's.

    explicit: the collation was given by COLLATE. trimmed: no trailing blank can be in it. null: the literal NULL,
    which has no type of its own. counter: ROW_NUMBER() without an order: the place in the stream of rows. digits: of an integer literal, its decimal digits. constant: a literal's value.
    nonzero: a number that cannot be 0. aggregate: holds an aggregate. window: holds a windowed function.
    """

    sql: str
    type: SqlType
    nullable: bool = True
    collation: str | None = None
    explicit: bool = False
    trimmed: bool = False
    null: bool = False
    digits: int | None = None
    constant: object = None
    counter: bool = False

    def with_sql(self, sql: str) -> Typed:
        return replace(self, sql=sql, digits=None, constant=None)


NULL = Typed("NULL", INT, null=True)


def text_literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def name_literal(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


_SIMPLE = re.compile(r"""(?:"[^"]*"|\w+)(?:\.(?:"[^"]*"|\w+))*|'[^']{0,40}'|-?[0-9.]+""")


def is_simple(sql: str) -> bool:
    """Whether the text may be written several times: a column or a short literal."""
    return _SIMPLE.fullmatch(sql) is not None


def once(sql: str, write: Callable[[str], str]) -> str:
    """write(x) with x standing for `sql`, which appears only once in the result however often write uses it."""
    if is_simple(sql):
        return write(sql)
    variable = f"v{sql.count('lambda ')}"
    return f"list_transform([{sql}], lambda {variable}: {write(variable)})[1]"


def once_each(sqls: list[str], write: Callable[[list[str]], str]) -> str:
    """once, for several arguments."""
    if all(is_simple(sql) for sql in sqls):
        return write(sqls)
    depth = sum(sql.count("lambda ") for sql in sqls)
    names = [sql if is_simple(sql) else f"v{depth}.p{i}" for i, sql in enumerate(sqls)]
    fields = ", ".join(f"p{i} := {sql}" for i, sql in enumerate(sqls) if not is_simple(sql))
    return f"list_transform([struct_pack({fields})], lambda v{depth}: {write(names)})[1]"


def python_literal(value: object, target: SqlType) -> str:
    """DuckDB's text for a value of this type as Python's driver gives it."""
    if value is None:
        return f"CAST(NULL AS {target.duckdb()})"
    if isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, bytes):
        return f"unhex('{value.hex()}')"
    elif isinstance(value, datetime.datetime | datetime.date | datetime.time | uuid.UUID | str):
        text = text_literal(str(value))
    elif isinstance(value, decimals.Decimal):
        text = f"'{value:f}'"
    elif isinstance(value, float):
        text = f"'{value!r}'"
    else:
        text = str(value)
    return f"CAST({text} AS {target.duckdb()})"
