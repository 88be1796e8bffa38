"""Parity on some marts, quick enough for every run of the tests: equal copies are equal, one changed cell is found and shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from flows.comparison import compare_marts
from flows.differences import find_differences
from flows.fingerprints import Side, read_fingerprints
from flows.settings import Settings

pytestmark = pytest.mark.xdist_group("pipeline")
DATABASE = Path("warehouse") / "customer_360.duckdb"
MARTS = ["dim_store", "fct_refund"]


def test_subset__is_equal_until_one_cell_changes(home: Path, tmp_path: Path) -> None:
    sides = []
    for name in ("left", "right"):
        (tmp_path / name / "warehouse").mkdir(parents=True)
        shutil.copyfile(home / DATABASE, tmp_path / name / DATABASE)
        shutil.copytree(home / "target", tmp_path / name / "target")
        sides.append(Side(name, Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path / name)}), "local"))  # fmt: skip
    before = [read_fingerprints(side, {}, MARTS) for side in sides]
    assert [m["verdict"] for m in compare_marts(before, MARTS)] == ["equal", "equal"]
    with duckdb.connect(str(sides[1].settings.duckdb_path)) as connection:
        changed = connection.execute(
            "update customer_360_core.dim_store set region = region || ' ' where store_key = (select min(store_key) from customer_360_core.dim_store) returning store_key"
        ).fetchall()
    after = read_fingerprints(sides[1], before[1].marts, MARTS)
    marts = compare_marts([before[0], after], MARTS)
    assert [m["verdict"] for m in marts] == ["different", "equal"]
    assert marts[0]["sentence"] == "dim_store differs in region."
    [found] = find_differences(*sides, [{"mart": "dim_store", "key": ["store_key"], "partitions": []}])
    assert [(row["key"], row["cells"]) for row in found.rows] == [({"store_key": changed[0][0]}, ["region"])]
    assert after.reused > 0, "what was not touched was read again"
