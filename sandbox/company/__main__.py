"""python -m sandbox.company --out FOLDER: let the simulated company write what its systems of record would."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from sandbox.company import (
    catalogue,
    changes,
    clickstream,
    marketing,
    orders,
    persons,
    poison,
    real,
    registers,
    streams,
    truth,
)
from sandbox.company.outbox import Outbox

END = dt.date(2018, 1, 5)
# table and key
CHANGE_TABLES = [
    ("stores", "store_id"), ("products", "product_id"), ("customers", "customer_id"), ("addresses", "address_id"),
    ("orders", "order_id"), ("order_lines", "order_line_id"), ("payments", "payment_id"), ("refunds", "refund_id"),
]  # fmt: skip
# source, table, column that says when a row is known, days between exports
EXPORTS = [
    ("finance", "fx_rates", "rate_date", 7), ("finance", "legal_entities", None, None), ("finance", "tax_rates", None, None),
    ("marketing", "campaigns", None, None), ("marketing", "campaign_targets", None, None), ("marketing", "coupons", None, None),
    ("marketing", "redemptions", "redeemed_date", 30), ("marketing", "spend", "spend_date", 30), ("marketing", "demographics", None, None),
    ("privacy", "consents", "recorded_at", 30), ("privacy", "erasure_requests", "requested_at", 30),
]  # fmt: skip


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.company", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the outboxes")
    parser.add_argument("--households", type=int, help="a subset of the 2,469 households")
    parser.add_argument("--seed", type=int, default=360)
    parser.add_argument("--scale", type=int, default=1, help="multiplies households and everything they do")
    parser.add_argument(
        "--nastiness",
        type=int,
        default=1,
        help="1 to 10: how many times more often things go wrong; from 2 on, names that are hard to carry",
    )
    parser.add_argument(
        "--through", type=dt.date.fromisoformat, default=END, help="last day delivered (YYYY-MM-DD)"
    )
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args()
    for name in ("households", "scale"):
        value = getattr(given, name)
        if value is not None and value < 1:
            parser.error(f"--{name} is {value}; it must be at least 1.")
    if not 1 <= given.nastiness <= 10:
        parser.error(f"--nastiness is {given.nastiness}; it must be from 1 to 10.")
    if not dt.date(2017, 1, 1) <= given.through <= END:
        parser.error(f"--through is {given.through}; it must be from 2017-01-01 to {END}.")
    return given


def control_totals(connection: duckdb.DuckDBPyConnection, through: dt.date) -> dict[str, Any]:
    """What a correct load must give back, straight from the real file: counts, and sums as decimal text.

    Only orders of days that are wholly delivered and settled by ``through`` are certain, so totals are given
    for the whole year alone (through its last day) and are null otherwise.
    """
    names = [
        "order_lines",
        "orders",
        "sales_amount",
        "retail_discount_amount",
        "coupon_discount_amount",
        "coupon_match_discount_amount",
    ]
    if through < END:
        return dict.fromkeys(names)
    row = connection.execute(
        """
        select count(*), count(distinct order_id), sum(sales_amount), sum(retail_discount_amount), sum(coupon_discount_amount),
            sum(coupon_match_discount_amount) from line
        """
    ).fetchall()[0]
    return {
        name: value if isinstance(value, int) else str(value) for name, value in zip(names, row, strict=True)
    }


def main() -> int:
    """Write what is due; exit code 0, or 2 with one sentence when the folder belongs to another company."""
    given = arguments()
    began = time.perf_counter()
    out: Path = given.out.resolve()
    identity = {
        "seed": given.seed,
        "households": given.households,
        "scale": given.scale,
        "nastiness": given.nastiness,
    }
    record = out / "company.json"
    since = None
    if record.exists():
        before = json.loads(record.read_text(encoding="utf-8"))
        before = {"nastiness": 1} | before  # of a company that was written before there was a choice
        if {name: before[name] for name in identity} != identity:
            print(
                f"company: {out} holds another company ({', '.join(f'{n} {before[n]}' for n in identity)}); choose another folder (make: CUSTOMER_360_HOME=…) or delete it (make: make reset).",
                file=sys.stderr,
            )
            return 2
        since = dt.date.fromisoformat(before["through"])
        if since >= given.through:
            print(f"company: already written through {since}, nothing to do")
            return 0
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        print(
            f"company: folder {out} cannot be made: {fault.strerror}; choose another --out.", file=sys.stderr
        )
        return 2

    def say(text: str) -> None:
        if not given.quiet:
            print(f"company: {time.perf_counter() - began:5.1f} s  {text}", flush=True)

    scratch = out / ".scratch"
    connection = duckdb.connect(config={"temp_directory": str(scratch), "memory_limit": "8GB"})
    connection.execute(
        f"create macro unit(k) as (md5_number_lower('{given.seed}|' || k) % 1000003) / 1000003.0 -- a draw from [0, 1) that only seed and key decide"
    )
    connection.execute(
        f"create macro mishap(k) as unit(k) / {given.nastiness} -- a draw for what goes wrong: smaller in a nastier company"
    )
    say("reading The Complete Journey")
    real.read(connection, given.households, given.scale)
    catalogue.build(connection)
    say("inventing persons, accounts and devices")
    persons.build(connection, nasty=given.nastiness > 1)
    orders.build(connection)
    say("clicking")
    connection.execute(
        "create table browsed as select product_id, row_number() over (order by product_id) - 1 as position from (select distinct product_id from sold)"
    )
    marketing.build(connection)
    clickstream.build(connection)
    registers.build(connection)
    changes.build(connection)
    streams.build(connection)
    outbox = Outbox(connection, out, since, given.through, poison.lines())
    for table, key in CHANGE_TABLES:
        say(f"writing shop.{table}")
        outbox.deliver_changes(table, key)
    for source, table, key in (("web", "events", "event_id"), ("profile", "changes", "change_id")):
        say(f"writing {source}.{table}")
        outbox.deliver_stream(source, table, key)
    for source, table, day_column, every_days in EXPORTS:
        outbox.deliver_export(source, table, day_column, every_days)
    truth.write(connection, out / "truth")
    seconds = round(time.perf_counter() - began, 1)
    summary = {
        **identity,
        "through": str(given.through),
        "is_full_year": given.through == END,
        "files": outbox.files,
        "seconds": seconds,
        "control_totals": control_totals(connection, given.through),
        "poison": poison.expected(),
    }
    partial = out / ".company.json.partial"
    partial.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    partial.rename(record)
    connection.close()
    print(f"company: {outbox.files} files written through {given.through} in {seconds} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
