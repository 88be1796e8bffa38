"""What goes wrong around the pipeline: killed at each step, started twice, a failing node, a warehouse held by another."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import psutil
import pytest

from flows.errors import AlreadyRunning, DbtFailed, InputError, SettingsError, WarehouseUnreachable
from flows.settings import Settings
from flows.state import State, warehouse_stamp
from flows.task import may_pass
from flows.transform import UNREACHABLE, run_dbt
from tests.conftest import ROOT, copy_company, python

pytestmark = pytest.mark.xdist_group("pipeline")
DATABASE = Path("warehouse") / "customer_360.duckdb"
WITHOUT_DOCS = ("-m", "flows.pipeline", "--no-docs")
# the line of the output at which the run is killed: in or right after each step
MOMENTS = ("capture ", "curate ", "load local ", "fct_order_line ", "load local predictions ")


def start(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", *WITHOUT_DOCS],
        cwd=ROOT,
        env={**os.environ, "CUSTOMER_360_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(process: subprocess.Popen[str], moment: str) -> None:
    """Read the run's output up to the line of a moment."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if moment in line:
            return
    pytest.fail(f"the run ended before '{moment}':\n{''.join(seen)[-2000:]}")


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table that the project wrote, in one order; the ledger without its clock."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema like 'customer_360%' order by all"
        ).fetchall()
        found = {}
        for schema, table in tables:
            hidden = "exclude (loaded_at)" if table == "load_ledger" else ""
            sql = f'select count(*), bit_xor(hash(t)) from (select * {hidden} from "{schema}"."{table}") as t'
            found[f"{schema}.{table}"] = connection.execute(sql).fetchall()
        return found


def without_graph(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Contents without the working tables of the identity graph."""
    return {name: rows for name, rows in found.items() if ".int_identity__" not in name}


def run_killed_at(moment: str, home: Path) -> None:
    """Start a run, kill it at the moment with no chance to clean up, and see that it leaves no process behind."""
    process = start(home)
    wait_for(process, moment)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children, "no server and no dbt to be left behind"
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, left = psutil.wait_procs(children, timeout=60)
    assert left == [], f"left behind by a run killed at '{moment}'"


def complete(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Run to the end; returns the warehouse's contents, and fails the test where the lake keeps half a file."""
    done = python(*WITHOUT_DOCS, home=home)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert not list((home / "lake").rglob("*.partial"))
    return contents(home / DATABASE)


@pytest.mark.fault(1)
@pytest.mark.fault(22)
def test_killed_in_mid_load__the_next_run_completes_it(home: Path, company: Path, tmp_path: Path) -> None:
    copy_company(company, tmp_path)
    run_killed_at("load local ", tmp_path)
    assert complete(tmp_path) == contents(home / DATABASE)


@pytest.mark.long
@pytest.mark.fault(1)
@pytest.mark.fault(22)
def test_killed_at_every_step__the_next_runs_complete_it(home: Path, company: Path, tmp_path: Path) -> None:
    """One home, killed at each moment in turn; then one run to the end."""
    copy_company(company, tmp_path)
    for moment in MOMENTS:
        run_killed_at(moment, tmp_path)
    found, once = complete(tmp_path), contents(home / DATABASE)
    # From its second build on, the identity graph leaves out at its start whom the first build erased at its end: so the
    # graph's own tables are those of a home that was built twice, and everything else is that of one build.
    again = tmp_path / "again"
    shutil.copytree(home, again)
    repeated = python(*WITHOUT_DOCS, "--force", home=again)
    assert repeated.returncode == 0, repeated.stderr[-2000:]
    assert found == contents(again / DATABASE)
    assert without_graph(found) == without_graph(once)


@pytest.mark.fault(4)
def test_second_run_at_once__is_refused(company: Path, tmp_path: Path) -> None:
    copy_company(company, tmp_path)
    first = start(tmp_path)
    try:
        wait_for(first, "capture ")
        second = python(*WITHOUT_DOCS, home=tmp_path)
    finally:
        first.kill()
        first.wait()
    assert second.returncode == AlreadyRunning.exit_code
    assert f"another run works on {tmp_path}" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


@pytest.mark.fault(19)
def test_failing_node__fails_the_flow_and_is_named(home: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "home"
    shutil.copytree(home, wrong)
    with duckdb.connect(str(wrong / "warehouse" / "customer_360.duckdb")) as connection:
        connection.execute(
            "insert into customer_360_landing.shop__stores (store_name, change_operation) values ('no id', 'I')"
        )
    done = python(*WITHOUT_DOCS, "--force", home=wrong)
    assert done.returncode == DbtFailed.exit_code
    last = done.stderr.strip().splitlines()[-1]
    assert "dbt build on target local failed in 1 node(s): not_null_stg_shop__stores_store_id" in last
    assert "Traceback" not in done.stderr


def test_warehouse_held_by_another__is_worth_another_try(home: Path, tmp_path: Path) -> None:
    database = tmp_path / "held.duckdb"
    shutil.copyfile(home / "warehouse" / "customer_360.duckdb", database)
    settings = Settings.from_environment(
        {"CUSTOMER_360_HOME": str(tmp_path), "CUSTOMER_360_DUCKDB_PATH": str(database)}
    )
    with duckdb.connect(str(database)), pytest.raises(WarehouseUnreachable) as raised:
        run_dbt(settings, "local", ["run", "--select", "dim_date"])
    assert may_pass(raised.value)


@pytest.mark.fault(20)
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1023 DETAIL: Serializable isolation violation on table - 117, transactions forming the cycle are", True),
        ("[42119] Cannot connect to database when it is paused.", True),
        ("Database 'pool' on server 'x' is not currently available. Please retry the connection later.", True),
        ("403 Exceeded rate limits: too many table update operations for this table", True),
        ("403 Quota exceeded: Your project exceeded quota for free query bytes scanned", True),
        ("404 Not found: Dataset customer-360:shop was not found in location US", False),
        ("permission denied for relation orders", False),
    ],
)  # fmt: skip
def test_warehouse_that_asks_for_patience__is_told_from_one_that_refuses(words: str, expected: bool) -> None:
    """In the words of the vendors' documentation; the services themselves were not asked."""
    assert bool(UNREACHABLE.search(words)) is expected


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (OSError("disk"), True),
        (WarehouseUnreachable("held"), True),
        (DbtFailed("a test failed"), False),
        (InputError("a file is cut off"), False),
        (SettingsError("unknown target"), False),
        (KeyError("a bug"), False),
    ],
)
def test_only_faults_that_may_pass__are_tried_again(fault: Exception, expected: bool) -> None:
    assert may_pass(fault) is expected


def test_task__is_tried_again_and_gives_the_last_fault(tmp_path: Path) -> None:
    """In a process of its own, because Prefect reads its settings once."""
    program = """
from pathlib import Path
from flows.errors import InputError
from flows.prefect_server import start_prefect_server
from flows.settings import Settings, quiet_prefect
quiet_prefect(Settings.from_environment())
start_prefect_server(Settings.from_environment())
from prefect import flow
from flows.task import run_task
calls = []
def busy(until):
    calls.append(1)
    if len(calls) < until:
        raise OSError("busy")
    return len(calls)
def wrong():
    calls.append(1)
    raise InputError("file x, row 2")
@flow
def tries():
    print("busy:", run_task("busy", lambda: busy(3), (0.0, 0.0)))
    calls.clear()
    try:
        run_task("always busy", lambda: busy(9), (0.0, 0.0))
    except OSError as fault:
        print("gave up:", fault, len(calls))
    calls.clear()
    try:
        run_task("wrong", wrong, (0.0, 0.0))
    except InputError as fault:
        print("wrong:", fault, len(calls))
tries()
"""
    done = python("-c", program, home=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert [line for line in done.stdout.splitlines() if ":" in line][-3:] == [
        "busy: 3",
        "gave up: busy 3",
        "wrong: file x, row 2 1",
    ]


def test_state__does_not_trust_a_warehouse_put_in_its_place(tmp_path: Path) -> None:
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path)})
    settings.duckdb_path.parent.mkdir(parents=True)
    settings.duckdb_path.write_bytes(b"one")
    state = State(settings, force=False)
    state.done("load-local", 1, warehouse_stamp(settings, "local"))
    assert state.is_done("load-local", 1, warehouse_stamp(settings, "local"))
    assert not state.is_done("load-local", 2, warehouse_stamp(settings, "local"))
    assert not State(settings, force=True).is_done("load-local", 1, warehouse_stamp(settings, "local"))
    other = tmp_path / "other"
    other.write_bytes(b"two")
    other.replace(settings.duckdb_path)
    assert not state.is_done("load-local", 1, warehouse_stamp(settings, "local"))
    settings.duckdb_path.unlink()
    assert not state.is_done("load-local", 1, warehouse_stamp(settings, "local"))
    assert warehouse_stamp(settings, "redshift") is None
