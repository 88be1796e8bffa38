"""COPY INTO: files of the lake into a table, all or nothing.

https://learn.microsoft.com/sql/t-sql/statements/copy-into-transact-sql
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandbox.synapse.catalog.names import quoted
from sandbox.synapse.catalog.things import EXTERNAL, TABLE, Object, TableColumn
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution import rejected_rows
from sandbox.synapse.execution.conversion import attempted, too_long
from sandbox.synapse.execution.defaults import default_text, kept_default
from sandbox.synapse.execution.finding import find
from sandbox.synapse.files import csv_reading, parquet_types
from sandbox.synapse.files.lake import Address, read_address
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Node
from sandbox.synapse.session import Session
from sandbox.synapse.types import MAX, nvarchar
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

CSV_ONLY = ("FIELDQUOTE", "FIELDTERMINATOR", "ROWTERMINATOR", "FIRSTROW", "DATEFORMAT", "ENCODING")
TEXT = nvarchar(MAX)


@dataclass(frozen=True, slots=True)
class Target:
    """A column to be loaded: its place in the file (from 0), and what stands for NULL there."""

    column: TableColumn
    field: int
    default: Node | None


def copy_into(session: Session, statement: s.CopyInto, reply: Reply) -> None:
    options = statement.options
    kind = str(options.get("FILE_TYPE", "CSV")).upper()
    if "FILE_FORMAT" in options:
        raise unsupported("COPY INTO with FILE_FORMAT", statement.line)
    if kind not in ("CSV", "PARQUET"):
        raise unsupported(f"COPY INTO of {kind} files", statement.line)
    if str(options.get("AUTO_CREATE_TABLE", "OFF")).upper() == "ON":
        raise unsupported("COPY INTO with AUTO_CREATE_TABLE", statement.line)
    if kind == "PARQUET":
        wrong = [name for name in CSV_ONLY if name in options]
        if wrong:
            raise SqlError(
                13817, f"COPY statement option {wrong[0]} applies to CSV files only.", statement.line
            )
    files = _files(session, statement)

    def run() -> int:
        found = find(session, statement.table, statement.line)
        if found is None or found.kind not in (TABLE,):
            if found is not None and found.kind == EXTERNAL:
                raise SqlError(
                    46518, f"COPY INTO is not supported with external tables: '{found.name}'.", statement.line
                )
            raise SqlError(
                208,
                f"Invalid object name '{'.'.join(p for p in statement.table.parts if p)}'.",
                statement.line,
            )
        targets = _targets(session, statement, found)
        load = _load_parquet if kind == "PARQUET" else _load_csv
        return load(session, statement, found, targets, files)

    rows = session.write(run)
    session.facts.row_count = rows
    reply.done(tokens.INSERT, None if session.options.no_count else rows)


def _files(session: Session, statement: s.CopyInto) -> list[tuple[Address, Path]]:
    files: list[tuple[Address, Path]] = []
    for source in statement.sources:
        found = session.pool.lake.find(read_address(source, statement.line))
        if not found:
            raise SqlError(
                13807,
                f"Content of directory on path '{source}' cannot be listed, or it has no files.",
                statement.line,
            )
        files += found
    return files


def _targets(session: Session, statement: s.CopyInto, found: Object) -> list[Target]:
    """The columns of the list, or all but IDENTITY ones; in the order of the file's fields."""
    keep_identity = str(statement.options.get("IDENTITY_INSERT", "OFF")).strip("'").upper() == "ON"
    loaded = [c for c in found.columns if c.identity is None or keep_identity]
    if not statement.columns:
        return [Target(column, place, None) for place, column in enumerate(loaded)]
    targets = []
    for place, (name, default, number) in enumerate(statement.columns):
        column = next(
            (c for c in found.columns if session.state.key(c.name) == session.state.key(name)), None
        )
        if column is None:
            raise SqlError(207, f"Invalid column name '{name}'.", statement.line)
        if column.identity is not None and not keep_identity:
            raise SqlError(
                8101,
                f"An explicit value for the identity column in table '{found.name}' can only be specified when a column list is used and IDENTITY_INSERT is ON.",
                statement.line,
            )
        targets.append(Target(column, place if number is None else number - 1, default))
    return targets


def _paths(files: list[tuple[Address, Path]]) -> str:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for _, path in files)
    return f"[{listed}]"


def _insert(
    session: Session, found: Object, targets: list[Target], values: dict[str, str], source: str
) -> int:
    """INSERT of the values; a column that is not loaded gets its DEFAULT, its next IDENTITY value, or NULL."""
    names, texts = [], []
    for place, column in enumerate(found.columns):
        names.append(quoted(column.name))
        if column.name in values:
            texts.append(values[column.name])
        elif column.identity is not None:
            texts.append(f"nextval('stored.main.q{found.id}_{place}')")
        else:
            texts.append(kept_default(session, column))
    counted = session.sql(
        f"INSERT INTO {found.stored} ({', '.join(names)}) SELECT {', '.join(texts)} FROM {source}"
    ).fetchone()
    return counted[0] if counted else 0


def _load_parquet(
    session: Session,
    statement: s.CopyInto,
    found: Object,
    targets: list[Target],
    files: list[tuple[Address, Path]],
) -> int:
    ordered = sorted(targets, key=lambda t: t.field)
    if [t.field for t in ordered] != list(range(len(ordered))):
        raise unsupported("COPY INTO of single fields of a Parquet file", statement.line)
    for address, path in files:
        parquet_types.check(path, str(address), [(t.column.name, t.column.type) for t in ordered])
    values = {}
    for target in ordered:
        column = target.column
        value = f"CAST(f.c{target.field} AS {column.type.duckdb()})"
        if column.type.is_text and column.type.length != MAX:
            message = f"'110806;String or binary data would be truncated in column ''{column.name}''.'"
            value = (
                f"CASE WHEN {too_long(value, column.type)} THEN ts_fail(110806, {message}) ELSE {value} END"
            )
        values[column.name] = _or_default(session, value, target)
    placed = ", ".join(f"c{t.field}" for t in ordered)
    total = 0
    for file in files:
        total += _insert(session, found, targets, values, f"read_parquet({_paths([file])}) AS f({placed})")
    return total


def _or_default(session: Session, value: str, target: Target) -> str:
    if target.default is None:
        return value
    return f"coalesce({value}, {default_text(session, target.default, target.column)})"


def _load_csv(
    session: Session,
    statement: s.CopyInto,
    found: Object,
    targets: list[Target],
    files: list[tuple[Address, Path]],
) -> int:
    style = csv_reading.style_of(statement.options, statement.line)
    fields = len(targets) if not statement.columns else max(t.field for t in targets) + 1
    most = int(str(statement.options.get("MAXERRORS", 0)))
    name = f"temp.main.copy_{found.id}"
    listed = ", ".join(f"c{n} VARCHAR" for n in range(fields))
    session.sql(
        f"CREATE OR REPLACE TEMP TABLE copy_{found.id} (place INTEGER, line BIGINT, raw VARCHAR, fault VARCHAR, {listed})"
    )
    for place, (_, path) in enumerate(files):
        rows = csv_reading.rows(path, style, fields, any_more=bool(statement.columns))
        marks = ", ".join(["?"] * (fields + 4))
        batch = [[place, *row] for row in rows]
        for start in range(0, len(batch), 5000):
            session.cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", batch[start : start + 5000])
    checks, values = [], {}
    for target in targets:
        raw = f"c{target.field}"
        dated = csv_reading.dated(raw, style.date_format, target.column.type)
        made = attempted(session, dated, TEXT, target.column.type)
        if target.column.type.is_text:
            if target.column.type.length != MAX:
                checks.append(
                    (
                        f"{raw} IS NOT NULL AND {too_long(raw, target.column.type)}",
                        f"String or binary data would be truncated in column {target.column.name}",
                    )
                )
        else:
            checks.append(
                (
                    f"{raw} IS NOT NULL AND {made} IS NULL",
                    f"Error converting the value of column {target.column.name} to {target.column.type.sql()}",
                )
            )
        if not target.column.nullable and target.default is None:
            checks.append((f"{raw} IS NULL", f"Column {target.column.name} does not allow NULL"))
        values[target.column.name] = _or_default(session, made, target)
    for condition, message in checks:
        session.sql(
            f"UPDATE {name} SET fault = '{message.replace(chr(39), chr(39) * 2)}' WHERE fault IS NULL AND {condition}"
        )
    faults = session.sql(
        f"SELECT place, line, raw, fault FROM {name} WHERE fault IS NOT NULL ORDER BY place, line"
    ).fetchall()
    if faults:
        rejected_rows.write(session, statement, files, faults)
    if len(faults) > most:
        place, line, _, fault = faults[0]
        raise SqlError(
            13813,
            f"Bulk load failed: {len(faults)} rows were rejected, MAXERRORS is {most}. The first: line {line} of '{files[place][0]}': {fault}.",
            statement.line,
        )
    total = _insert(session, found, targets, values, f"{name} WHERE fault IS NULL")
    session.sql(f"DROP TABLE {name}")
    return total
