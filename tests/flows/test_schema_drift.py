"""Sources change their schemas: what is added passes and is reported, what breaks the contract is refused and kept, what is
wider passes where nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.capture import capture
from flows.curate import curate
from flows.settings import Settings
from tests.flows.test_curate import ORDER_HEADER, RATES, deliver, order

GOOD = "shop/orders/2017/01/05/20170105-120000000.csv"
CHANGED = "shop/orders/2017/01/05/20170105-235959000.csv"


@pytest.fixture
def settings(empty_home: Path) -> Settings:
    """A home where one good order came in one file; another file will come changed."""
    found = Settings.from_environment(
        {"CUSTOMER_360_HOME": str(empty_home), "CUSTOMER_360_QUARANTINE_THRESHOLD": "0.5"}
    )
    deliver(found, "finance/fx_rates/fx_rates_20170101T000000.csv", RATES)
    deliver(found, GOOD, ORDER_HEADER + order("good", position="000"))
    return found


def curated_orders(settings: Settings) -> tuple[dict[str, Any], list[str]]:
    """The manifest entry of orders, and which orders passed."""
    capture(settings)
    (entry,) = (t for t in curate(settings).tables if t["table"] == "orders")
    rows = duckdb.connect().execute(
        f"select order_id from '{settings.curated}/shop/orders/*/*.parquet' order by 1"
    )
    return entry, [order_id for (order_id,) in rows.fetchall()]


def quarantined(settings: Settings) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in Path(settings.quarantine).rglob("*.jsonl")
        for line in path.read_text().splitlines()
    ]


def test_no_drift__is_not_mentioned(settings: Settings) -> None:
    entry, _ = curated_orders(settings)
    assert "drift" not in entry


def test_column_added__passes_and_is_reported(settings: Settings) -> None:
    deliver(settings, CHANGED, ORDER_HEADER.replace("\n", ",colour\n") + order("1").replace("\n", ",red\n"))
    entry, passed = curated_orders(settings)
    assert passed == ["1", "good"]
    assert entry["drift"] == [{"change": "added", "column": "colour", "records": 1}]
    assert entry["rejected"] == 0


def test_columns_in_another_order__are_no_drift(settings: Settings) -> None:
    columns, values = ORDER_HEADER.strip().split(","), order("1").strip().split(",")
    deliver(settings, CHANGED, ",".join(columns[::-1]) + "\n" + ",".join(values[::-1]) + "\n")
    entry, passed = curated_orders(settings)
    assert (passed, "drift" in entry) == (["1", "good"], False)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (ORDER_HEADER.replace(",channel", ""), "the file lacks the column 'channel' of the contract"),
        (
            ORDER_HEADER.replace(",channel", ",sales_channel"),
            "the file lacks the column 'channel' of the contract and has the unknown column 'sales_channel', perhaps its new name",
        ),
        (
            ORDER_HEADER.replace(",channel", ",Channel"),
            "the file spells the column 'channel' of the contract as 'Channel'",
        ),
        (
            ORDER_HEADER.replace("Op,", "op,"),
            "the file spells the column 'Op' of the contract as 'op'",
        ),
    ],
    ids=["dropped", "renamed", "case only", "case of the operation"],
)
def test_column_dropped_or_renamed__is_quarantined(settings: Settings, header: str, reason: str) -> None:
    deliver(settings, CHANGED, header + order("1"))
    entry, passed = curated_orders(settings)
    assert passed == ["good"]
    assert entry["drift"] == [{"change": "broken", "column": reason, "records": 1}]
    assert entry["reasons"] == {"schema broken": 1}
    assert [(k["row"], k["reason"], k["record"]) for k in quarantined(settings)] == [
        (2, reason, order("1").strip())
    ]


def test_timestamp_narrowed_to_a_day__is_quarantined(settings: Settings) -> None:
    deliver(settings, CHANGED, ORDER_HEADER + order("1", ordered_at="2017-01-05"))
    entry, passed = curated_orders(settings)
    assert passed == ["good"]
    assert entry["reasons"] == {"wrong type": 1}


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("quantity", "3.000", "3"),
        ("quantity", "3.5", None),
        ("sales_amount", "1.23450000", "1.2345"),
        ("sales_amount", "1.23456", None),
        ("sales_amount", "7.", "7.0000"),
        ("fulfilled_date", "2017-01-05T00:00:00Z", "2017-01-05"),
        ("fulfilled_date", "2017-01-05 00:00:01", None),
        ("ordered_at", "2017-01-05 10:00:00.123456000", "2017-01-05 10:00:00.123456"),
        ("ordered_at", "2017-01-05 10:00:00.123456001", None),
        ("ordered_at", "2017-01-05 24:00:00", None),
    ],
)
def test_value_widened__passes_where_nothing_is_lost(
    settings: Settings, column: str, value: str, kept: str | None
) -> None:
    usual = {
        "Op": "I", "change_committed_at": "2017-01-05 10:01:00", "change_log_position": "1", "order_line_id": "1", "order_id": "good",
        "product_id": "1", "quantity": "1", "sales_amount": "1", "retail_discount_amount": "0", "coupon_discount_amount": "0",
        "coupon_match_discount_amount": "0", "tax_amount": "0", "ordered_at": "2017-01-05 10:00:00", "fulfilled_date": "",
    }  # fmt: skip
    changed = {**usual, "order_line_id": "2", "change_log_position": "2", column: value}
    lines = [",".join(usual), ",".join(usual.values()), ",".join(changed.values())]
    deliver(settings, "shop/order_lines/2017/01/05/20170105-235959000.csv", "\n".join(lines) + "\n")
    capture(settings)
    (entry,) = (t for t in curate(settings).tables if t["table"] == "order_lines")
    found = duckdb.connect().execute(
        f"select cast({column} as varchar) from '{settings.curated}/shop/order_lines/*/*.parquet' where order_line_id = '2'"
    )
    assert found.fetchall() == ([(kept,)] if kept else [])
    assert entry.get("drift", []) == ([{"change": "widened", "column": column, "records": 1}] if kept else [])
    assert entry["reasons"] == ({} if kept else {"wrong type": 1})


def test_fields_of_a_stream__added_pass_and_recased_are_quarantined(settings: Settings) -> None:
    event = {
        "event_id": "1", "event_name": "cart_added", "anonymous_id": "c", "occurred_at": "2017-01-05T08:00:00Z",
        "received_at": "2017-01-05T08:00:01Z", "quantity": 1,
    }  # fmt: skip
    events = [
        event,
        {**event, "event_id": "2", "colour": "red", "size": "L"},
        {**event, "event_id": "3", "Quantity": 2},
    ]
    deliver(
        settings,
        "web/events/2017/01/05/web-events-20170105.jsonl",
        "".join(json.dumps(e) + "\n" for e in events),
    )
    capture(settings)
    (entry,) = (t for t in curate(settings).tables if t["table"] == "events")
    reason = "the record spells the field 'quantity' of the contract as 'Quantity'"
    assert entry["drift"] == [
        {"change": "added", "column": "colour", "records": 1},
        {"change": "added", "column": "size", "records": 1},
        {"change": "broken", "column": reason, "records": 1},
    ]
    assert (entry["rows"], entry["rejected"]) == (2, 1)
