"""The same expressions on Spark as on DuckDB: equal rows in equal order, equal refusals, equal sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.capture import capture
from flows.contracts import read_contracts
from flows.curate import Batch, curate
from flows.errors import InputError
from flows.settings import PROJECT, Settings
from tests.conftest import python
from tests.flows.spark import small_spark
from tests.flows.test_curate import ORDER_HEADER, RATES, deliver, order

pytestmark = pytest.mark.xdist_group("spark")


@pytest.fixture(scope="module", autouse=True)
def spark() -> Iterator[Any]:
    with small_spark() as session:
        yield session


def _shorten(table: Path) -> None:
    """Leave of a table's files the first, and that with the records to refuse; of each some lines at its ends."""
    files = sorted(p for p in table.rglob("*") if p.is_file())
    for path in files:
        if path != files[0] and "20170120" not in path.name:
            path.unlink()
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:20] + lines[20:][-20:]), encoding="utf-8")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Settings, Batch]]:
    """A few records of every source of a company, curated on each engine."""
    out = tmp_path_factory.mktemp("engines")
    done = python("-m", "sandbox.company", "--out", str(out / "company"), "--households", "2", "--quiet")
    assert done.returncode == 0, done.stderr
    for table in sorted(p for p in (out / "company").glob("*/*") if p.is_dir() and p.parent.name != "truth"):
        _shorten(table)
    # names that Unicode spells in two ways, a JSON number with zeros, a doubled key, wider forms
    path = next(iter(sorted((out / "company" / "web" / "events").rglob("*.jsonl"))))
    event = '"event_name": "cart_added", "anonymous_id": "Zoe\\u0308", "occurred_at": "2017-01-01T08:00:00Z", "received_at": "2017-01-01T08:00:01.5Z"'
    path.write_text(
        path.read_text()
        + "".join(
            f'{{"event_id": "odd-{n}", {event}, {rest}}}\n'
            for n, rest in enumerate(
                ['"quantity": 2.0', '"quantity": "3.00"', '"url": "a", "url": "b"', '"colour": 1', '"Quantity": 4',
                 '"quantity": true', '"url": {"a": [1.50]}', '"url": "\\u0000x\\ud83d\\ude00"', '"quantity": null']
            )
        )
    )  # fmt: skip
    found = {}
    for engine in ("duckdb", "spark"):
        settings = Settings.from_environment(
            {"CUSTOMER_360_HOME": str(out / engine), "CUSTOMER_360_CURATION_ENGINE": engine, "CUSTOMER_360_QUARANTINE_THRESHOLD": "0.9"}
        )  # fmt: skip
        settings = replace(settings, outboxes={"": str(out / "company")})
        capture(settings)
        found[engine] = (settings, curate(settings))
    return found


def test_every_source__has_equal_rows_in_equal_order(both: dict[str, tuple[Settings, Batch]]) -> None:
    (here, first), (there, second) = both["duckdb"], both["spark"]
    tables = {f"{t['source']}.{t['table']}" for t in first.tables}
    assert tables == {t.full_name for t in read_contracts(PROJECT)} - {"ml.predictions"}
    for one, other in zip(first.tables, second.tables, strict=True):
        ours, theirs = (pq.read_table(f"{s.curated}/{t['file']}") for s, t in ((here, one), (there, other)))
        assert [(f.name, f.type) for f in ours.schema] == [(f.name, f.type) for f in theirs.schema], one[
            "table"
        ]
        assert ours.cast(theirs.schema).equals(theirs), one["table"]
        assert one["rows"] == ours.num_rows


def test_every_source__is_reported_alike(both: dict[str, tuple[Settings, Batch]]) -> None:
    told = [
        [{k: v for k, v in t.items() if k not in ("sha256", "bytes")} for t in batch.tables]
        for _, batch in both.values()
    ]
    assert told[0] == told[1]
    drifted = {t["table"]: t["drift"] for t in told[0] if "drift" in t}
    assert drifted == {
        "events": [
            {"change": "added", "column": "colour", "records": 1},
            {"change": "widened", "column": "quantity", "records": 2},
        ]
    }


def test_what_is_refused__is_kept_alike(both: dict[str, tuple[Settings, Batch]]) -> None:
    kept = []
    for settings, _ in both.values():
        root = Path(settings.quarantine)
        kept.append({str(p.relative_to(root)): p.read_text() for p in sorted(root.rglob("*.jsonl"))})
    assert kept[0] == kept[1]
    reasons = [json.loads(line)["reason"] for text in kept[0].values() for line in text.splitlines()]
    assert "the record spells the field 'quantity' of the contract as 'Quantity'" in reasons
    assert len(reasons) == 12 + 2  # of the company, and 'Quantity' and true


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ORDER_HEADER + "I,2017-01-05 10:01:00,1\n", "row 2 is malformed"),
        (
            ORDER_HEADER + order("1") + order("1", ordered_at="2017-01-05 09:00:00"),
            "duplicate key (order_id)",
        ),
    ],
)
def test_unusable_delivery__stops_the_batch_with_the_same_sentence(
    tmp_path: Path, content: str, reason: str
) -> None:
    sentences = []
    for engine in ("duckdb", "spark"):
        settings = Settings.from_environment(
            {"CUSTOMER_360_HOME": str(tmp_path), "CUSTOMER_360_CURATION_ENGINE": engine}
        )
        deliver(settings, "finance/fx_rates/fx_rates_20170101T000000.csv", RATES)
        deliver(settings, "shop/orders/2017/01/05/20170105-235959000.csv", content)
        capture(settings)
        with pytest.raises(InputError) as refusal:
            curate(settings)
        sentences.append(str(refusal.value))
        assert not list(Path(settings.curated).rglob("*.parquet"))
    assert reason in sentences[0]
    assert sentences[0] == sentences[1]
