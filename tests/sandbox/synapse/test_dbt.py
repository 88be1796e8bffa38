"""dbt's features on a project nobody here wrote for the stand-in, by the real adapter and Microsoft's driver."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.sandbox.synapse.conftest import ROOT, Client, Running

FOREIGN = Path(__file__).parent / "foreign_project"
Dbt = Callable[..., subprocess.CompletedProcess[str]]


def test_foreign_project__builds_again_and_again(server: Running, dbt: Dbt, tmp_path: Path) -> None:
    client = Client(server.connect(), "first")
    client.run("if user_id('reader') is null create user reader without login")
    for variables in ("{round: 1}", "{round: 2, more: true}"):
        done = dbt(FOREIGN, "build", "--vars", variables)
        assert done.returncode == 0, done.stdout[-3000:]
    assert client.rows("select id, round, extra from {s}.by_merge order by id") == [
        (1, 1, None),
        (2, 2, "new"),
        (3, 2, "new"),
    ]
    assert client.rows("select round, count(*) from {s}.by_append group by round order by round") == [
        (1, 3),
        (2, 3),
    ]
    assert client.rows("select id, round from {s}.by_delete_insert order by id") == [(1, 1), (2, 1), (3, 2)]
    history = client.rows(
        "select id, case when dbt_valid_to is null then 1 else 0 end as live from {s}.people_history order by id, live"
    )
    assert history == [(1, 0), (1, 1), (2, 0), (2, 1), (3, 0)]
    assert client.rows("select what, count(*) from {s}.audit group by what order by what") == [
        ("end", 2),
        ("hook", 2),
    ]
    assert client.rows("select shout from {s}.view_people where id = 3") == [("ČENĚK'S",)]
    grants = client.rows(
        "select grantee, privilege_type from information_schema.table_privileges where table_schema = '{s}' and table_name = 'view_people'"
    )
    assert grants == [("reader", "SELECT")]
    assert client.rows("select count(*) from {s}_dbt_test__audit.nobody_without_name") == [(0,)]
    policies = client.rows(
        "select t.name, p.distribution_policy_desc, i.type_desc from sys.tables as t join sys.pdw_table_distribution_properties as p"
        " on p.object_id = t.object_id join sys.indexes as i on i.object_id = t.object_id and i.index_id < 2"
        " where schema_name(t.schema_id) = '{s}' and t.name in ('hashed', 'people') order by t.name"
    )
    assert policies == [("hashed", "HASH", "CLUSTERED COLUMNSTORE"), ("people", "ROUND_ROBIN", "HEAP")]
    for arguments in (
        ("source", "freshness"),
        ("build", "--full-refresh", "--select", "by_append"),
        ("docs", "generate"),
    ):
        done = dbt(FOREIGN, *arguments)
        assert done.returncode == 0, (arguments, done.stdout[-2000:])
    catalog = json.loads((tmp_path / "target" / "catalog.json").read_text())
    columns = catalog["nodes"]["model.foreign.people_summary"]["columns"]
    assert {name: told["type"] for name, told in columns.items()} == {
        "n": "int",
        "active": "int",
        "total": "decimal",
    }
    assert client.rows("select count(*) from {s}.by_append") == [(3,)]
    client.connection.close()


def test_broken_model__fails_with_the_pools_error_and_is_retried(
    server: Running, dbt: Dbt, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(FOREIGN, project)
    profiles = (project / "profiles.yml").read_text()
    (project / "profiles.yml").write_text(profiles.replace("schema: first", "schema: third"))
    model = project / "models" / "people_summary.sql"
    right = model.read_text()
    model.write_text("select id, name from {{ ref('people') }} limit 5")
    done = dbt(project, "build", "--select", "people", "people_summary", "--indirect-selection", "cautious")
    assert done.returncode != 0
    assert "Incorrect syntax near" in done.stdout
    assert "103010" in done.stdout
    model.write_text(right)
    done = dbt(project, "retry")
    assert done.returncode == 0, done.stdout[-2000:]


def test_our_models__build_on_empty_landing_tables(dbt: Dbt) -> None:
    done = dbt(ROOT, "run-operation", "create_landing_tables", "--target", "synapse")
    assert done.returncode == 0, done.stdout[-2000:]
    done = dbt(
        ROOT, "build", "--target", "synapse", "--full-refresh", "--exclude-resource-type", "test", "exposure"
    )
    assert done.returncode == 0, done.stdout[-3000:]
