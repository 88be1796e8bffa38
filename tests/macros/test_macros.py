"""Vectors of the portable macros on DuckDB: one dbt process renders and runs them all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).with_name("dbt")
VECTORS = yaml.safe_load((Path(__file__).parent / "vectors.yml").read_text(encoding="utf-8"))
REFUSALS = [
    "{{ truncate_date('decade', 'd') }}", "{{ date_difference('week', 'a', 'b') }}", "{{ key_text('x', 'blob') }}", "{{ data_type('money') }}",
    "{{ data_type('text', 5000) }}", "{{ physical_type('varchar(3)') }}", "{{ text_part('x', 'ab', 1) }}", "{{ nulls_last('x', 'down') }}",
]  # fmt: skip


def show(inline: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(DBT),
            "-q",
            "show",
            "--inline",
            inline,
            "--output",
            "json",
            "--limit",
            "-1",
            "--target-path",
            str(tmp_path / "t"),
            "--log-path",
            str(tmp_path / "l"),
        ],
        cwd=ROOT,
        env={**os.environ, "CUSTOMER_360_DUCKDB_PATH": str(tmp_path / "vectors.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_vectors__give_what_the_contracts_say(tmp_path: Path) -> None:
    columns = ", ".join(
        f"cast({{{{ {case['call']} }}}} as varchar) as v{i}" for i, case in enumerate(VECTORS)
    )
    done = show(f"select {columns}", tmp_path)
    assert done.returncode == 0, done.stdout[-2000:]
    row = json.loads(done.stdout[done.stdout.index("{") :])["show"][0]
    wrong = {
        case["call"]: (case["gives"], row[f"v{i}"])
        for i, case in enumerate(VECTORS)
        if (None if row[f"v{i}"] is None else str(row[f"v{i}"])) != case["gives"]
    }
    assert wrong == {}


@pytest.mark.parametrize("call", REFUSALS)
def test_wrong_argument__is_a_compile_error_that_names_the_macro(call: str, tmp_path: Path) -> None:
    done = show(f"select {call} as x", tmp_path)
    assert done.returncode != 0
    assert "Macro " in done.stdout
