"""dbt's features on a project nobody here wrote for the stand-in, and our own models, by the real adapter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.sandbox.redshift.conftest import ROOT, Client, Running

FOREIGN = Path(__file__).parent / "foreign_project"
BATCHES = ("--event-time-start", "2024-01-01", "--event-time-end", "2024-03-01")


# One process runs a list of commands, so that dbt is imported and the project parsed once.
COMMANDS = """
import json, sys
from dbt.cli.main import dbtRunner
for arguments in json.loads(sys.argv[1]):
    done = dbtRunner().invoke(arguments)
    if done.exception or not done.success:
        print("FAILED", arguments, done.exception)
        sys.exit(1)
"""


def dbt(
    server: Running, folder: Path, project: Path, *commands: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """Run dbt's commands in order, until one fails."""
    places = [
        "--profiles-dir", str(project), "--project-dir", str(project), "--target-path", str(folder / "target"),
        "--log-path", str(folder / "logs"), "--no-use-colors",
    ]  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", COMMANDS, json.dumps([[*command, *places] for command in commands])],
        cwd=project,
        env={
            **os.environ,
            "STAND_IN_PORT": str(server.port),
            "CUSTOMER_360_REDSHIFT_PORT": str(server.port),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def test_foreign_project__builds_again_and_again(server: Running, tmp_path: Path) -> None:
    client = Client(server.connect(), "first")
    builds = [("build", *BATCHES, "--vars", v) for v in ("{round: 1}", "{round: 2, more: true, auto: true}")]
    done = dbt(
        server, tmp_path, FOREIGN, ("run-operation", "prepare_grantees"), *builds, ("retry",), ("docs", "generate"),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert client.ask("select id, round, extra from first.by_merge order by 1") == [
        [1, 1, None],
        [2, 2, "new"],
        [3, 2, "new"],
    ]
    assert client.ask("select id, round from first.by_delete_insert order by 1") == [[1, 1], [2, 1], [3, 2]]
    assert client.ask("select count(*), count(distinct round) from first.by_append") == [[6, 2]]
    assert client.ask("select id, round from first.by_batch order by 1") == [[1, 2], [2, 2], [3, 2]]
    assert client.ask("select id, dbt_valid_to is null from first.people_history order by 1, 2") == [
        [1, False], [1, True], [2, False], [2, True], [3, False],
    ]  # fmt: skip
    assert client.ask("select count(*) from first.people_versions where dbt_valid_to = '9999-12-31'") == [[3]]
    assert client.ask("select what, count(*) from first.audit group by what order by what") == [
        ["end", 2],
        ["hook", 2],
        ["start", 2],
    ]
    assert client.ask("select id from first_dbt_test__audit.bob_is_there") == [[2]]
    assert client.ask("select \"table\", diststyle, sortkey1, sortkey_num from svv_table_info where schema = 'first' and \"table\" in ('over_late', 'people', 'materialized') order by 1") == [
        ["materialized", "KEY(active)", "active", 1], ["over_late", "KEY(id)", "shout", 2], ["people", "ALL", "AUTO(SORTKEY)", 0],
    ]  # fmt: skip
    assert client.ask("select trim(name), autorefresh from svv_mv_info where schema_name = 'first'") == [
        ["materialized", "t"]
    ]
    assert client.ask("select identity_name, identity_type from svv_relation_privileges where namespace_name = 'first' and relation_name = 'view_people' order by 1") == [
        ["analysts", "group"], ["auditor", "role"], ["reader", "user"],
    ]  # fmt: skip
    assert client.ask("select obj_description('first.people_summary'::regclass, 'pg_class')") == [
        ["How many, and a 'quoted' word"]
    ]
    catalog = json.loads((tmp_path / "target" / "catalog.json").read_text())
    # clone reads where things are from the state; its own target path is written by every command
    shutil.copytree(tmp_path / "target", tmp_path / "state")
    clone = ("clone", "--state", str(tmp_path / "state"), "--target", "second", "--select", "people_summary")
    # clone comes last: what it makes here is a view, which goes when the table under it is made anew
    done = dbt(
        server, tmp_path, FOREIGN, ("show", "--select", "people_summary"), ("source", "freshness"),
        ("build", "--full-refresh", *BATCHES, "--exclude", "resource_type:test"), clone,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert client.ask("select count(*) from second.people_summary") == [[1]]
    nodes = catalog["nodes"]
    assert nodes["model.foreign.with_contract"]["columns"]["score"]["type"] == "numeric(9,2)"
    assert nodes["model.foreign.late_people"]["metadata"]["type"] == "LATE BINDING VIEW"
    assert nodes["model.foreign.materialized"]["metadata"]["type"] == "MATERIALIZED VIEW"
    assert nodes["model.foreign.over_late"]["stats"]["diststyle"]["value"] == "KEY(id)"


def test_datasharing__is_served_by_show(server: Running, tmp_path: Path) -> None:
    few = (
        "--target",
        "datasharing",
        "--select",
        "+by_merge",
        "late_people",
        "materialized",
        "--exclude",
        "relationships_over_late_id__id__ref_people_",
    )
    done = dbt(
        server, tmp_path, FOREIGN, ("run-operation", "prepare_grantees"),
        *[("build", *few, "--vars", v) for v in ("{round: 1}", "{round: 2, more: true}")],
        ("docs", "generate", "--target", "datasharing"),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    client = Client(server.connect(), "third")
    assert client.ask("select id, round, extra from third.by_merge order by 1") == [
        [1, 1, None],
        [2, 2, "new"],
        [3, 2, "new"],
    ]
    catalog = json.loads((tmp_path / "target" / "catalog.json").read_text())
    assert catalog["nodes"]["model.foreign.late_people"]["metadata"]["type"] == "LATE BINDING VIEW"


def test_retry__builds_what_failed(server: Running, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    shutil.copy(FOREIGN / "profiles.yml", project)
    (project / "dbt_project.yml").write_text(
        "name: foreign\nversion: '1.0'\nprofile: foreign\nmodels: {+materialized: table, +schema: retried}\n"
    )
    (project / "models" / "first_one.sql").write_text("select 1 as n")
    (project / "models" / "broken.sql").write_text(
        "select n / 0 as n, string_agg('a', 'b') as s from {{ ref('first_one') }}"
    )
    done = dbt(server, tmp_path, project, ("build",))
    assert done.returncode == 1
    assert "string_agg" in done.stdout
    (project / "models" / "broken.sql").write_text("select n from {{ ref('first_one') }}")
    done = dbt(server, tmp_path, project, ("retry",))
    assert done.returncode == 0, done.stdout[-2000:]
    assert "PASS=1 " in done.stdout


def test_our_models__build_on_empty_landing_tables(server: Running, tmp_path: Path) -> None:
    redshift = ("--target", "redshift")
    done = dbt(
        server, tmp_path, ROOT, ("run-operation", "create_landing_tables", *redshift), ("seed", *redshift),
        ("run", "--full-refresh", *redshift),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
