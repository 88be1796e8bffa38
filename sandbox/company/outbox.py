"""Writes the outboxes: files as AWS DMS, an event stream and nightly exports leave them.

A file is written under another name and renamed when it is whole; a file that is there is never touched.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

TIMESTAMPS = "timestampformat '%Y-%m-%d %H:%M:%S.%f'"


@dataclass
class Outbox:
    """The folder ``out`` and the days to deliver: after ``since`` (None: from the start) up to ``through``."""

    connection: duckdb.DuckDBPyConnection
    out: Path
    since: dt.date | None
    through: dt.date
    spoiled: dict[str, list[str]] = field(default_factory=dict)
    files: int = 0

    def deliver_changes(self, table: str, key: str) -> None:
        """A full-load file, and one change file per day, in AWS DMS's CSV form."""
        columns = "op as Op, committed_at as change_committed_at, position as change_log_position, * exclude (op, committed_at, position, file_date, is_load)"
        order = f"md5(change_log_position || {key}), {key}, change_log_position, Op"
        if self.since is None:
            self._copy(
                f"select {columns} from change_{table} where is_load order by {order}",
                f"shop/{table}/LOAD00000001.csv",
            )
        self._copy_days(
            f"select {columns}, file_date from change_{table} where not is_load and {self._due()} order by file_date, {order}",
            f"shop/{table}",
            "csv",
            lambda day: f"{day:%Y/%m/%d}/{day:%Y%m%d}-235959000.csv",
        )

    def deliver_stream(self, source: str, table: str, key: str) -> None:
        """One file of JSON lines per day."""
        self._copy_days(
            f"select * from stream_{table} where {self._due()} order by file_date, md5({key}), {key}, received_at",
            f"{source}/{table}",
            "json",
            lambda day: f"{day:%Y/%m/%d}/{source}-{table}-{day:%Y%m%d}.jsonl",
        )

    def deliver_export(self, source: str, table: str, day_column: str | None, every_days: int | None) -> None:
        """Whole exports at the start of 2017 and then every so many days, each with the rows known by then."""
        day = dt.date(2017, 1, 1)
        while day <= self.through:
            if self.since is None or day > self.since:
                known = f"where {day_column} < timestamp '{day} 00:00:00'" if day_column else ""
                self._copy(
                    f"select * from export_{table} {known} order by all",
                    f"{source}/{table}/{table}_{day:%Y%m%d}T000000.csv",
                )
            if every_days is None:
                break
            day += dt.timedelta(days=every_days)

    def _due(self) -> str:
        after = f"file_date > date '{self.since}' and " if self.since else ""
        return f"{after}file_date <= date '{self.through}'"

    def _copy(self, select: str, name: str) -> None:
        target = self.out / name
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial")
        self.connection.execute(f"copy ({select}) to '{partial}' (format csv, header, {TIMESTAMPS})")
        self._finish(partial, target)

    def _copy_days(self, select: str, folder: str, form: str, name_of) -> None:  # type: ignore[no-untyped-def]
        parts = self.out / f".{folder.replace('/', '-')}.partial"
        shutil.rmtree(parts, ignore_errors=True)
        options = f"header, {TIMESTAMPS}" if form == "csv" else "format json"
        options = f"format csv, {options}" if form == "csv" else options
        self.connection.execute("set threads = 1")  # one file per day
        self.connection.execute(f"copy ({select}) to '{parts}' ({options}, partition_by (file_date))")
        self.connection.execute("reset threads")
        poison = self.spoiled.get(folder, [])
        for part in sorted(parts.glob("file_date=*/*")):
            day = dt.date.fromisoformat(part.parent.name.removeprefix("file_date="))
            target = self.out / folder / name_of(day)
            if target.exists():
                continue
            _shuffle(part, has_header=form == "csv")
            if poison and day >= dt.date(2017, 1, 20) and self._first_poisoned(folder, day):
                with part.open("a", encoding="utf-8") as lines:
                    lines.writelines(f"{line}\n" for line in poison)
            target.parent.mkdir(parents=True, exist_ok=True)
            self._finish(part, target)
        shutil.rmtree(parts, ignore_errors=True)

    def _first_poisoned(self, folder: str, day: dt.date) -> bool:
        """Poison goes into the first file from 20 January on: True once, whenever that file is written."""
        earlier = [p.stem for p in (self.out / folder).glob("2017/*/*/*") if not p.name.startswith(".")]
        dates = [
            digits
            for name in earlier
            if (digits := name[-8:] if "events" in name else name[:8]) >= "20170120"
        ]
        return not dates

    def _finish(self, partial: Path, target: Path) -> None:
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.rename(target)
        self.files += 1


def _shuffle(file: Path, *, has_header: bool) -> None:
    """Put a file's records out of order, the same way every time.

    A partitioned COPY keeps no order of its own. Records hold no line breaks, and their ends (ids, amounts) differ
    enough for an order by the reversed text to look like none.
    """
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    head = lines[:1] if has_header else []
    file.write_text(
        "\n".join(head + sorted(lines[len(head) :], key=lambda line: line[::-1])) + "\n", encoding="utf-8"
    )
