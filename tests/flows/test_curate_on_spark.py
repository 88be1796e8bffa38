"""The same expressions on Spark as on DuckDB: equal rows in equal order, equal refusals, equal sentences."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.capture import capture
from flows.contracts import read_contracts
from flows.curate import Batch, curate
from flows.entry_points import glue_job
from flows.errors import InputError, SettingsError
from flows.settings import PROJECT, Settings
from tests.conftest import python
from tests.flows.spark import small_spark
from tests.flows.test_curate import ORDER_HEADER, RATES, deliver, order

pytestmark = pytest.mark.xdist_group("spark")
Curated = dict[str, tuple[Settings, Batch]]


@pytest.fixture(scope="module", autouse=True)
def spark() -> Iterator[Any]:
    with small_spark() as session:
        yield session


def _shorten(table: Path) -> None:
    """Leave of a table's files the first with records, and that with the records to refuse; of each some lines."""
    files = sorted(p for p in table.rglob("*") if p.is_file())
    kept = next((p for p in files if len(p.read_text(encoding="utf-8").splitlines()) > 1), files[0])
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path != kept and "poison" not in text.lower():
            path.unlink()
            continue
        lines = text.splitlines(keepends=True)
        wanted = [n for n, line in enumerate(lines) if n < 20 or "poison" in line.lower()]
        path.write_text("".join(lines[n] for n in wanted), encoding="utf-8")


# one of each format, with every type but flags; the long test has all
SOME = ("finance.fx_rates", "shop.orders", "shop.order_lines", "web.events")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Curated:
    """A few records of some sources of a company, curated on each engine."""
    return curated(tmp_path_factory.mktemp("engines"), SOME)


def curated(out: Path, only: Collection[str] = ()) -> Curated:
    """A few records of every source of a company, or of ``only`` some, curated on each engine."""
    done = python("-m", "sandbox.company", "--out", str(out / "company"), "--households", "4", "--quiet")
    assert done.returncode == 0, done.stderr
    for table in sorted(p for p in (out / "company").glob("*/*") if p.is_dir()):
        if not only or f"{table.parent.name}.{table.name}" in only:
            _shorten(table)
        else:
            shutil.rmtree(table)
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


def assert_equal_rows(both: Curated) -> None:
    (here, first), (there, second) = both["duckdb"], both["spark"]
    for one, other in zip(first.tables, second.tables, strict=True):
        ours, theirs = (pq.read_table(f"{s.curated}/{t['file']}") for s, t in ((here, one), (there, other)))
        assert [(f.name, f.type) for f in ours.schema] == [(f.name, f.type) for f in theirs.schema], one[
            "table"
        ]
        assert ours.cast(theirs.schema).equals(theirs), one["table"]
        assert one["rows"] == ours.num_rows > 0, one["table"]


def test_sources__have_equal_rows_in_equal_order(both: Curated) -> None:
    assert {f"{t['source']}.{t['table']}" for t in both["spark"][1].tables} == set(SOME)
    assert_equal_rows(both)


@pytest.mark.long
def test_every_source__has_equal_rows_in_equal_order(tmp_path: Path) -> None:
    found = curated(tmp_path)
    tables = {f"{t['source']}.{t['table']}" for t in found["spark"][1].tables}
    assert tables == {t.full_name for t in read_contracts(PROJECT)} - {"ml.predictions"}
    assert_equal_rows(found)


def test_sources__are_reported_alike(both: Curated) -> None:
    told = [
        [{k: v for k, v in t.items() if k not in ("sha256", "bytes")} for t in batch.tables]
        for _, batch in both.values()
    ]
    assert told[0] == told[1]
    drifted = {t["table"]: t["drift"] for t in told[0] if "drift" in t}
    assert drifted == {
        "events": [
            {"change": "added", "column": "colour", "records": 1},
            {
                "change": "broken",
                "column": "the record spells the field 'quantity' of the contract as 'Quantity'",
                "records": 1,
            },
            {"change": "widened", "column": "quantity", "records": 2},
        ]
    }


def test_what_is_refused__is_kept_alike(both: Curated) -> None:
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


@pytest.mark.long
def test_glue_job__curates_from_a_zip_of_the_project(tmp_path: Path) -> None:
    """As Glue starts it: the script alone, the project as a zip, its own parameters among ours."""
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path / "home")})
    deliver(settings, "finance/fx_rates/fx_rates_20170101T000000.csv", RATES)
    deliver(settings, "shop/orders/2017/01/05/20170105-235959000.csv", ORDER_HEADER + order("1") + order("1"))
    capture(settings)
    archive, script = tmp_path / "project.zip", tmp_path / "glue_job.py"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted([*(PROJECT / "flows").rglob("*.py"), *(PROJECT / "models").rglob("*.yml")]):
            packed.write(path, path.relative_to(PROJECT))
    script.write_text((PROJECT / "flows/entry_points/glue_job.py").read_text())
    done = subprocess.run(
        [sys.executable, str(script), "--JOB_NAME", "curate", "--enable-metrics", "true", "--CUSTOMER_360_HOME", str(settings.home)],
        env={**os.environ, "PYTHONPATH": str(archive), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_SUBMIT_ARGS": "--master local[1] --conf spark.ui.enabled=false pyspark-shell"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "batch": 1, "files": 2, "read": 3, "rows": 2, "rejected": 0, "duplicates": 1
    }  # fmt: skip
    assert pq.read_table(next(Path(settings.curated, "shop/orders").rglob("*.parquet"))).num_rows == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--CUSTOMER_360_LAKE"], "job parameter --CUSTOMER_360_LAKE has no value"),
        (["--CUSTOMER_360_LAKE", "--JOB_NAME", "x"], "job parameter --CUSTOMER_360_LAKE has no value"),
        (
            ["--CUSTOMER_360_LAKE=a", "--CUSTOMER_360_LAKE", "b"],
            "job parameter --CUSTOMER_360_LAKE is given twice",
        ),
    ],
)
def test_glue_job__refuses_wrong_parameters(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert glue_job.main(arguments) == SettingsError.exit_code
    assert sentence in capsys.readouterr().err
