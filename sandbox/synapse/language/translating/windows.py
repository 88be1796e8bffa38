"""Windowed functions. https://learn.microsoft.com/sql/t-sql/queries/select-over-clause-transact-sql"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import Call, Frame, Window
from sandbox.synapse.language.translating import aggregates, collations, ordering
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.environment import AGGREGATES, Environment
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.types import BIGINT, FLOAT

RANKING = {"ROW_NUMBER": "row_number", "RANK": "rank", "DENSE_RANK": "dense_rank", "NTILE": "ntile"}
DISTRIBUTION = {"PERCENT_RANK": "percent_rank", "CUME_DIST": "cume_dist"}
OFFSETS = {"LAG": "lag", "LEAD": "lead"}
ENDS = {"FIRST_VALUE": "first_value", "LAST_VALUE": "last_value"}
PERCENTILES = {"PERCENTILE_CONT": "quantile_cont", "PERCENTILE_DISC": "quantile_disc"}
ONLY_WINDOWED = frozenset({*RANKING, *DISTRIBUTION, *OFFSETS, *ENDS, *PERCENTILES})
BOUNDS = {
    "unbounded preceding": "UNBOUNDED PRECEDING",
    "unbounded following": "UNBOUNDED FOLLOWING",
    "current": "CURRENT ROW",
}


def windowed(node: Call, environment: Environment) -> Typed:
    """One call with OVER. Raises 4108, 4109, 4112, 4113, 4194, 10752."""
    line = node.at[0]
    if not environment.windows:
        if environment.inside:
            raise SqlError(
                4109,
                "Windowed functions cannot be used in the context of another windowed function or aggregate.",
                line,
                15,
            )
        raise SqlError(
            4108, "Windowed functions can only appear in the SELECT or ORDER BY clauses.", line, 15
        )
    assert node.over is not None
    inner = replace(environment, windows=False, inside=True)
    if node.name in AGGREGATES:
        over = _over(node.over, inner, node, framed=True)
        return aggregates.aggregate(node, replace(inner, inside=False), over)
    if node.name in PERCENTILES:
        return _percentile(node, inner)
    if node.name not in ONLY_WINDOWED:
        raise SqlError(
            4113,
            f"The function '{node.name}' is not a valid windowing function, and cannot be used with the OVER clause.",
            line,
            15,
        )
    if not node.over.order:
        raise SqlError(4112, f"The function '{node.name}' must have an OVER clause with ORDER BY.", line, 15)
    if node.name in RANKING:
        return _ranking(node, inner)
    if node.name in DISTRIBUTION:
        _no_frame(node)
        return Typed(
            f"{DISTRIBUTION[node.name]}(){_over(node.over, inner, node, framed=False)}", FLOAT, False
        )
    if node.name in OFFSETS:
        return _offset(node, inner)
    return _end(node, inner)


def _no_frame(node: Call) -> None:
    assert node.over is not None
    if node.over.frame is not None:
        raise SqlError(10752, f"The function '{node.name}' may not have a window frame.", node.at[0], 15)


def _over(window: Window, environment: Environment, node: Call, *, framed: bool) -> str:
    from sandbox.synapse.language.translating.expressions import value

    parts: list[str] = []
    if window.partition:
        keys = [collations.key(value(item, environment), environment.context) for item in window.partition]
        parts.append("PARTITION BY " + ", ".join(keys))
    order = ordering.order_by(window.order, environment).strip()
    if order:
        parts.append(order)
    if window.frame is not None:
        if not window.order:
            raise SqlError(
                10756, "Window frame with ROWS or RANGE must have an ORDER BY clause.", node.at[0], 15
            )
        if framed:
            parts.append(_frame(window.frame, node.at[0]))
    return " OVER (" + " ".join(parts) + ")"


def _frame(frame: Frame, line: int) -> str:
    bounds = [frame.start, frame.end or ("current", 0)]
    if frame.unit == "range" and any(kind in ("preceding", "following") for kind, _ in bounds):
        raise SqlError(
            4194, "RANGE is only supported with UNBOUNDED and CURRENT ROW window frame delimiters.", line, 15
        )
    if frame.end is None and frame.start[0] in ("following", "unbounded following"):
        raise SqlError(
            4193,
            f"'BETWEEN {frame.start[0].upper()} AND CURRENT ROW' is not a valid window frame and cannot be used with the OVER clause.",
            line,
            15,
        )
    first, last = (BOUNDS.get(kind) or f"{count} {kind.upper()}" for kind, count in bounds)
    return f"{frame.unit.upper()} BETWEEN {first} AND {last}"


def _ranking(node: Call, environment: Environment) -> Typed:
    from sandbox.synapse.language.translating.expressions import value

    assert node.over is not None
    _no_frame(node)
    argument = ""
    if node.name == "NTILE":
        if len(node.arguments) != 1:
            raise SqlError(174, "The ntile function requires 1 argument(s).", node.at[0], 15)
        argument = value(node.arguments[0], environment).sql
    elif node.arguments:
        raise SqlError(174, f"The {node.name.lower()} function requires 0 argument(s).", node.at[0], 15)
    over = _over(node.over, environment, node, framed=False)
    counter = node.name == "ROW_NUMBER" and over == " OVER ()"
    return Typed(f"{RANKING[node.name]}({argument}){over}", BIGINT, node.name == "NTILE", counter=counter)


def _offset(node: Call, environment: Environment) -> Typed:
    """LAG, LEAD: the value's type; the default is converted to it."""
    from sandbox.synapse.language.translating.expressions import value

    assert node.over is not None
    _no_frame(node)
    if not 1 <= len(node.arguments) <= 3:
        raise SqlError(189, f"The {node.name.lower()} function requires 1 to 3 arguments.", node.at[0], 15)
    values = [value(argument, environment) for argument in node.arguments]
    first = values[0]
    offset = f"CAST({values[1].sql} AS BIGINT)" if len(values) > 1 else "1"
    default = (
        convert(values[2], first.type, environment.context, node.at[0])
        if len(values) > 2
        else Typed("NULL", first.type)
    )
    over = _over(node.over, environment, node, framed=False)
    nullable = first.nullable or default.nullable
    return Typed(
        f"{OFFSETS[node.name]}({first.sql}, {offset}, {default.sql}){over}",
        first.type,
        nullable,
        first.collation,
        trimmed=first.trimmed and (default.trimmed or len(values) < 3),
    )


def _end(node: Call, environment: Environment) -> Typed:
    from sandbox.synapse.language.translating.expressions import value

    assert node.over is not None
    if len(node.arguments) != 1:
        raise SqlError(174, f"The {node.name.lower()} function requires 1 argument(s).", node.at[0], 15)
    first = value(node.arguments[0], environment)
    over = _over(node.over, environment, node, framed=True)
    return Typed(
        f"{ENDS[node.name]}({first.sql}){over}", first.type, True, first.collation, trimmed=first.trimmed
    )


def _percentile(node: Call, environment: Environment) -> Typed:
    """PERCENTILE_CONT gives float, PERCENTILE_DISC the values' type; NULLs are left out."""
    from sandbox.synapse.language.translating.expressions import value

    assert node.over is not None
    if len(node.within) != 1:
        raise SqlError(10754, f"The function '{node.name}' must have a WITHIN GROUP clause.", node.at[0], 15)
    if node.over.order or node.over.frame:
        raise SqlError(
            10758, f"The function '{node.name}' may not have ORDER BY in OVER clause.", node.at[0], 15
        )
    if len(node.arguments) != 1:
        raise SqlError(174, f"The {node.name.lower()} function requires 1 argument(s).", node.at[0], 15)
    fraction = value(node.arguments[0], environment)
    if fraction.constant is None:
        raise unsupported(f"{node.name} with a fraction that is no constant", node.at[0])
    share = float(str(fraction.constant))
    item = node.within[0]
    ordered = value(item.expression, environment)
    over = _over(node.over, environment, node, framed=False)
    if item.descending:
        if node.name == "PERCENTILE_DISC":
            raise unsupported("PERCENTILE_DISC in descending order", node.at[0])
        share = 1.0 - share
    if node.name == "PERCENTILE_CONT":
        if not ordered.type.is_number:
            raise SqlError(
                8116,
                f"Argument data type {ordered.type.name} is invalid for argument 1 of percentile_cont function.",
                node.at[0],
            )
        return Typed(f"quantile_cont(CAST({ordered.sql} AS DOUBLE), {share!r}){over}", FLOAT, True)
    return Typed(f"quantile_disc({ordered.sql}, {share!r}){over}", ordered.type, True, ordered.collation)
