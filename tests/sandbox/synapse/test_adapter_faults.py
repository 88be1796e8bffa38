"""What dbt-synapse itself gets wrong, as a dedicated pool answers it, and that macros/synapse_workarounds helps.

Each first case fails when a release of the adapter has mended the fault: then its workaround can go.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.sandbox.synapse.conftest import ROOT, Client, Running

FAULTS = Path(__file__).parent / "faults_project"
Dbt = Callable[..., subprocess.CompletedProcess[str]]
# node: the start of what the adapter alone ends with
ALONE = {
    "contracted": "Incorrect syntax near 'with'",  # microsoft/dbt-fabric#318
    "contracted_view": "Incorrect syntax near 'with'",  # microsoft/dbt-fabric#318
    "described": "alter_relation_comment",  # dbt-msft/dbt-sqlserver#134
    "counts_rows": "103010",  # microsoft/dbt-fabric#296
    "begins_with_a_comment": "Incorrect syntax near",  # microsoft/dbt-synapse#25
}


def messages(folder: Path) -> dict[str, tuple[str, str]]:
    """(status, message) of each node of the last run, by its name."""
    told = json.loads((folder / "target" / "run_results.json").read_text())
    # a unit test's name comes after its model's
    place = {"unit_test": 3}
    return {
        (parts := r["unique_id"].split("."))[place.get(parts[0], 2)]: (r["status"], str(r["message"]))
        for r in told["results"]
    }


def project(tmp_path: Path, schema: str, *, workarounds: bool) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(FAULTS, folder)
    profiles = folder / "profiles.yml"
    profiles.write_text(profiles.read_text().replace("schema: faults", f"schema: {schema}"))
    if workarounds:
        shutil.copytree(ROOT / "macros" / "synapse_workarounds", folder / "macros")
    return folder


def test_adapter_alone__fails_as_its_issues_say(dbt: Dbt, tmp_path: Path) -> None:
    folder = project(tmp_path, "alone", workarounds=False)
    dbt(folder, "build")
    found = messages(tmp_path)
    assert found["grows"][0] == "success"
    assert found["by_two_keys"][0] == "success"
    for name in ("contracted", "contracted_view", "described", "begins_with_a_comment"):
        assert ALONE[name] in found[name][1], (name, found[name])
    # without its description the view is built, and what reads it shows its own fault
    model = folder / "models" / "described.sql"
    model.write_text("select 1 as id")
    dbt(
        folder,
        "build",
        "--vars",
        "{width: 9}",
        "--select",
        "described",
        "counted",
        "grows",
        "by_two_keys",
        "--indirect-selection",
        "cautious",
    )
    found = messages(tmp_path)
    assert ALONE["counts_rows"] in found["counts_rows"][1], found["counts_rows"]
    assert found["grows"][0] == "error"
    assert "Incorrect syntax near 'AS'" in found["grows"][1]
    # a new column of a snapshot; synapse__create_columns reads a name that is not defined
    assert found["by_two_keys"][0] == "error"
    assert "Incorrect syntax near" in found["by_two_keys"][1]


def test_workarounds__make_them_work(server: Running, dbt: Dbt, tmp_path: Path) -> None:
    folder = project(tmp_path, "mended", workarounds=True)
    done = dbt(folder, "build")
    assert done.returncode == 0, done.stdout[-3000:]
    found = messages(tmp_path)
    assert found["begins_with_a_comment"][0] == "pass"
    assert found["counts_rows"][0] == "pass"
    shutil.copytree(tmp_path / "target", tmp_path / "state")
    done = dbt(
        folder, "clone", "--state", str(tmp_path / "state"), "--target", "second", "--select", "counted"
    )
    assert done.returncode == 0, done.stdout[-3000:]
    model = folder / "models" / "contracted.sql"
    model.write_text(model.read_text().replace("select id, name", "select id, 1 as name"))
    done = dbt(folder, "build", "--vars", "{width: 9}")
    assert done.returncode != 0
    found = messages(tmp_path)
    assert "contract that failed" in found["contracted"][1]
    assert found["grows"][0] == "success"
    assert found["by_two_keys"][0] == "success"
    client = Client(server.connect(), "mended")
    kept = "select one, two, text, more, case when dbt_valid_to is null then 1 else 0 end as live from {s}.by_two_keys order by one, two, live"
    assert client.rows(kept) == [
        (1, 1, "a", None, 0),
        (1, 1, "a9", "new", 1),
        (1, 2, "b", None, 0),
        (1, 2, "b9", "new", 1),
    ]
    client.connection.close()
