"""Expressions: https://docs.aws.amazon.com/redshift/latest/dg/r_expressions.html"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.redshift.language.parsing.primaries import PrimaryReader
from sandbox.redshift.language.refusal import GUIDE, SYNTAX, Refused, refused
from sandbox.redshift.language.tokens import QUOTED, WORD
from sandbox.redshift.language.tree import (
    AtZone,
    Between,
    Binary,
    Brackets,
    Cast,
    In,
    Is,
    Like,
    Path,
    Quantified,
    Unary,
)  # fmt: skip

if TYPE_CHECKING:
    pass

# operator -> how strongly it binds; the words (IS, IN, LIKE, …) are in _infix_word
OR, AND, NOT, IS, COMPARE, RANGE, OTHER, SUM, PRODUCT, POWER, ZONE, SIGN = range(1, 13)
BINDING = {
    "=": COMPARE, "<": COMPARE, ">": COMPARE, "<=": COMPARE, ">=": COMPARE, "<>": COMPARE, "!=": COMPARE,
    "||": OTHER, "~": OTHER, "~*": OTHER, "!~": OTHER, "!~*": OTHER, "~~": OTHER, "!~~": OTHER, "~~*": OTHER,
    "!~~*": OTHER, "&": OTHER, "|": OTHER, "#": OTHER, "<<": OTHER, ">>": OTHER,
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "^": POWER,
}  # fmt: skip
PREFIXES = frozenset(["-", "+", "~", "@", "|/", "||/"])
COMPARISONS = frozenset(["=", "<", ">", "<=", ">=", "<>", "!="])


class ExpressionReader(PrimaryReader):
    """Precedence climbing: expression(n) reads what binds at least as strongly as n."""

    def expression(self, least: int = OR) -> Any:
        left = self._prefix(least)
        while True:
            token = self.token
            key = token.key
            if not key:
                return left
            binding = BINDING.get(key)
            if binding is not None:
                if binding < least:
                    return left
                self.index += 1
                left = self._binary(key, left, binding, token.position)
                continue
            if key == "and":
                if least > AND:
                    return left
                self.index += 1
                left = Binary("and", left, self.expression(AND + 1), token.position)
            elif key == "or":
                if least > OR:
                    return left
                self.index += 1
                left = Binary("or", left, self.expression(OR + 1), token.position)
            else:
                longer = self._infix_word(left, least)
                if longer is None:
                    if token.kind not in (WORD, QUOTED) and key not in (
                        ",",
                        ")",
                        ";",
                        "]",
                        ".",
                        ":",
                        "::",
                        ":=",
                    ):
                        raise Refused(
                            "42883",
                            f"operator does not exist: {key}",
                            GUIDE + "r_expressions.html",
                            token.position,
                        )
                    return left
                left = longer

    def _binary(self, key: str, left: Any, binding: int, at: int) -> Any:
        if key in COMPARISONS and self.sees("any", "some", "all"):
            return self._quantified(key, left, at)
        right = self.expression(binding + 1)
        return Binary("<>" if key == "!=" else key, left, right, at)

    def _quantified(self, operator: str, left: Any, at: int) -> Quantified:
        word = self.step().key
        self.expect("(")
        if self.sees("select", "with"):
            inner: Any = self.query()
        else:
            inner = self.expression()  # an array of the catalog's, on the leader node
        self.expect(")")
        return Quantified(
            "<>" if operator == "!=" else operator, left, "any" if word == "some" else word, inner, at
        )

    def _infix_word(self, left: Any, least: int) -> Any:
        token = self.token
        at = token.position
        key = token.key
        if key in ("is", "isnull", "notnull"):
            if least > IS:
                return None
            self.index += 1
            if key != "is":
                return Is(left, "null", key == "notnull", at)
            return self._is(left, at)
        if key == "at" and self.sees_all("at", "time", "zone"):
            if least > ZONE:
                return None
            self.index += 3
            return AtZone(left, self.expression(SIGN), at)
        if key == "overlaps":
            raise Refused(
                "42883",
                "function pg_catalog.overlaps(…) does not exist",
                GUIDE + "c_unsupported-postgresql-functions.html",
                at,
            )
        negated = key == "not"
        word = self.ahead().key if negated else key
        if word not in ("between", "in", "like", "ilike", "similar"):
            return None
        if least > RANGE:
            return None
        self.index += 2 if negated else 1
        if word == "between":
            if self.sees("symmetric"):
                raise self.unexpected("r_range_condition.html")
            low = self.expression(RANGE + 1)
            self.expect("and")
            return Between(left, low, self.expression(RANGE + 1), negated, at)
        if word == "in":
            return self._in(left, negated, at)
        if word == "similar":
            self.expect("to")
            word = "similar to"
        if self.sees("any", "all", "some"):
            raise self.unexpected("r_patternmatching_condition_like.html")
        pattern = self.expression(RANGE + 1)
        escape = self.expression(RANGE + 1) if self.take("escape") else None
        return Like(word, left, pattern, escape, negated, at)

    def _is(self, left: Any, at: int) -> Any:
        negated = self.take("not")
        if self.sees("distinct"):
            raise refused(
                "IS DISTINCT FROM is not supported",
                self.at,
                "c_unsupported-postgresql-functions.html",
                SYNTAX,
            )
        if not self.sees("null", "true", "false", "unknown"):
            raise self.unexpected("r_null_condition.html")
        return Is(left, self.step().key, negated, at)

    def _in(self, left: Any, negated: bool, at: int) -> In:
        self.expect("(")
        if self.sees("select", "with") or self._brackets_before_select():
            query = self.query()
            self.expect(")")
            return In(left, None, query, negated, at)
        values = self.expressions()
        self.expect(")")
        return In(left, values, None, negated, at)

    def _prefix(self, least: int) -> Any:
        token = self.token
        key = token.key
        if key == "not":
            self.index += 1
            return Unary("not", self.expression(NOT), token.position)
        if key in PREFIXES and token.kind not in (WORD, QUOTED):
            self.index += 1
            return Unary(key, self.expression(SIGN if key in "+-" else OTHER + 1), token.position)
        return self._postfix(self._primary())

    def _postfix(self, base: Any) -> Any:
        while True:
            if self.sees("::"):
                at = self.at
                self.index += 1
                base = Cast(base, self.type_name(), at)
            elif self.sees("["):
                base = self.path(base)
            elif self.sees(".") and isinstance(base, (Brackets, Path)):
                if self.ahead().kind not in (WORD, QUOTED):
                    self.index += 1
                    raise self.unexpected("query-super.html")
                base = self.path(base)
            else:
                return base
