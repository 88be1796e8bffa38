"""The trial of a warehouse: rehearsed on DuckDB, it leaves nothing behind, also when it fails, and touches nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from flows.errors import DbtFailed, InputError, NotEqual
from flows.settings import Settings
from flows.transform import run_dbt
from flows.verify import verify

pytestmark = pytest.mark.xdist_group("pipeline")


def schemas(database: Path) -> set[tuple[str, int]]:
    """Schemas with the number of their tables."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select schema_name, (select count(*) from duckdb_tables() as t where t.schema_name = s.schema_name) from duckdb_schemas() as s where database_name = 'customer_360'"
        ).fetchall()
    return set(found)


@pytest.mark.long
def test_trial_that_is_not_whole__is_not_equal_and_leaves_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only one mart is built, so the verdict must not be equal; the scratch schemas must go all the same."""
    for part in ("lake", "target", "warehouse"):
        shutil.copytree(home / part, tmp_path / part)
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path)})
    before = schemas(settings.duckdb_path)
    with pytest.raises(NotEqual, match="not everything was compared"):
        verify(settings, "local", vectors=False, select=["--select", "+dim_store"])
    assert schemas(settings.duckdb_path) == before
    assert not list((tmp_path / "verify").glob("*.duckdb"))
    told = capsys.readouterr().out
    assert "dim_store" in told
    assert "verify: dropped on local: customer_360_verify_" in told


def test_names_that_are_no_trial__are_never_dropped(home: Path, tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    shutil.copyfile(
        home / "warehouse" / "customer_360.duckdb", tmp_path / "warehouse" / "customer_360.duckdb"
    )
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path)})
    before = schemas(settings.duckdb_path)
    with pytest.raises(DbtFailed, match="'customer_360' is not the name of a trial"):
        run_dbt(settings, "local", ["run-operation", "drop_scratch_schemas", "--args", '{"scratch": "customer_360"}'])  # fmt: skip
    assert schemas(settings.duckdb_path) == before


def test_trial_without_a_lake__is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is empty; run `make demo` first"):
        verify(Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path)}), "local")
