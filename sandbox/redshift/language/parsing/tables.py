"""The FROM clause: https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause30.html"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.redshift.language.parsing.calls import CallReader
from sandbox.redshift.language.refusal import SYNTAX, refused, unsupported
from sandbox.redshift.language.reserved_words import words
from sandbox.redshift.language.tokens import QUOTED, WORD
from sandbox.redshift.language.tree import (
    Derived,
    FunctionTable,
    Join,
    Name,
    Path,
    Pivot,
    Table,
    TypeName,
    Unpivot,
)

if TYPE_CHECKING:
    from sandbox.redshift.language.tree import Query

# Words that go on with the FROM clause, and so are no alias of the table before them.
NOT_ALIASES = words(
    """
    qualify pivot unpivot start connect tablesample lateral window fetch
    """
)


class TableReader(CallReader):
    """Reads tables, joins, and PIVOT and UNPIVOT behind them."""

    def query(self) -> Query:
        raise NotImplementedError

    def path(self, base: Any) -> Path:
        raise NotImplementedError

    def table_references(self) -> Any:
        left = self._joined()
        while self.sees(","):
            at = self.at
            self.index += 1
            left = Join(left, self._joined(), "comma", False, None, [], at)
        return left

    def _joined(self) -> Any:
        left = self._table()
        while True:
            at = self.at
            natural = False
            if self.sees("natural"):
                natural = True
                self.index += 1
            kind = self._join_kind()
            if kind is None:
                if natural:
                    raise self.unexpected("r_FROM_clause30.html")
                return left
            if self.sees("lateral"):
                raise refused("LATERAL is not supported", self.at, "r_FROM_clause30.html", SYNTAX)
            right = self._table()
            on, using = None, []
            if kind != "cross" and not natural:
                if self.take("on"):
                    on = self.expression()
                elif self.take("using"):
                    using = self.bracketed_names()
                else:
                    # a join_table after it first, as in a JOIN b JOIN c ON … ON …
                    if self._at_join():
                        right = self._joined_with(right)
                        if self.take("on"):
                            on = self.expression()
                            left = Join(left, right, kind, natural, on, using, at)
                            continue
                    raise self.unexpected("r_FROM_clause30.html")
            left = Join(left, right, kind, natural, on, using, at)

    def _at_join(self) -> bool:
        return self.sees("join", "inner", "left", "right", "full", "cross", "natural")

    def _joined_with(self, left: Any) -> Any:
        """The join that begins with ``left``, one step."""
        at = self.at
        kind = self._join_kind()
        if kind is None:
            raise self.unexpected("r_FROM_clause30.html")
        right = self._table()
        on, using = None, []
        if self.take("on"):
            on = self.expression()
        elif self.take("using"):
            using = self.bracketed_names()
        elif kind != "cross":
            raise self.unexpected("r_FROM_clause30.html")
        return Join(left, right, kind, False, on, using, at)

    def _join_kind(self) -> str | None:
        if self.take("join") or self.take("inner", "join"):
            return "inner"
        if self.take("cross", "join"):
            return "cross"
        if self.sees("cross", "outer") and self.ahead().key == "apply":
            raise self.unexpected("r_FROM_clause30.html")
        for kind in ("left", "right", "full"):
            if self.take(kind, "join") or self.take(kind, "outer", "join"):
                return kind
        return None

    def _table(self) -> Any:
        at = self.at
        if self.sees("("):
            table: Any = self._in_brackets(at)
        elif self.sees("lateral"):
            raise refused("LATERAL is not supported", at, "r_FROM_clause30.html", SYNTAX)
        elif self.sees("only"):
            raise refused(
                "FROM ONLY is not supported: there is no inheritance",
                at,
                "c_unsupported-postgresql-features.html",
                SYNTAX,
            )
        elif self.sees("unnest") and self.ahead().key == "(":
            raise unsupported("UNNEST in FROM", at, "query-super.html")
        elif self.take("unpivot"):
            table = self._named(self.qualified(most=9), at)
            table.unpivot = True
        else:
            parts = self.qualified(most=9)
            table = self._function(parts, at) if self.sees("(") else self._named(parts, at)
        while self.sees("pivot", "unpivot"):
            table = self._pivot(table) if self.sees("pivot") else self._unpivot(table)
        if self.sees("tablesample"):
            raise refused("TABLESAMPLE is not supported", self.at, "r_FROM_clause30.html", SYNTAX)
        return table

    def _in_brackets(self, at: int) -> Any:
        start = self.index
        offset = 0
        while self.ahead(offset).key == "(":
            offset += 1
        if self.ahead(offset).key == "values":
            raise refused(
                "a VALUES list as a constant table is not supported",
                self.ahead(offset).position, "c_unsupported-postgresql-features.html", SYNTAX,
            )  # fmt: skip
        if self.ahead(offset).key in ("select", "with"):
            self.index = start + 1
            query = self.query()
            if self.take(")"):
                alias, columns = self._alias()
                return Derived(query, alias, columns, at)
            # ((select …) a join b …): a join in brackets
            self.index = start
        self.expect("(")
        joined = self.table_references()
        self.expect(")")
        if self.sees("as") or self._at_alias():
            raise unsupported("an alias of a join in brackets", self.at, "r_FROM_clause30.html")
        if isinstance(joined, Join):
            return joined
        raise self.unexpected("r_FROM_clause30.html")

    def _at_alias(self) -> bool:
        token = self.token
        if token.kind == QUOTED:
            return True
        return token.kind == WORD and token.is_name and token.key not in NOT_ALIASES

    def _alias(self) -> tuple[str | None, list[str]]:
        if self.take("as") or self._at_alias():
            alias = self.name()
        else:
            return None, []
        return alias, self.bracketed_names() if self.sees("(") else []

    def _named(self, parts: list[str], at: int) -> Table:
        self.take("*")
        path = self.path(Name(parts, at)).steps if self.sees("[") else []
        alias, columns = self._alias()
        table = Table(parts, alias, columns, at, path=path)
        if self.sees("at") and self.ahead().is_name:
            self.index += 1
            table.index = self.name()
        return table

    def _function(self, parts: list[str], at: int) -> FunctionTable:
        call = self.call(parts, at)
        columns: list[tuple[str, TypeName | None]] = []
        alias = None
        if self.take("as"):
            alias = None if self.sees("(") else self.name()
        elif self._at_alias():
            alias = self.name()
        if self.take("("):
            while True:
                name = self.label()
                columns.append((name, None if self.sees(",", ")") else self.type_name()))
                if not self.take(","):
                    break
            self.expect(")")
        return FunctionTable(call, alias, columns, at)

    # ---------- PIVOT and UNPIVOT

    def _pivot(self, source: Any) -> Pivot:
        at = self.at
        self.expect("pivot", "(")
        aggregates = []
        while True:
            call_at = self.at
            call = self.call([self.label()], call_at)
            alias = self.name() if self.take("as") or self.token.is_name else None
            aggregates.append((call, alias))
            if not self.take(","):
                break
        self.expect("for")
        column = self.name()
        self.expect("in", "(")
        values = []
        if self.sees("select"):
            raise self.unexpected("r_FROM_clause-pivot-unpivot-examples.html")
        while True:
            value = self.expression()
            alias = self.label() if self.take("as") else (self.name() if self.token.is_name else None)
            values.append((value, alias))
            if not self.take(","):
                break
        self.expect(")", ")")
        name, _ = self._alias()
        return Pivot(source, aggregates, column, values, name, at)

    def _unpivot(self, source: Any) -> Unpivot:
        at = self.at
        self.expect("unpivot")
        include = False
        if self.take("include", "nulls"):
            include = True
        else:
            self.take("exclude", "nulls")
        self.expect("(")
        value = self.name()
        self.expect("for")
        name = self.name()
        self.expect("in", "(")
        columns: list[tuple[str, str | None]] = []
        while True:
            column = self.name()
            alias = self._unpivot_label()
            columns.append((column, alias))
            if not self.take(","):
                break
        self.expect(")", ")")
        table, _ = self._alias()
        return Unpivot(source, value, name, columns, include, table, at)

    def _unpivot_label(self) -> str | None:
        explicit = self.take("as")
        if self.token.value and self.token.kind not in (WORD, QUOTED) and explicit:
            return self.text_value()
        if explicit:
            return self.label()
        return self.name() if self.token.is_name else None
