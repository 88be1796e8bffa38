"""Queries in PostgreSQL's words: WITH, SELECT, set operations, QUALIFY, ORDER BY."""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.refusal import GUIDE, NO_FEATURE, SYNTAX, Refused, refused, unsupported
from sandbox.redshift.language.tokens import quoted_name
from sandbox.redshift.language.tree import (
    Brackets,
    CommonTable,
    Grouping,
    Literal,
    Name,
    OrderItem,
    Query,
    Row,
    Select,
    SetOperation,
    Star,
    Table,
)  # fmt: skip
from sandbox.redshift.language.types import TEXTUAL, Type, common
from sandbox.redshift.language.writing.aggregates import ordered
from sandbox.redshift.language.writing.blocks import (
    HIDDEN,
    Block,
    Items,
    Stars,
    Tables,
    column_name,
    mentions,
)
from sandbox.redshift.language.writing.scopes import Columns, Scope, Written, find, star_columns
from sandbox.redshift.language.writing.tables import TableWriter, column_list, renamed


class QueryWriter(TableWriter):
    """query(…) gives the text and the columns with their types."""

    def subquery(self, query: Query, scope: Scope, place: str) -> tuple[str, Columns]:
        return self.query(query, scope, scope.tables, "on" if scope.outer_join else place)

    def query(
        self,
        query: Query,
        parent: Scope | None,
        tables: Tables,
        place: str = "",
        targets: list[Type] | None = None,
    ) -> tuple[str, Columns]:
        if query.recursive and parent is not None:
            raise refused(
                "a WITH RECURSIVE clause is not supported in a subquery",
                query.at,
                "r_WITH_clause.html",
                SYNTAX,
            )
        if query.tables:
            tables = dict(tables)
        head = self._with(query, tables) if query.tables else ""
        if isinstance(query.body, Select):
            block = self.select(query.body, parent, tables, place, query)
            return head + block.render(targets), block.columns or []
        if isinstance(query.body, Query):
            sql, columns = self.query(query.body, parent, tables, place, targets)
            plain = not (query.order or query.limit is not None or query.offset is not None)
            return (
                f"{head}({sql})" if plain else f"{head}({sql}){self._end(query, Scope(parent, tables))}",
                columns,
            )
        sql, columns = self._set_operation(query.body, parent, tables, place, targets)
        scope = Scope(parent, tables)
        scope.aliases = {name: Written(quoted_name(name), type_, True) for name, type_ in columns}
        return head + sql + self._end(query, scope), columns

    # ---------- WITH

    def _with(self, query: Query, tables: Tables) -> str:
        shown = []
        seen: set[str] = set()
        for table in query.tables:
            if table.name in seen:
                raise Refused(
                    "42712", f'WITH query name "{table.name}" specified more than once', "", table.at
                )
            seen.add(table.name)
            if query.recursive and mentions(table.query, table.name):
                sql = self._recursive(table, tables)
            else:
                sql, columns = self.query(table.query, None, tables)
                tables[table.name] = renamed(columns or None, table.columns)
            shown.append(f"{quoted_name(table.name)}{column_list(table.columns)} as ({sql})")
        return f"with {'recursive ' if query.recursive else ''}{', '.join(shown)} "

    def _recursive(self, table: CommonTable, tables: Tables) -> str:
        """A seed and a member that refers to it, joined by UNION ALL (r_WITH_clause)."""
        page, body = "r_WITH_clause.html", table.query.body
        if not table.columns:
            raise refused(
                "a recursive common table expression needs a list of its columns", table.at, page, SYNTAX
            )
        if table.query.order or table.query.limit is not None or table.query.offset is not None:
            raise refused("a recursive query has no ORDER BY and no LIMIT", table.at, page, SYNTAX)
        if not isinstance(body, SetOperation) or body.word != "union" or not body.all:
            raise refused(
                "a recursive common table expression is a UNION ALL of a seed and a member",
                table.at,
                page,
                SYNTAX,
            )
        if mentions(body.left, table.name):
            raise refused(
                "the seed of a recursive common table expression must not refer to it", table.at, page, SYNTAX
            )
        seed = self._member(body.left, None, tables, "")
        columns = seed.columns or []
        # both members must agree to the letter in PostgreSQL: without lengths they do
        targets = [
            Type(t.name if t.name not in TEXTUAL else "varchar") if t.name in TEXTUAL | {"numeric"} else t
            for _, t in columns
        ]
        tables[table.name] = renamed(
            [(n, t) for (n, _), t in zip(columns, targets, strict=True)], table.columns
        )
        member = self._member(body.right, None, tables, "")
        return f"{seed.render(targets)} union all {member.render(targets)}"

    # ---------- set operations

    def _member(self, node: Any, parent: Scope | None, tables: Tables, place: str) -> Block:
        if isinstance(node, Select):
            return self.select(node, parent, tables, place, None)
        if isinstance(node, Query):
            sql, columns = self.query(node, parent, tables, place)
        else:
            sql, columns = self._set_operation(node, parent, tables, place, None)
        return Block(Scope(parent, tables), f"({sql})", [], "", columns)

    def _set_operation(
        self, node: SetOperation, parent: Scope | None, tables: Tables, place: str, targets: list[Type] | None
    ) -> tuple[str, Columns]:
        members: list[Block] = []
        words: list[str] = []
        at: Any = node
        while isinstance(at, SetOperation):
            members.append(self._member(at.right, parent, tables, place))
            words.append(f"{at.word}{' all' if at.all else ''}")
            at = at.left
        members.append(self._member(at, parent, tables, place))
        members.reverse()
        words.reverse()
        columns = members[0].columns or []
        if all(m.columns and len(m.columns) == len(columns) for m in members):
            types = [common([m.columns[i][1] for m in members if m.columns]) for i in range(len(columns))]
            if targets is not None and len(targets) == len(types):
                types = [
                    t if c.name in ("unknown", "null") else c for c, t in zip(types, targets, strict=True)
                ]
            columns = [(name, t) for (name, _), t in zip(columns, types, strict=True)]
        elif any(m.columns and len(m.columns) != len(columns) for m in members) and all(
            m.columns for m in members
        ):
            message = f"each {node.word.upper()} query must have the same number of columns"
            raise Refused(SYNTAX, message, "", node.at)
        wanted = [t for _, t in columns]
        sql = members[0].render(wanted)
        for word, member in zip(words, members[1:], strict=True):
            sql += f" {word} {member.render(wanted)}"
        return sql, columns

    # ---------- SELECT

    def select(
        self, select: Select, parent: Scope | None, tables: Tables, place: str, query: Query | None
    ) -> Block:
        scope = Scope(parent, tables, place=place)
        source = f" from {self.table(select.source, scope)}" if select.source is not None else ""
        where = f" where {self.write(select.where, scope).sql}" if select.where is not None else ""
        if scope.windows or scope.aggregates:
            word = "window functions" if scope.windows else "aggregates"
            raise Refused("42803", f"{word} not allowed in WHERE clause", "", select.at)
        items, columns, grouped = self._items(select, scope)
        tail = source + where + self._group_by(select, scope, grouped)
        if select.having is not None:
            aliases, scope.aliases = scope.aliases, {}
            tail += f" having {self.write(select.having, scope).sql}"
            scope.aliases = aliases
        distinct = "select distinct " if select.distinct else "select "
        block = Block(scope, distinct, items, tail, columns)
        if select.qualify is not None:
            self._qualify(block, select, query)
        else:
            block.tail += self._end(query, scope, columns, items) if query is not None else ""
            block.tail += self._top(select, query, scope)
        if scope.correlated and scope.windows:
            raise refused(
                "This type of correlated subquery pattern is not supported due to internal error: it holds a window function",
                select.at, "r_correlated_subqueries.html", NO_FEATURE,
            )  # fmt: skip
        return block

    def _items(self, select: Select, scope: Scope) -> tuple[Items, Columns | None, list[bool]]:
        items: Items = []
        columns: Columns | None = []
        grouped: list[bool] = []
        expand = select.group_all or select.qualify is not None or bool(select.exclude)
        for item in select.items:
            if isinstance(item.expression, Star):
                listed = self._star(item.expression, scope, expand)
                if isinstance(listed, str):
                    told = star_columns(scope, item.expression.qualifier)
                    stars = Stars(listed)
                    stars.width = None if told is None else len(told)
                    items.append((stars, None))
                    columns = None if told is None or columns is None else [*columns, *told]
                    grouped.append(True)
                else:
                    items += listed
                    grouped += [True] * len(listed)
                    if columns is not None:
                        columns += [(name or "", w.type) for w, name in listed if not isinstance(w, str)]
                continue
            before, scope.aggregates = scope.aggregates, False
            written = self.write(item.expression, scope)
            grouped.append(not scope.aggregates)
            scope.aggregates = scope.aggregates or before
            name = item.alias or column_name(item)
            items.append((written, name))
            if columns is not None:
                columns.append((name, written.type))
            if item.alias is not None:
                scope.aliases.setdefault(item.alias, written)
        if select.exclude:
            return self._excluded(select, items, columns or [], grouped)
        return items, columns, grouped

    def _excluded(
        self,
        select: Select,
        items: Items,
        columns: Columns,
        grouped: list[bool],
    ) -> tuple[Items, Columns, list[bool]]:
        """EXCLUDE leaves columns out of the whole select list."""
        names = {name for name, _ in columns}
        for name in select.exclude:
            if name not in names:
                raise Refused(
                    "42703", f'column "{name}" does not exist', GUIDE + "r_SELECT_list.html", select.at
                )
        kept = [place for place, (_, name) in enumerate(items) if name not in select.exclude]
        return [items[i] for i in kept], [columns[i] for i in kept], [grouped[i] for i in kept]

    def _star(self, star: Star, scope: Scope, expand: bool) -> str | Items:
        prefix = "".join(f"{quoted_name(part)}." for part in star.qualifier[-2:])
        if not expand:
            return f"{prefix}*"
        listed = star_columns(scope, star.qualifier)
        if listed is None:
            raise unsupported(
                "EXCLUDE, QUALIFY or GROUP BY ALL beside * of columns that are not known",
                star.at,
                "r_SELECT_list.html",
            )
        found: Items = []
        for source in scope.sources:
            if star.qualifier and source.name != star.qualifier[-1]:
                continue
            for name, type_ in source.columns or []:
                if not star.qualifier and name in scope.merged and any(n == name for _, n in found):
                    continue
                table = f"{quoted_name(source.name)}." if source.name and name not in scope.merged else ""
                found.append((Written(table + quoted_name(name), type_, True), name))
        return found

    def _group_by(self, select: Select, scope: Scope, grouped: list[bool]) -> str:
        if select.group_all:
            places = [str(i + 1) for i, plain in enumerate(grouped) if plain]
            return f" group by {', '.join(places)}" if places else ""
        if not select.group:
            return ""
        return f" group by {', '.join(self._grouping(node, scope) for node in select.group)}"

    def _grouping(self, node: Any, scope: Scope) -> str:
        if isinstance(node, Grouping):
            return f"{node.word} ({', '.join(self._grouping(item, scope) for item in node.sets)})"
        if isinstance(node, Row):
            return f"({', '.join(self._grouping(item, scope) for item in node.items)})"
        if isinstance(node, Name) and len(node.parts) == 1:
            found = find(scope, node.parts)
            if found.alias is not None:
                return quoted_name(node.parts[0])
        if isinstance(node, Brackets):
            return f"({self._grouping(node.expression, scope)})"
        return self.write(node, scope).sql

    # ---------- ORDER BY, LIMIT, TOP

    def _end(
        self, query: Query, scope: Scope, columns: Columns | None = None, items: Items | None = None
    ) -> str:
        return self._order(query.order, scope, columns, items) + self._limit(query, scope)

    def _order(
        self, order: list[OrderItem], scope: Scope, columns: Columns | None = None, items: Items | None = None
    ) -> str:
        if not order:
            return ""
        names = {name for name, _ in columns or []} | set(scope.aliases)
        # an item again is meant by its place, for its column may have been cast
        places: dict[str, str] = {}
        for place, (value, _) in enumerate(items or []):
            if isinstance(value, str):
                break
            places.setdefault(value.sql, str(place + 1))
        shown = []
        for item in order:
            node = item.expression
            if isinstance(node, Name) and len(node.parts) == 1 and node.parts[0] in names:
                sql = quoted_name(node.parts[0])
            else:
                sql = self.write(node, scope).sql
                if not isinstance(node, (Name, Literal)):
                    sql = places.get(sql, sql)
            shown.append(ordered(sql, item))
        return f" order by {', '.join(shown)}"

    def _limit(self, query: Query, scope: Scope) -> str:
        sql = ""
        if query.limit is not None and query.limit != "all":
            sql += f" limit {self.write(query.limit, scope).sql}"
        if query.offset is not None:
            sql += f" offset {self.write(query.offset, scope).sql}"
        return sql

    def _top(self, select: Select, query: Query | None, scope: Scope) -> str:
        if select.top is None:
            return ""
        if query is not None and query.limit is not None:
            raise refused(
                "multiple LIMIT/OFFSET not allowed: TOP and LIMIT are both given",
                select.at,
                "r_SELECT_list.html",
                SYNTAX,
            )
        return f" limit {self.write(select.top, scope).sql}"

    # ---------- QUALIFY

    def _qualify(self, block: Block, select: Select, query: Query | None) -> None:
        """The condition is a hidden column of the block; a query around it keeps the rows where it holds."""
        scope = block.scope
        if (
            isinstance(select.source, Table)
            and select.source.alias is None
            and select.where is None
            and not select.group
        ):
            page = "r_QUALIFY_clause.html"
            raise refused("QUALIFY directly after FROM needs an alias of the table", select.at, page, SYNTAX)
        condition = self.write(select.qualify, scope)
        if not scope.windows:
            raise refused(
                "QUALIFY needs at least one window function", select.at, "r_QUALIFY_clause.html", SYNTAX
            )
        names = [name or "" for _, name in block.items]
        block.hidden.append((condition.sql, HIDDEN))
        order = []
        for place, item in enumerate(query.order if query is not None else []):
            node = item.expression
            sql = None
            if isinstance(node, Name) and len(node.parts) == 1 and node.parts[0] in names:
                sql = quoted_name(node.parts[0])
            elif isinstance(node, Literal) and node.kind == "number":
                sql = node.value
            else:
                sql = quoted_name(f"redshift_order_{place}")
                block.hidden.append((self.write(node, scope).sql, f"redshift_order_{place}"))
            order.append(
                f"{sql}{' desc' if item.descending else ''}{f' nulls {item.nulls}' if item.nulls else ''}"
            )
        block.head = "select "
        word = "select distinct " if select.distinct else "select "
        block.outer_head = word + ", ".join(quoted_name(name) for name in names)
        block.outer_tail = f" where {quoted_name(HIDDEN)}"
        if order:
            block.outer_tail += f" order by {', '.join(order)}"
        if query is not None:
            block.outer_tail += self._limit(query, scope)
        block.outer_tail += self._top(select, query, scope)
