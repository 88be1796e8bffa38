"""Users, groups, roles, schemas, grants: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html

These need no types, so they come out ready for PostgreSQL. A group is PostgreSQL's role "group:name", a role "role:name".
"""

from __future__ import annotations

from sandbox.redshift.language.facts import Dropped, GrantCommand, PrincipalCommand
from sandbox.redshift.language.parsing.reader import schema_and_name
from sandbox.redshift.language.parsing.transfers import TransferReader
from sandbox.redshift.language.refusal import SYNTAX, refused, unsupported
from sandbox.redshift.language.reserved_words import words
from sandbox.redshift.language.statements import Simple
from sandbox.redshift.language.tokens import NUMBER, TEXT, quoted_name
from sandbox.redshift.language.types import checked, in_postgres

TABLE_PRIVILEGES = frozenset(
    ["select", "insert", "update", "delete", "drop", "references", "alter", "truncate"]
)
PRIVILEGES = TABLE_PRIVILEGES | frozenset(
    ["usage", "create", "temporary", "temp", "execute", "explain", "ignore", "access"]
)
POSTGRES_PRIVILEGES = words(
    """
    select insert update delete references truncate usage create temporary temp execute
    """
)
USER_WORDS = frozenset(["createdb", "nocreatedb", "createuser", "nocreateuser"])
GRANT_PAGE = "r_GRANT.html"


def principal(kind: str, name: str) -> str:
    """PostgreSQL's role for a user, group or role; PUBLIC is itself."""
    if kind == "public":
        return "public"
    return quoted_name(name if kind == "user" else f"{kind}:{name}")


class AdministrationReader(TransferReader):
    """Reads what changes principals, privileges and schemas."""

    # ---------- GRANT and REVOKE

    def grant(self) -> Simple:
        revoke = self.step().key == "revoke"
        self.columns_granted: dict[str, list[str]] = {}
        option = revoke and self.take("grant", "option", "for")
        if self.take("role"):
            return self._grant_roles(revoke)
        privileges = self._privileges()
        if self.sees("to", "from"):
            raise unsupported("GRANT of a system permission or of a scope", self.at, GRANT_PAGE)
        self.expect("on")
        kind, names = self._granted_on()
        self.expect("from" if revoke else "to")
        to = self._grantees()
        tail = ""
        if not revoke and self.take("with", "grant", "option"):
            tail = " with grant option"
        if revoke and self.sees("cascade", "restrict"):
            tail = f" {self.step().key}"
        shown = [
            f"{p} ({', '.join(quoted_name(c) for c in self.columns_granted[p])})"
            if p in self.columns_granted
            else p
            for p in privileges
            if p in POSTGRES_PRIVILEGES
        ]
        if privileges == ["all"]:
            shown = ["all"]
        facts = GrantCommand(revoke, tuple(privileges), kind, tuple(names), tuple(to))
        if not shown or not names:
            return Simple("revoke" if revoke else "grant", (), facts)
        objects = ", ".join(".".join(quoted_name(part) for part in name if part) for name in names)
        people = ", ".join(principal(*each) for each in to)
        word = f"revoke {'grant option for ' if option else ''}" if revoke else "grant "
        on = "all tables in schema" if kind == "all tables in schema" else kind
        sql = f"{word}{', '.join(shown)} on {on} {objects} {'from' if revoke else 'to'} {people}{tail}"
        return Simple("revoke" if revoke else "grant", (sql,), facts)

    def _privileges(self) -> list[str]:
        if self.take("all"):
            self.take("privileges")
            return ["all"]
        found = []
        while True:
            at = self.at
            word = self.label()
            if word not in PRIVILEGES:
                raise refused(f'unrecognized privilege type "{word}"', at, GRANT_PAGE, SYNTAX)
            found.append(word)
            if self.sees("("):
                if word not in ("select", "update"):
                    raise self.unexpected(GRANT_PAGE)
                self.columns_granted[word] = self.bracketed_names()
            if not self.take(","):
                return found

    def _granted_on(self) -> tuple[str, list[tuple[str | None, str]]]:
        if self.take("all", "tables", "in", "schema"):
            return "all tables in schema", [(None, self.qualified()[-1]) for _ in self._list()]
        for kind in ("schema", "database", "table"):
            if self.take(kind):
                names = [self.qualified() for _ in self._list()]
                return kind, [schema_and_name(n) if kind == "table" else (None, n[-1]) for n in names]
        if self.sees(
            "function",
            "procedure",
            "language",
            "datashare",
            "model",
            "all",
            "tables",
            "external",
            "layer",
            "policy",
        ):
            raise unsupported(f"GRANT or REVOKE ON {self.token.key.upper()}", self.at, GRANT_PAGE)
        return "table", [schema_and_name(self.qualified()) for _ in self._list()]

    def _list(self) -> _Items:
        return _Items(self)

    def _grantees(self) -> list[tuple[str, str]]:
        found = []
        for _ in self._list():
            if self.take("public"):
                found.append(("public", "public"))
            elif self.sees("group", "role") and self.ahead().is_name:
                kind = self.step().key
                found.append((kind, self.name()))
            else:
                self.take("user")
                found.append(("user", self.name()))
        return found

    def _grant_roles(self, revoke: bool) -> Simple:
        roles = [self.name() for _ in self._list()]
        self.expect("from" if revoke else "to")
        to = self._grantees()
        tail = " with admin option" if self.take("with", "admin", "option") else ""
        shown = ", ".join(principal("role", role) for role in roles)
        people = ", ".join(principal(*each) for each in to)
        sql = f"{'revoke' if revoke else 'grant'} {shown} {'from' if revoke else 'to'} {people}{tail}"
        facts = GrantCommand(revoke, (), "role", tuple((None, r) for r in roles), tuple(to))
        return Simple("revoke" if revoke else "grant", (sql,), facts)

    # ---------- users, groups, roles

    def create_principal(self, action: str) -> Simple:
        """CREATE or ALTER USER, GROUP, ROLE, after that first word."""
        kind = self.step().key
        name = self.name()
        options: dict[str, object] = {}
        statements: list[str] = []
        shown = principal(kind, name)
        if action == "create":
            statements.append(f"create role {shown}{' login' if kind == 'user' else ''}")
        if self.take("rename", "to"):
            new = self.name()
            options["rename"] = new
            statements.append(f"alter role {shown} rename to {principal(kind, new)}")
        elif kind == "user":
            self._user_options(name, action, options, statements)
        elif kind == "group":
            self._group_options(shown, options, statements)
        elif self.take("externalid"):
            self.take("to")
            options["externalid"] = self.text_value()
        elif action == "alter" and self.take("owner", "to"):
            options["owner"] = self.name()
        return Simple(f"{action}_{kind}", tuple(statements), PrincipalCommand(action, kind, name, options))

    def _group_options(self, shown: str, options: dict[str, object], statements: list[str]) -> None:
        word = "grant"
        if self.take("drop", "user"):
            word = "revoke"
        elif not self.take("add", "user") and not self.take("with", "user") and not self.take("user"):
            self.take("with")
            return
        users = [self.name() for _ in self._list()]
        options["users" if word == "grant" else "drop_users"] = tuple(users)
        for user in users:
            statements.append(f"{word} {shown} {'to' if word == 'grant' else 'from'} {quoted_name(user)}")

    def _user_options(
        self, name: str, action: str, options: dict[str, object], statements: list[str]
    ) -> None:
        page = "r_CREATE_USER.html"
        shown = quoted_name(name)
        self.take("with")
        while not self.ended:
            token = self.token
            if token.key in USER_WORDS:
                self.index += 1
                options[token.key] = True
                if token.key.endswith("createuser"):
                    statements.append(
                        f"alter role {shown} {'no' if token.key.startswith('no') else ''}superuser"
                    )
            elif self.take("password"):
                if self.take("disable"):
                    options["password"] = None
                else:
                    options["password"] = self.text_value()
            elif self.take("in", "group"):
                groups = [self.name() for _ in self._list()]
                options["groups"] = tuple(groups)
                statements += [f"grant {principal('group', g)} to {shown}" for g in groups]
            elif self.take("valid", "until"):
                options["valid_until"] = self.text_value()
            elif self.take("syslog", "access"):
                options["syslog_access"] = self.label()
            elif self.take("connection", "limit") or self.take("session", "timeout"):
                options["limit"] = self.label() if self.token.kind != NUMBER else self.whole_number()
            elif self.take("externalid"):
                options["externalid"] = self.text_value() if self.token.kind == TEXT else self.label()
            elif action == "alter" and self.sees("set", "reset"):
                reset = self.step().key == "reset"
                setting = self.label()
                value = "" if reset else self._setting_value()
                options["settings"] = (setting, value)
            else:
                raise self.unexpected(page)

    def _setting_value(self) -> str:
        if not self.take("to"):
            self.expect("=")
        return self.step().value

    # ---------- schemas and databases

    def create_schema(self) -> Simple:
        self.expect("schema")
        missing = " if not exists" if self.take("if", "not", "exists") else ""
        if self.take("authorization"):
            owner = self.name()
            return Simple(
                "create_schema",
                (f"create schema{missing} {quoted_name(owner)} authorization {quoted_name(owner)}",),
            )
        name = self.qualified()[-1]
        tail = f" authorization {quoted_name(self.name())}" if self.take("authorization") else ""
        if self.take("quota"):
            while not self.ended:
                self.step()
        return Simple("create_schema", (f"create schema{missing} {quoted_name(name)}{tail}",))

    def alter_schema(self) -> Simple:
        self.expect("schema")
        name = self.name()
        if self.take("rename", "to"):
            return Simple(
                "alter_schema", (f"alter schema {quoted_name(name)} rename to {quoted_name(self.name())}",)
            )
        if self.take("owner", "to"):
            return Simple(
                "alter_schema", (f"alter schema {quoted_name(name)} owner to {quoted_name(self.name())}",)
            )
        self.expect("quota")
        while not self.ended:
            self.step()
        return Simple("alter_schema", ())

    # ---------- DROP

    def drop(self) -> Simple:
        at = self.at
        self.expect("drop")
        for kind_words in (("materialized", "view"), ("table",), ("view",), ("schema",), ("function",)):
            if self.take(*kind_words):
                return self._drop_objects(" ".join(kind_words))
        for kind in ("user", "group", "role"):
            if self.take(kind):
                exists = self.take("if", "exists")
                names = [self.name() for _ in self._list()]
                force = self.take("force") or self.take("restrict")
                shown = ", ".join(principal(kind, n) for n in names)
                sql = f"drop role {'if exists ' if exists else ''}{shown}"
                return Simple(
                    f"drop_{kind}",
                    (sql,),
                    PrincipalCommand("drop", kind, names[0], {"names": tuple(names), "force": force}),
                )
        if self.sees(
            "index",
            "trigger",
            "sequence",
            "type",
            "domain",
            "extension",
            "rule",
            "operator",
            "aggregate",
            "cast",
            "tablespace",
        ):
            raise self.unexpected("c_unsupported-postgresql-features.html")
        raise unsupported(f"DROP {self.token.value.upper()}", at, "c_SQL_commands.html")

    def _drop_objects(self, kind: str) -> Simple:
        exists = self.take("if", "exists")
        parts = []
        shown = []
        for _ in self._list():
            name = self.qualified()
            parts.append((None, name[-1]) if kind == "schema" else schema_and_name(name))
            text = ".".join(quoted_name(part) for part in (name[-1:] if kind == "schema" else name[-2:]))
            shown.append(text + (self._function_types() if kind == "function" else ""))
        cascade = self.take("cascade")
        if not cascade:
            self.take("restrict")
        sql = f"drop {kind} {'if exists ' if exists else ''}{', '.join(shown)}{' cascade' if cascade else ''}"
        return Simple(f"drop_{kind.replace(' ', '_')}", (sql,), Dropped(kind, tuple(parts), exists, cascade))

    def _function_types(self) -> str:

        self.expect("(")
        types = []
        while not self.sees(")"):
            types.append(in_postgres(checked(self.type_name())).partition("(")[0])
            if not self.take(","):
                break
        self.expect(")")
        return f"({', '.join(types)})"


class _Items:
    """One step for each item of a list with commas between; the loop's body reads the item."""

    def __init__(self, reader: AdministrationReader) -> None:
        self.reader = reader
        self.first = True

    def __iter__(self) -> _Items:
        return self

    def __next__(self) -> None:
        if self.first:
            self.first = False
            return
        if not self.reader.take(","):
            raise StopIteration
