"""Which statement it is. What Redshift has no command for does not parse, and what is not done here is said to be so."""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.facts import (
    AlterRefresh,
    CommentOn,
    RefreshMaterializedView,
)
from sandbox.redshift.language.parsing.administration import POSTGRES_PRIVILEGES, principal
from sandbox.redshift.language.parsing.reader import schema_and_name
from sandbox.redshift.language.parsing.sessions import SessionReader, shown
from sandbox.redshift.language.refusal import unsupported
from sandbox.redshift.language.statements import Declare, Explain, Simple
from sandbox.redshift.language.tokens import quoted_name, quoted_text

# Commands of Redshift's that are not done here.
NOT_HERE = frozenset(["call", "cancel", "deallocate", "prepare", "execute", "use"])


class StatementReader(SessionReader):
    """statement() reads one, up to its semicolon."""

    def statement(self) -> Any:
        key = self.token.key
        if key in ("select", "("):
            return self.query()
        if key == "with":
            return self._with_statement()
        method = getattr(self, f"_{key}_statement", None) if key.isalpha() else None
        if method is not None:
            return method()
        if key in NOT_HERE:
            raise unsupported(key.upper(), self.at, "c_SQL_commands.html")
        raise self.unexpected("c_SQL_commands.html")

    def _with_statement(self) -> Any:
        start = self.index
        self.expect("with")
        recursive = self.take("recursive")
        tables = self._common_tables()
        if self.sees("update"):
            return self.update(tables, recursive)
        if self.sees("delete"):
            return self.delete(tables, recursive)
        if self.sees("insert", "merge"):
            raise self.unexpected("r_WITH_clause.html")
        self.index = start
        return self.query()

    def _insert_statement(self) -> Any:
        return self.insert()

    def _update_statement(self) -> Any:
        return self.update([], False)

    def _delete_statement(self) -> Any:
        return self.delete([], False)

    def _merge_statement(self) -> Any:
        return self.merge()

    def _copy_statement(self) -> Any:
        return Simple("copy", (), self.copy())

    def _unload_statement(self) -> Any:
        return self.unload()

    def _grant_statement(self) -> Any:
        return self.grant()

    def _revoke_statement(self) -> Any:
        return self.grant()

    def _drop_statement(self) -> Any:
        return self.drop()

    def _truncate_statement(self) -> Simple:
        self.expect("truncate")
        self.take("table")
        parts = self.qualified()
        if self.sees(",", "cascade", "restrict", "restart", "continue"):
            raise self.unexpected("r_TRUNCATE.html")
        return Simple("truncate", (f"truncate table {shown(parts)}",), None, parts)

    # ---------- CREATE and ALTER

    def _create_statement(self) -> Any:
        at = self.at
        self.expect("create")
        replace = self.take("or", "replace")
        temporary = False
        if self.sees("temp", "temporary", "local") and self.ahead().key in ("table", "temp", "temporary"):
            self.take("local")
            self.index += 1
            temporary = True
        if self.sees("table") and not replace:
            return self.create_table(at, temporary)
        if self.sees("view"):
            return self.create_view(at, replace, False)
        if self.sees_all("materialized", "view") and not replace:
            return self.create_view(at, False, True)
        if self.sees("function"):
            return self.create_function(at, replace)
        if self.sees("schema"):
            return self.create_schema()
        if self.sees("user", "group", "role"):
            return self.create_principal("create")
        if self.sees(
            "procedure", "external", "database", "datashare", "library", "model", "masking", "rls", "identity"
        ):
            raise unsupported(f"CREATE {self.token.key.upper()}", at, "c_SQL_commands.html")
        raise self.unexpected("c_unsupported-postgresql-features.html")

    def _alter_statement(self) -> Any:
        at = self.at
        self.expect("alter")
        if self.sees("table"):
            return self.alter_table()
        if self.sees("schema"):
            return self.alter_schema()
        if self.sees("user", "group", "role"):
            return self.create_principal("alter")
        if self.take("materialized", "view"):
            parts = self.qualified()
            self.expect("auto", "refresh")
            return Simple(
                "alter_materialized_view", (), AlterRefresh(*schema_and_name(parts), self._yes_or_no())
            )
        if self.take("default", "privileges"):
            return self._default_privileges()
        if self.sees(
            "database",
            "datashare",
            "external",
            "function",
            "procedure",
            "identity",
            "masking",
            "rls",
            "system",
        ):
            raise unsupported(f"ALTER {self.token.key.upper()}", at, "c_SQL_commands.html")
        raise self.unexpected("c_SQL_commands.html")

    def _default_privileges(self) -> Simple:
        words = "alter default privileges"
        if self.take("for", "user"):
            words += f" for role {', '.join(quoted_name(n) for n in self.names())}"
        if self.take("in", "schema"):
            words += f" in schema {', '.join(quoted_name(n) for n in self.names())}"
        if not self.sees("grant", "revoke"):
            raise self.unexpected("r_ALTER_DEFAULT_PRIVILEGES.html")
        revoke = self.step().key == "revoke"
        privileges = [p for p in self._privileges() if p in POSTGRES_PRIVILEGES or p == "all"]
        self.expect("on")
        if not self.sees("tables", "functions", "procedures"):
            raise self.unexpected("r_ALTER_DEFAULT_PRIVILEGES.html")
        kind = self.step().key
        self.expect("from" if revoke else "to")
        people = ", ".join(principal(*each) for each in self._grantees())
        tail = " with grant option" if self.take("with", "grant", "option") else ""
        if kind == "procedures" or not privileges:
            return Simple("alter_default_privileges", ())
        sql = f"{words} {'revoke' if revoke else 'grant'} {', '.join(privileges)} on {kind} {'from' if revoke else 'to'} {people}{tail}"
        return Simple("alter_default_privileges", (sql,))

    def _refresh_statement(self) -> Simple:
        self.expect("refresh", "materialized", "view")
        schema, name = schema_and_name(self.qualified())
        if self.sees("restrict", "cascade"):
            self.index += 1
        return Simple("refresh_materialized_view", (), RefreshMaterializedView(schema, name))

    # ---------- the rest

    def _explain_statement(self) -> Explain:
        at = self.at
        self.expect("explain")
        verbose = self.take("verbose")
        if self.sees("analyze", "("):
            raise self.unexpected("r_EXPLAIN.html")
        return Explain(self.statement(), verbose, at)

    def _analyze_statement(self) -> Simple:
        self.index += 1
        self.take("verbose")
        if self.sees("compression"):
            raise unsupported("ANALYZE COMPRESSION", self.at, "r_ANALYZE_COMPRESSION.html")
        if self.ended:
            return Simple("analyze", ("analyze",))
        parts = self.qualified()
        columns = f" ({', '.join(quoted_name(n) for n in self.bracketed_names())})" if self.sees("(") else ""
        if not self.take("predicate", "columns"):
            self.take("all", "columns")
        return Simple("analyze", (f"analyze {shown(parts)}{columns}",), None, parts)

    _analyse_statement = _analyze_statement

    def _vacuum_statement(self) -> Simple:
        self.expect("vacuum")
        for option in (("full",), ("sort", "only"), ("delete", "only"), ("reindex",), ("recluster",)):
            if self.take(*option):
                break
        if self.sees("analyze", "verbose", "freeze", "("):
            raise self.unexpected("r_VACUUM_command.html")
        parts = self.qualified() if self.token.is_name and not self.sees("boost") else []
        if self.take("to"):
            self.whole_number()
            self.expect("percent")
        self.take("boost")
        return Simple("vacuum", (f"vacuum {shown(parts)}".strip(),), None, parts or None)

    def _comment_statement(self) -> Simple:
        page = "r_COMMENT.html"
        self.expect("comment", "on")
        if not self.sees("table", "column", "view", "schema", "database", "constraint", "function"):
            raise self.unexpected(page)
        kind = self.step().key
        if kind in ("constraint", "function"):
            raise unsupported(f"COMMENT ON {kind.upper()}", self.at, page)
        parts = [self.name()]
        while self.take("."):
            parts.append(self.label())
        self.expect("is")
        comment = None if self.take("null") else self.text_value()
        kept = {"column": 3, "schema": 1, "database": 1}.get(kind, 2)
        told = "null" if comment is None else quoted_text(comment)
        sql = f"comment on {kind} {'.'.join(quoted_name(p) for p in parts[-kept:])} is {told}"
        return Simple("comment", (sql,), CommentOn(kind, tuple(parts), comment))

    def _declare_statement(self) -> Declare:
        at = self.at
        self.expect("declare")
        name = self.name()
        self.expect("cursor", "for")
        return Declare(name, self.query(), at)

    def _fetch_statement(self) -> Simple:
        self.expect("fetch")
        if self.take("next"):
            count = "next"
        elif self.sees("all"):
            self.index += 1
            count = "all"
        else:
            self.expect("forward")
            count = f"forward {'all' if self.take('all') else self.whole_number()}"
        self.expect("from")
        return Simple("fetch", (f"fetch {count} from {quoted_name(self.name())}",))

    def _close_statement(self) -> Simple:
        self.expect("close")
        return Simple("close", (f"close {quoted_name(self.name())}",))
