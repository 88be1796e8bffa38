"""Expressions in PostgreSQL's words, each with Redshift's type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.redshift.language.refusal import NO_FEATURE, Refused, refused, unsupported
from sandbox.redshift.language.tokens import quoted_name, quoted_text
from sandbox.redshift.language.tree import (
    AtZone,
    Between,
    Binary,
    Brackets,
    Case,
    Cast,
    Exists,
    In,
    Interval,
    Is,
    Like,
    Literal,
    Name,
    Parameter,
    Path,
    Quantified,
    Row,
    Scalar,
    Typed,
    Unary,
)  # fmt: skip
from sandbox.redshift.language.types import (
    BOOLEAN,
    DOUBLE,
    INTERVAL,
    MOMENTS,
    NULL,
    NUMBERS,
    OPAQUE,
    SUPER,
    TEXTUAL,
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR_MAX,
    Type,
    checked,
    common,
    in_postgres,
    of_arithmetic,
)  # fmt: skip
from sandbox.redshift.language.writing import dates, values
from sandbox.redshift.language.writing.scopes import Columns, Scope, Written, find
from sandbox.redshift.language.writing.values import bracketed, comparable

if TYPE_CHECKING:
    from sandbox.redshift.language.tree import Query

COMPARISONS = frozenset(["=", "<", ">", "<=", ">=", "<>"])
ARITHMETIC = frozenset("+-*/%")
SKIP_LEVEL = "This type of correlated subquery pattern is not supported due to internal error: the reference skips a query block"


class ExpressionWriter:
    """write(node, scope) gives Written; a method for each class of tree.py, found by its name."""

    def __init__(self) -> None:
        self._methods: dict[type, Callable[[Any, Scope], Written]] = {}

    def subquery(self, query: Query, scope: Scope, place: str) -> tuple[str, Columns]:
        raise NotImplementedError

    def write(self, node: Any, scope: Scope) -> Written:
        kind = type(node)
        method = self._methods.get(kind)
        if method is None:
            method = self._methods[kind] = getattr(self, f"write_{kind.__name__.lower()}")
        return method(node, scope)

    # ---------- constants and names

    def write_literal(self, node: Literal, scope: Scope) -> Written:
        if node.kind == "text":
            return values.text(node.value)
        if node.kind == "number":
            return values.number(node.value)
        if node.kind == "null":
            return Written("null", NULL, True)
        return Written(node.value, BOOLEAN, True)

    def write_typed(self, node: Typed, scope: Scope) -> Written:
        type_ = checked(node.type)
        return Written(f"cast({quoted_text(node.value)} as {in_postgres(type_)})", type_, True)

    def write_interval(self, node: Interval, scope: Scope) -> Written:
        value = node.value.value
        unit = f" {node.unit}" if node.unit and " to " not in node.unit else ""
        if " to " in node.unit:
            return Written(f"interval {quoted_text(value)} {node.unit}", INTERVAL, True)
        plain = {
            "m": "minute",
            "mm": "millisecond",
            "w": "week",
            "d": "day",
            "h": "hour",
            "s": "second",
            "y": "year",
        }
        word = plain.get(node.unit, unit.strip())
        if word in ("quarter", "quarters"):
            raise unsupported("INTERVAL in quarters", node.at, "r_interval_literals.html")
        written = f"{value} {word}" if word else value
        return Written(f"interval {quoted_text(written)}", INTERVAL, True)

    def write_parameter(self, node: Parameter, scope: Scope) -> Written:
        return Written(node.text, OPAQUE, True)

    def write_name(self, node: Name, scope: Scope) -> Written:
        found = find(scope, node.parts)
        if found.alias is not None:
            return Written(bracketed(found.alias), found.alias.type, True)
        self._check_correlation(found.depth, scope, node.at)
        parts = node.parts
        if not found.known and len(parts) > 1:
            self._check_navigation(node, scope)
        if found.super_steps:
            base = Name(parts[: -found.super_steps], node.at)
            return self.write_path(Path(base, list(parts[-found.super_steps :]), node.at), scope)
        # a database before schema and table is this one
        shown = parts[-3:] if len(parts) > 3 else parts
        return Written(".".join(quoted_name(part) for part in shown), found.type, True)

    def _check_navigation(self, node: Name, scope: Scope) -> None:
        """a.b where a is no table but a column: only SUPER has fields."""
        if any(source.name == node.parts[-2] for source in scope.sources):
            return
        column = find(scope, node.parts[:1])
        if column.known and column.alias is None and column.type.name not in ("super", "opaque"):
            message = f"cannot subscript type {column.type.name}: only SUPER is navigated"
            raise refused(message, node.at, "query-super.html", "42804")

    def _check_correlation(self, depth: int, scope: Scope, at: int) -> None:
        if depth == 0:
            return
        if depth > 1:
            raise refused(SKIP_LEVEL, at, "r_correlated_subqueries.html", NO_FEATURE)
        if scope.place == "on":
            raise refused(
                "This type of correlated subquery pattern is not supported due to internal error: it is in the ON clause of an outer join",
                at, "r_correlated_subqueries.html", NO_FEATURE,
            )  # fmt: skip
        scope.correlated = True

    def write_brackets(self, node: Brackets, scope: Scope) -> Written:
        inner = self.write(node.expression, scope)
        return inner if inner.atom else Written(f"({inner.sql})", inner.type, True)

    def write_row(self, node: Row, scope: Scope) -> Written:
        items = [self.write(item, scope).sql for item in node.items]
        return Written(f"({', '.join(items)})", OPAQUE, True)

    def write_path(self, node: Path, scope: Scope) -> Written:
        base = self.write(node.base, scope)
        if base.type.name not in ("super", "opaque"):
            raise refused(
                f"cannot subscript type {base.type.name}: only SUPER is navigated",
                node.at,
                "query-super.html",
                "42804",
            )
        sql = bracketed(base)
        for step in node.steps:
            if isinstance(step, str):
                sql += f" -> {quoted_text(step)}"
            else:
                sql += f" -> cast({self.write(step, scope).sql} as integer)"
        return Written(f"({sql})", SUPER, True)

    def write_atzone(self, node: AtZone, scope: Scope) -> Written:
        operand = self.write(node.operand, scope)
        if operand.type.name == "unknown":
            operand = Written(f"cast({operand.sql} as timestamp)", TIMESTAMP, True)
        zone = self.write(node.zone, scope)
        result = TIMESTAMP if operand.type.name == "timestamptz" else TIMESTAMPTZ
        if operand.type.name == "date":
            operand = Written(f"cast({operand.sql} as timestamp)", TIMESTAMP, True)
        if operand.type.name == "opaque":
            result = OPAQUE
        return Written(f"({bracketed(operand)} at time zone {bracketed(zone)})", result, True)

    # ---------- casts

    def write_cast(self, node: Cast, scope: Scope) -> Written:
        target = checked(node.type)
        inner = self.write(node.expression, scope)
        if node.type.name in ("oid", "regclass", "regproc", "regtype", "name", "int2vector"):
            return Written(f"cast({inner.sql} as {node.type.name})", OPAQUE, True)
        if target.name == "super" or node.attempt is False:
            return values.cast(inner, target, node.at)
        return values.try_cast(inner, target, node.at)

    # ---------- operators

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

    def _text(self, value: Written) -> str:
        shown = values.as_text(value)
        return shown if shown != value.sql else bracketed(value)

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

    # ---------- predicates

    def write_is(self, node: Is, scope: Scope) -> Written:
        operand = self.write(node.operand, scope)
        return Written(f"{bracketed(operand)} is {'not ' if node.negated else ''}{node.what}", BOOLEAN)

    def write_between(self, node: Between, scope: Scope) -> Written:
        operand = self.write(node.operand, scope)
        low, high = self.write(node.low, scope), self.write(node.high, scope)
        first, least = comparable(operand, low, node.at)
        second, most = comparable(operand, high, node.at)
        if first == second:
            word = "not between" if node.negated else "between"
            return Written(f"{first} {word} {least} and {most}", BOOLEAN)
        sql = f"{first} >= {least} and {second} <= {most}"
        return Written(f"not ({sql})" if node.negated else sql, BOOLEAN)

    def write_in(self, node: In, scope: Scope) -> Written:
        word = "not in" if node.negated else "in"
        if node.query is not None:
            return self._in_query(node, scope, word)
        if isinstance(node.operand, Row):
            rows = [self.write(value, scope).sql for value in node.values or []]
            return Written(f"{self.write(node.operand, scope).sql} {word} ({', '.join(rows)})", BOOLEAN)
        operand = self.write(node.operand, scope)
        sides = [comparable(operand, self.write(value, scope), node.at) for value in node.values or []]
        if len({left for left, _ in sides}) == 1:
            return Written(f"{sides[0][0]} {word} ({', '.join(right for _, right in sides)})", BOOLEAN)
        joined = " or ".join(f"{left} = {right}" for left, right in sides)
        return Written(f"not ({joined})" if node.negated else f"({joined})", BOOLEAN, not node.negated)

    def _in_query(self, node: In, scope: Scope, word: str) -> Written:
        assert node.query is not None
        sql, columns = self.subquery(node.query, scope, "in")
        operands = node.operand.items if isinstance(node.operand, Row) else [node.operand]
        written = [self.write(operand, scope) for operand in operands]
        if len(written) != len(columns) or not any(w.type.name in TEXTUAL for w in written):
            left = ", ".join(w.sql for w in written)
            return Written(f"({left}) {word} ({sql})", BOOLEAN)
        names = [f'"c{i}"' for i in range(len(columns))]
        sides = [
            comparable(w, Written(f'"i".{name}', type_, True), node.at)
            for w, name, (_, type_) in zip(written, names, columns, strict=True)
        ]
        left, right = (", ".join(side[i] for side in sides) for i in (0, 1))
        return Written(f'({left}) {word} (select {right} from ({sql}) "i"({", ".join(names)}))', BOOLEAN)

    def write_like(self, node: Like, scope: Scope) -> Written:
        operand, pattern = self.write(node.operand, scope), self.write(node.pattern, scope)
        escape = f" escape {self.write(node.escape, scope).sql}" if node.escape is not None else ""
        word = f"{'not ' if node.negated else ''}{node.operator}"
        return Written(f"{self._text(operand)} {word} {self._text(pattern)}{escape}", BOOLEAN)

    def write_exists(self, node: Exists, scope: Scope) -> Written:
        sql, _ = self.subquery(node.query, scope, "exists")
        return Written(f"exists ({sql})", BOOLEAN, True)

    def write_scalar(self, node: Scalar, scope: Scope) -> Written:
        sql, columns = self.subquery(node.query, scope, "scalar")
        if len(columns) > 1:
            raise Refused("42601", "subquery must return only one column", "", node.at)
        return Written(f"({sql})", columns[0][1] if columns else OPAQUE, True)

    def write_quantified(self, node: Quantified, scope: Scope) -> Written:
        left = self.write(node.left, scope)
        if hasattr(node.query, "body"):
            sql, columns = self.subquery(node.query, scope, "in")
            if left.type.name in TEXTUAL and len(columns) == 1:
                first, second = comparable(left, Written('"i"."c"', columns[0][1], True), node.at)
                return Written(
                    f'{first} {node.operator} {node.word} (select {second} from ({sql}) "i"("c"))', BOOLEAN
                )
        else:
            sql = self.write(node.query, scope).sql
        return Written(f"{bracketed(left)} {node.operator} {node.word} ({sql})", BOOLEAN)

    def write_case(self, node: Case, scope: Scope) -> Written:
        branches = [self.write(result, scope) for _, result in node.branches]
        otherwise = self.write(node.otherwise, scope) if node.otherwise is not None else None
        conditions = []
        for condition, _ in node.branches:
            if node.operand is None:
                conditions.append(self.write(condition, scope).sql)
            else:
                first, second = comparable(
                    self.write(node.operand, scope), self.write(condition, scope), node.at
                )
                conditions.append(f"{first} = {second}")
        results = [*branches, *([otherwise] if otherwise is not None else [])]
        pieces = [f"when {c} then {r.sql}" for c, r in zip(conditions, branches, strict=True)]
        tail = f" else {otherwise.sql}" if otherwise is not None else ""
        return unified(f"case {' '.join(pieces)}{tail} end", results)


def unified(sql: str, results: list[Written]) -> Written:
    """CASE, COALESCE and the like: numbers of different kinds come out with the common precision and scale."""
    type_ = common([result.type for result in results])
    if type_.name == "numeric" and type_.size is not None and any(r.type != type_ for r in results):
        return Written(f"cast({sql} as {in_postgres(type_)})", type_, True)
    if type_.name == "super":
        return Written(sql, type_)
    return Written(sql, type_, sql.startswith(("coalesce(", "greatest(", "least(")))
