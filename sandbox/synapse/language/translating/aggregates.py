"""Aggregate functions. https://learn.microsoft.com/sql/t-sql/functions/aggregate-functions-transact-sql"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import Call, ColumnRef
from sandbox.synapse.language.translating import collations, ordering
from sandbox.synapse.language.translating.arithmetic import finite, quotient
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.environment import Environment, children, has_aggregate
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.types import (
    APPROXIMATE,
    BIGINT,
    DECIMALS,
    FLOAT,
    INT,
    INTEGERS,
    MAX,
    MONEY,
    MONEY_TYPE,
    SqlType,
    decimal,
    nvarchar,
)  # fmt: skip

DUCKDB_STATISTICS = {"STDEV": "stddev_samp", "STDEVP": "stddev_pop", "VAR": "var_samp", "VARP": "var_pop"}


def aggregate(node: Call, environment: Environment, over: str = "") -> Typed:
    """One aggregate, or (over: DuckDB's OVER clause) its windowed form. Raises 147, 130, 8117, 174."""
    line = node.at[0]
    if not environment.aggregates and not over:
        if environment.inside:
            raise SqlError(
                130,
                "Cannot perform an aggregate function on an expression containing an aggregate or a subquery.",
                line,
            )
        if environment.clause == "WHERE clause":
            if _only_outer(node, environment):
                raise unsupported("an aggregate of the outer query's columns in a subquery's WHERE", line)
            raise SqlError(
                147,
                "An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.",
                line,
                15,
            )
        raise SqlError(
            157 if environment.clause == "SET clause" else 1015,
            f"An aggregate cannot appear in the {environment.clause}.",
            line,
            15,
        )
    if node.name in ("COUNT", "COUNT_BIG"):
        return _count(node, environment, over)
    if node.name == "STRING_AGG":
        return _string_agg(node, environment, over)
    if node.name == "GROUPING":
        return _grouping(node, environment)
    if len(node.arguments) != 1:
        raise SqlError(174, f"The {node.name} function requires 1 argument(s).", line, 15)
    value = _argument(node, environment, over)
    if node.name == "APPROX_COUNT_DISTINCT":
        return Typed(f"count(DISTINCT {collations.key(value, environment.context)}){over}", BIGINT, False)
    if value.null:
        raise SqlError(8117, f"Operand data type NULL is invalid for {node.name.lower()} operator.", line)
    distinct = "DISTINCT " if node.distinct else ""
    if node.distinct and over:
        raise SqlError(10759, "Use of DISTINCT is not allowed with the OVER clause.", line, 15)
    if node.name in ("MIN", "MAX"):
        return _extreme(node, value, environment, over)
    if value.type.is_text:
        raise SqlError(
            8117, f"Operand data type {value.type.name} is invalid for {node.name.lower()} operator.", line
        )
    if not value.type.is_number or value.type.name == "bit":
        raise SqlError(
            8117, f"Operand data type {value.type.name} is invalid for {node.name.lower()} operator.", line
        )
    if node.name in DUCKDB_STATISTICS:
        return Typed(
            f"{DUCKDB_STATISTICS[node.name]}({distinct}CAST({value.sql} AS DOUBLE)){over}", FLOAT, True
        )
    if node.name == "SUM":
        kind = sum_type(value.type)
        if kind == FLOAT:
            return Typed(finite(f"sum({distinct}CAST({value.sql} AS DOUBLE)){over}", kind), kind, True)
        return Typed(f"CAST(sum({distinct}{value.sql}){over} AS {kind.duckdb()})", kind, True)
    return _average(value, distinct, over)


def _only_outer(node: object, environment: Environment) -> bool:
    """Whether every column in it is the outer query's."""
    if isinstance(node, ColumnRef):
        return environment.scope.column(node.name)[1] > 0
    found = children(node)
    return bool(found) and all(_only_outer(child, environment) for child in found)


def _argument(node: Call, environment: Environment, over: str) -> Typed:
    from sandbox.synapse.language.translating.expressions import value

    if over:
        return value(node.arguments[0], environment)
    if has_aggregate(node.arguments):
        raise SqlError(
            130,
            "Cannot perform an aggregate function on an expression containing an aggregate or a subquery.",
            node.at[0],
        )
    return value(node.arguments[0], environment.argument())


def sum_type(kind: SqlType) -> SqlType:
    """int stays int (and overflows), decimal(p,s) becomes decimal(38,s)."""
    if kind.name in DECIMALS:
        return decimal(38, kind.scale or 0)
    if kind.name == "bigint":
        return BIGINT
    if kind.name in INTEGERS:
        return INT
    return MONEY_TYPE if kind.name in MONEY else FLOAT


def _average(value: Typed, distinct: str, over: str) -> Typed:
    """sum / count, with T-SQL's division: int is cut off, decimal(p,s) becomes decimal(38,max(s,6))."""
    kind = value.type
    total, count = f"sum({distinct}{value.sql}){over}", f"count({distinct}{value.sql}){over}"
    if kind.name in APPROXIMATE:
        return Typed(f"avg({distinct}CAST({value.sql} AS DOUBLE)){over}", FLOAT, True)
    if kind.name in INTEGERS:
        result = sum_type(kind)
        return Typed(f"CAST({total} // nullif({count}, 0) AS {result.duckdb()})", result, True)
    scale = 4 if kind.name in MONEY else (kind.scale or 0)
    result = MONEY_TYPE if kind.name in MONEY else decimal(38, max(scale, 6))
    summed = f"CAST({total} AS DECIMAL(38,{scale}))"
    target = decimal(38, 4) if kind.name in MONEY else result
    sql = quotient(summed, f"nullif({count}, 0)", decimal(38, scale), decimal(19, 0), target)
    return Typed(f"CAST({sql} AS {result.duckdb()})", result, True)


def _count(node: Call, environment: Environment, over: str) -> Typed:
    kind = BIGINT if node.name == "COUNT_BIG" else INT
    if node.star:
        counted = "*"
    else:
        if len(node.arguments) != 1:
            raise SqlError(174, f"The {node.name.lower()} function requires 1 argument(s).", node.at[0], 15)
        value = _argument(node, environment, over)
        if value.null:
            raise SqlError(
                8117, f"Operand data type NULL is invalid for {node.name.lower()} operator.", node.at[0]
            )
        if node.distinct and over:
            raise SqlError(10759, "Use of DISTINCT is not allowed with the OVER clause.", node.at[0], 15)
        counted = f"DISTINCT {collations.key(value, environment.context)}" if node.distinct else value.sql
    count = f"count({counted}){over}"
    return Typed(count if kind is BIGINT else f"CAST({count} AS INTEGER)", kind, False)


def _extreme(node: Call, value: Typed, environment: Environment, over: str) -> Typed:
    word = node.name.lower()
    if value.type.name in ("bit", "uniqueidentifier") and value.type.name == "bit":
        raise SqlError(8117, f"Operand data type bit is invalid for {word} operator.", node.at[0])
    if value.type.name == "uniqueidentifier":
        raise unsupported(f"{node.name} of uniqueidentifier", node.at[0])
    if value.type.is_text and environment.context.insensitive(value.collation):
        key = collations.key(value, environment.context)
        sql = f"arg_{word}({value.sql}, {key}){over}"
    else:
        sql = f"{word}({value.sql}){over}"
    return Typed(sql, value.type, True, value.collation, value.explicit, value.trimmed)


def _string_agg(node: Call, environment: Environment, over: str) -> Typed:
    """NULLs are skipped; varchar(8000) or nvarchar(4000) unless the argument is longer.

    https://learn.microsoft.com/sql/t-sql/functions/string-agg-transact-sql
    """
    from sandbox.synapse.language.translating.expressions import value

    if over:
        raise SqlError(
            4113,
            "The function 'STRING_AGG' is not a valid windowing function, and cannot be used with the OVER clause.",
            node.at[0],
            15,
        )
    if len(node.arguments) != 2:
        raise SqlError(174, "The STRING_AGG function requires 2 argument(s).", node.at[0], 15)
    inner = environment.argument()
    item, separator = value(node.arguments[0], inner), value(node.arguments[1], inner)
    if not item.type.is_text:
        item = convert(item, nvarchar(4000), environment.context, node.at[0], implicit=False)
    if not isinstance(separator.constant, str):
        raise unsupported("STRING_AGG with a separator that is no constant", node.at[0])
    kind = SqlType(
        "nvarchar" if item.type.is_unicode else "varchar",
        MAX if item.type.length == MAX else (4000 if item.type.is_unicode else 8000),
    )
    order = ordering.order_by(node.within, inner)
    limit = 4000 if item.type.is_unicode else 8000
    sql = f"string_agg({item.sql}, {separator.sql}{order})"
    if kind.length != MAX:
        measure = "strlen" if not item.type.is_unicode else "length"
        sql = f"list_transform([{sql}], lambda v: CASE WHEN {measure}(v) > {limit} THEN ts_fail(9829, 'STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.') ELSE v END)[1]"
    return Typed(sql, kind, True, item.collation)


def _grouping(node: Call, environment: Environment) -> Typed:
    from sandbox.synapse.language.translating.expressions import value

    if environment.groups is None or len(node.arguments) != 1:
        raise SqlError(
            8161,
            "Argument 1 of the GROUPING function does not match any of the expressions in the GROUP BY clause.",
            node.at[0],
        )
    raw = value(node.arguments[0], environment.rows())
    key = environment.groups.grouped.get(raw.sql)
    if key is None:
        raise SqlError(
            8161,
            "Argument 1 of the GROUPING function does not match any of the expressions in the GROUP BY clause.",
            node.at[0],
        )
    return Typed(f"CAST(grouping({key}) AS UTINYINT)", SqlType("tinyint"), False)
