"""The calls that the properties (test_properties.py) ask, and how a batch of generated rows is put to an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.macros.engines import Engine, Question, Table
from tests.macros.kinds import Kind, Value, kind_of

PARTS = ("day", "month", "quarter", "year", "hour", "minute", "second")
CALLS = {
    "key of an integer": "key_text('given_x', 'integer')",
    "key of a decimal": "key_text('given_x', 'decimal')",
    "key of a date": "key_text('given_x', 'date')",
    "key of a timestamp": "key_text('given_x', 'timestamp')",
    "integer of its key": "try_integer(key_text('given_x', 'integer'))",
    "decimal of its key": "try_decimal(key_text('given_x', 'decimal'), 18, 4)",
    "date of its key": "try_date(key_text('given_x', 'date'))",
    "timestamp of its key": "try_timestamp(key_text('given_x', 'timestamp'))",
    "key of two texts": "surrogate_key(['given_x', 'given_y'])",
    "md5": "md5_hex('given_x')",
    "quotient": "divide('given_x', 'given_y')",
    "whole quotient": "divide('given_x', 'given_y', 18, 0)",
    "product": "multiply('given_x', 'given_y')",
    "rounded to two": "rounded('given_x', 18, 2)",
    "cut quotient": "integer_divide('given_x', 'given_y')",
    "remainder": "remainder('given_x', 'given_y')",
    "sum": "sum_decimal('given_x', 28, 4)",
    "days later": "add_to_date('day', 'given_n', 'given_x')",
    "days there and back": "add_to_date('day', 'given_n', add_to_date('day', '0 - given_n', 'given_x'))",
    "months later": "add_to_date('month', 'given_n', 'given_x')",
    "seconds later": "add_to_timestamp('second', 'given_n', 'given_x')",
    **{f"{part}s between": f"date_difference('{part}', 'given_x', 'given_y')" for part in PARTS},
    "week": "week_start('given_x')",
    "day of the week": "iso_day_of_week('given_x')",
    "month": "truncate_date('month', 'given_x')",
    "quarter": "truncate_date('quarter', 'given_x')",
    "year": "truncate_date('year', 'given_x')",
    "next month": "add_to_date('day', 1, last_day_of_month('given_x'))",
    "hour": "truncate_to_hour('given_x')",
    "number of the date": "date_number('given_x')",
    "text": "text('given_x', 12)",
    "text of the text": "text(text('given_x', 12), 12)",
    "email": "email('given_x')",
    "email of the email": "email(email('given_x'))",
    "phone": "phone('given_x')",
    "phone of the phone": "phone(phone('given_x'))",
    "different": "flag(is_different('given_x', 'given_y'))",
    "different the other way": "flag(is_different('given_y', 'given_x'))",
    "greatest": "greatest_of(['given_x', 'given_y', 'given_z'])",
    "least": "least_of(['given_x', 'given_y', 'given_z'])",
    **{f"part {n}": f"text_part('given_x', '|', {n})" for n in (1, 2, 3, 4)},
    "only listed": "flag(consists_only_of('given_x', 'abé1 -'))",
    "stripped": "strip_characters('given_x', 'abé1 -')",
    "one after the other": "concatenate(['given_x', 'given_y'])",
    "length": "text_length('given_x')",
    "position": "position_of('given_y', 'given_x')",
    "trimmed": "trimmed('given_x')",
    "blanks": "blank_for_white_space('given_x')",
    "joined": "joined_text('given_x', '+')",
}


def calls() -> list[str]:
    """The Jinja texts, in the order of CALLS."""
    return ["{{ " + call + " }}" for call in CALLS.values()]


@dataclass(frozen=True)
class Asker:
    """Puts rows to one engine; ``sql`` are the rendered calls in the order of CALLS."""

    engine: Engine
    sql: Sequence[str]

    def __call__(self, call: str, gives: str, columns: str, rows: Sequence[Sequence[Value]]) -> list[Any]:
        """A value per row of an expression. ``columns``: 'x: text, y: integer'. AssertionError when one fails."""
        tables = tuple(Table(_columns(columns), (tuple(row),)) for row in rows)
        return self._ask(call, "row", gives, tables)

    def of_table(self, call: str, gives: str, columns: str, rows: Sequence[Sequence[Value]]) -> Any:
        """The one value of an aggregate over the rows."""
        return self._ask(call, "query", gives, (Table(_columns(columns), tuple(map(tuple, rows))),))[0]

    def _ask(self, call: str, shape: str, gives: str, tables: tuple[Table, ...]) -> list[Any]:
        sql = self.sql[list(CALLS).index(call)]
        text = f"select {sql} from {{rows}}" if shape == "query" else sql
        answers = self.engine.evaluate([Question(text, shape, kind_of(gives), tables)])[0]
        assert [answer.error for answer in answers if answer.error] == []
        return [answer.values[0] for answer in answers]


def _columns(text: str) -> tuple[tuple[str, Kind], ...]:
    pairs = (pair.split(": ") for pair in text.split("; "))
    return tuple((f"given_{name}", kind_of(kind)) for name, kind in pairs)
