"""Conditions and CASE in PostgreSQL's words.

https://docs.aws.amazon.com/redshift/latest/dg/r_conditions.html
"""

from __future__ import annotations

from sandbox.redshift.language.refusal import Refused
from sandbox.redshift.language.tree import Between, Case, Exists, In, Is, Like, Quantified, Row, Scalar
from sandbox.redshift.language.types import BOOLEAN, OPAQUE, TEXTUAL, common, in_postgres
from sandbox.redshift.language.writing import values
from sandbox.redshift.language.writing.scopes import Scope, Written
from sandbox.redshift.language.writing.terms import TermWriter
from sandbox.redshift.language.writing.values import bracketed, comparable


class PredicateWriter(TermWriter):
    """IS, BETWEEN, IN, LIKE, EXISTS, ANY and CASE."""

    def _text(self, value: Written) -> str:
        shown = values.as_text(value)
        return shown if shown != value.sql else bracketed(value)

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
