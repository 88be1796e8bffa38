"""CREATE TABLE, CREATE VIEW, CREATE FUNCTION and ALTER TABLE for PostgreSQL; what it has no words for becomes facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.redshift.language.facts import (
    AlterAttributes,
    AppendFrom,
    CreatedFunction,
    LateBindingView,
    MaterializedView,
    Renamed,
    TableAttributes,
)  # fmt: skip
from sandbox.redshift.language.parsing.reader import schema_and_name
from sandbox.redshift.language.prepared import Prepared
from sandbox.redshift.language.refusal import Refused, refused
from sandbox.redshift.language.statements import (
    AlterTable,
    Column,
    CreateFunction,
    CreateTable,
    CreateTableAs,
    CreateView,
    Layout,
)  # fmt: skip
from sandbox.redshift.language.tokens import quoted_name, quoted_text
from sandbox.redshift.language.types import WHOLE, checked, in_postgres, in_redshift
from sandbox.redshift.language.writing.queries import QueryWriter
from sandbox.redshift.language.writing.scopes import Columns, Scope
from sandbox.redshift.language.writing.tables import column_list

if TYPE_CHECKING:
    from sandbox.redshift.language.tree import Query


def relation(parts: list[str]) -> str:
    """schema.name; a database before it is this one."""
    return ".".join(quoted_name(part) for part in parts[-2:])


class DefinitionWriter(QueryWriter):
    """create_table(…), create_view(…), … give Prepared."""

    text: str  # the whole that was sent

    def column_text(self, column: Column) -> str:
        type_ = checked(column.type, in_table=True)
        words = [quoted_name(column.name), in_postgres(type_)]
        if column.identity is not None:
            if type_.name not in WHOLE:
                raise refused(
                    "an IDENTITY column is an INT or BIGINT", column.at, "r_CREATE_TABLE_NEW.html", "42P16"
                )
            seed, step = column.identity
            how = "by default" if column.by_default else "always"
            low, high = (seed, "") if step > 0 else ("", seed)
            bounds = f" minvalue {low}" if low != "" else f" maxvalue {high}"
            words.append(f"generated {how} as identity (start with {seed} increment by {step}{bounds})")
        if column.default is not None:
            words.append(f"default {self.write(column.default, Scope(None, {})).sql}")
        if column.not_null:
            words.append("not null")
        return " ".join(words)

    def create_table(self, node: CreateTable) -> Prepared:
        self.check_database(node.parts, node.at)
        columns = []
        names = {column.name for column in node.columns}
        for column in node.columns:
            # a primary key is not enforced, but its columns are never NULL
            column.not_null = column.not_null or column.name in node.key_columns
            columns.append(self.column_text(column))
        if node.like is not None:
            defaults = " including defaults" if node.like_defaults else ""
            columns.append(f"like {relation(node.like)}{defaults}")
        else:
            self._check_layout(node.layout, names, node.at)
        words = f"create {'temporary ' if node.temporary else ''}table {'if not exists ' if node.if_not_exists else ''}"
        attributes = self._attributes(node.parts, node.layout, node.temporary, node.if_not_exists)
        attributes = replace(
            attributes,
            encodings={c.name: c.encode for c in node.columns if c.encode},
            types={c.name: in_redshift(checked(c.type, in_table=True)) for c in node.columns},
            constraints=tuple(node.constraints) + tuple(t for c in node.columns for t in c.constraints),
            like=schema_and_name(node.like) if node.like else None,
        )
        return Prepared(
            "create_table", (f"{words}{relation(node.parts)} ({', '.join(columns)})",), attributes
        )

    def _check_layout(self, layout: Layout, names: set[str], at: int) -> None:
        for name in [*layout.sortkeys, *([layout.distkey] if layout.distkey else [])]:
            if names and name not in names:
                raise Refused("42703", f'column "{name}" named in key does not exist', "", at)

    def _attributes(
        self, parts: list[str], layout: Layout, temporary: bool, missing: bool = False
    ) -> TableAttributes:
        schema, name = schema_and_name(parts)
        return TableAttributes(
            schema, name, layout.diststyle, layout.distkey, layout.sortstyle if layout.sortkeys or layout.sortstyle == "auto" else None,
            tuple(layout.sortkeys), {}, layout.backup, temporary, missing,
        )  # fmt: skip

    def create_table_as(self, node: CreateTableAs) -> Prepared:
        self.check_database(node.parts, node.at)
        sql, columns = self.query(node.query, None, {})
        if columns:
            self._check_layout(node.layout, set(node.columns) or {name for name, _ in columns}, node.at)
        words = f"create {'temporary ' if node.temporary else ''}table {'if not exists ' if node.if_not_exists else ''}"
        attributes = self._attributes(node.parts, node.layout, node.temporary, node.if_not_exists)
        statement = f"{words}{relation(node.parts)}{column_list(node.columns)} as {sql}"
        return Prepared(
            "create_table_as",
            (statement,),
            replace(attributes, types=_told(columns)),
        )

    def select_into(self, query: Query) -> Prepared:
        """SELECT … INTO [TEMP] t: CREATE TABLE AS."""
        body = query.body
        temporary, parts = body.into
        body.into = None
        return self.create_table_as(CreateTableAs(parts, [], Layout(), query, query.at, temporary))

    def create_view(self, node: CreateView) -> Prepared:
        self.check_database(node.parts, node.at)
        sql, columns = self.query(node.query, None, {})
        schema, name = schema_and_name(node.parts)
        own = self.text[node.query.start : node.query.end]
        if node.materialized:
            attributes = self._attributes(node.parts, node.layout, False)
            if columns:
                self._check_layout(node.layout, {n for n, _ in columns}, node.at)
            facts = MaterializedView(
                schema, name, own, sql, node.layout.backup is not False, bool(node.layout.auto_refresh),
                replace(attributes, types=_told(columns)),
            )  # fmt: skip
            return Prepared(
                "create_materialized_view",
                (f"create materialized view {relation(node.parts)} as {sql}",),
                facts,
            )
        words = f"create {'or replace ' if node.replace else ''}view {relation(node.parts)}{column_list(node.columns)}"
        late = None
        if node.late_binding:
            self._check_late_binding(node)
            late = LateBindingView(schema, name, own, sql, node.replace, tuple(node.columns))
        return Prepared("create_view", (f"{words} as {sql}",), late)

    def _check_late_binding(self, node: CreateView) -> None:
        """r_CREATE_VIEW: "all tables and views … must be qualified with a schema name"."""
        from sandbox.redshift.language.writing.late_binding import unqualified_tables

        for table in unqualified_tables(node.query):
            raise refused(
                f'All the relation names inside should be qualified when creating views with no schema binding: "{table.parts[-1]}"',
                table.at, "r_CREATE_VIEW.html", "42P16",
            )  # fmt: skip

    def create_function(self, node: CreateFunction) -> Prepared:
        """A SQL function; its text is prepared as any query is."""
        from sandbox.redshift.language.parsing.statements import StatementReader
        from sandbox.redshift.language.tokens import tokens_of

        reader = StatementReader(tokens_of(node.body), node.body)
        query = reader.query()
        reader.take(";")
        if query.tables or getattr(query.body, "source", None) is not None:
            raise refused(
                "a SQL function has a SELECT of one expression, without FROM",
                node.at,
                "r_CREATE_FUNCTION.html",
                "42P13",
            )
        sql, _ = self.query(query, None, {})
        schema, name = schema_and_name(node.parts)
        arguments = [in_postgres(checked(a)).partition("(")[0] for a in node.arguments]
        returns = checked(node.returns)
        volatility = node.volatility
        statement = (
            f"create {'or replace ' if node.replace else ''}function {relation(node.parts)}({', '.join(arguments)}) "
            f"returns {in_postgres(returns).partition('(')[0]} {volatility} language sql as "
            f"{quoted_text(f'select cast(({sql}) as {in_postgres(returns)})')}"
        )
        facts = CreatedFunction(
            schema,
            name,
            tuple(in_redshift(checked(a)) for a in node.arguments),
            in_redshift(returns),
            node.body,
        )
        return Prepared("create_function", (statement,), facts)

    # ---------- ALTER TABLE

    def alter_table(self, node: AlterTable) -> Prepared:
        self.check_database(node.parts, node.at)
        schema, name = schema_and_name(node.parts)
        start = f"alter table {relation(node.parts)}"
        action = node.action
        facts: object | None = None
        statements: tuple[str, ...] = ()
        if action == "add_column":
            assert node.column is not None
            statements = (f"{start} add column {self.column_text(node.column)}",)
            if node.column.encode:
                facts = AlterAttributes(schema, name, encodings={node.column.name: node.column.encode})
        elif action == "drop_column":
            statements = (
                f"{start} drop column {quoted_name(node.name)}{f' {node.text}' if node.text else ''}",
            )
        elif action == "rename":
            statements = (f"{start} rename to {quoted_name(node.new_name)}",)
            facts = Renamed(schema, name, node.new_name)
        elif action == "rename_column":
            statements = (f"{start} rename column {quoted_name(node.name)} to {quoted_name(node.new_name)}",)
        elif action == "type":
            statements = (self._new_size(node, start),)
        elif action == "owner":
            statements = (f"{start} owner to {quoted_name(node.new_name)}",)
        elif action == "append":
            return self._append(node, schema, name)
        elif action in ("layout", "encode"):
            layout = node.layout
            keys = tuple(layout.sortkeys) if layout.sortstyle is not None else None
            facts = AlterAttributes(
                schema, name, layout.diststyle, layout.distkey, layout.sortstyle, keys, node.encodings
            )
        return Prepared("alter_table", statements, facts)

    def _new_size(self, node: AlterTable, start: str) -> str:
        assert node.type is not None
        type_ = checked(node.type, in_table=True)
        known = dict(self.columns_of(node.parts, node.at) or [])
        current = known.get(node.name)
        if current is not None and current.name != type_.name:
            raise refused(
                "only the size of a VARCHAR or VARBYTE column can be altered",
                node.at,
                "r_ALTER_TABLE.html",
                "0A000",
            )
        return f"{start} alter column {quoted_name(node.name)} type {in_postgres(type_)}"

    def _append(self, node: AlterTable, schema: str | None, name: str) -> Prepared:
        source_schema, source = schema_and_name(node.source)
        facts = AppendFrom(
            schema, name, source_schema, source, "ignoreextra" in node.flags, "filltarget" in node.flags
        )
        target = [n for n, _ in self.columns_of(node.parts, node.at) or []]
        given = [n for n, _ in self.columns_of(node.source, node.at) or []]
        if target and given:
            extra, missing = [n for n in given if n not in target], [n for n in target if n not in given]
            if (extra and not facts.ignore_extra) or (missing and not facts.fill_target):
                raise refused(
                    "the columns of the two tables differ: IGNOREEXTRA or FILLTARGET is needed",
                    node.at,
                    "r_ALTER_TABLE_APPEND.html",
                    "42P16",
                )
        names = ", ".join(quoted_name(n) for n in target if n in given)
        return Prepared(
            "alter_table",
            (
                f"insert into {relation(node.parts)} ({names}) select {names} from {relation(node.source)}",
                f"truncate table {relation(node.source)}",
            ),
            facts,
        )


def _told(columns: Columns) -> dict[str, str]:
    return {name: in_redshift(type_) for name, type_ in columns}
