"""Transactions and settings, and SHOW.

https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html
https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW.html
"""

from __future__ import annotations

from sandbox.redshift.language.facts import Setting, ShowObjects
from sandbox.redshift.language.parsing.alterations import AlterationReader
from sandbox.redshift.language.refusal import SYNTAX, refused, unsupported
from sandbox.redshift.language.reserved_words import words
from sandbox.redshift.language.statements import Simple
from sandbox.redshift.language.tokens import END, NUMBER, TEXT, quoted_name, quoted_text

SHOWN = words(
    """
    tables columns schemas databases grants table view procedure external model datashares column
    parameters functions procedures constraints policies masking
    """
)
# Settings that PostgreSQL has under the same name and with the same meaning.
SHARED_SETTINGS = frozenset(
    [
        "search_path",
        "datestyle",
        "server_encoding",
        "transaction_isolation",
        "is_superuser",
        "session_authorization",
        "standard_conforming_strings",
        "timezone",
        "statement_timeout",
        "extra_float_digits",
        "client_encoding",
        "application_name",
        "client_min_messages",
    ]
)


class SessionReader(AlterationReader):
    """Reads what concerns the session alone."""

    def _begin_statement(self) -> Simple:
        start = self.step().key == "start"
        if start:
            self.expect("transaction")
        elif self.sees("work", "transaction"):
            self.index += 1
        mode = ""
        while not self.ended:
            if self.take("isolation", "level"):
                if not (
                    self.take("serializable")
                    or self.take("repeatable", "read")
                    or self.take("read", "committed")
                    or self.take("read", "uncommitted")
                ):
                    raise self.unexpected("r_BEGIN.html")
            elif self.take("read", "only"):
                mode = " read only"
            elif self.take("read", "write"):
                mode = " read write"
            else:
                raise self.unexpected("r_BEGIN.html")
            self.take(",")
        return Simple("begin", (f"begin{mode}",))

    _start_statement = _begin_statement

    def _commit_statement(self) -> Simple:
        key = self.step().key
        if self.sees("work", "transaction"):
            self.index += 1
        if self.sees("to", "and"):
            raise refused(
                "ROLLBACK TO SAVEPOINT is not supported",
                self.at,
                "c_unsupported-postgresql-functions.html",
                SYNTAX,
            )
        return Simple(*(("commit", ("commit",)) if key in ("commit", "end") else ("rollback", ("rollback",))))

    _end_statement = _rollback_statement = _abort_statement = _commit_statement

    def _lock_statement(self) -> Simple:
        self.expect("lock")
        self.take("table")
        names = [self.qualified() for _ in self._list()]
        if self.sees("in"):
            raise self.unexpected("r_LOCK.html")
        return Simple("lock", (f"lock table {', '.join(shown(n) for n in names)} in access exclusive mode",))

    def _set_statement(self) -> Simple:
        self.expect("set")
        if self.take("session", "authorization"):
            if self.take("default"):
                return Simple("set", ("reset session authorization",))
            name = self.text_value() if self.token.kind == TEXT else self.name()
            return Simple("set", (f"set session authorization {quoted_name(name)}",))
        local = self.take("local")
        if not local:
            self.take("session")
        name = self._setting_name()
        if name == "transaction":
            raise self.unexpected("r_SET.html")
        if not self.take("to"):
            self.expect("=")
        if self.take("default"):
            return Simple("set", (f"reset {setting(name)}",), Setting(name, None, local))
        values = [self._one_value() for _ in self._list()]
        written = (
            ", ".join(quoted_text(v) for v in values)
            if name == "search_path"
            else quoted_text(", ".join(values))
        )
        sql = f"set {'local ' if local else ''}{setting(name)} to {written}"
        return Simple("set", (sql,), Setting(name, ", ".join(values), local))

    def _setting_name(self) -> str:
        name = self.label().lower()
        while self.take("."):
            name += "." + self.label().lower()
        return "timezone" if name == "time" and self.take("zone") else name

    def _one_value(self) -> str:
        token = self.token
        if token.kind in (TEXT, NUMBER):
            self.index += 1
            return token.value
        if self.take("-"):
            return "-" + self.step().value
        return self.label()

    def _reset_statement(self) -> Simple:
        self.expect("reset")
        if self.take("all"):
            return Simple("reset", ("reset all",), Setting("all", None))
        name = self._setting_name()
        return Simple("reset", (f"reset {setting(name)}",), Setting(name, None))

    def _show_statement(self) -> Simple:
        self.expect("show")
        if self.sees(*SHOWN):
            return Simple("show_objects", (), self._show_objects())
        name = self._setting_name()
        if self.token.kind != END and not self.ended:
            raise self.unexpected("r_SHOW.html")
        if name in SHARED_SETTINGS or name == "all":
            return Simple("show", (f"show {name}",), Setting(name, None))
        sql = f"select current_setting({quoted_text('redshift.' + name)}, true) as {quoted_name(name)}"
        return Simple("show", (sql,), Setting(name, None))

    def _show_objects(self) -> ShowObjects:
        at = self.at
        what = self.step().key
        name: tuple[str, ...] = ()
        kind, like, limit, grantee = "", None, None, None
        if what in ("table", "view"):
            return ShowObjects(what, tuple(self.qualified()), what)
        if what not in ("tables", "columns", "schemas", "databases", "grants"):
            raise unsupported(f"SHOW {what.upper()}", at, "c_SQL_commands.html")
        if self.sees("from", "on", "for"):
            word = self.step().key
            if word == "for":
                grantee = self._grantees()[0]
            else:
                if self.sees("schema", "table", "database", "function", "procedure"):
                    kind = self.step().key
                name = tuple(self.qualified()) if not self.sees("data") else ()
        if self.take("for"):
            grantee = self._grantees()[0]
        if self.take("like"):
            like = self.text_value()
        if self.take("limit"):
            limit = self.whole_number()
        return ShowObjects(what, name, kind, like, limit, grantee)


def shown(parts: list[str]) -> str:
    """schema.name for PostgreSQL; a database before it is this one."""
    return ".".join(quoted_name(part) for part in parts[-2:])


def setting(name: str) -> str:
    """PostgreSQL's own setting, or one of the stand-in's own room."""
    return name if name in SHARED_SETTINGS else f'redshift."{name}"'
