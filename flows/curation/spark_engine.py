"""Spark (AWS Glue, or any session that is there): for batches that outgrow one machine.

Files are read by Spark's workers straight from the lake, a file at a time, and checked, joined and sorted by Spark. The
one Parquet file that a batch has per table passes through the driver, part by part, so no folder has to be shared.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from flows.contracts import Table
from flows.curation import spark_workers
from flows.curation.checking import raw_schema
from flows.curation.engine import Engine
from flows.curation.structure import Layout
from flows.errors import InputError, SettingsError
from flows.lake import Access, Lake
from flows.settings import PROJECT

PACKAGE = "customer_360_flows.zip"


class SparkEngine(Engine):
    """Uses the session that is there, else starts one as Spark's own configuration says."""

    dialect = "pyspark"

    def __init__(self, access: Access) -> None:
        self.access = access
        try:
            from pyspark.sql import SparkSession
            from pyspark.sql.pandas.functions import pandas_udf
        except ImportError as fault:
            raise SettingsError(
                "curation by Spark needs pyspark; install it, or set CUSTOMER_360_CURATION_ENGINE to duckdb."
            ) from fault
        self.session = SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
        # instants have no zone, and dates before 1582 are what they say
        for name, value in {
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.execution.arrow.maxRecordsPerBatch": str(spark_workers.ROWS_OF_A_PIECE),
        }.items():
            self.session.conf.set(name, value)
        self._send_package()
        normalize: Any = pandas_udf  # its overloads know no function of one pandas series by name
        self.session.udf.register("nfc_normalize", normalize(spark_workers.nfc_normalize, "string"))
        self.kept: dict[str, Any] = {}

    def _send_package(self) -> None:
        """Give the workers this package; once per session."""
        from pyspark import SparkFiles

        context = self.session.sparkContext
        if any(str(file).endswith(PACKAGE) for file in context.listFiles):
            return
        archive = Path(SparkFiles.getRootDirectory()) / "sent" / PACKAGE  # Spark deletes it with the session
        archive.parent.mkdir()
        with zipfile.ZipFile(archive, "w") as packed:
            for path in sorted((PROJECT / "flows").rglob("*.py")):
                packed.write(path, path.relative_to(PROJECT).as_posix())
        context.addPyFile(str(archive))

    def near(self, raw: Lake, names: list[str], cache: Path) -> Lake:
        return raw

    def read(self, lake: Lake, table: Table, files: list[tuple[Layout, list[str]]]) -> ir.Table:
        rows = [(number, name) for number, (_, names) in enumerate(files) for name in names]
        context = self.session.sparkContext
        tasks = max(1, min(len(rows), 4 * context.defaultParallelism))
        # slices of neighbours: a worker reads several files by one statement
        listed = self.session.createDataFrame(
            context.parallelize([(i, layout, name) for i, (layout, name) in enumerate(rows)], tasks),
            "file_number long, layout_number long, name string",
        )
        read = spark_workers.reader(lake.root, self.access, table, [layout for layout, _ in files])
        fields = ", ".join(
            f"`{f.name}` {'long' if pa.types.is_int64(f.type) else 'string'}"
            for f in spark_workers.record_schema(table)
        )
        found = self._keep("raw", listed.mapInArrow(read, fields))
        for row in found.filter("unusable is not null").orderBy("record_number").head(1):
            raise InputError(row["unusable"])
        return ibis.table(raw_schema(table), name="raw")

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        self._keep(name, self.session.sql(self.sql(expression)))
        return ibis.table(expression.schema(), name=name)

    def _keep(self, name: str, frame: Any) -> Any:
        frame = frame.persist()  # evaluated by the first question about it
        if name in self.kept:
            self.kept[name].unpersist()
        self.kept[name] = frame
        frame.createOrReplaceTempView(name)
        return frame

    def keep_values(self, name: str, values: list[str]) -> ir.Table:
        self._keep(name, self.session.createDataFrame([(v,) for v in values], "value string"))
        return ibis.table({"value": "string"}, name=name)

    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.session.sql(self.sql(expression)).collect()]

    def write(self, expression: ir.Table, part: Path) -> None:
        schema = expression.schema().to_pyarrow()
        pieces = self.session.sql(self.sql(expression)).mapInArrow(spark_workers.as_pieces, "piece binary")
        with pq.ParquetWriter(
            part, schema, compression="snappy", store_schema=False, store_decimal_as_integer=True
        ) as writer:
            for row in pieces.toLocalIterator():
                with pa.ipc.open_stream(io.BytesIO(row["piece"])) as stream:
                    writer.write_table(stream.read_all().cast(schema))

    def close(self) -> None:
        for name, frame in self.kept.items():
            self.session.catalog.dropTempView(name)
            frame.unpersist()
        self.kept = {}
