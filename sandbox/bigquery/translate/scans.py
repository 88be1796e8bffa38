"""Scans: where rows come from. Each function writes one kind of scan as a SELECT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.translate import aggregates, values, windows
from sandbox.bigquery.translate.translator import Translator, column_name, refuse, type_of

JOINS = {"INNER": "JOIN", "LEFT": "LEFT JOIN", "RIGHT": "RIGHT JOIN", "FULL": "FULL JOIN"}
SETS = {
    "UNION_ALL": "UNION ALL", "UNION_DISTINCT": "UNION", "INTERSECT_ALL": "INTERSECT ALL",
    "INTERSECT_DISTINCT": "INTERSECT", "EXCEPT_ALL": "EXCEPT ALL", "EXCEPT_DISTINCT": "EXCEPT",
}  # fmt: skip


def scan(t: Translator, node: Node) -> str:
    """The SELECT of a scan; Unsupported when there is none."""
    writer = WRITERS.get(node.kind)
    if writer is None:
        raise refuse(node)
    return writer(t, node)


def single_row(t: Translator, node: Node) -> str:
    return "SELECT 1 AS one_row"


def table(t: Translator, node: Node) -> str:
    """The columns that are read, and only these: what BigQuery bills."""
    if node.for_system_time_expr is not None:
        raise Unsupported("FOR SYSTEM_TIME AS OF (time travel)")
    source = t.sources[node.table.serialization_id]
    read = [source.columns[i] for i in node.column_index_list]
    rows = source.rows(read, [c.column_id for c in node.column_list], t)
    columns = [
        f"{values.name(column.name)} AS {column_name(c)}"
        for column, c in zip(read, node.column_list, strict=True)
    ]
    return f"SELECT {', '.join(columns) or '1 AS one_row'} FROM {rows}"


def filtered(t: Translator, node: Node) -> str:
    with under(t, conjuncts(node.filter_expr)):
        rows = t.scan(node.input_scan)
    return f"SELECT * FROM ({rows}) WHERE {t.expression(node.filter_expr)}"


def conjuncts(condition: Node) -> list[Node]:
    """The parts of a condition that must all hold."""
    if condition.kind == "FunctionCall" and condition.function.name == "ZetaSQL:$and":
        return [part for argument in condition.argument_list for part in conjuncts(argument)]
    return [condition]


@contextmanager
def under(t: Translator, conditions: list[Node] | None) -> Iterator[None]:
    """More conditions for the rows below; None forgets them all, where rows are chosen before they are filtered."""
    before = t.filters
    t.filters = [] if conditions is None else [*before, *conditions]
    try:
        yield
    finally:
        t.filters = before


def project(t: Translator, node: Node) -> str:
    return f"SELECT {projection(t, node)} FROM ({t.scan(node.input_scan)})"


def projection(t: Translator, node: Node) -> str:
    """The select list of a projection: its computed columns, and those it lets through."""
    computed = {c.column.column_id: t.expression(c.expr) for c in node.expr_list}
    listed = []
    for column in node.column_list:
        name = column_name(column)
        written = computed.pop(column.column_id, None)
        listed.append(f"{written} AS {name}" if written is not None else name)
    return ", ".join(listed) or "1 AS one_row"


def join(t: Translator, node: Node) -> str:
    if node.is_lateral:
        raise Unsupported("a lateral join")
    inner = node.join_type == "INNER" and node.join_expr is not None
    with under(t, conjuncts(node.join_expr) if inner else []):
        left, right = t.scan(node.left_scan), t.scan(node.right_scan)
    if node.join_expr is None:
        return f"SELECT {_columns(node)} FROM ({left}) AS l CROSS JOIN ({right}) AS r"
    return (
        f"SELECT {_columns(node)} FROM ({left}) AS l {JOINS[node.join_type]} ({right}) AS r"
        f" ON {t.expression(node.join_expr)}"
    )


def _columns(node: Node) -> str:
    return ", ".join(column_name(c) for c in node.column_list) or "1 AS one_row"


def array(t: Translator, node: Node) -> str:
    """UNNEST, alone or joined to the rows whose arrays it unnests. A NULL array has no elements."""
    if len(node.array_expr_list) != 1:
        raise Unsupported("UNNEST of several arrays")
    element, expr = node.element_column_list[0], node.array_expr_list[0]
    offset = node.array_offset_column
    written, whole = t.expression(expr), t.fresh("a")
    columns = f"unnest({whole}) AS {column_name(element)}"
    if offset is not None:
        columns += f", generate_subscripts({whole}, 1) - 1 AS {column_name(offset.column)}"
    elements = f"SELECT {columns} FROM (SELECT {written} AS {whole})"
    if node.input_scan is None:
        return elements
    condition = t.expression(node.join_expr) if node.join_expr is not None else "TRUE"
    kind = "LEFT JOIN" if node.is_outer else "JOIN"
    return f"SELECT {_columns(node)} FROM ({t.scan(node.input_scan)}) AS l {kind} LATERAL ({elements}) AS r ON {condition}"


def set_operation(t: Translator, node: Node) -> str:
    """The columns of each input go by position; the analyzer has put those of BY NAME into the same order."""
    parts = []
    for item in node.input_item_list:
        columns = ", ".join(
            f"{column_name(c)} AS {column_name(out)}"
            for c, out in zip(item.output_column_list, node.column_list, strict=True)
        )
        parts.append(f"(SELECT {columns} FROM ({t.scan(item.scan)}))")
    return f" {SETS[node.op_type]} ".join(parts)


def order_keys(t: Translator, items: list[Node]) -> list[str]:
    """The keys of an ORDER BY. BigQuery: NULL is the smallest value, and NaN the next."""
    keys = []
    for item in items:
        if item.collation_name is not None:
            raise Unsupported("ORDER BY … COLLATE")
        name = t.expression(item.column_ref)
        down = item.is_descending
        first = {"NULLS_FIRST": True, "NULLS_LAST": False}.get(item.null_order, not down)
        kind = type_of(item.column_ref).kind
        if kind == "BIGNUMERIC":
            raise Unsupported("ordering by BIGNUMERIC")
        nulls = "NULLS FIRST" if first else "NULLS LAST"
        if kind == "FLOAT64":
            keys.append(f"{name} IS NULL {'DESC' if first else 'ASC'}")
            keys.append(f"isnan({name}) {'ASC' if down else 'DESC'}")
        keys.append(f"{name} {'DESC' if down else 'ASC'} {nulls}")
    return keys


def order_by(t: Translator, node: Node) -> str:
    keys = ", ".join(order_keys(t, node.order_by_item_list))
    return f"SELECT {_columns(node)} FROM ({t.scan(node.input_scan)}) ORDER BY {keys}"


def limit(t: Translator, node: Node) -> str:
    clause = f" LIMIT {t.expression(node.limit)}" if node.limit is not None else ""
    if node.offset is not None:
        clause += f" OFFSET {t.expression(node.offset)}"
    inner = node.input_scan
    with under(t, None):
        if inner.kind == "OrderByScan":
            return order_by(t, inner) + clause
        return f"SELECT {_columns(node)} FROM ({t.scan(inner)}){clause}"


def ordered_select(t: Translator, node: Node, columns: str) -> str:
    """``columns`` of a scan, in its order when it has one: the ORDER BY is written outermost."""
    if node.kind == "OrderByScan":
        keys = ", ".join(order_keys(t, node.order_by_item_list))
        return f"SELECT {columns} FROM ({t.scan(node.input_scan)}) ORDER BY {keys}"
    if node.kind == "LimitOffsetScan" and node.input_scan.kind == "OrderByScan":
        keys = ", ".join(order_keys(t, node.input_scan.order_by_item_list))
        whole = node.input_scan.input_scan
        clause = f" LIMIT {t.expression(node.limit)}" if node.limit is not None else ""
        clause += f" OFFSET {t.expression(node.offset)}" if node.offset is not None else ""
        with under(t, None):
            return f"SELECT {columns} FROM ({t.scan(whole)}) ORDER BY {keys}{clause}"
    if node.kind == "WithScan":
        return with_entries(t, node) + ordered_select(t, node.query, columns)
    return f"SELECT {columns} FROM ({t.scan(node)})"


def with_entries(t: Translator, node: Node) -> str:
    entries, recursive = [], False
    for entry in node.with_entry_list:
        name = t.fresh("w_")
        t.with_names[entry.with_query_name] = [
            name,
            *(column_name(c) for c in entry.with_subquery.column_list),
        ]
        body = entry.with_subquery
        if body.kind == "RecursiveScan":
            recursive = True
            entries.append(_recursive(t, name, body))
        else:
            entries.append(f"{name} AS ({t.scan(body)})")
    return f"WITH {'RECURSIVE ' if recursive else ''}{', '.join(entries)} "


def with_scan(t: Translator, node: Node) -> str:
    return with_entries(t, node) + t.scan(node.query)


def with_ref(t: Translator, node: Node) -> str:
    name, *columns = t.with_names[node.with_query_name]
    listed = ", ".join(f"{c} AS {column_name(out)}" for c, out in zip(columns, node.column_list, strict=True))
    return f"SELECT {listed or '1 AS one_row'} FROM {name}"


def _recursive(t: Translator, name: str, node: Node) -> str:
    if node.recursion_depth_modifier is not None:
        raise Unsupported("WITH DEPTH")
    columns = [column_name(c) for c in node.column_list]

    def term(item: Node) -> str:
        listed = ", ".join(
            f"{column_name(c)} AS {out}" for c, out in zip(item.output_column_list, columns, strict=True)
        )
        return f"SELECT {listed} FROM ({t.scan(item.scan)})"

    first = term(node.non_recursive_term)
    t.recursive.append((name, columns))
    again = term(node.recursive_term)
    t.recursive.pop()
    return f"{name}({', '.join(columns)}) AS ({first} {SETS[node.op_type]} {again})"


def recursive_ref(t: Translator, node: Node) -> str:
    name, columns = t.recursive[-1]
    listed = ", ".join(f"{c} AS {column_name(out)}" for c, out in zip(columns, node.column_list, strict=True))
    return f"SELECT {listed} FROM {name}"


def sample(t: Translator, node: Node) -> str:
    raise Unsupported("TABLESAMPLE (BigQuery samples blocks of storage, which the stand-in has not)")


WRITERS: dict[str, Callable[[Translator, Node], str]] = {
    "SingleRowScan": single_row,
    "TableScan": table,
    "FilterScan": filtered,
    "ProjectScan": project,
    "JoinScan": join,
    "ArrayScan": array,
    "SetOperationScan": set_operation,
    "OrderByScan": order_by,
    "LimitOffsetScan": limit,
    "WithScan": with_scan,
    "WithRefScan": with_ref,
    "RecursiveRefScan": recursive_ref,
    "AggregateScan": aggregates.aggregate_scan,
    "AnalyticScan": windows.analytic_scan,
    "SampleScan": sample,
}
