"""OVER: partitions, order, frames and the functions that need them."""

from __future__ import annotations

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.translate.aggregates import aggregate_call
from sandbox.bigquery.translate.translator import Translator, column_name, type_of

NUMBERING = {"row_number", "rank", "dense_rank", "percent_rank", "cume_dist"}
VALUES = {"first_value", "last_value", "nth_value"}
SHIFTS = {"lag", "lead"}
WINDOWED = {
    "$count_star", "count", "countif", "sum", "avg", "min", "max", "any_value", "string_agg", "array_agg", "logical_and",
    "logical_or", "bit_and", "bit_or", "bit_xor", "stddev_samp", "stddev_pop", "var_samp",
    "var_pop", "corr", "covar_pop", "covar_samp",
}  # fmt: skip
BOUNDS = {
    "UNBOUNDED_PRECEDING": "UNBOUNDED PRECEDING", "UNBOUNDED_FOLLOWING": "UNBOUNDED FOLLOWING", "CURRENT_ROW": "CURRENT ROW",
}  # fmt: skip


def analytic_scan(t: Translator, node: Node) -> str:
    from sandbox.bigquery.translate.scans import under

    columns = ["*"]
    for group in node.function_group_list:
        for computed in group.analytic_function_list:
            columns.append(f"{_call(t, group, computed.expr)} AS {column_name(computed.column)}")
    with under(t, None):
        return f"SELECT {', '.join(columns)} FROM ({t.scan(node.input_scan)})"


def _call(t: Translator, group: Node, node: Node) -> str:
    name = node.function.name.removeprefix("ZetaSQL:").lower()
    arguments = [t.expression(a) for a in node.argument_list]
    ignore = " IGNORE NULLS" if node.null_handling_modifier == "IGNORE_NULLS" else ""
    frame = _frame(t, node.window_frame, group) if node.window_frame is not None else ""
    over = _over(t, group, frame)
    if name in NUMBERING:
        return f"{name}() OVER ({over})"
    if name == "ntile":
        return f"ntile({arguments[0]}) OVER ({over})"
    if name in SHIFTS:
        return f"{name}({', '.join(arguments)}) OVER ({over})"
    if name in VALUES:
        return f"{name}({', '.join(arguments)}{ignore}) OVER ({over})"
    if name in ("percentile_cont", "percentile_disc"):
        return _percentile(name, arguments, node, over)
    if name in WINDOWED:
        return _windowed(t, node, over)
    raise Unsupported(f"the window function {name.upper()}")


def _windowed(t: Translator, node: Node, over: str) -> str:
    """An aggregate over a window: the cast and the division around it stay outside of OVER."""
    name = node.function.name.removeprefix("ZetaSQL:").lower()
    arguments = [t.expression(a) for a in node.argument_list]
    type_ = type_of(node)
    if name == "sum":
        distinct = "DISTINCT " if node.distinct else ""
        return f"CAST(sum({distinct}{arguments[0]}) OVER ({over}) AS {type_.engine})"
    if name == "countif":
        return f"CAST(count_if({arguments[0]}) OVER ({over}) AS BIGINT)"
    if name == "avg" and type_.kind == "NUMERIC":
        total = f"CAST(sum({arguments[0]}) OVER ({over}) AS DECIMAL(38,9))"
        number = f"CAST(nullif(count({arguments[0]}) OVER ({over}), 0) AS DECIMAL(38,9))"
        return f"bq_numeric_divide({total}, {number})"
    if name in ("min", "max") and type_.kind == "FLOAT64":
        found = f"bool_or(isnan({arguments[0]})) OVER ({over})"
        return f"CASE WHEN {found} THEN CAST('NaN' AS DOUBLE) ELSE {name}({arguments[0]}) OVER ({over}) END"
    return f"{_plain(t, node)} OVER ({over})"


def _plain(t: Translator, node: Node) -> str:
    return aggregate_call(t, _WithoutOrder(node))  # type: ignore[arg-type]


class _WithoutOrder:
    """An analytic call seen as an aggregate call, which has an order, a limit and HAVING of its own."""

    order_by_item_list: tuple[Node, ...] = ()
    group_by_list: tuple[Node, ...] = ()
    limit = having_modifier = having_expr = None

    def __init__(self, node: Node) -> None:
        self._node = node

    def __getattr__(self, name: str) -> object:
        return getattr(self._node, name)


def _percentile(name: str, arguments: list[str], node: Node, over: str) -> str:
    """BigQuery ignores NULLs unless told otherwise, as DuckDB's quantiles do."""
    if node.null_handling_modifier == "RESPECT_NULLS":
        raise Unsupported(f"{name.upper()} with RESPECT NULLS")
    if name == "percentile_cont":
        if type_of(node).kind != "FLOAT64":
            raise Unsupported("PERCENTILE_CONT of NUMERIC")
        return f"CAST(quantile_cont({arguments[0]}, {arguments[1]}) OVER ({over}) AS DOUBLE)"
    return f"quantile_disc({arguments[0]}, {arguments[1]}) OVER ({over})"


def _over(t: Translator, group: Node, frame: str) -> str:
    from sandbox.bigquery.translate.scans import order_keys

    parts = []
    if group.partition_by is not None:
        keys = [t.expression(c) for c in group.partition_by.partition_by_list]
        parts.append("PARTITION BY " + ", ".join(keys))
    if group.order_by is not None:
        items = group.order_by.order_by_item_list
        parts.append(
            "ORDER BY "
            + ", ".join(_range_keys(t, items) if frame.startswith("RANGE") else order_keys(t, items))
        )
    if frame:
        parts.append(frame)
    return " ".join(parts)


def _range_keys(t: Translator, items: list[Node]) -> list[str]:
    """A frame by RANGE with an offset allows one key only; then NaN is not told apart."""
    from sandbox.bigquery.translate.scans import order_keys

    keys = order_keys(t, items)
    return keys if len(items) != 1 else keys[-1:]


def _frame(t: Translator, frame: Node, group: Node) -> str:
    start, end = _bound(t, frame.start_expr), _bound(t, frame.end_expr)
    return f"{frame.frame_unit} BETWEEN {start} AND {end}"


def _bound(t: Translator, bound: Node) -> str:
    if bound.boundary_type in BOUNDS:
        return BOUNDS[bound.boundary_type]
    side = "PRECEDING" if bound.boundary_type == "OFFSET_PRECEDING" else "FOLLOWING"
    return f"{t.expression(bound.expression)} {side}"
