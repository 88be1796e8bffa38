"""An incremental build gives the rows of a full refresh, for every table and view, after the deliveries that are hard:
corrections of old orders, deletions, late product versions, revised rates, moved stores, merged customers, late events.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.capture import capture
from flows.curate import curate
from flows.load import load
from flows.settings import Settings
from tests.conftest import ROOT, python

pytestmark = pytest.mark.xdist_group("incremental")
Record = dict[str, str]
COMMITTED_AT = "2017-09-01 23:00:00.000000"


def newest(company: Path, table: str, key: str) -> dict[str, Record]:
    """The newest version of every row that the table's change files tell, the deleted ones left out."""
    versions: dict[str, Record] = {}
    for path in (company / table).rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if (
                    row[key] not in versions
                    or row["change_log_position"] > versions[row[key]]["change_log_position"]
                ):
                    versions[row[key]] = row
    return {key: row for key, row in versions.items() if row["Op"] != "D"}


def deliver(company: Path, table: str, rows: list[Record], name: str = "20170901-235958000.csv") -> None:
    """One more change file of a table."""
    path = company / table / name
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def erased_account(company: Path) -> str:
    """The account whose person will ask to be erased: none of those that the other corrections move."""
    buyers = {order["customer_id"] for order in newest(company, "shop/orders", "order_id").values()}
    return max(c for c in newest(company, "shop/customers", "customer_id") if c not in buyers)


def share_a_kiosk(company: Path) -> None:
    """One browser that everybody uses, so that no rule ties it to a person: an erased person's clicks leave its visits."""
    accounts = [
        c for c in sorted(newest(company, "shop/customers", "customer_id")) if c != erased_account(company)
    ]
    visitors = [erased_account(company), *accounts[:9]]
    lines = []
    for number in range(40):
        at = f"2017-08-20T09:{number:02}:00.000000Z"
        event = {
            "event_id": f"kiosk-{number}",
            "event_name": "page_viewed",
            "anonymous_id": "ck-kiosk",
            "url": "https://shop.example/",
        }
        lines.append(
            json.dumps(event | {"user_id": visitors[number % 10], "occurred_at": at, "received_at": at})
            + "\n"
        )
    (company / "web" / "events" / "web-events-kiosk-20170821.jsonl").write_text(
        "".join(lines), encoding="utf-8"
    )


def correct(company: Path) -> None:
    """Everything that reaches back: each of these must change rows that were built before."""
    positions = iter(range(10**6))

    def change(row: Record, operation: str = "U", **values: str) -> Record:
        position = f"0{1504306800000000000 + next(positions)}"
        return (
            row
            | values
            | {"Op": operation, "change_committed_at": COMMITTED_AT, "change_log_position": position}
        )

    orders = newest(company, "shop/orders", "order_id")
    lines = newest(company, "shop/order_lines", "order_line_id")
    # the poison records of the simulated company are refused anyway; leave them alone
    by_order: dict[str, list[Record]] = {}
    for line in lines.values():
        if line["order_id"] in orders and line["quantity"].isdigit():
            by_order.setdefault(line["order_id"], []).append(line)
    gone, moved, repriced, shorter, unpaid, refunded = sorted(o for o in by_order if len(by_order[o]) > 2)[
        3:60:10
    ]
    other_store = next(
        o["store_id"] for o in orders.values() if o["store_id"] not in ("", orders[moved]["store_id"])
    )
    deliver(
        company,
        "shop/orders",
        [change(orders[gone], "D"), change(orders[moved], store_id=other_store, channel="store")],
    )
    deliver(
        company,
        "shop/order_lines",
        [change(line, "D") for line in by_order[gone]]
        + [
            change(by_order[repriced][0], sales_amount="1.2300", quantity="7"),
            change(by_order[shorter][0], "D"),
        ],
    )
    payments = newest(company, "shop/payments", "payment_id")
    deliver(
        company,
        "shop/payments",
        [change(p, "D") for p in payments.values() if p["order_id"] in (gone, unpaid)],
    )
    refunds = newest(company, "shop/refunds", "refund_id")
    taken_back = min(r for r in refunds if refunds[r]["order_id"] in by_order)
    late_refund = change(refunds[taken_back], "I", refund_id="R-LATE", order_id=refunded, payment_id=f"{refunded}-P1") | {
        "order_line_id": by_order[refunded][0]["order_line_id"], "currency_code": orders[refunded]["currency_code"]
    }  # fmt: skip
    deliver(company, "shop/refunds", [change(refunds[taken_back], "D"), late_refund])
    stores = newest(company, "shop/stores", "store_id")
    store = stores[next(o["store_id"] for o in orders.values() if o["store_id"] in stores)]
    entity = next(
        s["legal_entity_id"] for s in stores.values() if s["legal_entity_id"] != store["legal_entity_id"]
    )
    deliver(company, "shop/stores", [change(store, legal_entity_id=entity)])
    products = newest(company, "shop/products", "product_id")
    sold = by_order[repriced][1]["product_id"]
    late = change(products[sold], unit_cost="0.0100", department="LATE") | {
        "change_committed_at": "2017-01-02 00:00:00.000000", "change_log_position": "01483315200000000001", "updated_at": "2017-01-02 00:00:00.000000"
    }  # fmt: skip
    deliver(company, "shop/products", [late])
    rates = sorted((company / "finance" / "fx_rates").glob("*.csv"))[-1]
    with rates.open(encoding="utf-8", newline="") as text:
        revised = [r | {"rate": "0.50000000"} for r in csv.DictReader(text) if r["rate_date"] >= "2017-06-01"]
    deliver(company, "finance/fx_rates", revised, "fx_rates_20170902T000000.csv")
    customers = newest(company, "shop/customers", "customer_id")
    buyers = {order["customer_id"] for order in orders.values()}
    one, other = sorted(c for c in customers if c in buyers and "@" in customers[c]["email"])[:2]
    deliver(company, "shop/customers", [change(customers[one], email=customers[other]["email"])])
    events = sorted((company / "web" / "events").rglob("*.jsonl"))
    late_events = []
    for number, line in enumerate(events[len(events) // 2].read_text(encoding="utf-8").splitlines()[:40]):
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        late_events.append(
            event
            | {
                "event_id": f"late-{number}",
                "utm_source": "late",
                "utm_medium": "late",
                "utm_campaign": "late",
            }
        )
    (company / "web" / "events" / "web-events-20170902.jsonl").write_text(
        "".join(json.dumps(event) + "\n" for event in late_events), encoding="utf-8"
    )
    request = {
        "request_id": "ER-LATE",
        "identifier_type": "customer_id",
        "identifier_value": erased_account(company),
    }
    deliver(
        company,
        "privacy/erasure_requests",
        [request | {"requested_at": "2017-09-01 12:00:00.000000"}],
        "erasure_requests_20170902T000000.csv",
    )


def carry(settings: Settings, through: str, more: Callable[[Path], None] = lambda company: None) -> None:
    done = python(
        "-m",
        "sandbox.company",
        "--out",
        str(settings.company),
        "--households",
        "12",
        "--quiet",
        "--through",
        through,
    )
    assert done.returncode == 0, done.stderr
    more(settings.company)
    capture(settings)
    curate(settings)
    load(settings, "local")


def build(settings: Settings, database: Path, *arguments: str) -> None:
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "-q",
            "build",
            "--target",
            "local",
            "--project-dir",
            str(ROOT),
            *arguments,
        ],
        cwd=ROOT,
        env={**os.environ, **settings.dbt_environment("local"), "CUSTOMER_360_DUCKDB_PATH": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.fault(11)
@pytest.mark.fault(21)
def test_incremental__equals_full_refresh(tmp_path: Path) -> None:
    # twelve households are so few that the poison records are more than the usual share
    settings = Settings.from_environment(
        {"CUSTOMER_360_HOME": str(tmp_path), "CUSTOMER_360_QUARANTINE_THRESHOLD": "0.2"}
    )
    carry(settings, "2017-08-31", share_a_kiosk)
    build(settings, settings.duckdb_path)
    before = tmp_path / "before.duckdb"
    shutil.copyfile(settings.duckdb_path, before)
    carry(settings, "2017-09-01", correct)
    fresh = tmp_path / "fresh.duckdb"
    shutil.copyfile(settings.duckdb_path, fresh)
    build(settings, settings.duckdb_path)
    build(settings, fresh, "--full-refresh")
    with duckdb.connect(str(settings.duckdb_path)) as connection:
        connection.execute(f"attach '{fresh}' as fresh (read_only); attach '{before}' as before (read_only)")
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_catalog = 'fresh' and table_schema like 'customer_360_%' and table_schema not like '%landing' order by all"
        ).fetchall()  # fmt: skip
        assert len(tables) > 60

        def differing(here: str, there: str) -> int:
            sql = f"select count(*) from ((from {here} except all from {there}) union all (from {there} except all from {here}))"
            return int(connection.execute(sql).fetchall()[0][0])

        wrong = {table: n for (table,) in tables if (n := differing(table, f"fresh.{table}"))}
        assert not wrong, f"rows that differ from those of a full refresh: {wrong}"
        for table in (
            "core.fct_order_line",
            "core.fct_order",
            "core.fct_event",
            "core.fct_session",
            "marketing.fct_touchpoint",
            "identity.identity_merge_log",
        ):
            gone = f"from before.customer_360_{table} except all from customer_360_{table}"
            added = f"from customer_360_{table} except all from before.customer_360_{table}"
            assert (
                connection.execute(f"select count(*) from ({gone} union all {added})").fetchall()[0][0] > 0
            ), f"{table}: nothing was corrected"
        kiosk = "select sum(event_count) from {}customer_360_core.fct_session where anonymous_id = 'ck-kiosk'"
        assert connection.execute(kiosk.format("before.")).fetchall() == [(40,)]
        assert connection.execute(kiosk.format("")).fetchall() == [(36,)]
