"""Curation: good records pass typed, bad ones are refused with file, row and reason, and nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from flows.capture import capture
from flows.curate import curate, manifests
from flows.errors import InputError
from flows.settings import Settings

RATES = "rate_date,from_currency_code,to_currency_code,rate\n2016-12-30,USD,USD,1.00000000\n"
ORDER_HEADER = (
    "Op,change_committed_at,change_log_position,order_id,customer_id,loyalty_card_id,guest_email,guest_phone,"
    "anonymous_id,store_id,channel,currency_code,order_status,ordered_at,updated_at\n"
)


def order(
    order_id: str = "1",
    currency: str = "USD",
    ordered_at: str = "2017-01-05 10:00:00",
    position: str = "001",
    store: str = "7",
) -> str:
    return f"I,2017-01-05 10:01:00,{position},{order_id},,L1,,,,{store},store,{currency},paid,{ordered_at},2017-01-05 10:00:30\n"


@pytest.fixture
def settings(empty_home: Path) -> Settings:
    return Settings.from_environment({"CUSTOMER_360_HOME": str(empty_home)})


def deliver(settings: Settings, name: str, content: str | bytes) -> None:
    path = settings.company / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def deliver_orders(settings: Settings, *rows: str, header: str = ORDER_HEADER) -> None:
    deliver(settings, "finance/fx_rates/fx_rates_20170101T000000.csv", RATES)
    deliver(settings, "shop/orders/2017/01/05/20170105-235959000.csv", header + "".join(rows))


def refuse(settings: Settings) -> str:
    """Capture and curate; the sentence of the refusal, after checking that nothing is half-written."""
    capture(settings)
    with pytest.raises(InputError) as refusal:
        curate(settings)
    assert not list(Path(settings.curated).rglob("*.parquet"))
    assert not list(Path(settings.curated).rglob("*.json"))
    assert not (settings.home / "scratch" / "curate").exists()
    sentence = str(refusal.value)
    assert "\n" not in sentence
    return sentence


def test_good_records__pass_typed(settings: Settings) -> None:
    deliver_orders(settings, order("1"), order("2", ordered_at="2017-01-05T10:00:00.5Z", position="002"))
    capture(settings)
    batch = curate(settings)
    assert (batch.number, batch.total("rows"), batch.total("rejected")) == (1, 3, 0)
    rows = duckdb.connect().execute(
        f"select order_id, ordered_at, load_batch_number from '{settings.curated}/shop/orders/*/*.parquet' order by 1"
    ).fetchall()  # fmt: skip
    assert rows == [("1", "2017-01-05 10:00:00.000000", 1), ("2", "2017-01-05 10:00:00.500000", 1)]


@pytest.mark.fault(14)
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            order(currency="XXX"),
            "currency_code is 'XXX', which is not in finance.fx_rates.from_currency_code",
        ),
        (order(ordered_at="2099-01-01 00:00:00"), "ordered_at 2099-01-01 00:00:00 lies in the future"),
        (order(ordered_at="yesterday"), "ordered_at is 'yesterday', which is no timestamp"),
        (order(store=""), "store_id is required but empty"),
        (order("9" * 21), "order_id has 21 characters, more than 20"),
        (order().replace(",store,", ",fax,"), "channel is 'fax', not one of store, web, app"),
        (order().replace("I,", "X,", 1), "Op is 'X', not one of I, U, D"),
    ],
)
def test_bad_record__is_refused_with_file_row_and_reason(settings: Settings, row: str, reason: str) -> None:
    deliver_orders(settings, order("ok", position="000"), row)
    sentence = refuse(settings)
    assert "file shop/orders/ingest_date=2017-01-05/20170105-235959000.csv, row 3 is refused" in sentence
    assert reason in sentence


@pytest.mark.fault(16)
def test_duplicate_key__with_other_content_is_refused(settings: Settings) -> None:
    deliver_orders(settings, order("1"), order("1", ordered_at="2017-01-05 09:00:00"))
    assert "duplicate key (order_id)" in refuse(settings)


@pytest.mark.fault(3)
def test_repeated_delivery__is_dropped_and_counted(settings: Settings) -> None:
    deliver_orders(settings, order("1"), order("1"))
    capture(settings)
    batch = curate(settings)
    assert (batch.total("duplicates"), batch.total("rejected")) == (1, 0)


@pytest.mark.fault(7)
@pytest.mark.fault(12)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        ((ORDER_HEADER + order())[:-9].encode(), "is cut off"),
        ((ORDER_HEADER.replace(",channel", "") + order()).encode(), "lacks the column 'channel'"),
        (b"\xff\xfe\x00nonsense\n", "no header of a CSV file"),
        ((ORDER_HEADER + "I,2017-01-05 10:01:00,1\n").encode(), "malformed"),
    ],
)
def test_unusable_file__stops_the_batch(settings: Settings, content: bytes, reason: str) -> None:
    deliver_orders(settings)
    deliver(settings, "shop/orders/2017/01/05/20170105-235959000.csv", content)
    sentence = refuse(settings)
    assert reason in sentence
    assert "shop.orders" in sentence


@pytest.mark.fault(14)
def test_below_the_threshold__the_batch_passes_and_keeps_the_evidence(settings: Settings) -> None:
    deliver_orders(
        settings,
        *[order(str(i), position=f"{i:03}") for i in range(150)],
        order("bad", currency="XXX", position="999"),
    )
    capture(settings)
    batch = curate(settings)
    assert batch.total("rejected") == 1
    kept = [
        json.loads(line)
        for path in Path(settings.quarantine).rglob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    assert [(k["row"], k["kind"]) for k in kept] == [(152, "no such reference")]


def test_second_run__has_nothing_to_do(settings: Settings) -> None:
    deliver_orders(settings, order())
    capture(settings)
    curate(settings)
    before = manifests(settings)
    assert capture(settings).new_files == 0
    assert curate(settings).number == 0
    assert manifests(settings) == before


def test_stream__refuses_what_is_no_json(settings: Settings) -> None:
    event = {
        "event_id": "e1",
        "event_name": "page_viewed",
        "anonymous_id": "c",
        "occurred_at": "2017-01-05T08:00:00Z",
        "received_at": "2017-01-05T08:00:01Z",
    }
    deliver(
        settings, "web/events/2017/01/05/web-events-20170105.jsonl", json.dumps(event) + '\n{"event_id": \n'
    )
    sentence = refuse(settings)
    assert "row 2 is refused because not a JSON object" in sentence


@pytest.mark.fault(6)
def test_capture__refuses_a_name_with_new_content(settings: Settings) -> None:
    deliver_orders(settings, order())
    capture(settings)
    deliver_orders(settings, order("2"))
    with pytest.raises(InputError, match="exists with other content"):
        capture(settings)


def test_unreachable_outbox__is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be reached"):
        capture(Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path / "nowhere")}))


def test_curated_rows__keep_the_order_of_delivery(settings: Settings) -> None:
    """So that the same raw files give the same bytes, whatever the machine was doing meanwhile."""
    # positions that neither rise nor fall, and more rows than one vector of the engine
    positions = [f"{number * 7919 % 200_003:06}" for number in range(200_000)]
    deliver_orders(settings, *(order(position, position=position) for position in positions))
    capture(settings)
    curate(settings)
    kept = duckdb.connect().execute(
        f"select change_log_position from '{settings.curated}/shop/orders/*/*.parquet'"
    )
    assert [position for (position,) in kept.fetchall()] == positions
