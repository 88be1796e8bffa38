"""Constants, names, casts and navigation in PostgreSQL's words, each with Redshift's type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.redshift.language.refusal import NO_FEATURE, refused, unsupported
from sandbox.redshift.language.tokens import quoted_name, quoted_text
from sandbox.redshift.language.tree import (
    AtZone,
    Brackets,
    Cast,
    Interval,
    Literal,
    Name,
    Parameter,
    Path,
    Row,
    Typed,
)
from sandbox.redshift.language.types import (
    BOOLEAN,
    INTERVAL,
    NULL,
    OPAQUE,
    SUPER,
    TIMESTAMP,
    TIMESTAMPTZ,
    checked,
    in_postgres,
)  # fmt: skip
from sandbox.redshift.language.writing import values
from sandbox.redshift.language.writing.scopes import Columns, Scope, Written, find
from sandbox.redshift.language.writing.values import bracketed

if TYPE_CHECKING:
    from sandbox.redshift.language.tree import Query

SKIP_LEVEL = "This type of correlated subquery pattern is not supported due to internal error: the reference skips a query block"


class TermWriter:
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

    def write_cast(self, node: Cast, scope: Scope) -> Written:
        target = checked(node.type)
        inner = self.write(node.expression, scope)
        if node.type.name in ("oid", "regclass", "regproc", "regtype", "name", "int2vector"):
            return Written(f"cast({inner.sql} as {node.type.name})", OPAQUE, True)
        if target.name == "super" or node.attempt is False:
            return values.cast(inner, target, node.at)
        return values.try_cast(inner, target, node.at)
