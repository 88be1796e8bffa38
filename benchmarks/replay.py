"""Runs a list of SQL statements in a DuckDB file, one after the other: the peer that dbt is measured against.

Usage: python -m benchmarks.replay DATABASE STATEMENTS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb


def main(database: str, statements: str) -> None:
    """Execute every statement and fetch its result, as a client would."""
    with duckdb.connect(database) as connection:
        connection.execute("set timezone = 'UTC'")
        for sql in json.loads(Path(statements).read_text(encoding="utf-8")):
            connection.execute(sql).fetchall()


if __name__ == "__main__":
    main(*sys.argv[1:])
