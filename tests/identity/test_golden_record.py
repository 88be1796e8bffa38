"""Survivorship as data: words of sources under newest, under strongest_source and under most_frequent."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.workbench import Workbench, model

GIVEN = {
    "identity_map": "select 'customer_id' as identifier_type, 'C' as identifier_value, 'K' as customer_key, 1 as is_current",
    "identity_survivorship": "select * from given.survivorship",
    "stg_shop__customer_changes": """
        select 'C' as customer_id, first_name, last_name, cast(null as varchar) as email, cast(null as varchar) as phone,
            cast(null as date) as birth_date, changed_at, 0 as is_deleted from given.accounts""",
    "stg_shop__addresses": "select 'C' as customer_id, 'X' as city, 'DE' as country_code, timestamp '2017-01-01' as updated_at where false",
    "stg_shop__orders": "select cast(null as varchar) as guest_email, timestamp '2017-01-01' as ordered_at where false",
    "stg_profile__changes": "select 'C' as customer_id, attribute_name, attribute_value, occurred_at from given.profile",
}  # fmt: skip


# at 7 the one is told the third time and the other the fourth, at one instant
CITIES = [(1, "Rome"), (2, "Aachen"), (3, "Rome"), (4, "Aachen"), (5, "Rome"), (6, "Bonn"), (7, "Aachen"), (7, "Rome")]  # fmt: skip


def day(number: int) -> dt.datetime:
    return dt.datetime(2017, 1, number)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """What each attribute said, and when: first_name under newest, last_name under strongest_source."""
    models = GIVEN | {
        "int_customers__attribute_changes": model("intermediate", "int_customers__attribute_changes")
    }
    bench = Workbench(tmp_path_factory.mktemp("golden"), models)
    rows = [
        (name, source, rank, wins)
        for name, wins in (("first_name", "newest"), ("last_name", "strongest_source"))
        for source, rank in (("shop.customers", 2), ("profile.changes", 1))
    ]
    rows.append(("city", "profile.changes", 1, "most_frequent"))
    columns = {"attribute_name": "varchar", "source_name": "varchar", "source_priority": "integer", "who_wins": "varchar"}  # fmt: skip
    bench.write("survivorship", columns, list(rows))
    accounts = [("old", "old", day(1)), ("both", "both", day(2)), ("late", "late", day(3))]
    bench.write(
        "accounts",
        {"first_name": "varchar", "last_name": "varchar", "changed_at": "timestamp"},
        list(accounts),
    )
    profile = [(name, "profile", day(2)) for name in ("first_name", "last_name", "preferred_language")]
    profile += [("city", name, day(number)) for number, name in CITIES]
    bench.write(
        "profile",
        {"attribute_name": "varchar", "attribute_value": "varchar", "occurred_at": "timestamp"},
        list(profile),
    )
    bench.build()
    found = bench.rows(
        "select attribute_name, changed_at, attribute_value, source_name from built.int_customers__attribute_changes order by all"
    )
    return {
        name: [row[1:] for row in found if row[0] == name]
        for name in ("first_name", "last_name", "preferred_language", "city")
    }


def test_newest__takes_every_word_and_the_stronger_at_one_instant(
    told: dict[str, list[tuple[object, ...]]],
) -> None:
    assert told["first_name"] == [
        (day(1), "old", "shop.customers"),
        (day(2), "profile", "profile.changes"),
        (day(3), "late", "shop.customers"),
    ]


def test_strongest_source__is_not_spoken_over(told: dict[str, list[tuple[object, ...]]]) -> None:
    assert told["last_name"] == [
        (day(1), "old", "shop.customers"),
        (day(2), "profile", "profile.changes"),
    ]


def test_source_without_a_row__is_not_heard(told: dict[str, list[tuple[object, ...]]]) -> None:
    assert told["preferred_language"] == []


def test_most_frequent__is_told_most_often_and_of_two_the_newer(
    told: dict[str, list[tuple[object, ...]]],
) -> None:
    expected = [(1, "Rome"), (2, "Aachen"), (3, "Rome"), (4, "Aachen"), (5, "Rome"), (7, "Rome")]
    assert told["city"] == [(day(number), name, "profile.changes") for number, name in expected]
