"""COPY: objects of S3 into a table, in the session's own transaction, all or nothing.

A thread reads the files in batches and writes each as CSV in bulk; the session feeds that to PostgreSQL's COPY FROM STDIN.
https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from __future__ import annotations

import asyncio
import datetime
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as arrow_csv

from sandbox.redshift.bulk import columnar_files, json_files, text_files
from sandbox.redshift.bulk.conversion import converted
from sandbox.redshift.bulk.failures import BadInput, CopyFailed, LoadError, load_failed, reason_of
from sandbox.redshift.bulk.history import record_load, record_load_errors
from sandbox.redshift.bulk.objects import NoSuchBucket, Objects
from sandbox.redshift.bulk.options import COLUMNAR, CopyOptions, options_of
from sandbox.redshift.bulk.sources import sources
from sandbox.redshift.bulk.targets import Target, targets
from sandbox.redshift.language import Prepared, facts
from sandbox.redshift.wire import messages
from sandbox.redshift.wire.backend import PostgresError

if TYPE_CHECKING:
    from sandbox.redshift.session import Session

AHEAD = 4  # batches read before PostgreSQL has taken them
PLAIN = arrow_csv.WriteOptions(include_header=False)
# COPY t, line 3, column amount: "abc"
CONTEXT = re.compile(r"COPY .*?, line (\d+)(?:, column ([^:]+))?(?:: (?:\"(.*)\"|null input))?$", re.DOTALL)
VALUE_ERRORS = ("22", "23514", "23502")


async def run(session: Session, prepared: Prepared) -> None:
    """Do a COPY and answer the client. Raises Refused, PostgresError."""
    command = prepared.facts
    assert isinstance(command, facts.CopyCommand)
    options = options_of(command)
    names = session.warehouse.names
    columns, table_id = await targets(
        session.backend, names, command.schema, command.table, command.columns, options.explicit_ids
    )
    started = datetime.datetime.now(datetime.UTC)
    objects = session.warehouse.objects
    uris = await asyncio.to_thread(
        sources, objects, command.source, options.manifest, options.form in COLUMNAR
    )
    loading = Loading(objects, uris, columns, options)
    number = next(session.warehouse.queries)
    statement = _statement(session, command, columns, options)
    try:
        loaded, skipped = await _feed(session, statement, loading)
        errors = [loading.error_of_row(*row) for row in skipped]
    except BadInput as problem:
        await record_load_errors(session, number, table_id, [problem.error])
        raise load_failed(command.table) from problem
    except PostgresError as problem:
        error = loading.error_of(problem)
        if error is None:
            raise
        await record_load_errors(session, number, table_id, [error])
        raise load_failed(command.table) from problem
    if errors:
        await record_load_errors(session, number, table_id, errors)
    await record_load(session, number, command, started, loaded, len(uris))
    session.notice(f"Load into table '{command.table}' completed, {loaded} record(s) loaded successfully.")
    session.send(messages.complete(f"COPY {loaded}"))


def _statement(
    session: Session, command: facts.CopyCommand, columns: list[Target], options: CopyOptions
) -> str:
    names = session.warehouse.names
    place = [part for part in (command.schema, command.table) if part]
    table = ".".join('"' + names.short(part).replace('"', '""') + '"' for part in place)
    listed = ", ".join('"' + names.short(column.name).replace('"', '""') + '"' for column in columns)
    lenient = (
        f", on_error ignore, reject_limit {options.max_errors}, log_verbosity verbose"
        if options.max_errors
        else ""
    )
    return f"copy {table} ({listed}) from stdin (format csv, null ''{lenient})"


async def _feed(session: Session, statement: str, loading: Loading) -> tuple[int, list[tuple[int, str, str]]]:
    """Run the COPY; the count of rows, and the line, column and value of each row that was skipped."""
    backend = session.backend
    backend.send(messages.query(statement))
    await backend.drain()
    failed: PostgresError | BadInput | CopyFailed | None = None
    skipped: list[tuple[int, str, str]] = []
    loaded = 0
    while True:
        kind, body = await backend.incoming.next()
        if kind == b"G":
            failed = await _send(session, loading)
        elif kind == b"E" and failed is None:
            failed = PostgresError(messages.fields(body))
        elif kind == b"N":
            said = messages.fields(body)
            if found := re.match(
                r"skipping row due to data type incompatibility at line (\d+) for column \"(.*?)\"(?:: (?:\"(.*)\"|null input))?$",
                said.get("M", ""),
                re.DOTALL,
            ):
                skipped.append((int(found[1]), found[2], found[3] or ""))
        elif kind == b"C":
            loaded = int(body[:-1].split()[-1])
        elif kind == b"Z":
            backend.status = body
            if failed:
                raise failed
            return loaded, skipped


async def _send(session: Session, loading: Loading) -> BadInput | CopyFailed | None:
    """Feed what the reading thread gives; the error that ended it."""
    queue: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(AHEAD)
    loop = asyncio.get_running_loop()
    stopped = False

    def read() -> None:
        try:
            for piece in loading.pieces():
                if stopped:
                    return
                asyncio.run_coroutine_threadsafe(queue.put(piece), loop).result()
            asyncio.run_coroutine_threadsafe(queue.put(None), loop).result()
        except Exception as problem:
            asyncio.run_coroutine_threadsafe(queue.put(problem), loop).result()

    reading = asyncio.create_task(asyncio.to_thread(read))
    backend = session.backend
    try:
        while (piece := await queue.get()) is not None:
            if isinstance(piece, Exception):
                backend.send(messages.message(b"f", messages.text("a file cannot be loaded")))
                if isinstance(piece, (BadInput, CopyFailed)):
                    return piece
                raise piece
            backend.send(messages.message(b"d", piece))
            await backend.drain()
            if session.gone:
                backend.send(messages.message(b"f", messages.text("the client went away")))
                return CopyFailed("the client went away")
        backend.send(messages.message(b"c"))
        return None
    finally:
        stopped = True
        while not queue.empty():
            queue.get_nowait()
        await reading


class Loading:
    """The files of one COPY as pieces of CSV. Remembers which lines came from which file."""

    def __init__(
        self, objects: Objects, uris: list[str], columns: list[Target], options: CopyOptions
    ) -> None:
        self._objects = objects
        self._uris = uris
        self._columns = columns
        self._options = options
        self._starts: list[tuple[int, str]] = []  # rows before each file, and its address

    def pieces(self) -> Iterator[bytes]:
        """CSV for PostgreSQL, nothing between commas being NULL. Raises BadInput, CopyFailed."""
        before = 0
        for uri in self._uris:
            self._starts.append((before, uri))
            for batch in self._batches(uri):
                before += batch.num_rows
                if self._options.load:
                    yield _csv(batch)

    def _batches(self, uri: str) -> Iterator[pa.RecordBatch]:
        options = self._options
        if options.form in COLUMNAR:
            yield from columnar_files.batches(
                self._objects, uri, options.form, self._columns, options.as_json
            )
            return
        line = options.layout.skip
        for batch in self._texts(uri):
            yield converted(batch, self._columns, options.conversion, uri, line)
            line += batch.num_rows

    def _texts(self, uri: str) -> Iterator[pa.RecordBatch]:
        options = self._options
        try:
            opened = self._objects.open(uri)
        except (OSError, NoSuchBucket) as problem:
            raise BadInput(LoadError(uri, 0, "", "", "", 1212, "Load file was not found")) from problem
        with opened as file:
            try:
                plain = text_files.decompressed(file, options.compression)
                if options.form != "json":
                    yield from text_files.batches(plain, uri, self._columns, options.layout)
                    return
                with tempfile.NamedTemporaryFile(suffix=".json") as copied:
                    while piece := plain.read(1 << 20):
                        copied.write(piece)
                    copied.flush()
                    yield from json_files.batches(
                        Path(copied.name), uri, self._columns, options.json, self._paths()
                    )
            except (OSError, EOFError) as problem:
                raise BadInput(
                    LoadError(uri, 0, "", "", "", 1200, f"The file cannot be read: {problem}"[:100])
                ) from problem

    def _paths(self) -> list[str] | None:
        if not self._options.json.startswith("s3://"):
            return None
        import json

        try:
            with self._objects.open(self._options.json) as file:
                return [str(path) for path in json.load(file)["jsonpaths"]]
        except (OSError, NoSuchBucket, ValueError, KeyError, TypeError) as problem:
            raise CopyFailed(f"Invalid JSONPaths file '{self._options.json}': {problem}") from problem

    def error_of(self, problem: PostgresError) -> LoadError | None:
        """The load error that PostgreSQL's error over a row is; None when it is no error of a value."""
        fields = problem.fields
        state = fields.get("C", "")
        found = CONTEXT.search(fields.get("W", "").split("\n")[0])
        if found is None or not state.startswith(VALUE_ERRORS):
            return None
        name = found[2] or self._constrained(fields.get("n", "")) or fields.get("c", "")
        return self._load_error(
            int(found[1]), name, state, f"{fields.get('M', '')} {fields.get('n', '')}", found[3] or ""
        )

    def error_of_row(self, line: int, column: str, value: str) -> LoadError:
        """The load error of a row that MAXERROR let pass."""
        return self._load_error(line, column, "22P02", "", value)

    def _constrained(self, constraint: str) -> str:
        # the rule of a length has the number of its column at its end
        number = constraint.rpartition("_")[2]
        return f"#{number}" if number.isdecimal() else ""

    def _load_error(self, line: int, name: str, state: str, message: str, value: str) -> LoadError:
        column = next((c for c in self._columns if c.name == name), None)
        if name.startswith("#") and int(name[1:]) <= len(self._columns):
            column = self._columns[int(name[1:]) - 1]
        type_name = column.type if column else ""
        code, reason = reason_of(state, message, type_name, value)
        start, uri = max(((s, u) for s, u in self._starts if s < line), default=(0, self._uris[0]))
        length = str(column.length or "") if column else ""
        within = (
            line - start + (self._options.layout.skip if self._options.form in ("csv", "delimited") else 0)
        )
        raw_line, raw_value = ("", value) if column and not name.startswith("#") else (value, "")
        return LoadError(
            uri,
            within,
            column.name if column else name,
            type_name.split("(")[0][:10],
            length,
            code,
            reason,
            raw_line,
            raw_value,
        )


def _csv(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(batch, sink, PLAIN)
    return bytes(sink.getvalue().to_pybytes())
