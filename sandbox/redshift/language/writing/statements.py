"""A whole statement for PostgreSQL."""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.facts import CopyCommand, UnloadCommand
from sandbox.redshift.language.functions import LEADER_ONLY
from sandbox.redshift.language.prepared import Catalog, Prepared, Session
from sandbox.redshift.language.refusal import GUIDE, NO_FEATURE, Refused, refused
from sandbox.redshift.language.statements import (
    AlterTable,
    CreateFunction,
    CreateTable,
    CreateTableAs,
    CreateView,
    Declare,
    Delete,
    Explain,
    Insert,
    Merge,
    Simple,
    Unload,
    Update,
)  # fmt: skip
from sandbox.redshift.language.tokens import quoted_name, tokens_of
from sandbox.redshift.language.tree import Call, Query, Select
from sandbox.redshift.language.types import OPAQUE, STRINGS, Type, from_catalog, in_postgres
from sandbox.redshift.language.writing import values
from sandbox.redshift.language.writing.definitions import DefinitionWriter, relation
from sandbox.redshift.language.writing.scopes import Columns, Scope, Source, Written

# Schemas whose functions are the system's or the stand-in's own.
OWN_SCHEMAS = frozenset(["pg_catalog", "information_schema", "pg_toast", "redshift", "redshift_catalog"])
USER_TABLE_ONLY = (
    "One or more of the used functions must be applied on at least one user created tables. "
    "Examples of user table only functions are LISTAGG, MEDIAN, PERCENTILE_CONT, etc"
)
LEADER_ON_TABLES = "Specified types or functions (one per INFO message) not supported on Redshift tables."


class StatementWriter(DefinitionWriter):
    """prepared(node) for every class that the parser gives."""

    def __init__(self, catalog: Catalog, session: Session, text: str) -> None:
        super().__init__(catalog, getattr(session, "database", ""))
        self.session = session
        self.text = text
        self.compute_calls: list[int] = []

    def prepared(self, node: Any) -> Prepared:
        done = self._prepared(node)
        self._check_nodes()
        return done

    def _prepared(self, node: Any) -> Prepared:
        if isinstance(node, Query):
            if isinstance(node.body, Select) and node.body.into is not None:
                return self.select_into(node)
            return Prepared("select", (self.query(node, None, {})[0],))
        if isinstance(node, Simple):
            if node.table is not None:
                self.check_database(node.table, 0)
            if isinstance(node.facts, CopyCommand):
                self._check_copy(node.facts)
            return Prepared(node.kind, node.postgres, node.facts)
        if isinstance(node, Explain):
            inner = self._prepared(node.query)
            if inner.kind not in ("select", "insert", "update", "delete", "create_table_as"):
                raise Refused(
                    "42601",
                    "EXPLAIN is for SELECT, INSERT, UPDATE, DELETE and CREATE TABLE AS",
                    GUIDE + "r_EXPLAIN.html",
                    node.at,
                )
            words = "explain verbose" if node.verbose else "explain"
            return Prepared("explain", (f"{words} {inner.postgres[-1]}",))
        if isinstance(node, Declare):
            return Prepared(
                "declare",
                (f"declare {quoted_name(node.name)} cursor for {self.query(node.query, None, {})[0]}",),
            )
        methods: dict[type, Any] = {
            CreateTable: self.create_table, CreateTableAs: self.create_table_as, CreateView: self.create_view,
            CreateFunction: self.create_function, AlterTable: self.alter_table, Insert: self.insert, Update: self.update,
            Delete: self.delete, Merge: self.merge, Unload: self.unload,
        }  # fmt: skip
        result: Prepared = methods[type(node)](node)
        return result

    # ---------- leader node and compute nodes

    def aggregate(self, call: Call, scope: Scope) -> Written | None:
        if call.name[-1] in ("listagg", "median", "percentile_cont", "percentile_disc"):
            self.compute_calls.append(call.at)
        return super().aggregate(call, scope)

    def user_function(self, call: Call, scope: Scope) -> Written | None:
        """A function that somebody created. The catalog may know what it returns; where it does not say, one that is
        written with a user's schema is left to PostgreSQL, which has the same answer when there is none."""
        asked = getattr(self.catalog, "function", None)
        schema = call.name[-2] if len(call.name) > 1 else None
        type_: Type | None = None
        if asked is not None:
            returns = asked(schema, call.name[-1])
            type_ = from_catalog(returns) if returns is not None else None
        elif schema is not None and schema not in OWN_SCHEMAS:
            type_ = OPAQUE
        if type_ is None:
            return None
        if call.star or call.distinct or call.over is not None or call.within is not None:
            raise refused(
                "a scalar function takes its arguments only", call.at, "r_CREATE_FUNCTION.html", "42809"
            )
        arguments = ", ".join(self.write(a, scope).sql for a in call.arguments)
        return Written(f"{relation(call.name)}({arguments})", type_, True)

    def _check_nodes(self) -> None:
        """c_sql-functions-leader-node: some functions run where no table is read, some only where one is."""
        if self.reads_user_tables and self.leader_calls:
            name, at = self.leader_calls[0]
            assert name in LEADER_ONLY
            message = f'{LEADER_ON_TABLES} Function "{name}" is for the leader node'
            raise refused(message, at, "c_SQL_functions_leader_node_only.html", NO_FEATURE)
        if self.compute_calls and not self.reads_user_tables:
            raise refused(USER_TABLE_ONLY, self.compute_calls[0], "r_LISTAGG.html", NO_FEATURE)

    # ---------- changes

    def _target(self, parts: list[str], at: int) -> Columns | None:
        columns = self.columns_of(parts, at)
        self.reads_user_tables = True
        return columns

    def _targets(self, columns: Columns | None, names: list[str], count: int) -> list[Type] | None:
        if columns is None:
            return None
        if not names:
            return [t for _, t in columns][:count]
        known = dict(columns)
        return [known.get(name, OPAQUE) for name in names]

    def insert(self, node: Insert) -> Prepared:
        columns = self._target(node.parts, node.at)
        names = f" ({', '.join(quoted_name(n) for n in node.columns)})" if node.columns else ""
        start = f"insert into {relation(node.parts)}{names}"
        if node.defaults:
            return Prepared("insert", (f"{start} default values",))
        if node.query is not None:
            targets = None
            if columns is not None:
                targets = [_loose(t) for t in self._targets(columns, node.columns, len(columns)) or []]
                width = self._width(node.query)
                targets = targets[:width] if width else targets
            sql, _ = self.query(node.query, None, {}, targets=targets)
            return Prepared("insert", (f"{start} {sql}",))
        scope = Scope(None, {})
        wanted = self._targets(columns, node.columns, len(columns or []))
        rows = []
        for row in node.rows:
            shown = []
            for place, value in enumerate(row):
                target = wanted[place] if wanted and place < len(wanted) else OPAQUE
                shown.append("default" if value is None else self._assigned(self.write(value, scope), target))
            rows.append(f"({', '.join(shown)})")
        return Prepared("insert", (f"{start} values {', '.join(rows)}",))

    def _width(self, query: Query) -> int:
        """How many items the first SELECT has; 0 where a star hides it."""
        body: Any = query.body
        while not isinstance(body, Select):
            body = body.body if isinstance(body, Query) else body.left
        from sandbox.redshift.language.tree import Star

        return 0 if any(isinstance(item.expression, Star) for item in body.items) else len(body.items)

    def _assigned(self, value: Written, target: Type) -> str:
        """A value for a column: what is assigned there and not in PostgreSQL is cast."""
        if target.name == "super" and value.type.name not in ("super", "null", "opaque"):
            return values.cast(value, target, 0).sql
        if (
            value.type.name == "unknown"
            and not values.is_literal(value)
            and target.name not in ("opaque", "varchar", "char")
        ):
            return f"cast({value.sql} as {in_postgres(target)})"
        if value.type.name == "boolean" and target.name in ("smallint", "bigint"):
            return f"cast({value.sql} as integer)"
        return value.sql

    def _changes(self, changes: list[tuple[str, Any]], columns: Columns | None, scope: Scope) -> str:
        known = dict(columns or [])
        shown = []
        for name, value in changes:
            target = known.get(name, OPAQUE)
            sql = "default" if value is None else self._assigned(self.write(value, scope), target)
            shown.append(f"{quoted_name(name)} = {sql}")
        return ", ".join(shown)

    def _scope_of(
        self, parts: list[str], alias: str | None, at: int, tables: Any, recursive: bool
    ) -> tuple[Scope, str, Columns | None]:
        known: dict[str, Columns | None] = {}
        head = self._with(Query(None, at, tables, recursive), known) if tables else ""
        columns = self._target(parts, at)
        scope = Scope(None, known)
        schema = parts[-2] if len(parts) > 1 and alias is None else None
        scope.sources.append(Source(alias or parts[-1], columns, schema, True))
        return scope, head, columns

    def update(self, node: Update) -> Prepared:
        scope, head, columns = self._scope_of(node.parts, node.alias, node.at, node.tables, node.recursive)
        source = f" from {self.table(node.source, scope)}" if node.source is not None else ""
        changes = self._changes(node.changes, columns, scope)
        where = f" where {self.write(node.where, scope).sql}" if node.where is not None else ""
        alias = f" as {quoted_name(node.alias)}" if node.alias else ""
        return Prepared(
            "update", (f"{head}update {relation(node.parts)}{alias} set {changes}{source}{where}",)
        )

    def delete(self, node: Delete) -> Prepared:
        scope, head, _ = self._scope_of(node.parts, None, node.at, node.tables, node.recursive)
        source = f" using {self.table(node.source, scope)}" if node.source is not None else ""
        where = f" where {self.write(node.where, scope).sql}" if node.where is not None else ""
        return Prepared("delete", (f"{head}delete from {relation(node.parts)}{source}{where}",))

    def merge(self, node: Merge) -> Prepared:
        scope, _, columns = self._scope_of(node.target, None, node.at, [], False)
        kind = getattr(self.catalog, "kind", None)
        if kind is not None and (kind(*_schema_name(node.source)) or "table") != "table":
            raise refused("the source of a MERGE is a table, not a view", node.at, "r_MERGE.html", NO_FEATURE)
        source_columns = self.columns_of(node.source, node.at)
        schema = node.source[-2] if len(node.source) > 1 and node.alias is None else None
        scope.sources.append(Source(node.alias or node.source[-1], source_columns, schema, True))
        alias = f" as {quoted_name(node.alias)}" if node.alias else ""
        source = f"{relation(node.source)}{alias}"
        condition = self.write(node.on, scope).sql
        target = relation(node.target)
        if node.remove_duplicates:
            if columns is not None and source_columns is not None and len(columns) != len(source_columns):
                raise refused(
                    "target and source need the same columns for REMOVE DUPLICATES",
                    node.at,
                    "r_MERGE.html",
                    NO_FEATURE,
                )
            return Prepared(
                "merge",
                (
                    f"delete from {target} using {source} where {condition}",
                    f"insert into {target} select distinct * from {relation(node.source)}",
                ),
            )
        matched = (
            "delete" if node.matched is None else f"update set {self._changes(node.matched, columns, scope)}"
        )
        names = f" ({', '.join(quoted_name(n) for n in node.columns)})" if node.columns else ""
        wanted = self._targets(columns, node.columns, len(node.values)) or []
        given = [
            "default"
            if value is None
            else self._assigned(self.write(value, scope), wanted[i] if i < len(wanted) else OPAQUE)
            for i, value in enumerate(node.values)
        ]
        sql = (
            f"merge into {target} using {source} on {condition} when matched then {matched} "
            f"when not matched then insert{names} values ({', '.join(given)})"
        )
        return Prepared("merge", (sql,))

    # ---------- COPY and UNLOAD

    def _check_copy(self, copy: CopyCommand) -> None:
        columns = self.catalog.columns(copy.schema, copy.table)
        if columns is None:
            raise Refused("42P01", f"Cannot COPY into nonexistent table {copy.table}", GUIDE + "r_COPY.html")
        names = {name for name, _ in columns}
        for name in copy.columns:
            if name not in names:
                raise Refused(
                    "42703",
                    f'column "{name}" of relation "{copy.table}" does not exist',
                    GUIDE + "r_COPY.html",
                )

    def unload(self, node: Unload) -> Prepared:
        from sandbox.redshift.language.parsing.statements import StatementReader

        reader = StatementReader(tokens_of(node.query, bool(self.session.case_sensitive)), node.query)
        try:
            query = reader.query()
            reader.take(";")
            if not reader.ended:
                raise reader.unexpected("r_UNLOAD.html")
            if query.limit is not None:
                raise refused(
                    "LIMIT is not supported in the outer query of UNLOAD",
                    node.query_at,
                    "r_UNLOAD.html",
                    NO_FEATURE,
                )
            sql, _ = self.query(query, None, {})
        except Refused as refusal:
            raise Refused(refusal.sqlstate, refusal.message, refusal.hint, node.query_at) from None
        return Prepared("unload", (), UnloadCommand(node.query, sql, node.target, node.format, node.options))


def _loose(target: Type) -> Type:
    """The type that an inserted query is brought to. A text's length is left to the table, whose error a cast would hide."""
    return OPAQUE if target.name in STRINGS else target


def _schema_name(parts: list[str]) -> tuple[str | None, str]:
    return (parts[-2] if len(parts) > 1 else None, parts[-1])
