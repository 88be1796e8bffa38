"""Products and quotients that are rounded once: CAST(ROUND(CAST(a AS BIGNUMERIC) * CAST(b AS BIGNUMERIC), n) AS NUMERIC).

NUMERIC's own arithmetic is rounded at nine digits first, so exact arithmetic on money goes by BIGNUMERIC. The engine has
no such type; what it keeps for it is text, computed in Python row by row. Where both numbers are small, whole numbers of
128 bits hold the exact result and need no text.
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types
"""

from __future__ import annotations

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.translate.binding import bound
from sandbox.bigquery.translate.translator import Translator, type_of

SMALL = "10000000000"  # two numbers below 10**10, of nine digits behind the point, have a product of 38 digits at most
OPERATORS = ("$multiply", "$divide")


def function_of(node: Node) -> str:
    """The analyzer's name of the called function; empty for what is no plain call."""
    if node.kind != "FunctionCall" or node.error_mode == "SAFE_ERROR_MODE" or node.generic_argument_list:
        return ""
    return str(node.function.name).removeprefix("ZetaSQL:").lower()


def widened(node: Node) -> Node | None:
    """What is cast to BIGNUMERIC, if that is an INT64 or a NUMERIC."""
    from sandbox.bigquery.translate.expressions import type_parameters

    if node.kind != "Cast" or node.extended_cast is not None or node.return_null_on_error:
        return None
    modifiers = node.type_modifiers
    if node.format is not None or (modifiers is not None and type_parameters(modifiers.type_parameters)):
        return None
    inner: Node = node.expr
    return inner if type_of(inner).kind in ("INT64", "NUMERIC") else None


def rounded_once(t: Translator, node: Node, exact: str) -> str | None:
    """The NUMERIC of a rounded BIGNUMERIC product or quotient; None where ``node`` is none.

    ``exact`` is the long way, taken for large numbers and for a divisor of zero.
    """
    from sandbox.bigquery.translate.expressions import literal_value

    if function_of(node) != "round" or len(node.argument_list) != 2:
        return None
    computed, digits = node.argument_list
    if function_of(computed) not in OPERATORS:
        return None
    operands = [widened(operand) for operand in computed.argument_list]
    places = literal_value(digits)
    if places is None or not 0 <= places <= 9 or None in operands:
        return None
    write = product if function_of(computed) == "$multiply" else quotient

    def written(given: list[str]) -> str:
        a, b = (f"CAST({g} AS DECIMAL(38,9))" for g in given)
        small = f"abs({a}) < {SMALL} AND abs({b}) < {SMALL} AND {b} <> 0"
        return f"CASE WHEN {small} THEN {write(a, b, places)} ELSE {exact} END"

    return bound([t.expression(operand) for operand in operands if operand is not None], written)


def product(a: str, b: str, places: int) -> str:
    """Of 18 digits behind the point, then rounded half away from zero."""
    return f"CAST(round({a} * {b}, {places}) AS DECIMAL(38,9))"


def quotient(a: str, b: str, places: int) -> str:
    """By whole numbers: half of the divisor is added before the division that cuts off."""
    above = f"CAST(abs({a}) * 1000000000 AS HUGEINT) * {2 * 10**places}"
    below = f"CAST(abs({b}) * 1000000000 AS HUGEINT)"
    whole = f"(({above} + {below}) // (2 * {below}))"
    signed = f"CAST(sign({a}) * sign({b}) AS HUGEINT) * {whole}"
    return f"bq_from_scaled({signed} * {10 ** (9 - places)})"
