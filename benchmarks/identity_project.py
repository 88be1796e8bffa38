"""A dbt project of one model, connected_components over a table of edges, built as a user would build it."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Measurement, measure

ROOT = Path(__file__).resolve().parents[1]
DBT = Path(sys.executable).parent / "dbt"
PROJECT = """
name: customer_360
version: "0.1.0"
profile: customer_360
config-version: 2
model-paths: [models]
macro-paths: [macros]
dispatch: [{macro_namespace: dbt, search_order: [customer_360, dbt]}]
flags: {send_anonymous_usage_stats: false}
"""
# given: the model knows what is new; compared: it repeats everything and the materialization finds what is new
MODELS = {
    "given": """{{ config(materialized='connected_components', changes_only=true) }}
{% if components_are_kept() -%}
select left_node_key, right_node_key, 0 as is_removed from given.more
{%- else -%}
select left_node_key, right_node_key, 0 as is_removed from given.edges
{%- endif %}""",
    "compared": """{{ config(materialized='connected_components') }}
select left_node_key, right_node_key from given.edges
union all
select left_node_key, right_node_key from given.more""",
    "components": """{{ config(materialized='connected_components') }}
select left_node_key, right_node_key from given.edges""",
}


@dataclass(frozen=True)
class Built:
    """One ``dbt run``: the whole process, the model's own seconds, and what the materialization said."""

    process: Measurement
    seconds: float
    said: str


class Project:
    """The project in a folder, working on one DuckDB file."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder, self.database = folder, database
        (folder / "models").mkdir(parents=True, exist_ok=True)
        (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
        for name, sql in MODELS.items():
            (folder / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
        if not (folder / "macros").exists():
            (folder / "macros").symlink_to(ROOT / "macros")

    def build(self, model: str) -> Built:
        """``dbt run --select model``; raises SystemExit with the log's end when it fails."""
        log = self.folder / f"{model}.log"
        target = self.folder / "target"
        process = measure(
            [
                str(DBT),
                "--no-use-colors",
                "run",
                "--select",
                model,
                "--target",
                "local",
                "--project-dir",
                str(self.folder),
                "--profiles-dir",
                str(ROOT / "profiles"),
            ],
            environment={
                **os.environ,
                "CUSTOMER_360_DUCKDB_PATH": str(self.database),
                "CUSTOMER_360_SCHEMA": "result",
                "DBT_TARGET_PATH": str(target),
                "DBT_LOG_PATH": str(target / "logs"),
            },
            log=log,
        )
        results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
        said = re.findall(rf"{model}: (.*converged.*)", log.read_text(encoding="utf-8"))
        return Built(process, float(results[0]["execution_time"]), said[-1] if said else "")
