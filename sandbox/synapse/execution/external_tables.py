"""External data sources, file formats and tables; CREATE EXTERNAL TABLE … AS SELECT writes files.

https://learn.microsoft.com/sql/t-sql/statements/create-external-table-as-select-transact-sql
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pyarrow as pa

from sandbox.synapse.catalog.names import quoted
from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import EXTERNAL, External, Object, TableColumn
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.finding import place_of
from sandbox.synapse.execution.tables import columns_of_result, now, table_column
from sandbox.synapse.files import parquet_types, writing
from sandbox.synapse.files.lake import Address, read_address
from sandbox.synapse.language import statements as s
from sandbox.synapse.language import translate
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

KNOWN_FORMATS = ("PARQUET", "DELIMITEDTEXT")


def create_thing(session: Session, statement: s.CreateExternalThing, reply: Reply) -> None:
    def make(change: Change) -> None:
        name = statement.name or "##MS_DatabaseMasterKey##"
        if named(session, statement.kind, name) is not None:
            raise SqlError(
                46502 if "external" in statement.kind else 15233,
                f"There is already an {statement.kind} named '{name}' in the database.",
                statement.line,
            )
        if statement.kind == "external data source":
            _check_source(session, statement)
        if statement.kind == "external file format":
            kind = str(statement.options.get("FORMAT_TYPE", "")).upper()
            if kind not in KNOWN_FORMATS:
                raise unsupported(f"external file format {kind or 'without FORMAT_TYPE'}", statement.line)
        kept = {key: value for key, value in statement.options.items() if key not in ("SECRET", "PASSWORD")}
        change.put(External(session.state.new_id(), statement.kind, name, kept))

    session.change(make)
    reply.done(tokens.NOTHING)


def _check_source(session: Session, statement: s.CreateExternalThing) -> None:
    location = str(statement.options.get("LOCATION", ""))
    read_address(location, statement.line)
    credential = statement.options.get("CREDENTIAL")
    if credential is not None and named(session, "database scoped credential", str(credential)) is None:
        raise SqlError(
            46515,
            f"The specified credential '{credential}' cannot be found or the user does not have permission to perform this action.",
            statement.line,
        )


def named(session: Session, kind: str, name: str) -> External | None:
    key = session.state.key
    # a word without quotes is told in capitals, as no file format is named twice by case alone
    return next(
        (e for e in session.state.all(External) if e.kind == kind and key(e.name).lower() == name.lower()),
        None,
    )


def _format_and_place(
    session: Session, statement: s.CreateExternalTable
) -> tuple[External, External, Address, str]:
    """(data source, file format, address, location as told). Raises SqlError 46515 where a name means nothing."""
    told = {name: str(value) for name, value in statement.options.items()}
    source = named(session, "external data source", told.get("DATA_SOURCE", ""))
    if source is None:
        raise SqlError(
            46515,
            f"The external data source '{told.get('DATA_SOURCE', '')}' cannot be found.",
            statement.line,
        )
    form = named(session, "external file format", told.get("FILE_FORMAT", ""))
    if form is None:
        raise SqlError(
            46515,
            f"The external file format '{told.get('FILE_FORMAT', '')}' cannot be found.",
            statement.line,
        )
    base = read_address(str(source.options["LOCATION"]), statement.line)
    location = told.get("LOCATION", "").strip("/")
    if not location:
        raise SqlError(46505, "An external table needs a LOCATION.", statement.line)
    return source, form, base.child(location), location


def create_table(session: Session, statement: s.CreateExternalTable, reply: Reply) -> None:
    written: list[int] = []

    def make(change: Change) -> None:
        schema, name = place_of(session, statement.name, statement.line)
        if session.names.find(schema, name) is not None:
            raise SqlError(
                2714, f"There is already an object named '{name}' in the database.", statement.line, state=6
            )
        source, form, address, location = _format_and_place(session, statement)
        moment = now()
        if statement.query is None:
            columns = tuple(table_column(c) for c in statement.columns)
        else:
            translated = translate(statement.query, session.names, session.scope.variables)
            columns = columns_of_result(session, translated.columns, (), statement.line)
            written.append(_write(session, translated.duckdb, columns, form, address, statement.line))
        external = (("LOCATION", "/" + location), ("DATA_SOURCE", source.name), ("FILE_FORMAT", form.name))
        change.put(
            Object(session.state.new_id(), schema, name, EXTERNAL, moment, moment, columns, external=external)
        )

    session.change(make)
    if written:
        session.facts.row_count = written[0]
    reply.done(tokens.SELECT, written[0] if written and not session.options.no_count else None)


def _write(
    session: Session,
    query: str,
    columns: tuple[TableColumn, ...],
    form: External,
    address: Address,
    line: int,
) -> int:
    if session.pool.lake.find(Address(address.account, address.container, address.path + "/")):
        raise unsupported(
            f"CREATE EXTERNAL TABLE AS SELECT into a folder that holds files ('{address}'): give another LOCATION",
            line,
        )
    table: pa.Table = session.sql(query).to_arrow_table()
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%d_%H%M%S")
    stem = f"QID{session.facts.process}_{moment}_0"
    with tempfile.TemporaryDirectory() as folder:
        if str(form.options.get("FORMAT_TYPE")).upper() == "PARQUET":
            local = Path(folder) / f"{stem}.parq"
            writing.write_parquet(table, columns, local, str(form.options.get("DATA_COMPRESSION", "")))
        else:
            local = Path(folder) / f"{stem}.txt"
            writing.write_text(table, columns, local, dict(form.options.get("FORMAT_OPTIONS") or {}))
        session.pool.lake.write(address.child(local.name), local)
    return int(table.num_rows)


def reading_of(session: Session, found: Object) -> str:
    """DuckDB's text that reads an external table's files as they are now: an external table keeps no rows."""
    told = dict(found.external)
    source, form = (
        named(session, "external data source", told["DATA_SOURCE"]),
        named(session, "external file format", told["FILE_FORMAT"]),
    )
    if source is None or form is None:
        raise SqlError(46515, f"The external data source or file format of '{found.name}' cannot be found.")
    base = read_address(str(source.options["LOCATION"]))
    address = base.child(told["LOCATION"].strip("/"))
    if str(form.options.get("FORMAT_TYPE")).upper() != "PARQUET":
        raise unsupported(f"reading the external table '{found.name}' of delimited text")
    files = session.pool.lake.find(address)
    if not files:
        empty = ", ".join(f"CAST(NULL AS {c.type.duckdb()}) AS {quoted(c.name)}" for c in found.columns)
        return f"(SELECT {empty} WHERE false)"
    for where, path in files:
        parquet_types.check(path, str(where), [(c.name, c.type) for c in found.columns])
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for _, path in files)
    placed = ", ".join(f"c{n}" for n in range(len(found.columns)))
    values = ", ".join(
        f"CAST(c{n} AS {c.type.duckdb()}) AS {quoted(c.name)}" for n, c in enumerate(found.columns)
    )
    return f"(SELECT {values} FROM read_parquet([{listed}]) AS f({placed}))"
