"""What checked curation costs: the project's, on DuckDB, against plain DuckDB SQL over the same lines.

The peer is what one would write by hand without contracts: read with every column as text, TRY_CAST, keep one record per
key and log position, write Parquet. It names no refused record, checks no reference and no clock, and tells no drift.
Both are run in turn in one process, thrice; the best of each counts, in seconds of wall time and of processor time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb

from flows.capture import capture
from flows.contracts import Column, Table, read_contracts
from flows.curate import curate
from flows.curation.reading import literal, quoted
from flows.curation.structure import expected_columns
from flows.lake import FolderLake
from flows.settings import PROJECT, Settings

TURNS = 3


def run(home: Path, households: int) -> None:
    """Measure, print, and leave the figures in ``home`` as JSON."""
    folder = home / f"curation-{households}-households"
    subprocess.run(
        [sys.executable, "-m", "sandbox.company", "--out", str(folder / "company"), "--households", str(households), "--quiet"],
        cwd=PROJECT,
        check=True,
    )  # fmt: skip
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(folder)})
    capture(settings)
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    rows: dict[str, int] = {}
    for _ in range(TURNS):
        for name, work in (("plain SQL", plain), ("curation", curation)):
            shutil.rmtree(settings.curated, ignore_errors=True)
            shutil.rmtree(settings.quarantine, ignore_errors=True)
            rows[name] = _timed(found[name], lambda work=work: work(settings))  # type: ignore[misc]
    best = {name: [min(values) for values in zip(*times, strict=True)] for name, times in found.items()}
    ratio = [ours / theirs for ours, theirs in zip(best["curation"], best["plain SQL"], strict=True)]
    print(f"Curation of {households} households (best of {TURNS})")
    for name, (wall, processor) in best.items():
        print(f"  {name:<12}{rows[name]:>12,} rows{wall:>9.2f} s{processor:>9.2f} s of processor")
    print(f"  {'ratio':<12}{'':>17}{ratio[0]:>9.2f}x{ratio[1]:>10.2f}x\n")
    figures = {"best": best, "rows": rows, "ratio": {"wall": ratio[0], "processor": ratio[1]}}
    (home / "curation.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _timed(times: list[tuple[float, float]], work: Callable[[], int]) -> int:
    wall, processor = time.perf_counter(), time.process_time()
    rows = work()
    times.append((time.perf_counter() - wall, time.process_time() - processor))
    return rows


def curation(settings: Settings) -> int:
    """The project's; returns the rows that passed."""
    return curate(settings).total("rows")


def plain(settings: Settings) -> int:
    """By hand; returns the rows written."""
    raw = FolderLake(Path(settings.raw))
    folder = Path(settings.curated) / "plain"
    folder.mkdir(parents=True)
    rows = 0
    for table in read_contracts(PROJECT):
        files = [raw.uri(stored.name) for stored in raw.list(f"{table.source}/{table.name}")]
        if files:
            part = folder / f"{table.source}-{table.name}.parquet"
            with duckdb.connect() as connection:
                connection.execute(
                    f"copy ({_statement(table, files)}) to {literal(str(part))} (format parquet)"
                )
                found = connection.execute(f"select count(*) from {literal(str(part))}").fetchall()
            rows += int(found[0][0])
    return rows


def _statement(table: Table, files: list[str]) -> str:
    names = [c.name for c in table.columns] if table.format == "stream_jsonl" else expected_columns(table)
    columns = "{" + ", ".join(f"{literal(n)}: 'VARCHAR'" for n in names) + "}"
    listed = "[" + ", ".join(map(literal, files)) + "]"
    reader = {
        "stream_jsonl": f"read_json({listed}, format='newline_delimited', columns={columns}, ignore_errors=true)",
    }.get(
        table.format, f"read_csv({listed}, columns={columns}, auto_detect=false, header=true, filename=true)"
    )
    position = {"stream_jsonl": "received_at", "dms_csv": "change_log_position", "export_csv": "filename"}
    key = ", ".join([*map(quoted, table.key), position[table.format]])
    typed = ", ".join(_typed(c) for c in table.columns)
    change = "Op, change_committed_at, change_log_position, " if table.format == "dms_csv" else ""
    return f"select distinct on ({key}) {change}{typed} from {reader}"


def _typed(column: Column) -> str:
    name = quoted(column.name)
    kind = {"integer": "bigint", "date": "date", "flag": "integer", "timestamp": "timestamp"}.get(column.kind)
    if column.kind == "decimal":
        kind = f"decimal({', '.join(map(str, column.size))})"
    # nullif keeps DuckDB 2.0 from casting inside its CSV reader, where TRY_CAST fails instead of giving NULL
    return f"try_cast(nullif({name}, '') as {kind}) as {name}" if kind else name
