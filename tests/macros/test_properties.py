"""Properties of the macros over generated inputs, on every engine of the laptop; Python's decimal, datetime and hashlib know."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.macros.engines import Engine
from tests.macros.properties import PARTS, Asker

pytestmark = pytest.mark.xdist_group("macros")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
near = st.text(st.sampled_from("abAB1é日🙂 '\\|+-@.%_\t\n\u00a0"), max_size=12)
some_text = texts | near
integers = st.integers(-(2**63) + 1, 2**63 - 1)
amounts = st.decimals(-(10**14) + 1, 10**14 - 1, places=4)
small = st.decimals(-1000, 1000, places=4)
rates = st.decimals(-(10**10) + 1, 10**10 - 1, places=8)
dates = st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31))
moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2999, 12, 31))


@pytest.fixture(params=[0, 1, 2], ids=["duckdb", "evaluator", "postgres"])
def ask(request: pytest.FixtureRequest, engines: list[Engine], rendered: dict[str, Any]) -> Asker:
    engine = engines[request.param]
    if absence := engine.absence():
        pytest.skip(f"{engine.name} is absent: {absence}")
    return Asker(engine, rendered[engine.target]["properties"])


def batches(*strategies: st.SearchStrategy[Any]) -> Callable[[Any], Any]:
    """The test gets lists of rows, one value of each strategy a row; the same ones in every run."""

    def decorate(test: Any) -> Any:
        rows = st.lists(st.tuples(*strategies), min_size=30, max_size=80)
        always = settings(
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=4,
            suppress_health_check=list(HealthCheck),
        )
        return always(given(rows=rows)(test))

    return decorate


def half_away(value: Decimal, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = 80
        return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


# ---------------------------------------------------------------- keys
@pytest.mark.parametrize(
    ("name", "kind", "strategy", "read"),
    [
        ("integer", "integer", integers, int),
        ("decimal", "decimal(18,4)", amounts, Decimal),
        ("date", "date", dates, dt.date.fromisoformat),
        ("timestamp", "timestamp", moments, dt.datetime.fromisoformat),
    ],
)
def test_key_text__round_trips(ask: Asker, name: str, kind: str, strategy: Any, read: Any) -> None:
    article = "an" if name == "integer" else "a"

    @batches(strategy)
    def holds(rows: list[tuple[Any]]) -> None:
        keys = ask(f"key of {article} {name}", "text", f"x: {kind}", rows)
        assert [read(key) for key in keys] == [x for (x,) in rows]
        assert len(set(keys)) == len({x for (x,) in rows})

    holds()


@pytest.mark.parametrize(
    ("name", "kind", "strategy"),
    [
        ("integer", "integer", st.integers(-(10**18) + 1, 10**18 - 1)),
        ("decimal", "decimal(18,4)", amounts),
        ("date", "date", dates),
        ("timestamp", "timestamp", moments),
    ],
)
def test_try__reads_what_key_text_wrote(ask: Asker, name: str, kind: str, strategy: Any) -> None:
    @batches(strategy)
    def holds(rows: list[tuple[Any]]) -> None:
        assert ask(f"{name} of its key", kind, f"x: {kind}", rows) == [x for (x,) in rows]

    holds()


def test_surrogate_key__never_collides_and_is_what_hashlib_says(ask: Asker) -> None:
    part = st.none() | near

    @batches(part, part)
    def holds(rows: list[tuple[str | None, str | None]]) -> None:
        keys = ask("key of two texts", "text", "x: text; y: text", rows)
        assert len(set(keys)) == len(set(rows))
        written = ["|".join("n" if p is None else f"s{len(p)}:{p}" for p in row) for row in rows]
        assert keys == [hashlib.md5(text.encode()).hexdigest() for text in written]

    holds()


def test_md5_hex__is_what_hashlib_says(ask: Asker) -> None:
    @batches(some_text)
    def holds(rows: list[tuple[str]]) -> None:
        expected = [hashlib.md5(x.encode()).hexdigest() for (x,) in rows]
        assert ask("md5", "text", "x: text", rows) == expected

    holds()


# ---------------------------------------------------------------- numbers
@pytest.mark.parametrize(("call", "digits"), [("quotient", 4), ("whole quotient", 0)])
def test_divide__agrees_with_decimal(ask: Asker, call: str, digits: int) -> None:
    @batches(
        small | st.integers(-2000, 2000).map(lambda n: Decimal(n) / 2),
        small | st.sampled_from([Decimal(2), Decimal(8), Decimal(0)]),
    )
    def holds(rows: list[tuple[Decimal, Decimal]]) -> None:
        with localcontext() as context:
            context.prec = 80
            expected = [half_away(x / y, digits) if y else None for x, y in rows]
        assert ask(call, f"decimal(18,{digits})", "x: decimal(18,4); y: decimal(18,4)", rows) == expected

    holds()


def test_divide__agrees_with_decimal_for_great_numbers(ask: Asker) -> None:
    @batches(amounts, amounts.filter(lambda y: abs(y) > 1))
    def holds(rows: list[tuple[Decimal, Decimal]]) -> None:
        with localcontext() as context:
            context.prec = 80
            expected = [half_away(x / y, 4) for x, y in rows]
        assert ask("quotient", "decimal(18,4)", "x: decimal(18,4); y: decimal(18,4)", rows) == expected

    holds()


def test_multiply__agrees_with_decimal(ask: Asker) -> None:
    @batches(small, st.decimals(-1000, 1000, places=8) | rates.map(lambda r: half_away(r / 10**6, 8)))
    def holds(rows: list[tuple[Decimal, Decimal]]) -> None:
        expected = [half_away(x * y, 4) for x, y in rows]
        assert ask("product", "decimal(18,4)", "x: decimal(18,4); y: decimal(18,8)", rows) == expected

    holds()


def test_rounded__agrees_with_decimal(ask: Asker) -> None:
    halves = st.integers(-(10**6), 10**6).map(lambda n: Decimal(n) / 200)

    @batches(amounts | halves)
    def holds(rows: list[tuple[Decimal]]) -> None:
        expected = [half_away(x, 2) for (x,) in rows]
        assert ask("rounded to two", "decimal(18,2)", "x: decimal(18,4)", rows) == expected

    holds()


def test_integer_divide_and_remainder__make_the_dividend_again(ask: Asker) -> None:
    @batches(integers | st.integers(-20, 20), integers | st.integers(-7, 7))
    def holds(rows: list[tuple[int, int]]) -> None:
        quotients = ask("cut quotient", "integer", "x: integer; y: integer", rows)
        remainders = ask("remainder", "integer", "x: integer; y: integer", rows)
        for (x, y), quotient, remainder in zip(rows, quotients, remainders, strict=True):
            if y == 0:
                assert quotient is None
                assert remainder is None
            else:
                assert quotient * y + remainder == x
                assert abs(remainder) < abs(y)
                assert remainder * x >= 0

    holds()


def test_sum_decimal__does_not_depend_on_the_order(ask: Asker) -> None:
    @batches(amounts)
    def holds(rows: list[tuple[Decimal]]) -> None:
        sums = {ask.of_table("sum", "decimal(28,4)", "x: decimal(18,4)", r) for r in (rows, rows[::-1])}
        assert sums == {sum((x for (x,) in rows), Decimal(0))}

    holds()


# ---------------------------------------------------------------- the calendar
def test_add_days__agrees_with_datetime_and_comes_back(ask: Asker) -> None:
    @batches(st.integers(-100000, 100000), st.dates(dt.date(2200, 1, 1), dt.date(2600, 1, 1)))
    def holds(rows: list[tuple[int, dt.date]]) -> None:
        columns = "n: integer; x: date"
        assert ask("days later", "date", columns, rows) == [x + dt.timedelta(days=n) for n, x in rows]
        assert ask("days there and back", "date", columns, rows) == [x for _, x in rows]

    holds()


def test_add_months__clamps_as_the_calendar_does(ask: Asker) -> None:
    def later(date: dt.date, months: int) -> dt.date:
        year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
        return date.replace(
            year=year, month=month + 1, day=min(date.day, calendar.monthrange(year, month + 1)[1])
        )

    @batches(st.integers(-2400, 2400), st.dates(dt.date(2200, 1, 1), dt.date(2700, 12, 31)))
    def holds(rows: list[tuple[int, dt.date]]) -> None:
        assert ask("months later", "date", "n: integer; x: date", rows) == [later(x, n) for n, x in rows]

    holds()


def test_add_seconds__agrees_with_datetime(ask: Asker) -> None:
    @batches(
        st.integers(-(2**31) + 1, 2**31 - 1), st.datetimes(dt.datetime(2100, 1, 1), dt.datetime(2900, 1, 1))
    )
    def holds(rows: list[tuple[int, dt.datetime]]) -> None:
        expected = [x + dt.timedelta(seconds=n) for n, x in rows]
        assert ask("seconds later", "timestamp", "n: integer; x: timestamp", rows) == expected

    holds()


@pytest.mark.parametrize("part", PARTS)
def test_date_difference__counts_boundaries_both_ways(ask: Asker, part: str) -> None:
    def ordinal(moment: dt.datetime) -> int:
        months = moment.year * 12 + moment.month - 1
        if part in ("month", "quarter", "year"):
            return months // {"month": 1, "quarter": 3, "year": 12}[part]
        seconds = (moment - dt.datetime(1, 1, 1)) // dt.timedelta(seconds=1)
        return seconds // {"day": 86400, "hour": 3600, "minute": 60, "second": 1}[part]

    @batches(moments, moments)
    def holds(rows: list[tuple[dt.datetime, dt.datetime]]) -> None:
        columns = "x: timestamp; y: timestamp"
        between = ask(f"{part}s between", "integer", columns, rows)
        back = ask(f"{part}s between", "integer", columns, [(y, x) for x, y in rows])
        assert between == [ordinal(y) - ordinal(x) for x, y in rows]
        assert back == [-n for n in between]

    holds()


def test_week_start__tiles_the_calendar(ask: Asker) -> None:
    @batches(dates.filter(lambda d: d.year < 2999))
    def holds(rows: list[tuple[dt.date]]) -> None:
        mondays = ask("week", "date", "x: date", rows)
        assert all(
            m.weekday() == 0 and m <= x < m + dt.timedelta(days=7)
            for m, (x,) in zip(mondays, rows, strict=True)
        )
        for days in (1, 6):
            same_week = ask("week", "date", "x: date", [(m + dt.timedelta(days=days),) for m in mondays])
            assert same_week == mondays
        assert ask("week", "date", "x: date", [(m + dt.timedelta(days=7),) for m in mondays]) == [
            m + dt.timedelta(days=7) for m in mondays
        ]

    holds()


def test_iso_day_of_week__is_the_distance_from_monday(ask: Asker) -> None:
    @batches(dates)
    def holds(rows: list[tuple[dt.date]]) -> None:
        assert ask("day of the week", "integer", "x: date", rows) == [x.isoweekday() for (x,) in rows]

    holds()


def test_months__tile_the_calendar(ask: Asker) -> None:
    @batches(dates.filter(lambda d: d.year < 2999))
    def holds(rows: list[tuple[dt.date]]) -> None:
        firsts = ask("month", "date", "x: date", rows)
        nexts = ask("next month", "date", "x: date", rows)
        assert firsts == [x.replace(day=1) for (x,) in rows]
        assert nexts == [f + dt.timedelta(days=calendar.monthrange(f.year, f.month)[1]) for f in firsts]
        assert ask("month", "date", "x: date", [(n,) for n in nexts]) == nexts

    holds()


@pytest.mark.parametrize(("part", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_truncate_date__is_idempotent(ask: Asker, part: str, months: int) -> None:
    @batches(dates)
    def holds(rows: list[tuple[dt.date]]) -> None:
        starts = ask(part, "date", "x: date", rows)
        assert starts == [x.replace(month=(x.month - 1) // months * months + 1, day=1) for (x,) in rows]
        assert ask(part, "date", "x: date", [(s,) for s in starts]) == starts

    holds()


def test_truncate_to_hour__is_less_than_an_hour_before(ask: Asker) -> None:
    @batches(moments)
    def holds(rows: list[tuple[dt.datetime]]) -> None:
        expected = [x.replace(minute=0, second=0, microsecond=0) for (x,) in rows]
        assert ask("hour", "timestamp", "x: timestamp", rows) == expected

    holds()


def test_date_number__keeps_the_order(ask: Asker) -> None:
    @batches(dates)
    def holds(rows: list[tuple[dt.date]]) -> None:
        ordered = sorted(rows)
        numbers = ask("number of the date", "integer", "x: date", ordered)
        assert numbers == sorted(numbers)
        assert [dt.datetime.strptime(str(n), "%Y%m%d").date() for n in numbers] == [x for (x,) in ordered]

    holds()


# ---------------------------------------------------------------- texts
def test_text__is_idempotent_trimmed_and_never_empty(ask: Asker) -> None:
    @batches(some_text)
    def holds(rows: list[tuple[str]]) -> None:
        staged = ask("text", "text", "x: text", rows)
        assert ask("text of the text", "text", "x: text", rows) == staged
        assert all(s is None or (0 < len(s) <= 12 and s == s.strip(" ")) for s in staged)

    holds()


def test_email__is_idempotent_and_lower_case(ask: Asker) -> None:
    word = st.text(st.sampled_from("aZ09._%+- é\t"), max_size=6)
    address = st.builds(lambda a, b, c: f"{a}@{b}.{c}", word, word, word)

    @batches(some_text | address)
    def holds(rows: list[tuple[str]]) -> None:
        found = ask("email", "text", "x: text", rows)
        assert ask("email of the email", "text", "x: text", rows) == found
        assert all(e is None or (e == e.lower() and e.isascii() and e.count("@") == 1) for e in found)

    holds()


def test_phone__is_idempotent_unless_it_begins_with_00(ask: Asker) -> None:
    number = st.text(st.sampled_from("0123456789 +-()./"), max_size=18)

    @batches(some_text | number)
    def holds(rows: list[tuple[str]]) -> None:
        found = ask("phone", "text", "x: text", rows)
        again = ask("phone of the phone", "text", "x: text", rows)
        assert all(p == a or p.startswith("00") for p, a in zip(found, again, strict=True))
        assert all(p is None or (p.isdecimal() and 7 <= len(p) <= 15) for p in found)

    holds()


@pytest.mark.parametrize(
    ("kind", "strategy"),
    [
        ("text", near.map(lambda t: t.rstrip(" "))),
        ("integer", st.integers(-2, 2)),
        ("date", dates),
        ("decimal(18,4)", small),
    ],
)
def test_is_different__is_symmetric_and_never_of_itself(ask: Asker, kind: str, strategy: Any) -> None:
    maybe = st.none() | strategy

    @batches(maybe, maybe)
    def holds(rows: list[tuple[Any, Any]]) -> None:
        columns = f"x: {kind}; y: {kind}"
        assert ask("different", "flag", columns, rows) == [int(x != y) for x, y in rows]
        assert ask("different the other way", "flag", columns, rows) == [int(x != y) for x, y in rows]
        assert ask("different", "flag", columns, [(x, x) for x, _ in rows]) == [0] * len(rows)

    holds()


@pytest.mark.parametrize("kind", ["integer", "text"])
def test_greatest_and_least__are_those_of_python(ask: Asker, kind: str) -> None:
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(-3, 3) | integers,
        "text": near.map(lambda t: t.rstrip(" ")),
    }
    maybe = st.none() | strategies[kind]

    @batches(maybe, maybe, maybe)
    def holds(rows: list[tuple[Any, ...]]) -> None:
        columns = f"x: {kind}; y: {kind}; z: {kind}"
        known = [[value for value in row if value is not None] for row in rows]
        assert ask("greatest", kind, columns, rows) == [max(k) if k else None for k in known]
        assert ask("least", kind, columns, rows) == [min(k) if k else None for k in known]

    holds()


def test_text_part__parts_make_the_text_again(ask: Asker) -> None:
    @batches(st.lists(near.map(lambda t: t.replace("|", "")), min_size=1, max_size=4).map("|".join))
    def holds(rows: list[tuple[str]]) -> None:
        parts = [ask(f"part {n}", "text", "x: text", rows) for n in (1, 2, 3, 4)]
        again = ["|".join(p for p in of_one if p is not None) for of_one in zip(*parts, strict=True)]
        assert again == [x for (x,) in rows]
        assert [sum(p is not None for p in of_one) for of_one in zip(*parts, strict=True)] == [
            x.count("|") + 1 for (x,) in rows
        ]

    holds()


def test_consists_only_of__means_that_nothing_is_left(ask: Asker) -> None:
    @batches(near | st.text(st.sampled_from("abé1 -"), max_size=6))
    def holds(rows: list[tuple[str]]) -> None:
        left = ask("stripped", "text", "x: text", rows)
        assert left == ["".join(c for c in x if c not in "abé1 -") for (x,) in rows]
        assert ask("only listed", "flag", "x: text", rows) == [
            int(x != "" and rest == "") for (x,), rest in zip(rows, left, strict=True)
        ]

    holds()


def test_concatenate_length_and_position__count_characters(ask: Asker) -> None:
    @batches(some_text, near.filter(bool))
    def holds(rows: list[tuple[str, str]]) -> None:
        columns = "x: text; y: text"
        joined = ask("one after the other", "text", columns, rows)
        assert joined == [x + y for x, y in rows]
        assert ask("length", "integer", columns, rows) == [len(x) for x, _ in rows]
        both = [(text, y) for text, (_, y) in zip(joined, rows, strict=True)]
        assert ask("position", "integer", columns, both) == [text.find(y) + 1 for text, y in both]

    holds()


def test_white_space__becomes_blanks_and_trimmed_takes_blanks_only(ask: Asker) -> None:
    @batches(some_text)
    def holds(rows: list[tuple[str]]) -> None:
        blanks = ask("blanks", "text", "x: text", rows)
        assert blanks == [x.translate({ord(c): " " for c in "\t\n\r\u00a0"}) for (x,) in rows]
        assert ask("trimmed", "text", "x: text", rows) == [x.strip(" ") for (x,) in rows]

    holds()


def test_joined_text__is_sorted_by_code_point(ask: Asker) -> None:
    @batches(st.none() | near.map(lambda t: t.strip(" ")))
    def holds(rows: list[tuple[str | None]]) -> None:
        expected = "+".join(sorted(x for (x,) in rows if x)) or None
        assert ask.of_table("joined", "text", "x: text", rows) == expected

    holds()
