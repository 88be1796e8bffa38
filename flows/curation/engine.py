"""What curation asks of an engine. The expressions are the same on each; see duckdb_engine.py and spark_engine.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from flows.contracts import Table
from flows.curation.reading import literal, quoted
from flows.curation.structure import Layout
from flows.lake import Access, FolderLake, Lake


class Engine(ABC):
    """Runs ibis expressions over tables that it keeps by name until ``close``."""

    dialect: str

    @abstractmethod
    def near(self, raw: Lake, names: list[str], cache: Path) -> Lake:
        """Where the engine reads these files best: the raw zone itself, or copies of them in the folder ``cache``."""

    @abstractmethod
    def read(self, lake: Lake, table: Table, files: list[tuple[Layout, list[str]]]) -> ir.Table:
        """Keep table ``raw`` (checking.raw_schema). InputError for a file that cannot be read."""

    @abstractmethod
    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Evaluate once and keep; an earlier table of the name is forgotten."""

    @abstractmethod
    def keep_values(self, name: str, values: list[str]) -> ir.Table:
        """Keep a small table of one column ``value``."""

    @abstractmethod
    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        """A small result."""

    @abstractmethod
    def write(self, expression: ir.Table, part: Path) -> None:
        """Write one Parquet file on this machine, in the order of the expression."""

    @abstractmethod
    def close(self) -> None:
        """Give back what was kept."""

    def sql(self, expression: ir.Table) -> str:
        """The expression in the engine's own words."""
        return str(ibis.to_sql(expression, dialect=self.dialect))


def open_engine(name: str, scratch: Path, access: Access) -> Engine:
    """The engine of a name, working in a folder of this machine. SettingsError when it is not installed."""
    if name == "spark":
        from flows.curation.spark_engine import SparkEngine

        return SparkEngine(access)
    from flows.curation.duckdb_engine import DuckDBEngine

    return DuckDBEngine(scratch)


def distinct_values(lake: FolderLake, files: list[str], column: str, own: Path) -> list[str]:
    """The distinct values, as text, of a column of curated files and of this batch's ``own`` file, where that exists.

    They come to this machine: what others must exist in are lists of codes.
    """
    paths = [lake.uri(file) for file in files] + ([str(own)] if own.exists() else [])
    if not paths:
        return []
    listed = ", ".join(map(literal, paths))
    found = duckdb.connect().execute(
        f"select distinct cast({quoted(column)} as varchar) as value from read_parquet([{listed}]) where {quoted(column)} is not null order by 1"
    )
    return [value for (value,) in found.fetchall()]
