"""CREATE TABLE, CREATE TABLE AS SELECT, ALTER TABLE, DROP, TRUNCATE, indexes and statistics.

https://learn.microsoft.com/sql/t-sql/statements/create-table-azure-sql-data-warehouse
https://learn.microsoft.com/sql/t-sql/statements/create-table-as-select-azure-sql-data-warehouse
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sandbox.synapse.catalog.names import quoted
from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import EXTERNAL, TABLE, Index, Key, Object, TableColumn
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.defaults import default_text, kept_default
from sandbox.synapse.execution.finding import place_of, table_named
from sandbox.synapse.language import Column, translate
from sandbox.synapse.language import statements as s
from sandbox.synapse.session import Session
from sandbox.synapse.types import MAX
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

DEFAULT_INDEX = "CLUSTERED COLUMNSTORE INDEX"
MOST_COLUMNS = 1024
MOST_FIXED_BYTES = 8060


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


def _check_columns(session: Session, columns: Sequence[TableColumn], table: str, line: int) -> None:
    seen: set[str] = set()
    for column in columns:
        if not column.name:
            raise SqlError(1038, "An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names.", line, 15)
        key = session.state.key(column.name)
        if key in seen:
            raise SqlError(2705, f"Column names in each table must be unique. Column name '{column.name}' in table '{table}' is specified more than once.", line)
        if column.name.lower() in {k.lower() for k in seen}:
            raise unsupported(f"columns of table '{table}' whose names differ by case alone", line)
        seen.add(key)
    if len(columns) > MOST_COLUMNS:
        raise SqlError(1702, f"CREATE TABLE failed because column '{columns[MOST_COLUMNS].name}' in table '{table}' exceeds the maximum of {MOST_COLUMNS} columns.", line)


def _column(columns: Sequence[TableColumn], name: str, session: Session, line: int) -> TableColumn:
    for column in columns:
        if session.state.key(column.name) == session.state.key(name):
            return column
    raise SqlError(1911, f"Column name '{name}' does not exist in the target table or view.", line)


def _layout(session: Session, columns: Sequence[TableColumn], options: s.TableOptions, temporary: bool, line: int) -> dict[str, object]:
    """distribution, index and partition of a new table. Raises what the pool refuses."""
    hashed = tuple(_column(columns, name, session, line).name for name in options.distribution_columns)
    index = options.index or ("HEAP" if temporary else DEFAULT_INDEX)
    if index == DEFAULT_INDEX:
        for column in columns:
            if column.type.length == MAX:
                raise SqlError(35343, f"The statement failed. Column '{column.name}' has a data type that cannot participate in a columnstore index.", line)
    indexed = tuple(_column(columns, name, session, line).name for name, _ in options.index_columns)
    partition = None
    if options.partition is not None:
        name, side, boundaries = options.partition
        partition = (_column(columns, name, session, line).name, side, boundaries)
    return {
        "distribution": options.distribution or "ROUND_ROBIN",
        "distribution_columns": hashed,
        "index": index,
        "index_columns": indexed,
        "partition": partition,
    }


def _key(session: Session, constraint: s.Constraint, columns: Sequence[TableColumn], table: str, fallback: tuple[str, ...], line: int) -> Key:
    kind = "PK" if constraint.kind == "primary key" else "UQ"
    names = constraint.columns or fallback
    number = session.state.new_id()
    listed = tuple(_column(columns, name, session, line).name for name in names)
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


def _new(session: Session, name: s.Name, line: int) -> tuple[str, str, bool]:
    """(schema, name, temporary) of a table to be made. Raises SqlError 2714 where the name is taken."""
    if name.last.startswith("#"):
        if session.names.find(None, name.last) is not None:
            raise SqlError(2714, f"There is already an object named '{name.last}' in the database.", line, state=6)
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
        _check_columns(session, columns, name, statement.line)
        layout = _layout(session, columns, statement.options, temporary, statement.line)
        keys = [_key(session, c, columns, name, (), statement.line) for c in statement.constraints]
        for column in statement.columns:
            keys += [_key(session, c, columns, name, (column.name,), statement.line) for c in column.constraints]
        moment = now()
        found = Object(
            session.state.new_id(), schema, name, TABLE, moment, moment, columns, keys=tuple(keys), temporary=temporary, **layout
        )  # type: ignore[arg-type]
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
            session.sql(f'CREATE SEQUENCE {_sequence(found, place)} START WITH {seed} INCREMENT BY {step} {"MINVALUE -9223372036854775808" if step < 0 or seed < 0 else ""}')


def columns_of_result(session: Session, columns: Sequence[Column], renamed: Sequence[str], line: int) -> tuple[TableColumn, ...]:
    """The columns that CREATE TABLE AS SELECT gives its table."""
    if renamed and len(renamed) != len(columns):
        raise SqlError(8158 if len(columns) > len(renamed) else 8159, f"The number of names in the column list ({len(renamed)}) differs from the number of columns of the query ({len(columns)}).", line)
    names = renamed or [c.name for c in columns]
    made = []
    for place, (name, column) in enumerate(zip(names, columns, strict=True), 1):
        if not name:
            raise SqlError(1038, f"An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name: column {place} has none.", line, 15)
        made.append(TableColumn(name, column.type, column.nullable, column.collation))
    return tuple(made)


def fill_from(session: Session, statement: s.CreateTableAsSelect | s.SelectStatement, name: s.Name, renamed: Sequence[str], options: s.TableOptions) -> int:
    """Makes a table of a query's rows; gives their number."""

    def make(change: Change) -> tuple[Object, int]:
        schema, table, temporary = _new(session, name, statement.line)
        translated = translate(statement.query, session.names, session.scope.variables)
        columns = columns_of_result(session, translated.columns, renamed, statement.line)
        _check_columns(session, columns, table, statement.line)
        layout = _layout(session, columns, options, temporary, statement.line)
        moment = now()
        found = Object(session.state.new_id(), schema, table, TABLE, moment, moment, columns, temporary=temporary, **layout)  # type: ignore[arg-type]
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
        found = table_named(session, statement.table, statement.line, 4701, "Cannot find the object \"{}\" because it does not exist or you do not have permissions.")
        session.sql(f"DELETE FROM {found.stored}")

    session.write(run)
    reply.done(tokens.NOTHING)


def _alter(session: Session, name: s.Name, line: int, change: Change) -> Object:
    found = table_named(session, name, line, 4902, "Cannot find the object \"{}\" because it does not exist or you do not have permissions.")
    if found.temporary:
        raise unsupported("ALTER TABLE of a temporary table", line)
    if found.kind == EXTERNAL:
        raise SqlError(46518, f"The feature 'ALTER' is not supported with external tables: '{found.name}'.", line)
    return found


def alter_add(session: Session, statement: s.AlterTableAdd, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = _alter(session, statement.table, statement.line, change)
        added = tuple(table_column(c) for c in statement.columns)
        columns = found.columns + added
        _check_columns(session, columns, found.name, statement.line)
        for definition, column in zip(statement.columns, added, strict=True):
            if column.identity is not None:
                raise SqlError(104326, f"ALTER TABLE ADD of the IDENTITY column '{column.name}' is not supported.", statement.line)
            value = default_text(session, definition.default, column) if definition.default is not None else None
            if not column.nullable and value is None:
                counted = session.sql(f"SELECT count(*) FROM {found.stored}").fetchone()
                if counted and counted[0]:
                    raise SqlError(4901, f"ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '{column.name}' cannot be added to non-empty table '{found.name}' because it does not satisfy these conditions.", statement.line)
            session.sql(f"ALTER TABLE {found.stored} ADD COLUMN {quoted(column.name)} {column.type.duckdb()}")
            # rows that are there already get the default only where NULL is no answer
            if value is not None and not column.nullable:
                session.sql(f"UPDATE {found.stored} SET {quoted(column.name)} = {value}")
            if not column.nullable:
                _rebuild(session, replace(found, columns=found.columns))
                session.sql(f"ALTER TABLE {found.stored} ALTER COLUMN {quoted(column.name)} SET NOT NULL")
        keys = found.keys + tuple(_key(session, c, columns, found.name, (), statement.line) for c in statement.constraints)
        if len({k.kind for k in keys if k.kind == "PK"}) < len([k for k in keys if k.kind == "PK"]):
            raise SqlError(1779, f"Table '{found.name}' already has a primary key defined on it.", statement.line)
        change.put(replace(found, columns=columns, keys=keys, modified=now()))

    session.change(make)
    reply.done(tokens.NOTHING)


def _rebuild(session: Session, found: Object) -> None:
    """DuckDB takes SET NOT NULL only where no change of the same transaction is pending on the table."""


def alter_add_default(session: Session, statement: s.AlterTableAddDefault, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = _alter(session, statement.table, statement.line, change)
        wanted = _column(found.columns, statement.column, session, statement.line)
        if wanted.default is not None:
            raise SqlError(1781, "Column already has a DEFAULT bound to it.", statement.line)
        text = (statement.constraint or f"Def_{wanted.name}", f"({statement.default_text})")
        columns = tuple(replace(c, default=text) if c is wanted else c for c in found.columns)
        change.put(replace(found, columns=columns, modified=now()))

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_drop(session: Session, statement: s.AlterTableDrop, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = _alter(session, statement.table, statement.line, change)
        for name in statement.names:
            found = _without(session, found, statement, name)
        change.put(replace(found, modified=now()))

    session.change(make)
    reply.done(tokens.NOTHING)


def _without(session: Session, found: Object, statement: s.AlterTableDrop, name: str) -> Object:
    key = session.state.key(name)
    if statement.kind == "constraint":
        keys = tuple(k for k in found.keys if session.state.key(k.name) != key)
        columns = tuple(replace(c, default=None) if c.default and session.state.key(c.default[0]) == key else c for c in found.columns)
        if len(keys) == len(found.keys) and columns == found.columns:
            if statement.if_exists:
                return found
            raise SqlError(3728, f"'{name}' is not a constraint.", statement.line)
        return replace(found, keys=keys, columns=columns)
    column = next((c for c in found.columns if session.state.key(c.name) == key), None)
    if column is None:
        if statement.if_exists:
            return found
        raise SqlError(4924, f"ALTER TABLE DROP COLUMN failed because column '{name}' does not exist in table '{found.name}'.", statement.line)
    used = column.name in found.distribution_columns or column.name in found.index_columns or (found.partition and found.partition[0] == column.name)
    if used or column.default or any(column.name in k.columns for k in found.keys) or any(column.name in names for _, names in found.statistics):
        raise SqlError(5074, f"The object '{found.name}' is dependent on column '{name}'. ALTER TABLE DROP COLUMN {name} failed because one or more objects access this column.", statement.line)
    if len(found.columns) == 1:
        raise SqlError(4923, f"ALTER TABLE DROP COLUMN failed because '{name}' is the only data column in table '{found.name}'. A table must have at least one data column.", statement.line)
    session.sql(f"ALTER TABLE {found.stored} DROP COLUMN {quoted(column.name)}")
    return replace(found, columns=tuple(c for c in found.columns if c is not column))


def alter_column(session: Session, statement: s.AlterTableColumn, reply: Reply) -> None:
    from sandbox.synapse.execution.conversion import converted

    def make(change: Change) -> None:
        found = _alter(session, statement.table, statement.line, change)
        old = next((c for c in found.columns if session.state.key(c.name) == session.state.key(statement.column.name)), None)
        if old is None:
            raise SqlError(4924, f"ALTER TABLE ALTER COLUMN failed because column '{statement.column.name}' does not exist in table '{found.name}'.", statement.line)
        if old.name in found.distribution_columns:
            raise SqlError(5074, f"ALTER TABLE ALTER COLUMN {old.name} failed because the table is distributed by it.", statement.line)
        nullable = statement.column.nullable is not False
        new = replace(old, type=statement.column.type, nullable=nullable, collation=statement.column.collation or old.collation)
        columns = tuple(new if c is old else c for c in found.columns)
        # a new stored table: DuckDB's own ALTER would convert by its own rules
        fresh = replace(found, id=session.state.new_id(), columns=columns, modified=now())
        make_stored(session, fresh)
        values = ", ".join(converted(session, c, new) if c is old else quoted(c.name) for c in found.columns)
        session.sql(f"INSERT INTO {fresh.stored} SELECT {values} FROM {found.stored}")
        session.sql(f"DROP TABLE {found.stored}")
        session.sql(f'ALTER TABLE {fresh.stored} RENAME TO "t{found.id}"')
        change.put(replace(fresh, id=found.id))

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_rebuild(session: Session, statement: s.AlterTableRebuild, reply: Reply) -> None:
    """REBUILD changes how rows lie, not what they are."""
    session.change(lambda change: _alter(session, statement.table, statement.line, change))
    reply.done(tokens.NOTHING)


def alter_partition(session: Session, statement: s.AlterTablePartition, reply: Reply) -> None:
    raise unsupported(f"ALTER TABLE … {statement.action.upper()} of partitions", statement.line)


def create_index(session: Session, statement: s.CreateIndex, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = _alter(session, statement.table, statement.line, change)
        names = tuple(_column(found.columns, name, session, statement.line).name for name, _ in statement.columns)
        taken = {session.state.key(i.name) for i in found.indexes}
        if session.state.key(statement.index) in taken and not statement.drop_existing:
            raise SqlError(1913, f"The operation failed because an index or statistics with name '{statement.index}' already exists on table '{found.name}'.", statement.line)
        if statement.kind == "NONCLUSTERED INDEX":
            kept = tuple(i for i in found.indexes if session.state.key(i.name) != session.state.key(statement.index))
            changed = replace(found, indexes=(*kept, Index(statement.index, "NONCLUSTERED", names)), modified=now())
        else:
            if found.index not in (None, "HEAP") and not statement.drop_existing:
                raise SqlError(1902, f"Cannot create more than one clustered index on table '{found.name}'. Drop the existing clustered index before creating another.", statement.line)
            changed = replace(found, index=statement.kind, index_columns=names, modified=now())
        change.put(changed)

    session.change(make)
    reply.done(tokens.NOTHING)


def drop_index(session: Session, statement: s.DropIndex, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = _alter(session, statement.table, statement.line, change)
        key = session.state.key(statement.index)
        kept = tuple(i for i in found.indexes if session.state.key(i.name) != key)
        if len(kept) < len(found.indexes):
            change.put(replace(found, indexes=kept, modified=now()))
        elif found.index not in (None, "HEAP"):
            # the clustered index: the table is a heap without it
            change.put(replace(found, index="HEAP", index_columns=(), modified=now()))
        else:
            raise SqlError(3701, f"Cannot drop the index '{found.name}.{statement.index}', because it does not exist or you do not have permission.", statement.line, 11)

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_index(session: Session, statement: s.AlterIndex, reply: Reply) -> None:
    session.change(lambda change: _alter(session, statement.table, statement.line, change))
    reply.done(tokens.NOTHING)


def create_statistics(session: Session, statement: s.CreateStatistics, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = table_named(session, statement.table, statement.line, 1088, "Cannot find the object \"{}\" because it does not exist or you do not have permissions.")
        names = tuple(_column(found.columns, name, session, statement.line).name for name in statement.columns)
        if any(session.state.key(n) == session.state.key(statement.statistics) for n, _ in found.statistics):
            raise SqlError(1927, f"There are already statistics on table '{found.name}' named '{statement.statistics}'.", statement.line)
        if not found.temporary:
            change.put(replace(found, statistics=(*found.statistics, (statement.statistics, names))))

    session.change(make)
    reply.done(tokens.NOTHING)


def update_statistics(session: Session, statement: s.UpdateStatistics, reply: Reply) -> None:
    table_named(session, statement.table, statement.line, 2706, "Table '{}' does not exist.")
    reply.done(tokens.NOTHING)


def drop_statistics(session: Session, statement: s.DropStatistics, reply: Reply) -> None:
    def make(change: Change) -> None:
        for name in statement.names:
            table = s.Name(name.parts[:-1], name.at)
            found = table_named(session, table, statement.line, 3701, "Cannot drop the statistics of '{}', because it does not exist or you do not have permission.")
            kept = tuple(p for p in found.statistics if session.state.key(p[0]) != session.state.key(name.last))
            if len(kept) == len(found.statistics):
                raise SqlError(3701, f"Cannot drop the statistics '{'.'.join(name.parts)}', because it does not exist or you do not have permission.", statement.line, 11)
            change.put(replace(found, statistics=kept))

    session.change(make)
    reply.done(tokens.NOTHING)
