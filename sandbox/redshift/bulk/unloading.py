"""UNLOAD: the rows of a query into objects of S3. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html"""

from __future__ import annotations

import asyncio
import bz2
import gzip
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from sandbox.redshift.bulk.failures import CopyFailed
from sandbox.redshift.bulk.objects import NoSuchBucket, Objects
from sandbox.redshift.bulk.partitions import PAGE, Partition, partitions
from sandbox.redshift.bulk.sources import unreachable
from sandbox.redshift.bulk.unloaded_types import Column, arrow_type
from sandbox.redshift.language import Prepared, Refused, facts
from sandbox.redshift.language.refusal import unsupported
from sandbox.redshift.wire import messages
from sandbox.redshift.wire.backend import PostgresError

if TYPE_CHECKING:
    from sandbox.redshift.session import Session

KNOWN = frozenset(
    [
        "iam_role", "credentials", "access_key_id", "secret_access_key", "session_token", "region", "format", "parquet", "csv", "json",
        "header", "delimiter", "addquotes", "escape", "null", "null_as", "nullas", "allowoverwrite", "cleanpath", "parallel", "maxfilesize",
        "rowgroupsize", "manifest", "partition", "gzip", "bzip2", "zstd", "extension", "authorization", "as",
    ]
)  # fmt: skip
SUFFIX = {"gzip": ".gz", "bzip2": ".bz2", "zstd": ".zst"}


async def run(session: Session, prepared: Prepared) -> None:
    """Do an UNLOAD and answer the client. Raises Refused, PostgresError."""
    command = prepared.facts
    assert isinstance(command, facts.UnloadCommand)
    given = {name.lower().replace(" ", "_"): value for name, value in command.options.items()}
    if unknown := sorted(set(given) - KNOWN):
        raise unsupported(f"UNLOAD with {unknown[0].upper()}", 0, "r_UNLOAD.html")
    if {"partition", "manifest"} <= set(given):
        raise Refused("0A000", "UNLOAD with PARTITION BY does not take MANIFEST", PAGE, 0)
    objects = session.warehouse.objects
    try:
        there = await asyncio.to_thread(objects.under, command.target)
    except NoSuchBucket as problem:
        raise unreachable(command.target) from problem
    if there and not {"allowoverwrite", "cleanpath"} & set(given):
        raise CopyFailed(
            f"Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the "
            f"target files in S3, or using the ALLOWOVERWRITE option. ({command.target})"
        )
    query = session.warehouse.names.for_postgres(command.query_postgres.rstrip().rstrip(";"))
    columns, text = await _rows(session, query)
    table = await asyncio.to_thread(_table, columns, text)
    parts = await asyncio.to_thread(partitions, table, columns, given.get("partition"))
    files = [(part, *await asyncio.to_thread(_file, part, command.format, given)) for part in parts]
    target = command.target
    if "partition" in given and not target.endswith("/"):
        target += "/"
    if "cleanpath" in given:
        # with PARTITION BY only the folders that get new files are emptied
        cleaned = tuple(target + part.folder for part in parts) if "partition" in given else ("",)
        for stored in there:
            if stored.uri.startswith(cleaned):
                await asyncio.to_thread(objects.delete, stored.uri)
    serial = str(given.get("parallel", "on")).lower() in ("off", "false")
    for part, name, content in files:
        uri = f"{target}{part.folder}{'000' if serial else '0000_part_00'}{name}"
        await asyncio.to_thread(objects.write, uri, content)
        if "manifest" in given:
            await asyncio.to_thread(_manifest, objects, target, uri, len(content), table.num_rows)
    session.notice(f"UNLOAD completed, {table.num_rows} record(s) unloaded successfully.")
    session.send(messages.complete("UNLOAD"))


async def _rows(session: Session, query: str) -> tuple[list[Column], bytes]:
    """The query's columns, and its rows as PostgreSQL's CSV."""
    backend = session.backend
    backend.send(messages.parse(b"", query, b"\0\0"), messages.message(b"D", b"S\0"), messages.message(b"S"))
    await backend.drain()
    columns: list[Column] = []
    failed: PostgresError | None = None
    while True:
        kind, body = await backend.incoming.next()
        if kind == b"T":
            columns = Column.described(body)
        elif kind == b"E":
            failed = PostgresError(messages.fields(body))
        elif kind == b"Z":
            backend.status = body
            break
    if failed:
        raise failed
    backend.send(messages.query(f"copy ({query}) to stdout (format csv, null '', force_quote *)"))
    await backend.drain()
    pieces = []
    while True:
        kind, body = await backend.incoming.next()
        if kind == b"d":
            pieces.append(body)
        elif kind == b"E":
            failed = PostgresError(messages.fields(body))
        elif kind == b"Z":
            backend.status = body
            if failed:
                raise failed
            return columns, b"".join(pieces)


def _table(columns: list[Column], text: bytes) -> pa.Table:
    names = [str(i) for i in range(len(columns))]
    if not text:
        return pa.table([pa.array([], arrow_type(c)) for c in columns], names=names)
    read = arrow_csv.read_csv(
        io.BytesIO(text),
        read_options=arrow_csv.ReadOptions(column_names=names),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=len(columns) > 1),
        convert_options=arrow_csv.ConvertOptions(
            column_types={n: arrow_type(c, as_read=True) for n, c in zip(names, columns, strict=True)},
            null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip
    arrays = [
        read.column(i) if read.column(i).type == arrow_type(c) else pc.cast(read.column(i), arrow_type(c))
        for i, c in enumerate(columns)
    ]
    return pa.table(arrays, names=names)


def _file(part: Partition, form: str, given: Mapping[str, object]) -> tuple[str, bytes]:
    """The end of the object's name, and its content."""
    table, columns = part.table, part.columns
    if form == "parquet":
        sink = io.BytesIO()
        parquet.write_table(table.rename_columns([c.name for c in columns]), sink, compression="snappy")
        return ".parquet", sink.getvalue()
    if form == "json":
        rows = (json.dumps(dict(zip([c.name for c in columns], row, strict=True)), default=str, ensure_ascii=False)
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True))  # fmt: skip
        return _compressed("".join(row + "\n" for row in rows).encode(), given)
    return _compressed(_delimited(table, columns, form, given), given)


def _compressed(content: bytes, given: Mapping[str, object]) -> tuple[str, bytes]:
    extension = given.get("extension")
    ending = "" if extension is None else f".{str(extension).lstrip('.')}"
    for name, suffix in SUFFIX.items():
        if name in given:
            return ending or suffix, _packed(content, name)
    return ending, content


def _packed(content: bytes, how: str) -> bytes:
    if how == "gzip":
        return gzip.compress(content)
    if how == "bzip2":
        return bz2.compress(content)
    sink = io.BytesIO()
    with pa.CompressedOutputStream(pa.PythonFile(sink, "w"), how) as out:
        out.write(content)
        out.flush()
        return sink.getvalue()


def _delimited(table: pa.Table, columns: list[Column], form: str, given: Mapping[str, object]) -> bytes:
    delimiter = str(given.get("delimiter") or ("," if form == "csv" else "|"))
    delimiter = {"\\t": "\t"}.get(delimiter, delimiter)
    null = next((str(given[name]) for name in ("null", "null_as", "nullas") if name in given), "")
    texts = [_texts(table.column(i), column) for i, column in enumerate(columns)]
    header = [column.name for column in columns] if "header" in given else None
    lines = []
    quoted = "addquotes" in given
    for row in ([header] if header else []) + list(zip(*texts, strict=True)):
        cells = [
            null if cell is None else _cell(cell, delimiter, form == "csv", quoted, "escape" in given)
            for cell in row
        ]
        lines.append(delimiter.join(cells))
    return "".join(line + "\n" for line in lines).encode()


def _texts(values: pa.ChunkedArray, column: Column) -> list[str | None]:
    if pa.types.is_boolean(values.type):
        return [None if v is None else "t" if v else "f" for v in values.to_pylist()]
    return [None if v is None else str(v) for v in values.to_pylist()]


def _cell(text: str, delimiter: str, is_csv: bool, quoted: bool, escaped: bool) -> str:
    if is_csv:
        if any(c in text for c in (delimiter, '"', "\n", "\r")):
            return '"' + text.replace('"', '""') + '"'
        return text
    if escaped:
        for character in ("\\", delimiter, "\n", "\r", *(['"'] if quoted else [])):
            text = text.replace(character, "\\" + character)
    return f'"{text}"' if quoted else text


def _manifest(objects: Objects, target: str, uri: str, size: int, rows: int) -> None:
    listed = {"entries": [{"url": uri, "meta": {"content_length": size, "record_count": rows}}]}
    objects.write(f"{target}manifest", json.dumps(listed).encode())
