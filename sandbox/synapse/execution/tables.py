"""CREATE TABLE, CREATE TABLE AS SELECT, ALTER TABLE, DROP, TRUNCATE, indexes and statistics.

https://learn.microsoft.com/sql/t-sql/statements/create-table-azure-sql-data-warehouse
https://learn.microsoft.com/sql/t-sql/statements/create-table-as-select-azure-sql-data-warehouse
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.synapse.catalog.names import quoted
from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import TABLE, Key, Object, TableColumn
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.defaults import kept_default
from sandbox.synapse.execution.finding import place_of, table_named
from sandbox.synapse.language import Column, translate
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Name
from sandbox.synapse.session import Session
from sandbox.synapse.types import MAX
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

DEFAULT_INDEX = "CLUSTERED COLUMNSTORE INDEX"
MOST_COLUMNS = 1024
MOST_FIXED_BYTES = 8060


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a new table's rows lie: the fields of catalog.things.Object of the same names."""

    distribution: str
    distribution_columns: tuple[str, ...]
    index: str
    index_columns: tuple[str, ...]
    partition: tuple[str, str, tuple[str, ...]] | None

    def new_table(
        self,
        number: int,
        schema: str,
        name: str,
        columns: tuple[TableColumn, ...],
        *,
        keys: tuple[Key, ...] = (),
        temporary: bool,
    ) -> Object:
        moment = now()
        return Object(
            number, schema, name, TABLE, moment, moment, columns, self.distribution, self.distribution_columns, self.index,
            self.index_columns, self.partition, keys=keys, temporary=temporary,
        )  # fmt: skip


def now() -> dt.datetime:
    """The catalog's time: UTC, as a datetime holds it."""
    moment = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def table_column(definition: s.ColumnDefinition) -> TableColumn:
    default = None
    if definition.default is not None or definition.default_text:
        default = (definition.default_name or f"Def_{definition.name}", f"({definition.default_text})")
    nullable = definition.nullable
    if nullable is None:
        nullable = not any(c.kind == "primary key" for c in definition.constraints)
    if definition.identity is not None and definition.nullable is None:
        nullable = False
    return TableColumn(
        definition.name, definition.type, nullable, definition.collation, definition.identity, default, definition.mask
    )  # fmt: skip


def check_columns(session: Session, columns: Sequence[TableColumn], table: str, line: int) -> None:
    seen: set[str] = set()
    for column in columns:
        if not column.name:
            raise SqlError(
                1038,
                "An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names.",
                line,
                15,
            )
        key = session.state.key(column.name)
        if key in seen:
            raise SqlError(
                2705,
                f"Column names in each table must be unique. Column name '{column.name}' in table '{table}' is specified more than once.",
                line,
            )
        if column.name.lower() in {k.lower() for k in seen}:
            raise unsupported(f"columns of table '{table}' whose names differ by case alone", line)
        seen.add(key)
    if len(columns) > MOST_COLUMNS:
        raise SqlError(
            1702,
            f"CREATE TABLE failed because column '{columns[MOST_COLUMNS].name}' in table '{table}' exceeds the maximum of {MOST_COLUMNS} columns.",
            line,
        )


def column_named(columns: Sequence[TableColumn], name: str, session: Session, line: int) -> TableColumn:
    for column in columns:
        if session.state.key(column.name) == session.state.key(name):
            return column
    raise SqlError(1911, f"Column name '{name}' does not exist in the target table or view.", line)


def _layout(
    session: Session, columns: Sequence[TableColumn], options: s.TableOptions, temporary: bool, line: int
) -> Layout:
    """distribution, index and partition of a new table. Raises what the pool refuses."""
    hashed = tuple(column_named(columns, name, session, line).name for name in options.distribution_columns)
    index = options.index or ("HEAP" if temporary else DEFAULT_INDEX)
    if index == DEFAULT_INDEX:
        for column in columns:
            if column.type.length == MAX:
                raise SqlError(
                    35343,
                    f"The statement failed. Column '{column.name}' has a data type that cannot participate in a columnstore index.",
                    line,
                )
    indexed = tuple(column_named(columns, name, session, line).name for name, _ in options.index_columns)
    partition = None
    if options.partition is not None:
        name, side, boundaries = options.partition
        partition = (column_named(columns, name, session, line).name, side, boundaries)
    return Layout(options.distribution or "ROUND_ROBIN", hashed, index, indexed, partition)


def key_of(
    session: Session,
    constraint: s.Constraint,
    columns: Sequence[TableColumn],
    table: str,
    fallback: tuple[str, ...],
    line: int,
) -> Key:
    kind = "PK" if constraint.kind == "primary key" else "UQ"
    names = constraint.columns or fallback
    number = session.state.new_id()
    listed = tuple(column_named(columns, name, session, line).name for name in names)
    return Key(number, constraint.name or f"{kind}__{table[:9]}__{number:08X}", kind, listed)


def make_stored(session: Session, found: Object) -> None:
    """The DuckDB table that holds the rows."""
    parts = []
    for place, column in enumerate(found.columns):
        part = f"{quoted(column.name)} {column.type.duckdb()}{'' if column.nullable else ' NOT NULL'}"
        if column.identity is not None:
            part += f" DEFAULT nextval('{_sequence(found, place)}')"
        elif column.default is not None:
            part += f" DEFAULT ({kept_default(session, column)})"
        parts.append(part)
    kind = "TEMP TABLE" if found.temporary else "TABLE"
    session.sql(f"CREATE {kind} {found.stored} ({', '.join(parts)})")


def _new(session: Session, name: Name, line: int) -> tuple[str, str, bool]:
    """(schema, name, temporary) of a table to be made. Raises SqlError 2714 where the name is taken."""
    if name.last.startswith("#"):
        if session.names.find(None, name.last) is not None:
            raise SqlError(
                2714, f"There is already an object named '{name.last}' in the database.", line, state=6
            )
        return "dbo", name.last, True
    schema, table = place_of(session, name, line)
    if session.names.find(schema, table) is not None:
        raise SqlError(2714, f"There is already an object named '{table}' in the database.", line, state=6)
    return schema, table, False


def _add(session: Session, change: Change, found: Object) -> None:
    if not found.temporary:
        change.put(found)


def create_table(session: Session, statement: s.CreateTable, reply: Reply) -> None:
    def make(change: Change) -> Object:
        schema, name, temporary = _new(session, statement.name, statement.line)
        columns = tuple(table_column(c) for c in statement.columns)
        check_columns(session, columns, name, statement.line)
        layout = _layout(session, columns, statement.options, temporary, statement.line)
        keys = [key_of(session, c, columns, name, (), statement.line) for c in statement.constraints]
        for column in statement.columns:
            keys += [
                key_of(session, c, columns, name, (column.name,), statement.line) for c in column.constraints
            ]
        found = layout.new_table(
            session.state.new_id(), schema, name, columns, keys=tuple(keys), temporary=temporary
        )
        _make_identity(session, found)
        make_stored(session, found)
        _add(session, change, found)
        return found

    found = session.change(make)
    if found.temporary:
        session.temporary[session.state.key(found.name)] = found
    reply.done(tokens.NOTHING)


def _sequence(found: Object, place: int) -> str:
    """The DuckDB sequence of an IDENTITY column."""
    return f"{'temp' if found.temporary else 'stored'}.main.q{found.id}_{place}"


def _make_identity(session: Session, found: Object) -> None:
    for place, column in enumerate(found.columns):
        if column.identity is not None:
            seed, step = column.identity
            session.sql(
                f"CREATE SEQUENCE {_sequence(found, place)} START WITH {seed} INCREMENT BY {step} {'MINVALUE -9223372036854775808' if step < 0 or seed < 0 else ''}"
            )


def columns_of_result(
    session: Session, columns: Sequence[Column], renamed: Sequence[str], line: int
) -> tuple[TableColumn, ...]:
    """The columns that CREATE TABLE AS SELECT gives its table."""
    if renamed and len(renamed) != len(columns):
        raise SqlError(
            8158 if len(columns) > len(renamed) else 8159,
            f"The number of names in the column list ({len(renamed)}) differs from the number of columns of the query ({len(columns)}).",
            line,
        )
    names = renamed or [c.name for c in columns]
    made = []
    for place, (name, column) in enumerate(zip(names, columns, strict=True), 1):
        if not name:
            raise SqlError(
                1038,
                f"An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name: column {place} has none.",
                line,
                15,
            )
        made.append(TableColumn(name, column.type, column.nullable, column.collation))
    return tuple(made)


def fill_from(
    session: Session,
    statement: s.CreateTableAsSelect | s.SelectStatement,
    name: Name,
    renamed: Sequence[str],
    options: s.TableOptions,
) -> int:
    """Makes a table of a query's rows; gives their number."""

    def make(change: Change) -> tuple[Object, int]:
        schema, table, temporary = _new(session, name, statement.line)
        translated = translate(statement.query, session.names, session.scope.variables)
        columns = columns_of_result(session, translated.columns, renamed, statement.line)
        check_columns(session, columns, table, statement.line)
        layout = _layout(session, columns, options, temporary, statement.line)
        found = layout.new_table(session.state.new_id(), schema, table, columns, temporary=temporary)
        make_stored(session, found)
        counted = session.sql(f"INSERT INTO {found.stored} {translated.duckdb}").fetchone()
        _add(session, change, found)
        return found, counted[0] if counted else 0

    found, rows = session.change(make)
    if found.temporary:
        session.temporary[session.state.key(found.name)] = found
    return rows


def create_table_as_select(session: Session, statement: s.CreateTableAsSelect, reply: Reply) -> None:
    rows = fill_from(session, statement, statement.name, statement.columns, statement.options)
    session.facts.row_count = rows
    reply.done(tokens.SELECT, None if session.options.no_count else rows)


def truncate(session: Session, statement: s.Truncate, reply: Reply) -> None:
    if session.facts.transactions:
        raise SqlError(111212, "111212;Operation cannot be performed within a transaction.", statement.line)
    if statement.partitions:
        raise unsupported("TRUNCATE TABLE of single partitions", statement.line)

    def run() -> None:
        found = table_named(
            session,
            statement.table,
            statement.line,
            4701,
            'Cannot find the object "{}" because it does not exist or you do not have permissions.',
        )
        session.sql(f"DELETE FROM {found.stored}")

    session.write(run)
    reply.done(tokens.NOTHING)
