"""What goes wrong while a warehouse is loaded: its landing tables end with exactly the rows of the curated zone."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flows.capture import capture
from flows.curate import curate, manifests
from flows.errors import DbtFailed
from flows.load import Loaded, load
from flows.settings import Settings
from flows.transform import run_dbt
from tests.conftest import ROOT

pytestmark = [pytest.mark.xdist_group("loads"), pytest.mark.long]
STORES = "Op,change_committed_at,change_log_position,store_id,store_name,city,region,country_code,legal_entity_id,opened_date,updated_at\n"
RATES = "rate_date,from_currency_code,to_currency_code,rate\n"
AT = "2017-03-01 10:00:00.000000"


def store(position: int, name: str, at: str = AT, store_id: str = "1") -> str:
    return f"U,{at},{position:020d},{store_id},{name},Paris,IDF,FR,FR01,2010-01-01,{at}\n"


def write(settings: Settings, name: str, content: str) -> None:
    path = settings.company / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


# values at the limits of what the contracts allow: rate is decimal(18,8), a name text(80)
LIMITS = [
    ("9999999999.99999999", "Z\U0001f600\U00020000é  "),
    ("0.00000001", " leading, ''quoted''"),
    ("1.00000000", "x" * 80),
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two batches of stores and rates, the second one late and with equal timestamps at the boundary; loaded."""
    home = tmp_path_factory.mktemp("loads")
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(home)})
    rates = "".join(f"2017-01-0{n + 1},USD,EUR,{rate}\n" for n, (rate, _) in enumerate(LIMITS))
    write(settings, "finance/fx_rates/fx_rates_20170101T000000.csv", RATES + rates)
    named = "".join(store(10 + n, f'"{name}"', store_id=f"L{n}") for n, (_, name) in enumerate(LIMITS))
    write(
        settings,
        "shop/stores/LOAD00000001.csv",
        STORES + store(5, "five", store_id="2") + store(7, "seven") + named,
    )
    capture(settings)
    curate(settings)
    # the clock of the source went back a day for one change, and three changes have the very same time
    skewed = store(9, "skewed", at="2017-02-28 10:00:00.000000", store_id="2")
    write(
        settings,
        "shop/stores/2017/03/01/20170301-235959000.csv",
        STORES + store(8, "eight") + store(6, "six") + skewed,
    )
    capture(settings)
    curate(settings)
    assert load(settings, "local") == Loaded(3, 11, 0, 2)
    return settings


def landing(settings: Settings) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.duckdb_path), read_only=True) as connection:
        return connection.execute(
            "select load_batch_number, store_id, store_name, change_log_position from customer_360_landing.shop__stores order by all"
        ).fetchall()


def change(settings: Settings, *statements: str) -> None:
    with duckdb.connect(str(settings.duckdb_path)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.fault(2)
@pytest.mark.fault(5)
@pytest.mark.fault(3)
def test_rows_without_a_ledger__are_loaded_anew_and_once(loaded: Settings) -> None:
    """The state of a warehouse without transactions whose run died between the data and the ledger, twice over."""
    before = landing(loaded)
    change(
        loaded,
        "delete from customer_360_landing.load_ledger where load_batch_number = 2",
        "insert into customer_360_landing.shop__stores from customer_360_landing.shop__stores where load_batch_number = 2",
    )
    assert load(loaded, "local") == Loaded(1, 3, 2, 2)
    assert landing(loaded) == before
    assert load(loaded, "local") == Loaded(0, 0, 3, 2)
    assert landing(loaded) == before


@pytest.mark.fault(7)
@pytest.mark.fault(8)
@pytest.mark.fault(15)
@pytest.mark.parametrize("fault", ["missing", "truncated", "other rows"])
def test_part_that_is_wrong__stops_the_load_and_leaves_the_others(
    loaded: Settings, tmp_path: Path, fault: str
) -> None:
    """Of the second batch; when the part is there as the manifest says, the load goes on and ends as it would have."""
    before = landing(loaded)
    part = Path(loaded.curated) / manifests(loaded)[1]["tables"][0]["file"]
    kept = tmp_path / "kept.parquet"
    shutil.copyfile(part, kept)
    change(loaded, "delete from customer_360_landing.load_ledger where load_batch_number = 2",
           "delete from customer_360_landing.shop__stores where load_batch_number = 2")  # fmt: skip
    if fault == "missing":
        part.unlink()
    elif fault == "truncated":
        part.write_bytes(kept.read_bytes()[:-100])
    else:
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (from read_parquet('{kept}') limit 2) to '{tmp_path}/two.parquet' (format parquet)"
            )
        shutil.copyfile(tmp_path / "two.parquet", part)
    try:
        with pytest.raises(DbtFailed):
            load(loaded, "local")
        assert landing(loaded) == [r for r in before if r[0] == 1]
    finally:
        shutil.copyfile(kept, part)
    assert load(loaded, "local") == Loaded(1, 3, 2, 2)
    assert landing(loaded) == before


@pytest.mark.fault(13)
def test_values_at_their_limits__land_as_they_were(loaded: Settings) -> None:
    """Most digits, smallest step, four-byte characters, a whole width, blanks at both ends, quotes."""
    with duckdb.connect(str(loaded.duckdb_path), read_only=True) as connection:
        rates = connection.execute(
            "select cast(rate as varchar) from customer_360_landing.finance__fx_rates order by rate_date"
        ).fetchall()
        names = connection.execute(
            "select store_name, city from customer_360_landing.shop__stores where store_id like 'L%' order by store_id"
        ).fetchall()
    assert [r[0] for r in rates] == [rate for rate, _ in LIMITS]
    assert [n[0] for n in names] == [name for _, name in LIMITS]


@pytest.mark.fault(11)
@pytest.mark.fault(17)
def test_equal_timestamps_at_the_boundary__are_told_apart_by_the_log(loaded: Settings) -> None:
    """Of three changes at one instant over two batches the last of the log counts, also where the clock went back."""
    run_dbt(loaded, "local", ["run", "--select", "stg_shop__stores"])
    with duckdb.connect(str(loaded.duckdb_path), read_only=True) as connection:
        schema = connection.execute(
            "select table_schema from information_schema.tables where table_name = 'stg_shop__stores'"
        ).fetchall()[0][0]
        found = connection.execute(
            f"select store_id, store_name from {schema}.stg_shop__stores where store_id in ('1', '2') order by 1"
        ).fetchall()
    assert found == [("1", "eight"), ("2", "skewed")]


PROGRAM = """
from flows.load import load
from flows.settings import Settings
load(Settings.from_environment(), "local")
"""


@pytest.mark.fault(1)
def test_killed_in_mid_load__the_next_load_completes_it(loaded: Settings, tmp_path: Path) -> None:
    """kill -9 while the warehouse is being written, three times over, then one load to the end."""
    import os

    import psutil

    home = tmp_path / "home"
    shutil.copytree(loaded.home / "lake", home / "lake")
    shutil.copytree(loaded.company, home / "company")
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(home)})
    log = settings.duckdb_path.with_name(settings.duckdb_path.name + ".wal")
    for least in (1, 20_000, 40_000):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env={**os.environ, "CUSTOMER_360_HOME": str(home)}
        )
        children: list[psutil.Process] = []
        while process.poll() is None and not (log.exists() and log.stat().st_size >= least):
            time.sleep(0.002)
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        for child in children:
            child.kill()
        process.send_signal(signal.SIGKILL)
        process.wait()
        psutil.wait_procs(children, timeout=60)
    load(settings, "local")
    assert load(settings, "local") == Loaded(0, 0, 3, 2)
    assert landing(settings) == landing(loaded)
