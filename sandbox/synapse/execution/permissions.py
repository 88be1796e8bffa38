"""Users, roles, GRANT, REVOKE, DENY: kept and listed; nothing is ever denied, for there is one login.

https://learn.microsoft.com/sql/t-sql/statements/permissions-grant-deny-revoke-azure-sql-data-warehouse-parallel-data-warehouse
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import PermissionEntry, Principal
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.finding import find, schema_named
from sandbox.synapse.execution.objects import principal_named
from sandbox.synapse.execution.tables import now
from sandbox.synapse.language import statements as s
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

ALL_OF_AN_OBJECT = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES")


def create_principal(session: Session, statement: s.CreatePrincipal, reply: Reply) -> None:
    if statement.kind == "login":
        raise SqlError(
            40510,
            "Statement 'CREATE LOGIN' is not supported in this version of SQL Server; it is run in the master database.",
            statement.line,
        )

    def make(change: Change) -> None:
        if any(
            session.state.key(p.name) == session.state.key(statement.name)
            for p in session.state.all(Principal)
        ):
            raise SqlError(
                15023,
                f"User, group, or role '{statement.name}' already exists in the current database.",
                statement.line,
            )
        words = statement.options.upper()
        kind = "R" if statement.kind == "role" else "E" if "EXTERNAL PROVIDER" in words else "S"
        number = session.state.new_id()
        change.put(Principal(number, statement.name, kind, now(), None if kind == "R" else "dbo"))

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_principal(session: Session, statement: s.AlterPrincipal, reply: Reply) -> None:
    if statement.kind != "role" or statement.member is None:
        raise unsupported(f"ALTER {statement.kind.upper()} … {statement.action}", statement.line)
    change_membership(
        session, statement.name, statement.member, "DROP" not in statement.action.upper(), statement.line
    )
    reply.done(tokens.NOTHING)


def change_membership(session: Session, role: str, member: str, add: bool, line: int) -> None:
    """ALTER ROLE … ADD | DROP MEMBER, sp_addrolemember, sp_droprolemember."""

    def make(change: Change) -> None:
        found = principal_named(session, role, line)
        if found.kind != "R":
            raise SqlError(
                15151,
                f"Cannot alter the role '{role}', because it does not exist or you do not have permission.",
                line,
            )
        one = principal_named(session, member, line)
        members = tuple(m for m in found.members if m != one.id)
        change.put(replace(found, members=(*members, one.id) if add else members))

    session.change(make)


def permission(session: Session, statement: s.Permission, reply: Reply) -> None:
    def make(change: Change) -> None:
        class_, number = _securable(session, statement)
        wanted = statement.permissions
        if any(p in ("ALL", "ALL PRIVILEGES") for p in wanted):
            wanted = ALL_OF_AN_OBJECT
        if statement.columns or any("(" in p for p in wanted):
            raise unsupported("permissions on single columns", statement.line)
        for name in statement.principals:
            grantee = principal_named(session, name, statement.line)
            for word in wanted:
                state = "D" if statement.verb == "deny" else "W" if statement.grant_option else "G"
                entry = PermissionEntry(grantee.id, class_, number, word, state)
                if statement.verb == "revoke":
                    _revoke(session, change, entry)
                else:
                    change.put(entry)

    # permissions may be given inside a transaction; here they are a definition like any other
    session.change(make)
    reply.done(tokens.NOTHING)


def _revoke(session: Session, change: Change, entry: PermissionEntry) -> None:
    for there in session.state.all(PermissionEntry):
        if (there.grantee, there.class_, there.id, there.permission) == (
            entry.grantee,
            entry.class_,
            entry.id,
            entry.permission,
        ):
            change.drop(there)


def _securable(session: Session, statement: s.Permission) -> tuple[int, int]:
    """(class, id) of what ON names."""
    if statement.object is None:
        return 0, 0
    kind = (statement.object_class or "object").lower()
    if kind == "schema":
        schema = schema_named(session, statement.object.last)
        if schema is None:
            raise SqlError(
                15151,
                f"Cannot find the schema '{statement.object.last}', because it does not exist or you do not have permission.",
                statement.line,
            )
        return 3, schema.id
    if kind == "database":
        return 0, 0
    if kind != "object":
        raise unsupported(f"permissions on {kind}", statement.line)
    found = find(session, statement.object, statement.line)
    if found is None:
        # T-SQL reads a name without a class as an object's
        raise SqlError(
            15151,
            f"Cannot find the object '{statement.object.last}', because it does not exist or you do not have permission.",
            statement.line,
        )
    return 1, found.id
