"""The engines that there are, in the order of the matrix's columns. A new engine is one more class and one more line."""

from __future__ import annotations

from pathlib import Path

from tests.macros.engines import Engine
from tests.macros.engines.bigquery_evaluator import BigQueryEvaluator
from tests.macros.engines.bigquery_stand_in import BigQueryStandIn
from tests.macros.engines.embedded_duckdb import EmbeddedDuckDB
from tests.macros.engines.redshift_on_postgres import RedshiftOnPostgres
from tests.macros.engines.through_dbt import ThroughDbt


def laptop_engines(home: Path) -> list[Engine]:
    """The engines that need no server of anybody's."""
    return [
        EmbeddedDuckDB(),
        BigQueryEvaluator(home / "cache"),
        RedshiftOnPostgres(),
    ]


def all_engines(home: Path) -> list[Engine]:
    """Those of the laptop and the sandbox's BigQuery, then the warehouses themselves, or their stand-ins, which dbt reaches."""
    return [
        *laptop_engines(home),
        BigQueryStandIn(home / "cache"),
        *(ThroughDbt(target) for target in ("redshift", "synapse", "bigquery")),
    ]
