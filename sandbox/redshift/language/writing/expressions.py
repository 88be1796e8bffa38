"""Expressions in PostgreSQL's words, each with Redshift's type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.redshift.language.refusal import refused, unsupported
from sandbox.redshift.language.tree import (
    Binary,
    Row,
    Unary,
)  # fmt: skip
from sandbox.redshift.language.types import (
    BOOLEAN,
    DOUBLE,
    MOMENTS,
    NULL,
    NUMBERS,
    OPAQUE,
    TEXTUAL,
    VARCHAR_MAX,
    Type,
    in_postgres,
    of_arithmetic,
)  # fmt: skip
from sandbox.redshift.language.writing import dates, values
from sandbox.redshift.language.writing.predicates import PredicateWriter
from sandbox.redshift.language.writing.scopes import Scope, Written
from sandbox.redshift.language.writing.values import bracketed, comparable

if TYPE_CHECKING:
    pass

COMPARISONS = frozenset(["=", "<", ">", "<=", ">=", "<>"])
ARITHMETIC = frozenset("+-*/%")


class ExpressionWriter(PredicateWriter):
    """Operators."""

    def write_unary(self, node: Unary, scope: Scope) -> Written:
        operand = self.write(node.operand, scope)
        if node.operator == "not":
            return Written(f"not {bracketed(operand)}", BOOLEAN)
        if node.operator in "+-":
            return Written(
                f"{node.operator}{bracketed(operand)}"
                if not operand.sql.startswith("-")
                else f"{node.operator}({operand.sql})",
                operand.type,
            )
        if node.operator in ("|/", "||/"):
            return Written(f"{node.operator} {bracketed(operand)}", DOUBLE)
        return Written(f"{node.operator} {bracketed(operand)}", operand.type)

    def write_binary(self, node: Binary, scope: Scope) -> Written:
        operator = node.operator
        if operator in ("and", "or"):
            return self._logical(node, scope)
        if operator == "||":
            return self._concatenation(node, scope)
        left, right = self.write(node.left, scope), self.write(node.right, scope)
        if operator in COMPARISONS:
            if isinstance(node.left, Row) and isinstance(node.right, Row):
                return self._rows_compared(node, scope)
            first, second = comparable(left, right, node.at)
            return Written(f"{first} {operator} {second}", BOOLEAN)
        if operator in ARITHMETIC:
            return self._arithmetic(operator, left, right)
        if operator == "^":
            return Written(f"redshift.power({left.sql}, {right.sql})", DOUBLE, True)
        if operator in ("&", "|", "#", "<<", ">>"):
            return Written(f"{bracketed(left)} {operator} {bracketed(right)}", left.type)
        return Written(f"{self._text(left)} {operator} {self._text(right)}", BOOLEAN)

    def _logical(self, node: Binary, scope: Scope) -> Written:
        """A long chain of AND or OR without brackets in brackets."""
        items: list[str] = []
        at: Any = node
        while isinstance(at, Binary) and at.operator == node.operator:
            items.append(bracketed(self.write(at.right, scope)))
            at = at.left
        items.append(bracketed(self.write(at, scope)))
        return Written(f" {node.operator} ".join(reversed(items)), BOOLEAN)

    def _concatenation(self, node: Binary, scope: Scope) -> Written:
        parts: list[Written] = []
        at: Any = node
        while isinstance(at, Binary) and at.operator == "||":
            parts.append(self.write(at.right, scope))
            at = at.left
        parts.append(self.write(at, scope))
        parts.reverse()
        if any(part.type.name == "boolean" for part in parts):
            raise refused(
                "operator does not exist: character varying || boolean", node.at, "r_concat_op.html", "42883"
            )
        if any(part.type.name == "varbyte" for part in parts):
            return Written(" || ".join(bracketed(part) for part in parts), Type("varbyte"))
        sizes = [part.type.size if part.type.name in TEXTUAL else None for part in parts]
        size = None if None in sizes else min(sum(s or 0 for s in sizes), VARCHAR_MAX)
        shown = [self._text(part) for part in parts]
        if all(part.type.name in ("unknown", "null", "opaque") for part in parts[:2]):
            shown[0] = f"cast({shown[0]} as varchar)"
        return Written(" || ".join(shown), Type("varchar", size))

    def _arithmetic(self, operator: str, left: Written, right: Written) -> Written:
        left, right = _typed_beside(left, right), _typed_beside(right, left)
        plain = f"{bracketed(left)} {operator} {bracketed(right)}"
        if left.type.name in NUMBERS and right.type.name in NUMBERS:
            result = of_arithmetic(operator, left.type, right.type)
            if result.name == "numeric" and result.size is not None:
                if operator == "/":
                    quotient = f"redshift.quotient({left.sql}, {right.sql}, {result.scale})"
                    return Written(f"cast({quotient} as {in_postgres(result)})", result, True)
                if result.size == 38:
                    return Written(f"cast({plain} as {in_postgres(result)})", result, True)
            if operator == "%" and "double precision" in (left.type.name, right.type.name):
                plain = f"cast({left.sql} as numeric) % cast({right.sql} as numeric)"
            return Written(plain, result)
        if "super" in (left.type.name, right.type.name):
            raise unsupported(
                "arithmetic of SUPER without a cast: cast the value to a number first", 0, "query-super.html"
            )
        told = dates.of_sum(operator, left, right)
        if told is not None:
            return Written(
                plain
                if told.name != "date" or "bigint" not in (left.type.name, right.type.name)
                else self._days(operator, left, right),
                told,
            )
        if left.type.name in NUMBERS and right.type.name == "unknown":
            return Written(plain, left.type if operator != "/" else OPAQUE)
        if right.type.name in NUMBERS and left.type.name == "unknown":
            return Written(plain, right.type if operator != "/" else OPAQUE)
        if left.type.name in ("varchar", "char") or right.type.name in ("varchar", "char"):
            return Written(plain, OPAQUE)
        if left.type.name in MOMENTS or right.type.name in MOMENTS:
            return Written(plain, OPAQUE)
        return Written(plain, OPAQUE if "null" not in (left.type.name, right.type.name) else NULL)

    @staticmethod
    def _days(operator: str, left: Written, right: Written) -> str:
        """date + bigint: PostgreSQL adds only an integer."""
        shown = [
            f"cast({s.sql} as integer)" if s.type.name == "bigint" else bracketed(s) for s in (left, right)
        ]
        return f" {operator} ".join(shown)

    def _rows_compared(self, node: Binary, scope: Scope) -> Written:
        pairs = zip(node.left.items, node.right.items, strict=False)
        sides = [comparable(self.write(a, scope), self.write(b, scope), node.at) for a, b in pairs]
        left, right = (", ".join(side[i] for side in sides) for i in (0, 1))
        return Written(f"({left}) {node.operator} ({right})", BOOLEAN)


def _typed_beside(value: Written, other: Written) -> Written:
    """A literal that a subquery made, beside a number: its type was open on Redshift, and is a text's in PostgreSQL."""
    if value.type.name == "unknown" and not values.is_literal(value) and other.type.name in NUMBERS:
        return Written(f"cast({value.sql} as {in_postgres(other.type)})", other.type, True)
    return value
