"""python -m benchmarks.redshift: the Redshift stand-in's COPY, what bounds it, and our build beside the local target's.

COPY is measured by the real driver against a server of its own; then each of its parts alone, in one process: reading Parquet,
writing CSV, PostgreSQL's COPY of that CSV. With --build, the simulated company's data is carried and built on both targets.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from benchmarks import stand_in_build

ROOT = Path(__file__).resolve().parents[1]
TABLE = (
    "create table {name} (id bigint, customer_id bigint, name varchar(40), email varchar(80), joined date, seen varchar(26),"
    " amount numeric(18,4), flag smallint)"
)


def rows_of(count: int) -> pa.Table:
    """A table of eight columns as our curated files have them, the same on every run."""
    random = numpy.random.default_rng(360)
    amounts = pa.array(random.integers(0, 10**7, count)).cast(pa.decimal128(19, 0))
    scaled = pa.compute.multiply(amounts, pa.scalar(1, pa.decimal128(1, 0))).cast(pa.decimal128(24, 4))
    return pa.table(
        {
            "id": numpy.arange(count),
            "customer_id": random.integers(0, 50_000, count),
            "name": pa.array([f"customer {n % 5000}" for n in range(count)]),
            "email": pa.array([f"u{n}@example.com" for n in range(count)]),
            "joined": pa.array(random.integers(15_000, 20_000, count).astype("int32"), pa.date32()),
            "seen": pa.array([f"2024-01-01 00:{n % 60:02d}:00.123456" for n in range(count)]),
            "amount": scaled.cast(pa.decimal128(18, 4)),
            "flag": random.integers(0, 2, count).astype("int32"),
        }
    )


@contextmanager
def server(home: Path, *arguments: str) -> Iterator[int]:
    """A stand-in on a free port, which is given."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.redshift", "--port", "0", "--home", str(home), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        if not found:
            raise SystemExit("benchmarks: the stand-in did not start.")
        yield int(found[1])
    finally:
        process.terminate()
        process.wait()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def measure_copy(count: int, runs: int) -> None:
    """Print rows per second of COPY and of its parts."""
    import redshift_connector

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = home / "s3" / "bucket" / "rows" / "a.parquet"
        file.parent.mkdir(parents=True)
        parquet.write_table(rows_of(count), file)
        with server(home, "--memory", "--files", str(home / "s3")) as port:
            connection = redshift_connector.connect(
                host="127.0.0.1", port=port, user="sandbox", password="any", database="dev", ssl=False
            )
            connection.autocommit = True
            cursor = connection.cursor()
            best = float("inf")
            for run in range(runs):
                cursor.execute(TABLE.format(name=f"t{run}"))
                copy = f"copy t{run} from 's3://bucket/rows/' iam_role default format as parquet"
                best = min(best, timed(partial(cursor.execute, copy))[0])
            connection.close()
        reading, table = timed(lambda: parquet.read_table(file, use_threads=False))
        sink = pa.BufferOutputStream()
        plain = arrow_csv.WriteOptions(include_header=False)
        writing, _ = timed(lambda: arrow_csv.write_csv(table, sink, plain))
        loading = _postgres_alone(sink.getvalue().to_pybytes())
    print(f"COPY of {count:,} rows of 8 columns from Parquet, best of {runs}")
    for what, seconds in (
        ("COPY through the stand-in", best), ("  reading Parquet alone", reading), ("  writing CSV alone", writing),
        ("  PostgreSQL's COPY alone", loading),
    ):  # fmt: skip
        print(f"  {what:<32}{seconds:>7.2f} s {count / seconds:>12,.0f} rows/s")
    parts = max(reading + writing, loading)
    print(
        f"  two processes side by side cannot be faster than {parts:.2f} s: {'PostgreSQL' if loading > reading + writing else 'reading'} bounds it\n"
    )


def _postgres_alone(text: bytes) -> float:
    import io

    import psycopg2

    from sandbox.redshift.catalog import bootstrap
    from sandbox.redshift.postgres import SUPERUSER, Postgres

    engine = Postgres(None)
    engine.start()
    try:
        with psycopg2.connect(host=str(engine.sockets), user=SUPERUSER, dbname="postgres") as connection:
            with connection.cursor() as cursor:
                cursor.execute(bootstrap())
                cursor.execute(TABLE.format(name="t"))
                connection.commit()
                seconds, _ = timed(
                    lambda: cursor.copy_expert("copy t from stdin (format csv)", io.BytesIO(text))
                )
            connection.commit()
        return seconds
    finally:
        engine.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redshift", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows that COPY loads")
    parser.add_argument("--runs", type=int, default=3, help="how often; the best counts")
    parser.add_argument("--build", action="store_true", help="build our project on both targets, too")
    parser.add_argument("--households", type=int, default=12, help="size of the company for --build")
    arguments = parser.parse_args()
    measure_copy(arguments.rows, arguments.runs)
    if arguments.build:
        stand_in_build.run("redshift", ROOT / ".customer360" / "benchmarks", arguments.households)


if __name__ == "__main__":
    main()
