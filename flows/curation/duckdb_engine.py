"""DuckDB, embedded: the default engine. The same raw files give the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from flows.contracts import Table
from flows.curation.checking import raw_schema
from flows.curation.engine import Engine
from flows.curation.reading import literal, malformed, quoted, reading_sql
from flows.curation.structure import Layout
from flows.lake import FolderLake, Lake


class DuckDBEngine(Engine):
    """Tables are in a file of the scratch folder, so that a batch may be larger than memory."""

    dialect = "duckdb"

    def __init__(self, scratch: Path) -> None:
        self.connection = duckdb.connect(
            str(scratch / "batch.duckdb"),
            config={"memory_limit": "6GB", "temp_directory": str(scratch / "spill")},
        )

    def near(self, raw: Lake, names: list[str], cache: Path) -> FolderLake:
        return raw.at_hand(names, cache)

    def read(self, lake: Lake, table: Table, files: list[tuple[Layout, list[str]]]) -> ir.Table:
        assert isinstance(lake, FolderLake)
        names = [name for _, found in files for name in found]
        self.connection.execute("drop view if exists raw; drop table if exists read")
        try:
            self.connection.execute(f"create table read as {reading_sql(lake, table, files)}")
        except duckdb.Error as fault:
            raise malformed(lake, table, names, fault) from None
        # rows keep the order in which they were read, so their numbers are free
        self.connection.execute("create view raw as select rowid as record_number, * from read")
        return ibis.table(raw_schema(table), name="raw")

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        self.connection.execute(f"create or replace table {quoted(name)} as {self.sql(expression)}")
        return ibis.table(expression.schema(), name=name)

    def keep_values(self, name: str, values: list[str]) -> ir.Table:
        self.connection.execute(
            f"create or replace table {quoted(name)} as select unnest($values::varchar[]) as value",
            {"values": values},
        )
        return ibis.table({"value": "string"}, name=name)

    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        return self.connection.execute(self.sql(expression)).fetchall()

    def write(self, expression: ir.Table, part: Path) -> None:
        self.connection.execute(
            f"copy ({self.sql(expression)}) to {literal(str(part))} (format parquet, compression snappy)"
        )

    def close(self) -> None:
        self.connection.close()
