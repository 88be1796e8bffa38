"""SET, USE, EXPLAIN, DBCC."""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language import statements as s
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

# Settings that a dedicated pool has in one way only; the other way would change what a statement gives.
MUST_BE_ON = ("ANSI_NULLS", "ANSI_PADDING", "ANSI_WARNINGS", "CONCAT_NULL_YIELDS_NULL", "ARITHABORT")


def set_option(session: Session, statement: s.SetOption, reply: Reply) -> None:
    option, value = statement.option.upper(), statement.value.strip().upper()
    on = value == "ON"
    if option == "NOCOUNT":
        session.options.no_count = on
    elif option == "FMTONLY":
        session.options.only_format = on
    elif option == "QUOTED_IDENTIFIER":
        session.options.quoted_identifier = on
    elif option == "IMPLICIT_TRANSACTIONS":
        session.options.implicit_transactions = on
    elif option in ("PARSEONLY", "NOEXEC"):
        session.options.parse_only = on
    elif option == "ROWCOUNT":
        if not value.isdigit():
            raise unsupported(f"SET ROWCOUNT {value}", statement.line)
        session.options.row_count = int(value)
    elif option in MUST_BE_ON and not on:
        raise unsupported(f"SET {option} OFF", statement.line)
    elif option == "DATEFIRST" and value != "7":
        raise unsupported(f"SET DATEFIRST {value}", statement.line)
    elif option == "DATEFORMAT" and value.strip("'") != "MDY":
        raise unsupported(f"SET DATEFORMAT {value}", statement.line)
    elif option == "LANGUAGE" and value.strip("'") not in ("US_ENGLISH", "ENGLISH"):
        raise unsupported(f"SET LANGUAGE {value}", statement.line)
    elif option == "SHOWPLAN_ALL" and on:
        raise unsupported("SET SHOWPLAN_ALL ON", statement.line)


def use(session: Session, statement: s.UseDatabase, reply: Reply) -> None:
    if session.state.key(statement.name) != session.state.key(session.names.database):
        raise SqlError(
            40508,
            "USE statement is not supported to switch between databases. Use a new connection to connect to a different database.",
            statement.line,
        )
    reply.raw(tokens.environment(1, session.names.database, session.names.database))


def explain(session: Session, statement: s.Explain, reply: Reply) -> None:
    raise unsupported("EXPLAIN: there is no distributed plan here", statement.line)


def dbcc(session: Session, statement: s.DbccStatement, reply: Reply) -> None:
    if statement.command in ("DROPCLEANBUFFERS", "FREEPROCCACHE", "DROPRESULTSETCACHE"):
        reply.done(tokens.NOTHING)
        return
    raise unsupported(f"DBCC {statement.command}", statement.line)
