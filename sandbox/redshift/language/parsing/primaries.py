"""What an expression is made of: constants, names, calls, brackets, CASE, and navigation in SUPER."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.redshift.language.parsing.calls import CallReader
from sandbox.redshift.language.refusal import GUIDE, SYNTAX, Refused, refused, unsupported
from sandbox.redshift.language.reserved_words import CALLABLE, RESERVED, words
from sandbox.redshift.language.tokens import NUMBER, PARAMETER, QUOTED, TEXT, WORD
from sandbox.redshift.language.tree import (
    Brackets,
    Case,
    Exists,
    Interval,
    Literal,
    Name,
    Parameter,
    Path,
    Row,
    Scalar,
    Typed,
    TypeName,
)  # fmt: skip

if TYPE_CHECKING:
    from sandbox.redshift.language.tree import Query

INTERVAL_UNITS = words(
    """
    year years month months week weeks day days hour hours minute minutes second seconds millisecond milliseconds
    microsecond microseconds quarter quarters y yr yrs mon mons mm w d h hr hrs m min mins s sec secs ms us
    """
)
TYPED_LITERALS = frozenset(["date", "timestamp", "timestamptz", "time", "timetz"])


class PrimaryReader(CallReader):
    """Reads what operators stand between."""

    def query(self) -> Query:
        raise NotImplementedError

    def _brackets_before_select(self) -> bool:
        offset = 0
        while self.ahead(offset).key == "(":
            offset += 1
        return offset > 0 and self.ahead(offset).key in ("select", "with")

    def expressions(self) -> list[Any]:
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        return found

    def path(self, base: Any) -> Path:
        at = self.at
        steps: list[Any] = []
        while True:
            if self.take("["):
                if self.sees(":"):
                    raise self.unexpected("query-super.html")
                steps.append(self.expression())
                if self.sees(":"):
                    raise refused(
                        "array slices are not supported",
                        self.at,
                        "c_unsupported-postgresql-features.html",
                        SYNTAX,
                    )
                self.expect("]")
            elif self.sees(".") and self.ahead().kind in (WORD, QUOTED):
                self.index += 1
                steps.append(self.label())
            else:
                return Path(base, steps, at)

    def _primary(self) -> Any:
        token = self.token
        kind = token.kind
        at = token.position
        if kind == WORD:
            return self._word()
        if kind == QUOTED:
            return self._reference()
        if kind == NUMBER:
            self.index += 1
            return Literal("number", token.value, at)
        if kind == TEXT:
            self.index += 1
            return Literal("text", token.value, at)
        if kind == PARAMETER:
            self.index += 1
            return Parameter(token.value, at)
        if token.key == "(":
            return self._brackets()
        raise self.unexpected("r_expressions.html")

    def _brackets(self) -> Any:
        at = self.at
        if self.ahead().key in ("select", "with") or self._subquery_in_brackets():
            self.index += 1
            query = self.query()
            self.expect(")")
            return Scalar(query, at)
        self.index += 1
        items = self.expressions()
        self.expect(")")
        return Brackets(items[0], at) if len(items) == 1 else Row(items, at)

    def _subquery_in_brackets(self) -> bool:
        """((select …) union (select …)): brackets, then SELECT, with no operator between the two."""
        if self.ahead().key != "(" or not self._brackets_before_select():
            return False
        depth = 0
        for offset in range(len(self.tokens) - self.index):
            key = self.ahead(offset).key
            if key == "(":
                depth += 1
            elif key == ")":
                depth -= 1
                if depth == 1:  # where the inner brackets close
                    return self.ahead(offset + 1).key in (
                        ")",
                        "union",
                        "except",
                        "intersect",
                        "minus",
                        "order",
                        "limit",
                    )
        return False

    def _word(self) -> Any:
        token = self.token
        key, at = token.key, token.position
        following = self.ahead()
        if key == "case":
            return self._case()
        if key == "null":
            self.index += 1
            return Literal("null", "null", at)
        if key in ("true", "false"):
            self.index += 1
            return Literal(key, key, at)
        if key == "exists" and following.key == "(":
            self.index += 2
            query = self.query()
            self.expect(")")
            return Exists(query, at)
        if key == "interval":
            return self._interval()
        if key in TYPED_LITERALS and (typed := self._typed()):
            return typed
        if key == "array" and following.key == "[":
            raise refused(
                "array constructors are not supported", at, "c_unsupported-postgresql-features.html", SYNTAX
            )
        if key == "row" and following.key == "(":
            raise refused(
                "row constructors are not supported", at, "c_unsupported-postgresql-features.html", SYNTAX
            )
        if key == "values":
            raise self.unexpected("c_unsupported-postgresql-features.html")
        special = self.special_form()
        if special is not None:
            return special
        if key in RESERVED and key != "oid" and not (key in CALLABLE and following.key == "("):
            raise self.unexpected("r_pg_keywords.html")
        return self._reference()

    def _typed(self) -> Typed | None:
        """date '2020-01-31', timestamp with time zone '…'"""
        start = self.index
        key = self.token.key
        at = self.at
        self.index += 1
        name = key
        for zone in ("with", "without"):
            if self.take(zone, "time", "zone"):
                name = f"{key} {zone} time zone"
        if self.token.kind == TEXT:
            return Typed(TypeName(name, (), at), self.text_value(), at)
        self.index = start
        return None

    def _interval(self) -> Interval:
        at = self.at
        self.index += 1
        token = self.token
        if (
            token.kind not in (TEXT, NUMBER, PARAMETER)
            and token.key not in ("(", "-")
            and token.kind not in (WORD, QUOTED)
        ):
            raise self.unexpected("r_interval_literals.html")
        if token.kind == TEXT:
            value: Any = Literal("text", self.text_value(), at)
        elif token.kind == NUMBER:
            self.index += 1
            value = Literal("number", token.value, at)
        else:
            raise self.unexpected("r_interval_literals.html")
        unit = ""
        if self.token.key in INTERVAL_UNITS:
            unit = self.step().key
            if self.take("to"):
                unit += " to " + self.step().key
                if unit not in ("year to month", "day to second"):
                    raise unsupported(f"INTERVAL … {unit.upper()}", at, "r_interval_literals.html")
        elif token.kind == NUMBER:
            raise self.unexpected("r_interval_literals.html")
        return Interval(value, unit, at)

    def _case(self) -> Case:
        at = self.at
        self.expect("case")
        operand = None if self.sees("when") else self.expression()
        branches = []
        while self.take("when"):
            condition = self.expression()
            self.expect("then")
            branches.append((condition, self.expression()))
        if not branches:
            raise self.unexpected("r_CASE_function.html")
        otherwise = self.expression() if self.take("else") else None
        self.expect("end")
        return Case(operand, branches, otherwise, at)

    def _reference(self) -> Any:
        """A column or a call."""
        token = self.token
        at = token.position
        parts = [self.label()]
        while self.sees(".") and self.ahead().kind in (WORD, QUOTED):
            self.index += 1
            parts.append(self.label())
        if self.sees_all("(", "+", ")"):
            raise unsupported("the outer join operator (+)", self.at, "r_WHERE_oracle_outer.html")
        if self.sees("("):
            return self.call(parts, at)
        if len(parts) == 1 and token.kind == WORD and self.token.kind == TEXT:
            raise Refused("42704", f'type "{parts[0]}" does not exist', GUIDE + "r_Literals.html", at)
        return Name(parts, at, token.kind == QUOTED)
