"""dbt's features on a project nobody here wrote for the stand-in, and our own project's models, by the real adapter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.sandbox.bigquery.conftest import ROOT, Running

FOREIGN = Path(__file__).parent / "foreign_project"
BATCHES = ("--event-time-start", "2024-01-01", "--event-time-end", "2024-03-01")


def dbt(server: Running, folder: Path, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments, "--profiles-dir", str(project), "--project-dir", str(project),
            "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        ],
        cwd=project, env={**os.environ, "STAND_IN": server.address, "CUSTOMER_360_BIGQUERY_ENDPOINT": server.address},
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip


def test_foreign_project__builds_again_and_again(server: Running, tmp_path: Path) -> None:
    client = server.client("foreign-project")
    for variables in ("{round: 1}", "{round: 2, more: true}"):
        done = dbt(server, tmp_path, FOREIGN, "build", *BATCHES, "--vars", variables)
        assert done.returncode == 0, done.stdout[-3000:]
    rounds = {r.id: (r.round, r.extra) for r in client.query_and_wait("select * from first.by_merge")}
    assert rounds == {1: (1, None), 2: (2, "new"), 3: (2, "new")}
    parts = {
        r.id: r.round
        for r in client.query_and_wait("select * from first.by_partition where joined is not null")
    }
    assert parts == {1: 1, 2: 1, 3: 2}
    history = list(client.query_and_wait("select id, dbt_valid_to is null as live from first.people_history"))
    assert sorted((r.id, r.live) for r in history) == [
        (1, False),
        (1, True),
        (2, False),
        (2, True),
        (3, False),
    ]
    what = [r.what for r in client.query_and_wait("select what from first.audit order by what")]
    assert what == ["end", "hook", "start"]
    table = client.get_table("first.by_merge")
    assert (table.clustering_fields, table.labels) == (["id"], {"team": "growth"})
    assert client.get_table("first.people_summary").description == "How many, and a 'quoted' word"
    grants = client.query_and_wait(
        "select grantee from first.INFORMATION_SCHEMA.OBJECT_PRIVILEGES where object_name = 'view_people'"
    )
    assert [r.grantee for r in grants] == ["user:reader@example.com"]
    # clone reads where things are from the state; its own target path is written by every command
    shutil.copytree(tmp_path / "target", tmp_path / "state")
    for arguments in (
        ("retry",), ("show", "--select", "people_summary"), ("source", "freshness"), ("docs", "generate"),
        ("clone", "--state", str(tmp_path / "state"), "--target", "second", "--select", "people_summary"),
    ):  # fmt: skip
        done = dbt(server, tmp_path, FOREIGN, *arguments)
        assert done.returncode == 0, (arguments, done.stdout[-2000:])
    catalog = json.loads((tmp_path / "target" / "catalog.json").read_text())
    assert catalog["nodes"]["model.foreign.with_contract"]["columns"]["score"]["type"] == "NUMERIC"


def test_broken_model__fails_with_line_and_column(server: Running, tmp_path: Path) -> None:
    done = dbt(
        server,
        tmp_path,
        FOREIGN,
        "show",
        "--inline",
        "select id,\n  nvl2(id, 1, 2) as x from (select 1 as id)",
    )
    assert done.returncode != 0
    assert "Function not found: nvl2" in done.stdout
    assert "at [" in done.stdout


def test_our_models__build_on_empty_landing_tables(server: Running, tmp_path: Path) -> None:
    done = dbt(server, tmp_path, ROOT, "run-operation", "create_landing_tables", "--target", "bigquery")
    assert done.returncode == 0, done.stdout[-2000:]
    for command in ("seed", "run"):
        done = dbt(server, tmp_path, ROOT, command, "--target", "bigquery", "--full-refresh")
        assert done.returncode == 0, done.stdout[-3000:]
