"""The queries of parity compile offline for every warehouse and parse in its dialect, on a mart with every kind of column."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

from tests.compile.test_targets import DBT, DIALECTS, ROOT, violations_of

# it has every kind of column; parsing is slow, so one mart stands for all
MARTS = ["fct_session"]
MARK = "-- next query"
QUERIES = """
{%- for mart in marts_to_compare(MARTS) %}
{{ fingerprint_of_rows(mart, 'parity_partition') }}
-- next query
{{ fingerprint_of_texts(mart, ['2017-01-01', 'none']) }}
-- next query
{{ select_texts(mart, rows_asked_for({'prefixes': ['a0'], 'partitions': ['2017-01-01']})) }}
-- next query
{%- endfor %}
"""


@pytest.mark.parametrize("target", list(DIALECTS))
def test_queries__compile_offline_and_parse(target: str, tmp_path: Path) -> None:
    inline = QUERIES.replace("MARTS", str(MARTS))
    done = subprocess.run(
        [
            str(DBT), "-q", "compile", "--target", target, "--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs"),
            "--no-populate-cache", "--no-introspect", "--output", "json", "--inline", inline,
        ],
        cwd=ROOT,
        env={**os.environ, "CUSTOMER_360_DUCKDB_PATH": str(tmp_path / "none.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    compiled = json.loads(done.stdout[done.stdout.index("{") :])["compiled"]
    queries = [query.strip() for query in compiled.split(MARK) if query.strip()]
    assert len(queries) == 3 * len(MARTS)
    linter = Linter(config=FluffConfig.from_path(str(ROOT), overrides={"dialect": DIALECTS[target]}))
    for number, query in enumerate(queries):
        path = tmp_path / f"{number}.sql"
        path.write_text(query + "\n", encoding="utf-8")
        assert violations_of(linter, path, DIALECTS[target], with_rules=False) == [], query
