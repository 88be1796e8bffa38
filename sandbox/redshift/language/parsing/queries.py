"""SELECT: https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_synopsis.html"""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.parsing.expressions import ExpressionReader
from sandbox.redshift.language.parsing.tables import TableReader
from sandbox.redshift.language.refusal import NO_FEATURE, SYNTAX, refused, unsupported
from sandbox.redshift.language.tokens import END, QUOTED, WORD
from sandbox.redshift.language.tree import CommonTable, Grouping, Item, Query, Row, Select, SetOperation, Star

SETS = frozenset(["union", "intersect", "except", "minus"])


class QueryReader(ExpressionReader, TableReader):
    """Reads queries: WITH, SELECT, set operations, ORDER BY, LIMIT."""

    def query(self) -> Query:
        start = self.token.start
        at = self.at
        tables: list[CommonTable] = []
        recursive = False
        if self.take("with"):
            recursive = self.take("recursive")
            tables = self._common_tables()
            if not self.sees("select", "("):
                raise self.unexpected("r_WITH_clause.html")
        query = Query(self._set_operation(), at, tables, recursive, start=start)
        self._end_of_query(query)
        query.end = self.tokens[self.index - 1].end
        return query

    def _end_of_query(self, query: Query) -> None:
        if self.take("order", "by"):
            query.order = self.order_items()
        # "LIMIT … OFFSET …", in either order as PostgreSQL has it
        while self.sees("limit", "offset"):
            if self.take("limit"):
                if query.limit is not None:
                    raise self.unexpected("r_ORDER_BY_clause.html")
                query.limit = "all" if self.take("all") else self.expression()
                if self.sees(","):
                    raise self.unexpected("r_ORDER_BY_clause.html")
            else:
                self.expect("offset")
                query.offset = self.expression()
                if self.sees("row", "rows"):
                    raise self.unexpected("r_ORDER_BY_clause.html")
        if self.sees("fetch"):
            raise self.unexpected("r_ORDER_BY_clause.html")
        if self.sees("for"):
            raise refused(
                "FOR UPDATE and FOR SHARE are not supported", self.at, "r_SELECT_synopsis.html", SYNTAX
            )
        if self.sees("window"):
            raise refused("the WINDOW clause is not supported", self.at, "r_SELECT_synopsis.html", SYNTAX)

    def _common_tables(self) -> list[CommonTable]:
        found = []
        while True:
            at = self.at
            name = self.name()
            columns = self.bracketed_names() if self.sees("(") else []
            self.expect("as")
            if self.sees("materialized", "not"):
                raise self.unexpected("r_WITH_clause.html")
            self.expect("(")
            if not self.sees("select", "with", "("):
                raise refused(
                    "a WITH clause holds SELECT statements only", self.at, "r_WITH_clause.html", SYNTAX
                )
            query = self.query()
            self.expect(")")
            found.append(CommonTable(name, columns, query, at))
            if not self.take(","):
                return found

    def _set_operation(self, least: int = 1) -> Any:
        """UNION and EXCEPT from left to right; INTERSECT binds more strongly (r_UNION)."""
        left = self._set_member()
        while self.token.key in SETS:
            token = self.token
            strength = 2 if token.key == "intersect" else 1
            if strength < least:
                break
            self.index += 1
            word = "except" if token.key == "minus" else token.key
            everything = self.take("all")
            if everything and word != "union":
                raise refused(
                    f"{token.key.upper()} ALL is not supported", token.position, "r_UNION.html", NO_FEATURE
                )
            if not everything and self.take("distinct"):
                pass
            right = self._set_operation(strength + 1)
            left = SetOperation(word, everything, left, right, token.position)
        return left

    def _set_member(self) -> Any:
        if self.sees("("):
            self.index += 1
            query = self.query()
            self.expect(")")
            return query
        if self.sees("values"):
            raise refused(
                "a VALUES list as a constant table is not supported",
                self.at,
                "c_unsupported-postgresql-features.html",
                SYNTAX,
            )
        return self._select()

    def _select(self) -> Select:
        at = self.at
        self.expect("select")
        select = Select([], at)
        if self.sees("distinct"):
            self.index += 1
            if self.sees("on") and self.ahead().key == "(":
                raise refused(
                    "SELECT DISTINCT ON is not supported", self.at, "r_SELECT_list.html", NO_FEATURE
                )
            select.distinct = True
        else:
            self.take("all")
        if (
            self.sees("top")
            and self.ahead().kind not in (WORD, END)
            and self.ahead().key not in (",", ".", "(")
        ):
            self.index += 1
            select.top = self.expression(12)
            if self.sees("percent", "with"):
                raise self.unexpected("r_SELECT_list.html")
        elif self.sees("top") and self.ahead().key == "(":
            self.index += 1
            select.top = self.expression(12)
        select.items = [self._item()]
        while self.take(","):
            select.items.append(self._item())
        if self._at_exclude():
            self.index += 1
            select.exclude = self.bracketed_names() if self.sees("(") else self.names()
        if self.take("into"):
            temporary = self.take("temp") or self.take("temporary")
            self.take("table")
            select.into = (temporary, self.qualified())
        if self.take("from"):
            select.source = self.table_references()
        if self.take("where"):
            select.where = self.expression()
        if self.sees("start", "connect") and self.ahead().key in ("with", "by"):
            raise unsupported("CONNECT BY", self.at, "r_CONNECT_BY_clause.html")
        if self.take("group", "by"):
            self._group(select)
        if self.take("having"):
            select.having = self.expression()
        if self.take("qualify"):
            select.qualify = self.expression()
        return select

    def _at_exclude(self) -> bool:
        return self.sees("exclude") and (self.ahead().key == "(" or self.ahead().is_name)

    def _item(self) -> Item:
        token = self.token
        at, start = token.position, token.start
        if self.sees("*"):
            self.index += 1
            return Item(self._star([], at), None, at, start, self.tokens[self.index - 1].end)
        if star := self._qualified_star(at):
            return Item(star, None, at, start, self.tokens[self.index - 1].end)
        expression = self.expression()
        end = self.tokens[self.index - 1].end
        alias = None
        if self.take("as") or (self.token.is_name and not self._at_exclude()):
            alias = self.label()
        return Item(expression, alias, at, start, end)

    def _qualified_star(self, at: int) -> Star | None:
        offset = 0
        while self.ahead(offset).kind in (WORD, QUOTED) and self.ahead(offset + 1).key == ".":
            offset += 2
        if offset == 0 or self.ahead(offset).key != "*":
            return None
        qualifier = [self.ahead(index).value for index in range(0, offset, 2)]
        self.index += offset + 1
        return self._star(qualifier, at)

    def _star(self, qualifier: list[str], at: int) -> Star:
        if self.sees("except", "replace") and self.ahead().key == "(" and self.ahead(2).key != "select":
            raise self.unexpected("r_SELECT_list.html")
        return Star(qualifier, at)

    def _group(self, select: Select) -> None:
        if self.sees("all") and self.ahead().key in (
            "",
            "having",
            "qualify",
            "order",
            "limit",
            ")",
            ";",
            "union",
        ):
            self.index += 1
            select.group_all = True
            return
        select.group = [self._grouping()]
        while self.take(","):
            select.group.append(self._grouping())

    def _grouping(self) -> Any:
        at = self.at
        if self.sees("rollup", "cube") and self.ahead().key == "(":
            word = self.step().key
            self.expect("(")
            items = self.expressions()
            self.expect(")")
            return Grouping(word, items, at)
        if self.sees_all("grouping", "sets", "("):
            self.index += 3
            sets = [self._grouping()]
            while self.take(","):
                sets.append(self._grouping())
            self.expect(")")
            return Grouping("grouping sets", sets, at)
        if self.sees_all("(", ")"):
            self.index += 2
            return Row([], at)
        return self.expression()
