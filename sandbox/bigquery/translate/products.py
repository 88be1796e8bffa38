"""A product that is rounded once: CAST(ROUND(CAST(a AS BIGNUMERIC) * CAST(b AS BIGNUMERIC), n) AS NUMERIC).

NUMERIC's own product is rounded at nine digits first, so exact arithmetic on money goes by BIGNUMERIC. The engine has no
such type; what it keeps for it is text, computed in Python row by row. Where both factors are small, their product at 18
digits fits the engine's widest decimal and needs no text.
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types
"""

from __future__ import annotations

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.translate.binding import bound
from sandbox.bigquery.translate.translator import Translator, type_of

SMALL = "10000000000"  # two factors below 10**10 have a product below 10**20: 20 and 18 digits are 38


def function_of(node: Node) -> str:
    """The analyzer's name of the called function; empty for what is no plain call."""
    if node.kind != "FunctionCall" or node.error_mode == "SAFE_ERROR_MODE" or node.generic_argument_list:
        return ""
    return str(node.function.name).removeprefix("ZetaSQL:").lower()


def widened(node: Node) -> Node | None:
    """What is cast to BIGNUMERIC, if that is an INT64 or a NUMERIC."""
    plain = node.kind == "Cast" and node.extended_cast is None and node.format is None
    if not plain or node.return_null_on_error or node.type_modifiers is not None:
        return None
    inner: Node = node.expr
    return inner if type_of(inner).kind in ("INT64", "NUMERIC") else None


def rounded_product(t: Translator, node: Node, exact: str) -> str | None:
    """The cast's value, where ``node`` is the rounded product, a BIGNUMERIC; ``exact`` is the long way for large factors."""
    if function_of(node) != "round" or len(node.argument_list) != 2:
        return None
    product, digits = node.argument_list
    if digits.kind != "Literal" or function_of(product) != "$multiply":
        return None
    factors = [widened(factor) for factor in product.argument_list]
    from sandbox.bigquery.translate.expressions import literal_value

    places = literal_value(digits)
    if places is None or not 0 <= places <= 9 or None in factors:
        return None

    def written(given: list[str]) -> str:
        a, b = (f"CAST({g} AS DECIMAL(38,9))" for g in given)
        return (
            f"CASE WHEN abs({a}) < {SMALL} AND abs({b}) < {SMALL}"
            f" THEN CAST(round({a} * {b}, {places}) AS DECIMAL(38,9)) ELSE {exact} END"
        )

    return bound([t.expression(factor) for factor in factors if factor is not None], written)
