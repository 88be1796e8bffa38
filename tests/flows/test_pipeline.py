"""The whole path on a small company, as `make demo` runs it: once, again, and wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from tests.conftest import ROOT, python

LANDING_COLUMNS = {"change_operation", "change_committed_at", "change_log_position", "load_batch_number"}

pytestmark = pytest.mark.xdist_group("pipeline")


def test_first_run__reconciles_with_the_source(home: Path) -> None:
    summary = json.loads((home / "summary.json").read_text())
    totals = {name: (source, staged, built) for name, source, staged, built in summary["totals"]["local"]}
    assert len(totals) == 6
    for source, staged, built in totals.values():
        assert source == staged == built
    assert totals["order_lines"][0] > 10_000


def test_first_run__refuses_exactly_the_poison(home: Path) -> None:
    poison = json.loads((home / "company" / "company.json").read_text())["poison"]
    read = json.loads((home / "summary.json").read_text())["read"]
    refused = {f"{t['source']}.{t['table']}": t["rejected"] for t in read if t["rejected"]}
    assert refused == poison


def test_first_run__scores_identity_against_the_truth(home: Path) -> None:
    quality = json.loads((home / "summary.json").read_text())["identity"]
    assert quality["precision"] > 0.85
    assert quality["recall"] > 0.7


def test_catalog__every_table_and_column_is_described(home: Path) -> None:
    """What the warehouse has against what the YAML says: a column more or less on either side is found."""
    manifest = json.loads((home / "target" / "local" / "manifest.json").read_text())
    catalog = json.loads((home / "target" / "local" / "catalog.json").read_text())
    nodes = {
        key: node
        for key, node in {**manifest["nodes"], **manifest["sources"]}.items()
        if node["resource_type"] in ("model", "seed", "source")
    }
    tables = {**catalog["nodes"], **catalog["sources"]}
    assert tables.keys() == nodes.keys()
    for key, node in nodes.items():
        assert node["description"], f"{key} has no description"
        described = {name for name, column in node["columns"].items() if column["description"]}
        written_by_the_load = LANDING_COLUMNS if node["resource_type"] == "source" else set()
        assert described == set(tables[key]["columns"]) - written_by_the_load, key
        assert (
            node["name"].startswith(("stg_", "int_"))
            or node["resource_type"] != "model"
            or node["contract"]["enforced"]
        )


def test_required_columns__are_enforced_by_the_warehouse(home: Path) -> None:
    manifest = json.loads((home / "target" / "local" / "manifest.json").read_text())
    required = {
        (node["schema"], node["alias"], name)
        for node in manifest["nodes"].values()
        for name, column in node["columns"].items()
        if any(c["type"] == "not_null" for c in column.get("constraints", []))
    }
    assert len(required) > 40
    with duckdb.connect(str(home / "warehouse" / "customer_360.duckdb"), read_only=True) as connection:
        enforced = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns where is_nullable = 'NO'"
        ).fetchall()
    assert required <= set(enforced)


def test_site__stands_alone_and_its_links_hold(home: Path) -> None:
    site = home / "site"
    pages = [p for p in site.rglob("*.html") if p.name != "dbt.html" and "columns" not in p.parts]
    assert len(pages) > 100
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"""(?:src|href)=["']https?://""", text), page
        for link in re.findall(r"""href=["']([^"'#]+)""", text):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_second_run__builds_nothing_and_ends_well(home: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (home / "lake").rglob("*") if p.is_file()}
    done = python("-m", "flows.pipeline", home=home)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "nothing new" in done.stdout
    assert "up to date" in done.stdout
    assert {p: p.stat().st_mtime_ns for p in (home / "lake").rglob("*") if p.is_file()} == before


def test_source_freshness__is_read_from_the_ledger(home: Path, tmp_path: Path) -> None:
    late = tmp_path / "customer_360.duckdb"
    shutil.copyfile(home / "warehouse" / "customer_360.duckdb", late)
    with duckdb.connect(str(late)) as connection:
        connection.execute(
            "update customer_360_landing.load_ledger set loaded_at = '2017-01-01' where table_name = 'orders'"
        )
    dbt = Path(sys.executable).with_name("dbt")
    folders = ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    subprocess.run(
        [str(dbt), "-q", "source", "freshness", "--target", "local", *folders],
        cwd=ROOT,
        env={**os.environ, "CUSTOMER_360_DUCKDB_PATH": str(late)},
        check=False,
    )
    results = json.loads((tmp_path / "target" / "sources.json").read_text())["results"]
    status = {r["unique_id"].split(".", 2)[2]: r["status"] for r in results}
    assert len(status) > 10
    assert {name for name, found in status.items() if found != "pass"} == {"shop.orders"}


def test_site__contracts_are_valid_files_of_the_open_standard(home: Path) -> None:
    judge = jsonschema.Draft201909Validator(json.loads(OpenDataContractStandard.json_schema()))
    files = list((home / "site" / "contracts").glob("*.odcs.yaml"))
    assert len(files) == len(list((home / "site" / "contracts").glob("*.html"))) > 40
    faults = {
        file.name: [
            fault.message for fault in judge.iter_errors(yaml.safe_load(file.read_text(encoding="utf-8")))
        ]
        for file in files
    }
    assert {name: found for name, found in faults.items() if found} == {}
    event = yaml.safe_load(
        (home / "site" / "contracts" / "web__events.odcs.yaml").read_text(encoding="utf-8")
    )
    names = {p["name"]: p for p in event["schema"][0]["properties"]}
    assert names["event_id"]["primaryKey"]
    assert {"value": "page_viewed"} in names["event_name"]["enum"]


def test_home_that_is_a_file__is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = python("-m", "flows.pipeline", home=tmp_path / "file")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"home folder {tmp_path / 'file'} cannot be written" in done.stderr


def test_missing_library__is_named(home: Path, tmp_path: Path) -> None:
    """What pyodbc says where there is no ODBC manager, from a pyodbc that is found first."""
    begun = tmp_path / "home"
    shutil.copytree(home, begun)
    (tmp_path / "pyodbc.py").write_text(
        "raise ImportError('libodbc.so.2: cannot open shared object file: No such file or directory')\n"
    )
    done = python("-m", "flows.pipeline", "--targets", "synapse", home=begun, PYTHONPATH=str(tmp_path))
    assert done.returncode == 4
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith("customer-360: dbt run-operation on target synapse failed: ")
    )
    assert "the ODBC manager is missing; run `make setup`." in done.stderr


def test_unknown_target__is_one_sentence(empty_home: Path) -> None:
    done = python("-m", "flows.pipeline", "--targets", "oracle", home=empty_home)
    assert done.returncode == 2
    assert (
        done.stderr.strip()
        == "customer-360: target 'oracle' is unknown; choose from local, redshift, synapse, bigquery."
    )


def test_erased_persons__stand_in_no_column_of_any_mart(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse" / "customer_360.duckdb"), read_only=True) as connection:
        erased = "(select identifier_value from customer_360_identity.int_identity__erased_nodes)"
        assert connection.execute(f"select count(*) from {erased}").fetchall()[0][0] > 0, "nobody was erased"
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns where data_type = 'VARCHAR'"
            " and (table_schema in ('customer_360_core', 'customer_360_finance', 'customer_360_marketing', 'customer_360_ml')"
            " or table_name in ('identity_map', 'identity_merge_log', 'identity_tombstones'))"
        ).fetchall()
        assert len(columns) > 100
        found = [
            f"{table}.{column}"
            for schema, table, column in columns
            if connection.execute(
                f'select 1 from "{schema}"."{table}" where "{column}" in {erased} limit 1'
            ).fetchall()
        ]
    assert found == []
