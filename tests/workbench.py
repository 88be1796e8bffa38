"""A small dbt project of a test's own around the project's macros: the models under test, and the test's tables below them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.conftest import ROOT

DBT = Path(sys.executable).with_name("dbt")
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


class Workbench:
    """A folder with models and a DuckDB file; ``build`` runs dbt there as a user would."""

    def __init__(self, folder: Path, models: dict[str, str], materialized: str = "view") -> None:
        self.folder = folder
        self.database = folder / "workbench.duckdb"
        (folder / "models").mkdir(parents=True, exist_ok=True)
        (folder / "dbt_project.yml").write_text(
            PROJECT + f"models: {{+materialized: {materialized}}}\n", encoding="utf-8"
        )
        (folder / "macros").symlink_to(ROOT / "macros")
        for name, sql in models.items():
            (folder / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")

    def write(self, table: str, columns: dict[str, str], rows: list[tuple[object, ...]]) -> None:
        """Replace a table of the schema ``given``, with ``columns`` as name and DuckDB type."""
        with duckdb.connect(str(self.database)) as connection:
            connection.execute("create schema if not exists given")
            connection.execute(
                f"create or replace table given.{table} ({', '.join(f'{n} {t}' for n, t in columns.items())})"
            )
            if rows:
                by_column = {n: [row[i] for row in rows] for i, n in enumerate(columns)}
                lists = ", ".join(f"unnest($%s::{t}[])" % n for n, t in columns.items())
                connection.execute(f"insert into given.{table} select {lists}", by_column)

    def build(self, *arguments: str) -> str:
        """Run ``dbt run``; returns what it printed, and fails the test when it fails."""
        return self.dbt("run", *arguments)

    def dbt(self, command: str, *arguments: str) -> str:
        """Run a command of dbt; returns what it printed, and fails the test when it fails."""
        done = subprocess.run(
            [str(DBT), "--no-use-colors", command, "--profiles-dir", str(ROOT / "profiles"), "--target", "local", *arguments],
            cwd=self.folder,
            env={**os.environ, "CUSTOMER_360_DUCKDB_PATH": str(self.database), "CUSTOMER_360_SCHEMA": "built"},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:]
        return done.stdout

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query on what was built."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def model(folder: str, name: str) -> str:
    """SQL of one of the project's own models."""
    return (ROOT / "models" / folder / f"{name}.sql").read_text(encoding="utf-8")
