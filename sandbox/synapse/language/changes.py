"""INSERT, UPDATE, DELETE, MERGE to DuckDB's statements.

https://learn.microsoft.com/sql/t-sql/statements/update-transact-sql (syntax for Azure Synapse Analytics), and its kin
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.synapse.errors import SqlError, not_too_deep
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.names import Column, Names, Variables
from sandbox.synapse.language.nodes import Join, Name, Node, Pivot, TableSource, Unpivot
from sandbox.synapse.language.translating import conditions, froms, selects
from sandbox.synapse.language.translating.context import Context, Scope, Source
from sandbox.synapse.language.translating.environment import Environment
from sandbox.synapse.language.translating.expressions import value
from sandbox.synapse.language.translating.values import Typed, name_literal
from sandbox.synapse.language.translation import assigned

MANY_MATCHES = "The MERGE statement attempted to UPDATE or DELETE the same row more than once. This happens when a target row matches more than one source row. A MERGE statement cannot UPDATE/DELETE the same row of the target table multiple times. Refine the ON clause to ensure a target row matches at most one source row, or use the GROUP BY clause to group the source rows."


@dataclass(frozen=True, slots=True)
class Change:
    """What to run, in this order, in one transaction.

    checks: (SELECT, error): the error is raised if the SELECT gives a row. duckdb: the statement that changes rows.
    table: (schema | None, name) of the changed table. inserts, deletes: whether rows are added, removed (MERGE).
    columns: of INSERT: the table's columns that get a value, in the statement's order.
    """

    duckdb: str
    table: tuple[str | None, str]
    checks: tuple[tuple[str, SqlError], ...] = ()
    inserts: bool = False
    deletes: bool = False
    columns: tuple[str, ...] = ()
    tables: tuple[tuple[str | None, str], ...] = ()


def _target(name: Name, context: Context) -> tuple[str, list[Column], tuple[str | None, str]]:
    """DuckDB's text of the changed table, its columns, its place. Raises 208."""
    froms.check_database(name, context)
    schema = None if name.last.startswith("#") else name.schema
    columns = context.names.columns(schema, name.last)
    if columns is None:
        raise SqlError(
            208, f"Invalid object name '{'.'.join(part for part in name.parts if part)}'.", name.at[0]
        )
    context.tables.setdefault((schema, name.last))
    return context.names.source(schema, name.last), columns, (schema, name.last)


def _find(columns: list[Column], name: str, line: int) -> Column:
    for column in columns:
        if column.name.lower() == name.lower():
            return column
    raise SqlError(207, f"Invalid column name '{name}'.", line)


def _values(
    items: tuple[Node | None, ...], columns: list[Column], environment: Environment, table: str, line: int
) -> tuple[list[str], list[str]]:
    """(column names, DuckDB's values); DEFAULT is DuckDB's own."""
    names, texts = [], []
    for item, column in zip(items, columns, strict=True):
        names.append(name_literal(column.name))
        texts.append(
            "DEFAULT"
            if item is None
            else assigned(value(item, environment), column, table, environment.context, line)
        )
    return names, texts


@not_too_deep
def translate_insert(
    statement: s.Insert, names: Names, variables: Variables | None = None, *, identity: str | None = None
) -> Change:
    """INSERT … SELECT, VALUES of one row, DEFAULT VALUES.

    identity: the table's IDENTITY column, which gets no value unless it is listed. Raises 213, 264, 109, 110, 120, 121.
    """
    context = Context(names, variables or {})
    text, columns, place = _target(statement.table, context)
    line = statement.line
    shown = ".".join(part for part in statement.table.parts if part)
    if statement.columns:
        listed = [_find(columns, name, line) for name in statement.columns]
        twice = {c.name for c in listed if sum(c is other for other in listed) > 1}
        if twice:
            raise SqlError(
                264,
                f"The column name '{sorted(twice)[0]}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause.",
                line,
            )
    else:
        listed = [column for column in columns if column.name != identity]
    if statement.query is None and not statement.values:
        return Change(f"INSERT INTO {text} DEFAULT VALUES", place, inserts=True, tables=tuple(context.tables))
    quoted = ", ".join(name_literal(column.name) for column in listed)
    done = tuple(column.name for column in listed)
    if statement.query is None:
        if len(statement.values) != len(listed):
            _count_error(len(listed), len(statement.values), bool(statement.columns), values=True, line=line)
        _, texts = _values(statement.values, listed, Environment(Scope(context)), shown, line)
        return Change(
            f"INSERT INTO {text} ({quoted}) VALUES ({', '.join(texts)})",
            place,
            inserts=True,
            columns=done,
            tables=tuple(context.tables),
        )
    rows = selects.query(statement.query, Scope(context))
    if len(rows.columns) != len(listed):
        _count_error(len(listed), len(rows.columns), bool(statement.columns), values=False, line=line)
    alias = context.fresh("q")
    given = [
        replace(typed, null=original.null)  # the literal NULL goes into a column of any type
        for (_, typed), (_, original) in zip(rows.as_source(alias), rows.columns, strict=True)
    ]
    texts = [
        assigned(typed, column, shown, context, line) for typed, column in zip(given, listed, strict=True)
    ]
    return Change(
        f"INSERT INTO {text} ({quoted}) SELECT {', '.join(texts)} FROM ({rows.sql}) AS {alias}",
        place,
        inserts=True,
        columns=done,
        tables=tuple(context.tables),
    )


def _count_error(wanted: int, given: int, listed: bool, *, values: bool, line: int) -> None:
    if not listed:
        raise SqlError(213, "Column name or number of supplied values does not match table definition.", line)
    if values:
        number, word = (
            (110, "fewer columns in the INSERT statement than values specified in the VALUES clause")
            if given > wanted
            else (109, "more columns in the INSERT statement than values specified in the VALUES clause")
        )
        raise SqlError(
            number,
            f"There are {word}. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.",
            line,
            15,
        )
    number, word = (121, "more") if given > wanted else (120, "fewer")
    raise SqlError(
        number,
        f"The select list for the INSERT statement contains {word} items than the insert list. The number of SELECT values must match the number of INSERT columns.",
        line,
        15,
    )


# ---------- UPDATE, DELETE


@dataclass(slots=True)
class _Located:
    """The changed table in its FROM: the text, the scope, the alias that carries its rowid."""

    source: str
    scope: Scope
    alias: str
    text: str
    columns: list[Column]
    place: tuple[str | None, str]


def _locate(target: Name, source: Node | None, context: Context) -> _Located:
    """Which table of FROM is changed: the one whose alias, or else whose name, is the target."""
    scope = Scope(context, Scope(context))
    if source is None:
        text, columns, place = _target(target, context)
        alias = context.fresh("q")
        typed = [
            (c.name, Typed(f"{alias}.{name_literal(c.name)}", c.type, c.nullable, c.collation))
            for c in columns
        ]
        scope.add(Source(target.last, typed, target.schema or context.names.default_schema), target.at[0])
        return _Located(f"{text} AS {alias}", scope, alias, text, columns, place)
    tables = _tables(source)
    by_alias = [
        t
        for t in tables
        if t.alias is not None and len(target.parts) == 1 and t.alias.lower() == target.last.lower()
    ]
    by_name = [
        t
        for t in tables
        if t.name.last.lower() == target.last.lower()
        and (target.schema is None or (t.name.schema or "").lower() in ("", target.schema.lower()))
    ]
    found = by_alias or by_name
    if len(found) > 1:
        raise SqlError(8154, f"The table '{target.last}' is ambiguous.", target.at[0], 15)
    if not found:
        return _beside(target, source, context)
    text, columns, place = _target(found[0].name, context)
    joined = froms.source(source, scope)
    wanted = (found[0].alias or found[0].name.last).lower()
    inner = next(one for one in scope.sources if one.alias.lower() == wanted)
    alias = inner.columns[0][1].sql.split(".")[0]
    return _Located(joined, scope, alias, text, columns, place)


def _beside(target: Name, source: Node, context: Context) -> _Located:
    """UPDATE t … FROM s: the target is not in FROM, and is joined to it by WHERE alone."""
    scope = Scope(context, Scope(context))
    text, columns, place = _target(target, context)
    alias = context.fresh("q")
    typed = [
        (c.name, Typed(f"{alias}.{name_literal(c.name)}", c.type, c.nullable, c.collation)) for c in columns
    ]
    scope.add(Source(target.last, typed, target.schema or context.names.default_schema), target.at[0])
    joined = froms.source(source, scope)
    return _Located(
        f"{text} AS {alias} CROSS JOIN ({joined})"
        if isinstance(source, Join)
        else f"{text} AS {alias} CROSS JOIN {joined}",
        scope,
        alias,
        text,
        columns,
        place,
    )


def _tables(node: Node) -> list[TableSource]:
    if isinstance(node, TableSource):
        return [node]
    if isinstance(node, Join):
        return _tables(node.left) + _tables(node.right)
    if isinstance(node, Pivot | Unpivot):
        return []
    return []


@not_too_deep
def translate_update(statement: s.Update, names: Names, variables: Variables | None = None) -> Change:
    """UPDATE t SET … [FROM …] [WHERE …]. Where several rows of FROM match, one of them is taken, as there."""
    context = Context(names, variables or {})
    located = _locate(statement.target, statement.source, context)
    environment = Environment(located.scope, "SET clause")
    shown = ".".join(part for part in (*[p for p in located.place if p],))
    sets: list[str] = []
    items: list[str] = []
    seen: set[str] = set()
    for name, item in statement.assignments:
        column = _find(located.columns, name, statement.line)
        if column.name in seen:
            raise SqlError(
                264,
                f"The column name '{column.name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause.",
                statement.line,
            )
        seen.add(column.name)
        if item is None:
            sets.append(f"{name_literal(column.name)} = DEFAULT")
            continue
        items.append(
            f"{assigned(value(item, environment), column, shown, context, statement.line)} AS c{len(items) + 1}"
        )
        sets.append(f"{name_literal(column.name)} = found.c{len(items)}")
    where = (
        conditions.condition(statement.where, Environment(located.scope, "WHERE clause"))
        if statement.where is not None
        else ""
    )
    tail = f" WHERE {where}" if where else ""
    distinct = f"DISTINCT ON ({located.alias}.rowid) " if statement.source is not None else ""
    listed = ", ".join([f"{located.alias}.rowid AS row_id", *items])
    sql = f"UPDATE {located.text} AS target SET {', '.join(sets)} FROM (SELECT {distinct}{listed} FROM {located.source}{tail}) AS found WHERE target.rowid = found.row_id"
    return Change(sql, located.place, tables=tuple(context.tables))


@not_too_deep
def translate_delete(statement: s.Delete, names: Names, variables: Variables | None = None) -> Change:
    context = Context(names, variables or {})
    located = _locate(statement.target, statement.source, context)
    where = (
        conditions.condition(statement.where, Environment(located.scope, "WHERE clause"))
        if statement.where is not None
        else ""
    )
    if statement.source is None and not where:
        return Change(
            f"DELETE FROM {located.text}", located.place, deletes=True, tables=tuple(context.tables)
        )
    tail = f" WHERE {where}" if where else ""
    sql = f"DELETE FROM {located.text} AS target WHERE target.rowid IN (SELECT {located.alias}.rowid FROM {located.source}{tail})"
    return Change(sql, located.place, deletes=True, tables=tuple(context.tables))


# ---------- MERGE


@not_too_deep
def translate_merge(statement: s.Merge, names: Names, variables: Variables | None = None) -> Change:
    """MERGE; a target row that two source rows would change is error 8672. The caller checks the distribution (100087)."""
    context = Context(names, variables or {})
    text, columns, place = _target(statement.target, context)
    line = statement.line
    shown = ".".join(part for part in statement.target.parts if part)
    scope = Scope(context, Scope(context))
    alias = context.fresh("q")
    typed = [
        (c.name, Typed(f"{alias}.{name_literal(c.name)}", c.type, c.nullable, c.collation)) for c in columns
    ]
    target = Source(
        statement.alias or statement.target.last,
        typed,
        None if statement.alias else (statement.target.schema or context.names.default_schema),
    )
    scope.add(target, line)
    source = froms.source(statement.source, scope)
    on = conditions.condition(statement.on, Environment(scope, "ON clause"))
    only_source = Scope(context, Scope(context), scope.sources[1:])
    only_target = Scope(context, Scope(context), [target])
    clauses: list[str] = []
    touching: list[str] = []
    for action in statement.actions:
        local = {"matched": scope, "not matched": only_source, "not matched by source": only_target}[
            action.when
        ]
        test = (
            conditions.condition(action.condition, Environment(local, "WHEN clause"))
            if action.condition is not None
            else ""
        )
        head = (
            "WHEN "
            + {
                "matched": "MATCHED",
                "not matched": "NOT MATCHED BY TARGET",
                "not matched by source": "NOT MATCHED BY SOURCE",
            }[action.when]
        )
        head += f" AND {test}" if test else ""
        if action.when == "matched":
            touching.append(test or "TRUE")
        clauses.append(f"{head} THEN {_merge_action(action, columns, local, shown)}")
    checks: tuple[tuple[str, SqlError], ...] = ()
    if touching:
        check = f"SELECT 1 FROM {text} AS {alias} INNER JOIN {_in_join(statement.source, source)} ON {on} WHERE {' OR '.join(touching)} GROUP BY {alias}.rowid HAVING count(*) > 1 LIMIT 1"
        checks = ((check, SqlError(8672, MANY_MATCHES, line)),)
    sql = (
        f"MERGE INTO {text} AS {alias} USING {_in_join(statement.source, source)} ON {on} {' '.join(clauses)}"
    )
    inserts = any(action.action == "insert" for action in statement.actions)
    deletes = any(action.action == "delete" for action in statement.actions)
    return Change(sql, place, checks, inserts, deletes, tables=tuple(context.tables))


def _in_join(node: Node, text: str) -> str:
    return f"({text})" if isinstance(node, Join) else text


def _merge_action(action: s.MergeAction, columns: list[Column], scope: Scope, shown: str) -> str:
    environment = Environment(scope, "SET clause")
    if action.action == "delete":
        return "DELETE"
    if action.action == "update":
        sets: list[str] = []
        for name, item in action.assignments:
            column = _find(columns, name, action.line)
            stored = (
                "DEFAULT"
                if item is None
                else assigned(value(item, environment), column, shown, scope.context, action.line)
            )
            sets.append(f"{name_literal(column.name)} = {stored}")
        return "UPDATE SET " + ", ".join(sets)
    listed = [_find(columns, name, action.line) for name in action.columns] if action.columns else columns
    if not action.values:
        return "INSERT DEFAULT VALUES"
    if len(listed) != len(action.values):
        raise SqlError(
            10709,
            "The number of columns in the INSERT clause must match the number of values in the VALUES clause of the MERGE statement.",
            action.line,
            15,
        )
    names, texts = _values(action.values, listed, environment, shown, action.line)
    return f"INSERT ({', '.join(names)}) VALUES ({', '.join(texts)})"
