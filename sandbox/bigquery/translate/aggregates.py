"""GROUP BY and the aggregate functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.translate.registry import Call
from sandbox.bigquery.translate.translator import Translator, column_name, type_of

Aggregate = Callable[[Call, str, str], str]
AGGREGATES: dict[str, Aggregate] = {}


def aggregate(*names: str) -> Callable[[Aggregate], Aggregate]:
    """Register the rewrite of aggregate functions; it gets the call, 'DISTINCT ' or '', and what follows ')'."""

    def register(rewrite: Aggregate) -> Aggregate:
        for name in names:
            AGGREGATES[name] = rewrite
        return rewrite

    return register


def aggregate_scan(t: Translator, node: Node) -> str:
    from sandbox.bigquery.translate.scans import scan

    if any(type_of(c.expr).kind in ("BIGNUMERIC", "JSON", "INTERVAL") for c in node.group_by_list):
        raise Unsupported("grouping by BIGNUMERIC, JSON or INTERVAL")
    keys = [(column_name(c.column), t.expression(c.expr)) for c in node.group_by_list]
    columns = [f"{written} AS {name}" for name, written in keys]
    for computed in node.aggregate_list:
        columns.append(f"{aggregate_call(t, computed.expr)} AS {column_name(computed.column)}")
    for grouping in node.grouping_call_list:
        key = dict(keys)[column_name(grouping.group_by_column.column)]
        columns.append(f"CAST(grouping({key}) AS BIGINT) AS {column_name(grouping.output_column)}")
    rows = scan(t, node.input_scan)
    written = f"SELECT {', '.join(columns) or '1 AS one_row'} FROM ({rows})"
    if node.grouping_set_list:
        return (
            written
            + f" GROUP BY GROUPING SETS ({', '.join(_set(g, dict(keys)) for g in node.grouping_set_list)})"
        )
    if keys:
        return written + " GROUP BY " + ", ".join(k for _, k in keys)
    if not node.aggregate_list:
        return f"SELECT 1 AS one_row FROM ({rows}) GROUP BY ALL"
    return written


def _set(node: Node, keys: dict[str, str]) -> str:
    if node.kind != "GroupingSet":
        raise Unsupported(f"{node.kind} in GROUPING SETS")
    return "(" + ", ".join(keys[column_name(c.column)] for c in node.group_by_column_list) + ")"


def aggregate_call(t: Translator, node: Node) -> str:
    """An aggregate call with DISTINCT, ORDER BY, LIMIT, HAVING and its treatment of NULL."""
    from sandbox.bigquery.translate.expressions import literal_value
    from sandbox.bigquery.translate.scans import order_keys

    name = node.function.name.removeprefix("ZetaSQL:").lower()
    rewrite = AGGREGATES.get(name)
    if rewrite is None:
        raise Unsupported(f"the aggregate function {name.lstrip('$').upper()}")
    if node.group_by_list or node.having_expr is not None:
        raise Unsupported("aggregation of several levels")
    if node.error_mode == "SAFE_ERROR_MODE":
        raise Unsupported(f"SAFE.{name.upper()}")
    call = Call(
        name, [t.expression(a) for a in node.argument_list], [type_of(a) for a in node.argument_list],
        type_of(node), node.argument_list, [literal_value(a) for a in node.argument_list],
    )  # fmt: skip
    if any(x.kind == "BIGNUMERIC" for x in call.types) and name != "count":
        raise Unsupported(f"{name.upper()} of BIGNUMERIC")
    conditions: list[str] = []
    if node.where_expr is not None:
        conditions.append(t.expression(node.where_expr))
    if node.null_handling_modifier == "IGNORE_NULLS" and call.arguments:
        conditions.append(f"{call[0]} IS NOT NULL")
    if node.having_modifier is not None:
        return _having(t, node, call, conditions)
    keys = order_keys(t, node.order_by_item_list)
    call.values.append({"keys": keys, "limit": t.expression(node.limit) if node.limit is not None else None})
    where = f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
    return rewrite(call, "DISTINCT " if node.distinct else "", where)


def _having(t: Translator, node: Node, call: Call, conditions: list[str]) -> str:
    """HAVING MAX or MIN: of the rows where another expression is largest or smallest."""
    if call.name != "any_value":
        raise Unsupported(f"{call.name.upper()} with HAVING MAX or MIN")
    by = t.expression(node.having_modifier.having_expr)
    largest = _is_max(node)
    where = f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
    return f"{'arg_max_null' if largest else 'arg_min_null'}({call[0]}, {by}){where}"


def _is_max(node: Node) -> bool:
    """The modifier's kind is hidden by the name of the node's own kind."""
    message = node.having_modifier._levels[0]
    return bool(
        message.DESCRIPTOR.fields_by_name["kind"]
        .enum_type.values_by_number[message.kind]
        .name.endswith("MAX")
    )


def _order(call: Call) -> str:
    keys = _tail(call)["keys"]
    return f" ORDER BY {', '.join(keys)}" if keys else ""


def _tail(call: Call) -> dict[str, Any]:
    told: dict[str, Any] = call.values[-1]
    return told


@aggregate("$count_star")
def count_star(call: Call, distinct: str, where: str) -> str:
    return f"count(*){where}"


@aggregate("count")
def count(call: Call, distinct: str, where: str) -> str:
    return f"count({distinct}{call[0]}){where}"


@aggregate("countif")
def countif(call: Call, distinct: str, where: str) -> str:
    if distinct:
        raise Unsupported("COUNTIF(DISTINCT …)")
    return f"CAST(count_if({call[0]}){where} AS BIGINT)"


@aggregate("sum")
def sum_(call: Call, distinct: str, where: str) -> str:
    """An INT64's sum is INT64 and fails when it overflows."""
    return f"CAST(sum({distinct}{call[0]}){where} AS {call.type.engine})"


@aggregate("avg")
def avg(call: Call, distinct: str, where: str) -> str:
    if call.type.kind == "NUMERIC":
        return f"bq_numeric_divide(CAST(sum({distinct}{call[0]}){where} AS DECIMAL(38,9)), CAST(nullif(count({distinct}{call[0]}){where}, 0) AS DECIMAL(38,9)))"
    if call.type.kind != "FLOAT64":
        raise Unsupported(f"AVG of {call.types[0]}")
    return f"avg({distinct}{call[0]}){where}"


@aggregate("min", "max")
def extreme(call: Call, distinct: str, where: str) -> str:
    """Of FLOAT64, one NaN makes the result NaN."""
    if call.types[0].kind in ("STRUCT", "ARRAY", "INTERVAL", "JSON"):
        raise Unsupported(f"{call.name.upper()} of {call.types[0]}")
    plain = f"{call.name}({call[0]}){where}"
    if call.types[0].kind == "FLOAT64":
        return f"CASE WHEN bool_or(isnan({call[0]})){where} THEN CAST('NaN' AS DOUBLE) ELSE {plain} END"
    return plain


@aggregate("any_value")
def any_value(call: Call, distinct: str, where: str) -> str:
    return f"any_value({call[0]}){where}"


@aggregate("array_agg")
def array_agg(call: Call, distinct: str, where: str) -> str:
    """NULL for no rows. LIMIT takes the first elements of the ordered array."""
    if distinct and _tail(call)["keys"] and call.types[0].kind == "FLOAT64":
        raise Unsupported("ARRAY_AGG(DISTINCT FLOAT64 ORDER BY)")
    made = f"list({distinct}{call[0]}{_order(call)}){where}"
    limit = _tail(call)["limit"]
    return f"({made})[1:{limit}]" if limit is not None else made


@aggregate("string_agg")
def string_agg(call: Call, distinct: str, where: str) -> str:
    """Of STRING or BYTES; the delimiter is ',' unless given."""
    if call.types[0].kind != "STRING":
        raise Unsupported("STRING_AGG of BYTES")
    delimiter = call[1] if len(call) > 1 else "','"
    limit = _tail(call)["limit"]
    if limit is not None:
        return f"array_to_string((list({distinct}{call[0]}{_order(call)}) FILTER (WHERE {call[0]} IS NOT NULL))[1:{limit}], {delimiter})"
    return f"string_agg({distinct}{call[0]}, {delimiter}{_order(call)}){where}"


@aggregate("array_concat_agg")
def array_concat_agg(call: Call, distinct: str, where: str) -> str:
    kept = f" FILTER (WHERE {call[0]} IS NOT NULL)"
    return f"flatten(list({call[0]}{_order(call)}){kept})"


@aggregate("logical_and")
def logical_and(call: Call, distinct: str, where: str) -> str:
    return f"bool_and({call[0]}){where}"


@aggregate("logical_or")
def logical_or(call: Call, distinct: str, where: str) -> str:
    return f"bool_or({call[0]}){where}"


@aggregate("bit_and", "bit_or", "bit_xor")
def bits(call: Call, distinct: str, where: str) -> str:
    return f"{call.name}({distinct}{call[0]}){where}"


@aggregate("approx_count_distinct")
def approx_count_distinct(call: Call, distinct: str, where: str) -> str:
    """Counted exactly: BigQuery's estimate is exact for few values and within 1 % beyond."""
    return f"count(DISTINCT {call[0]}){where}"


@aggregate("approx_quantiles")
def approx_quantiles(call: Call, distinct: str, where: str) -> str:
    """Exact quantiles, with the smallest and the largest value at the ends: BigQuery's are estimates of them."""
    if call.types[0].kind in ("STRUCT", "ARRAY", "INTERVAL", "JSON", "BIGNUMERIC"):
        raise Unsupported(f"APPROX_QUANTILES of {call.types[0]}")
    if not isinstance(call.values[1], int) or call.values[1] < 1:
        raise InvalidQuery("Argument 2 to APPROX_QUANTILES must be a positive literal")
    steps = ", ".join(repr(i / call.values[1]) for i in range(call.values[1] + 1))
    return f"quantile_disc({distinct}{call[0]}, [{steps}]){where}"


@aggregate("stddev_samp", "stddev_pop", "var_samp", "var_pop")
def spread(call: Call, distinct: str, where: str) -> str:
    if call.type.kind != "FLOAT64" or call.types[0].kind != "FLOAT64":
        raise Unsupported(f"{call.name.upper()} of {call.types[0]}")
    return f"{call.name}({distinct}{call[0]}){where}"


@aggregate("corr", "covar_pop", "covar_samp")
def together(call: Call, distinct: str, where: str) -> str:
    if {x.kind for x in call.types} != {"FLOAT64"}:
        raise Unsupported(f"{call.name.upper()} of {call.types[0]}")
    return f"{call.name}({call[0]}, {call[1]}){where}"
