"""SELECT, set operations, common tables: to one DuckDB query whose columns are named c1, c2, …"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.nodes import (
    Body,
    ColumnRef,
    DerivedTable,
    Grouping,
    Literal,
    Node,
    OrderItem,
    Query,
    Select,
    SelectItem,
    SetOperation,
    TableSource,
    Top,
)  # fmt: skip
from sandbox.synapse.language.translating import collations, conditions, froms, ordering
from sandbox.synapse.language.translating.context import Relation, Scope
from sandbox.synapse.language.translating.environment import Environment, Groups, has_aggregate, has_column
from sandbox.synapse.language.translating.expressions import value
from sandbox.synapse.language.translating.values import Typed


@dataclass(frozen=True, slots=True)
class Rows:
    """A translated query. columns: (name, '' if it has none; type with sql c1, c2 …). texts: of a SELECT's items."""

    sql: str
    columns: list[tuple[str, Typed]]
    variables: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def as_source(self, alias: str) -> list[tuple[str, Typed]]:
        """The columns as `alias` gives them to the query around."""
        return [
            (
                name,
                replace(typed, sql=f"{alias}.c{i}", digits=None, constant=None, null=False, explicit=False),
            )
            for i, (name, typed) in enumerate(self.columns, 1)
        ]


def query(node: Query, scope: Scope) -> Rows:
    """A whole query with its WITH. scope: what is around it (its own tables are added to a scope below)."""
    inner = Scope(scope.context, scope, environment=scope.environment) if node.ctes else scope
    texts: list[str] = []
    for cte in node.ctes:
        name = scope.context.fresh("w")
        inner.relations[cte.name.lower()] = Relation(name, None)
        rows = query(cte.query, inner)
        columns = named_columns(rows, cte.columns, cte.name, cte.at[0])
        inner.relations[cte.name.lower()] = Relation(name, columns)
        texts.append(f"{name} AS ({rows.sql})")
    rows = body(node.body, inner)
    if not texts:
        return rows
    return replace(rows, sql=f"WITH {', '.join(texts)} {rows.sql}")


def named_columns(rows: Rows, names: tuple[str, ...], table: str, line: int) -> list[tuple[str, Typed]]:
    """The columns of a CTE, view or derived table: each has a name, and no name twice (8155, 8156, 8158, 8159)."""
    if names and len(names) != len(rows.columns):
        more = len(names) > len(rows.columns)
        raise SqlError(
            8158 if not more else 8159,
            f"'{table}' has {'fewer' if more else 'more'} columns than were specified in the column list.",
            line,
        )
    found: list[tuple[str, Typed]] = []
    seen: set[str] = set()
    for i, (name, typed) in enumerate(rows.columns):
        name = names[i] if names else name
        if not name:
            raise SqlError(8155, f"No column name was specified for column {i + 1} of '{table}'.", line)
        if name.lower() in seen:
            raise SqlError(8156, f"The column '{name}' was specified multiple times for '{table}'.", line)
        seen.add(name.lower())
        found.append((name, typed))
    return found


def inner_query(node: Query, environment: Environment) -> Rows:
    """A subquery of an expression; it sees the columns around it."""
    return query(node, replace_environment(environment))


def replace_environment(environment: Environment) -> Scope:
    """The scope of an expression, telling its subqueries whether its rows are grouped."""
    scope = environment.scope
    return Scope(scope.context, scope.parent, scope.sources, scope.relations, environment)


def body(node: Body, scope: Scope) -> Rows:
    return select(node, scope) if isinstance(node, Select) else set_operation(node, scope)


# ---------- SELECT


def select(node: Select, outer: Scope) -> Rows:
    scope = Scope(outer.context, outer)
    source = froms.source(node.source, scope) if node.source is not None else ""
    plain = Environment(scope)
    where = (
        conditions.condition(node.where, replace(plain, clause="WHERE clause"))
        if node.where is not None
        else ""
    )
    grouped = (
        node.group is not None
        or has_aggregate(node.items)
        or has_aggregate(node.having)
        or has_aggregate(node.order)
        or node.having is not None
    )
    groups, group_sql = _groups(node.group, plain) if grouped else (None, "")
    listed = Environment(scope, "select list", groups, aggregates=True, windows=True)
    columns, texts, variables = _items(node.items, listed, source)
    having = (
        conditions.condition(node.having, Environment(scope, "HAVING clause", groups, aggregates=True))
        if node.having is not None
        else ""
    )
    core = (
        (f" FROM {source}" if source else "")
        + (f" WHERE {where}" if where else "")
        + group_sql
        + (f" HAVING {having}" if having else "")
    )
    if node.distinct:
        return _distinct(node, texts, columns, core, scope, variables)
    keys = _order_keys(
        node.order,
        columns,
        texts,
        Environment(scope, "ORDER BY clause", groups, aggregates=True, windows=True),
    )
    if _in_stream_order(node, columns, scope):
        keys = []
    limit, qualify = _top(node.top, keys, listed)
    order = (" ORDER BY " + ", ".join(keys)) if keys else ""
    items = ", ".join(f"{text} AS c{i}" for i, text in enumerate(texts, 1))
    return Rows(f"SELECT {items}{core}{qualify}{order}{limit}", columns, variables, tuple(texts))


def _items(
    items: tuple[SelectItem, ...], environment: Environment, source: str
) -> tuple[list[tuple[str, Typed]], list[str], tuple[str, ...]]:
    columns: list[tuple[str, Typed]] = []
    texts: list[str] = []
    variables: list[str] = []
    for item in items:
        if item.star:
            for name, typed in _star(item, environment, source):
                columns.append((name, replace(typed, sql=f"c{len(columns) + 1}", explicit=False)))
                texts.append(typed.sql)
            continue
        assert item.expression is not None
        typed = value(item.expression, environment)
        if item.variable is not None:
            variables.append(item.variable)
        name = item.alias or (
            item.expression.name.last if isinstance(item.expression, ColumnRef) and item.alias is None else ""
        )
        text = typed.sql
        if typed.null:
            text = f"CAST(NULL AS {typed.type.duckdb()})"
        columns.append((name, replace(typed, sql=f"c{len(columns) + 1}", explicit=False)))
        texts.append(text)
    if variables and len(variables) < len(columns):
        raise SqlError(
            141,
            "A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.",
            items[0].at[0],
            15,
        )
    return columns, texts, tuple(variables)


def _star(item: SelectItem, environment: Environment, source: str) -> list[tuple[str, Typed]]:
    if not source:
        raise SqlError(263, "Must specify table to select from.", item.at[0])
    scope = environment.scope
    sources = [scope.qualified(item.qualifier)] if item.qualifier is not None else scope.sources
    found = [(name, typed) for one in sources for name, typed in one.columns]
    if environment.groups is None:
        return found
    keys: list[tuple[str, Typed]] = []
    for name, typed in found:
        key = environment.groups.keys.get(typed.sql)
        if key is None:
            raise SqlError(
                8120,
                f"Column '{name}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
                item.at[0],
            )
        keys.append((name, key))
    return keys


def _groups(grouping: Grouping | None, environment: Environment) -> tuple[Groups, str]:
    """GROUP BY: text is grouped by its key and shown as the least of its spellings."""
    if grouping is None:
        return Groups({}, frozenset({ColumnRef}), {}), ""
    keys: dict[str, Typed] = {}
    grouped: dict[str, str] = {}
    kinds: set[type] = {ColumnRef}
    for item in grouping.items:
        _check_group_item(item)
        typed = value(item, replace(environment, clause="GROUP BY clause"))
        key = collations.key(typed, environment.context)
        shown = typed.sql
        if key != typed.sql:
            shown = f"min({typed.sql})"
            if grouping.kind == "rollup":
                shown = f"CASE WHEN grouping({key}) = 0 THEN min({typed.sql}) END"
        nullable = typed.nullable or grouping.kind == "rollup"
        keys[typed.sql] = replace(typed, sql=shown, nullable=nullable, digits=None, constant=None)
        grouped[typed.sql] = key
        kinds.add(type(item))
    listed = ", ".join(dict.fromkeys(grouped.values()))
    text = f" GROUP BY ROLLUP ({listed})" if grouping.kind == "rollup" else f" GROUP BY {listed}"
    return Groups(keys, frozenset(kinds), grouped), text


def _check_group_item(item: Node) -> None:
    if not has_column(item):
        raise SqlError(
            164,
            "Each GROUP BY expression must contain at least one column that is not an outer reference.",
            item.at[0],
            15,
        )
    if has_aggregate(item):
        raise SqlError(
            144,
            "Cannot use an aggregate or a subquery in an expression used for the group by list of a GROUP BY clause.",
            item.at[0],
            15,
        )


# ---------- ORDER BY, TOP, DISTINCT


def _order_keys(
    order: tuple[OrderItem, ...], columns: list[tuple[str, Typed]], texts: list[str], environment: Environment
) -> list[str]:
    """An ordinal, a column's alias, or any expression."""
    keys: list[str] = []
    for item in order:
        index = _ordered_column(item, columns)
        if index is not None:
            typed = replace(columns[index][1], sql=texts[index])
        else:
            typed = value(item.expression, environment)
            if (
                not has_column(item.expression)
                and not has_aggregate(item.expression)
                and isinstance(item.expression, Literal)
            ):
                raise SqlError(
                    408,
                    f"A constant expression was encountered in the ORDER BY list, position {len(keys) + 1}.",
                    item.at[0],
                )
        if typed.constant is not None or typed.null:
            continue  # a constant orders nothing
        keys.append(ordering.direction(ordering.sort_key(typed, environment, item.at[0]), item.descending))
    return keys


def _in_stream_order(node: Select, columns: list[tuple[str, Typed]], scope: Scope) -> bool:
    """TOP (n) … ORDER BY the number of the row: the first rows of the stream, so that DuckDB stops after them.

    dbt-synapse's date_spine numbers the 2^32 rows of a cross join that way; no engine may make them all.
    """
    if (
        node.top is None
        or node.top.ties
        or node.top.percent
        or len(node.order) != 1
        or node.order[0].descending
    ):
        return False
    if not isinstance(node.source, TableSource | DerivedTable) or node.group is not None:
        return False
    index = _ordered_column(node.order[0], columns)
    if index is not None:
        return columns[index][1].counter
    expression = node.order[0].expression
    return isinstance(expression, ColumnRef) and scope.column(expression.name)[0].counter


def _ordered_column(item: OrderItem, columns: list[tuple[str, Typed]]) -> int | None:
    node = item.expression
    if isinstance(node, Literal) and node.kind == "integer":
        if not 1 <= int(node.text) <= len(columns):
            raise SqlError(
                108,
                f"The ORDER BY position number {node.text} is out of range of the number of items in the select list.",
                item.at[0],
                15,
            )
        return int(node.text) - 1
    if isinstance(node, ColumnRef) and len(node.name.parts) == 1:
        found = [i for i, (name, _) in enumerate(columns) if name.lower() == node.name.last.lower()]
        if len(found) > 1 and len({columns[i][1].type for i in found}) > 1:
            raise SqlError(209, f"Ambiguous column name '{node.name.last}'.", node.at[0])
        if found:
            return found[0]
    return None


def _top(top: Top | None, keys: list[str], environment: Environment) -> tuple[str, str]:
    """(LIMIT …, QUALIFY …). PERCENT rounds up; WITH TIES needs ORDER BY (error 1062)."""
    if top is None:
        return "", ""
    count = value(top.count, Environment(Scope(environment.context)))
    order = ", ".join(keys)
    if top.ties and not keys:
        raise SqlError(
            1062,
            "The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.",
            top.count.at[0],
            15,
        )
    if isinstance(count.constant, int) and count.constant < 0 and not top.percent:
        raise SqlError(
            1060,
            "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.",
            top.count.at[0],
            15,
        )
    rank = (
        f"rank() OVER (ORDER BY {order})"
        if top.ties
        else (f"row_number() OVER (ORDER BY {order})" if order else "row_number() OVER ()")
    )
    if top.percent:
        return "", f" QUALIFY {rank} <= ceil(count(*) OVER () * CAST({count.sql} AS DOUBLE) / 100)"
    if not count.type.is_integer:
        raise SqlError(
            1060,
            "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.",
            top.count.at[0],
            15,
        )
    if top.ties:
        return "", f" QUALIFY {rank} <= {count.sql}"
    return f" LIMIT {count.sql}", ""


def _distinct(
    node: Select,
    texts: list[str],
    columns: list[tuple[str, Typed]],
    core: str,
    scope: Scope,
    variables: tuple[str, ...],
) -> Rows:
    """DISTINCT by the keys of text; ORDER BY may then only name what is selected (error 145)."""
    items = ", ".join(f"{text} AS c{i}" for i, text in enumerate(texts, 1))
    inner = f"SELECT {items}{core}"
    alias = scope.context.fresh("d")
    sql = f"{distinct_rows(inner, columns, scope)}"
    outer_scope = Scope(scope.context)
    keys: list[str] = []
    for item in node.order:
        index = _ordered_column(item, columns)
        if index is None:
            typed = value(item.expression, Environment(scope, "ORDER BY clause", windows=True))
            if typed.sql not in texts:
                raise SqlError(
                    145,
                    "ORDER BY items must appear in the select list if SELECT DISTINCT is specified.",
                    item.at[0],
                    15,
                )
            index = texts.index(typed.sql)
        typed = replace(columns[index][1], sql=f"{alias}.c{index + 1}")
        keys.append(
            ordering.direction(
                ordering.sort_key(typed, Environment(outer_scope), item.at[0]), item.descending
            )
        )
    if not keys and node.top is None:
        return Rows(sql, columns, variables)
    limit, qualify = _top(node.top, keys, Environment(outer_scope))
    order = (" ORDER BY " + ", ".join(keys)) if keys else ""
    return Rows(
        f"SELECT {', '.join(f'{alias}.c{i}' for i in range(1, len(columns) + 1))} FROM ({sql}) AS {alias}{qualify}{order}{limit}",
        columns,
        variables,
    )


def distinct_rows(sql: str, columns: list[tuple[str, Typed]], scope: Scope) -> str:
    """The query without duplicates, as `=` sees them (but NULL equals NULL)."""
    if not any(collations.needs_key(typed, scope.context) for _, typed in columns):
        return f"SELECT DISTINCT * FROM ({sql}) AS {scope.context.fresh('d')}"
    alias = scope.context.fresh("d")
    keys = [
        collations.key(replace(typed, sql=f"{alias}.c{i}"), scope.context)
        for i, (_, typed) in enumerate(columns, 1)
    ]
    return f"SELECT DISTINCT ON ({', '.join(keys)}) * FROM ({sql}) AS {alias}"


# ---------- set operations


def set_operation(node: SetOperation, outer: Scope) -> Rows:
    from sandbox.synapse.language.translating import set_operations

    rows = set_operations.combined(node, outer)
    if not node.order:
        return rows
    alias = outer.context.fresh("u")
    keys: list[str] = []
    for item in node.order:
        index = _ordered_column(item, rows.columns)
        if index is None:
            raise SqlError(
                104,
                "ORDER BY items must appear in the select list if the statement contains a UNION, INTERSECT or EXCEPT operator.",
                item.at[0],
                15,
            )
        typed = replace(rows.columns[index][1], sql=f"{alias}.c{index + 1}")
        keys.append(
            ordering.direction(
                ordering.sort_key(typed, Environment(Scope(outer.context)), item.at[0]), item.descending
            )
        )
    return Rows(f"SELECT * FROM ({rows.sql}) AS {alias} ORDER BY {', '.join(keys)}", rows.columns)
