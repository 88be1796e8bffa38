"""An incremental build after one more delivery gives the rows of a build from nothing, for every mart that is not state."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.capture import capture
from flows.curate import curate
from flows.load import load
from flows.settings import Settings
from tests.conftest import ROOT, python

pytestmark = pytest.mark.xdist_group("incremental")
MARTS = [
    "core.fct_order", "core.fct_order_line", "core.fct_payment", "core.fct_refund", "core.fct_event", "core.fct_session", "core.dim_product",
    "core.dim_customer_history", "finance.daily_revenue", "finance.revenue_schedule", "marketing.fct_touchpoint", "marketing.customer_360",
]  # fmt: skip


def carry(settings: Settings, through: str) -> None:
    done = python("-m", "sandbox.company", "--out", str(settings.company), "--households", "12", "--quiet", "--through", through)
    assert done.returncode == 0, done.stderr
    capture(settings)
    curate(settings)
    load(settings, "local")


def build(settings: Settings, database: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "-q", "build", "--target", "local", "--project-dir", str(ROOT)],
        cwd=ROOT,
        env={**os.environ, **settings.dbt_environment("local"), "CUSTOMER_360_DUCKDB_PATH": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_incremental__equals_full(tmp_path: Path) -> None:
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path), "CUSTOMER_360_QUARANTINE_THRESHOLD": "0.2"})
    carry(settings, "2017-08-31")
    build(settings, settings.duckdb_path)
    carry(settings, "2017-09-01")
    fresh = tmp_path / "fresh.duckdb"
    shutil.copyfile(settings.duckdb_path, fresh)
    build(settings, settings.duckdb_path)
    with duckdb.connect(str(fresh)) as connection:
        for (schema,) in connection.execute(
            "select schema_name from information_schema.schemata where catalog_name = 'fresh' and schema_name like 'customer_360_%' and schema_name not like '%landing'"
        ).fetchall():
            connection.execute(f'drop schema "{schema}" cascade')
    build(settings, fresh)
    with duckdb.connect(str(settings.duckdb_path)) as connection:
        connection.execute(f"attach '{fresh}' as fresh (read_only)")
        for mart in MARTS:
            here, there = f"customer_360_{mart}", f"fresh.customer_360_{mart}"
            rows = connection.execute(f"select count(*) from {here}").fetchall()[0][0]
            differing = connection.execute(
                f"select count(*) from ((from {here} except all from {there}) union all (from {there} except all from {here}))"
            ).fetchall()[0][0]  # fmt: skip
            assert rows > 0, mart
            assert differing == 0, f"{mart}: {differing} of {rows} rows differ"
