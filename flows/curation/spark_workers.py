"""What Spark's workers run of ours: reading files, composing texts, handing over results. They know neither ibis nor Spark."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from flows.contracts import Table
from flows.curation.reading import CHANGE_TEXTS, malformed, reading_sql
from flows.curation.structure import Layout
from flows.lake import Access, Lake, open_lake

RECORDS_OF_A_FILE = 1 << 33  # more than any file has
ROWS_OF_A_PIECE = 50_000
FILES_AT_ONCE = 64  # of the lake on a worker's disk
Batches = Iterable[pa.RecordBatch]


def record_schema(table: Table) -> pa.Schema:
    """What reading gives, and ``unusable``: why a whole file cannot be read, in a record of its own."""
    texts = [*(c.name for c in table.columns), *CHANGE_TEXTS, "unusable"]
    return pa.schema([("record_number", pa.int64()), *((name, pa.string()) for name in texts)])


def reader(root: str, access: Access, table: Table, layouts: list[Layout]) -> Callable[[Batches], Batches]:
    """From rows (file_number, layout_number, name), in order, to the records of these files, by the statement that DuckDB
    reads with everywhere. Numbers rise as files and their lines do."""
    schema = record_schema(table)

    def read(rows: Batches) -> Batches:
        lake = open_lake(root, access)
        for batch in rows:
            for layout, files in groupby(batch.to_pylist(), key=lambda row: row["layout_number"]):
                found = list(files)
                for start in range(0, len(found), FILES_AT_ONCE):
                    yield from several(lake, layouts[layout], found[start : start + FILES_AT_ONCE])

    def several(lake: Lake, layout: Layout, files: list[dict[str, Any]]) -> Batches:
        names, first = [f["name"] for f in files], files[0]["file_number"] * RECORDS_OF_A_FILE
        with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": "1"}) as connection:
            near = lake.at_hand(names, Path(folder))
            try:
                connection.execute(f"create table read as {reading_sql(near, table, [(layout, names)])}")
                found = connection.sql(
                    f"select {first} + rowid as record_number, *, null::varchar as unusable from read"
                )
                for piece in found.to_arrow_reader(ROWS_OF_A_PIECE):
                    yield piece.cast(schema)
            except duckdb.Error as fault:
                yield _unusable(schema, first, str(malformed(near, table, names, fault)))

    return read


def _unusable(schema: pa.Schema, number: int, sentence: str) -> pa.RecordBatch:
    row = dict.fromkeys(schema.names) | {"record_number": number, "unusable": sentence}
    return pa.RecordBatch.from_pylist([row], schema=schema)


def nfc_normalize(texts: pd.Series) -> pd.Series:
    """DuckDB's function, so that one version of Unicode holds on both engines."""
    given = pa.table({"text": pa.array(texts, type=pa.string(), from_pandas=True)})
    with duckdb.connect(config={"threads": "1"}) as connection:
        composed = connection.from_arrow(given).project("nfc_normalize(text) as text").fetchnumpy()
    values = composed["text"]
    return pd.Series([None if v is None or v != v else v for v in values.tolist()], dtype=object)


def as_pieces(rows: Batches) -> Batches:
    """Rows as pieces of Arrow's stream format, which a driver can take one by one."""
    for batch in rows:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        yield pa.RecordBatch.from_pydict({"piece": pa.array([sink.getvalue().to_pybytes()], pa.binary())})
