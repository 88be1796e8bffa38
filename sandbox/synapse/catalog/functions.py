"""Functions of the catalog and the session: OBJECT_ID, SCHEMA_NAME, DB_NAME, @@ROWCOUNT and their kin.

https://learn.microsoft.com/sql/t-sql/functions/metadata-functions-transact-sql
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from sandbox.synapse.catalog.things import EXTERNAL, MATERIALIZED, Object, Principal
from sandbox.synapse.catalog.type_facts import TYPES
from sandbox.synapse.types import BIGINT, INT, SMALLINT, SqlType, nvarchar

if TYPE_CHECKING:
    from sandbox.synapse.catalog.names import SessionNames

NAME = nvarchar(128)
VERSION = "Microsoft Azure SQL Data Warehouse - 10.0.25136.0 (a local stand-in over DuckDB)"
Answer = tuple[str, SqlType]


@dataclass
class SessionFacts:
    """What the functions tell of their session; the session keeps it up to date."""

    user: str
    process: int
    session_id: str
    application: str
    row_count: int = 0
    transactions: int = 0
    failed_transaction: bool = False
    error: int = 0
    identity: int | None = None
    # of the error that a CATCH block is handling: number, severity, state, message, line
    caught: tuple[int, int, int, str, int] | None = None


def literal(value: Any, kind: SqlType) -> Answer:
    """A value as DuckDB's text of the type."""
    if value is None:
        return f"CAST(NULL AS {kind.duckdb()})", kind
    text = str(value).replace("'", "''")
    return f"CAST('{text}' AS {kind.duckdb()})", kind


class CatalogFunctions:
    """The functions for one session. constant: evaluates a DuckDB text, or raises duckdb.Error where it names columns."""

    def __init__(self, facts: SessionFacts, constant: Callable[[str], Any]) -> None:
        self.facts = facts
        self._constant = constant

    def scalar(self, function: str, arguments: list[str], names: SessionNames) -> Answer | None:
        name = function.lower()
        if name in SIMPLE and not arguments:
            return literal(SIMPLE[name][0](self, names), SIMPLE[name][1])
        if name in LOOKUPS and arguments:
            return self._look_up(name, arguments, names)
        return None

    def _look_up(self, name: str, arguments: list[str], names: SessionNames) -> Answer:
        find, kind = LOOKUPS[name]
        try:
            values = [self._constant(argument) for argument in arguments]
        except duckdb.Error:
            return self._per_row(name, arguments, names), kind
        if values[0] is None and name not in ("user_name", "db_name"):
            return literal(None, kind)
        return literal(find(names, *values), kind)

    def _per_row(self, name: str, arguments: list[str], names: SessionNames) -> str:
        """The function over a column: a look-up in the system view that answers it."""
        first = arguments[0]
        if name in BY_ID:
            view, key, answer = BY_ID[name]
            return (
                f"(SELECT any_value({answer}) FROM {names.source('sys', view)} AS s WHERE s.{key} = {first})"
            )
        if name == "object_id":
            plain = f"replace(replace(replace({first}, '[', ''), ']', ''), '\"', '')"
            tables, schemas = names.source("sys", "objects"), names.source("sys", "schemas")
            return (
                f"(SELECT any_value(o.object_id) FROM {tables} AS o JOIN {schemas} AS s ON s.schema_id = o.schema_id "
                f"WHERE {plain} IN (s.name || '.' || o.name, '{names.database}.' || s.name || '.' || o.name) "
                f"OR (s.name = '{names.default_schema}' AND o.name = {plain}))"
            )
        if name == "object_schema_name":
            tables, schemas = names.source("sys", "objects"), names.source("sys", "schemas")
            return (
                f"(SELECT any_value(s.name) FROM {tables} AS o JOIN {schemas} AS s ON s.schema_id = o.schema_id "
                f"WHERE o.object_id = {first})"
            )
        raise duckdb.NotImplementedException(f"{name} over a column")


def split_name(text: str) -> list[str]:
    """The parts of a name in a text: a.b, [a].[b], "a"."b"; [] where it is none."""
    parts, place = [], 0
    while place <= len(text):
        closing = {"[": "]", '"': '"'}.get(text[place : place + 1])
        part = ""
        if closing:
            place += 1
            while True:
                if place >= len(text):
                    return []
                if text[place] == closing:
                    if text[place + 1 : place + 2] == closing:
                        place += 1
                    else:
                        break
                part += text[place]
                place += 1
            place += 1
        else:
            end = text.find(".", place)
            end = len(text) if end < 0 else end
            part = text[place:end].strip()
            place = end
        parts.append(part)
        rest = text[place:].lstrip()
        if not rest:
            return parts
        if not rest.startswith("."):
            return []
        place = len(text) - len(rest) + 1
    return parts


def find_object(names: SessionNames, text: str) -> Object | None:
    """The object that a text names, in this database, or a temporary table as tempdb..#name."""
    parts = split_name(str(text))
    if not 1 <= len(parts) <= 3:
        return None
    if (
        len(parts) == 3
        and parts[0]
        and names.state.key(parts[0]) not in (names.state.key(names.database), "tempdb")
    ):
        return None
    schema = parts[-2] if len(parts) > 1 else ""
    return names.find(schema or None, parts[-1])


def object_id(names: SessionNames, text: Any, kind: Any = None) -> int | None:
    found = find_object(names, text)
    if found is None:
        return None
    shown = {EXTERNAL: "U", MATERIALIZED: "V"}.get(found.kind, found.kind.strip())
    return found.id if kind is None or str(kind).strip().upper() == shown else None


def _by_id(names: SessionNames, number: Any) -> Object | None:
    found = names.state.things.get(("Object", str(int(number))))
    return found if isinstance(found, Object) else None


def object_name(names: SessionNames, number: Any, database: Any = None) -> str | None:
    found = _by_id(names, number)
    return found.name if found else None


def object_schema_name(names: SessionNames, number: Any, database: Any = None) -> str | None:
    found = _by_id(names, number)
    return found.schema if found else None


def schema_name(names: SessionNames, number: Any) -> str | None:
    return next((s.name for s in names.state.schemas.values() if s.id == int(number)), None)


def schema_id(names: SessionNames, name: Any) -> int | None:
    found = names.state.schemas.get(names.state.key(str(name)))
    return found.id if found else None


def db_name(names: SessionNames, number: Any = None) -> str | None:
    return names.database if number is None or int(number) == 5 else "master" if int(number) == 1 else None


def db_id(names: SessionNames, name: Any = None) -> int | None:
    known = {names.state.key(names.database): 5, "master": 1}
    return known.get(names.state.key(str(name)))


def user_name(names: SessionNames, number: Any = None) -> str | None:
    if number is None:
        return "dbo"
    found = names.state.things.get(("Principal", str(int(number))))
    return found.name if isinstance(found, Principal) else None


def user_id(names: SessionNames, name: Any) -> int | None:
    key = names.state.key(str(name))
    return next((p.id for p in names.state.all(Principal) if names.state.key(p.name) == key), None)


def col_name(names: SessionNames, number: Any, place: Any) -> str | None:
    found = _by_id(names, number)
    return found.columns[int(place) - 1].name if found and 1 <= int(place) <= len(found.columns) else None


def col_length(names: SessionNames, table: Any, column: Any) -> int | None:
    from sandbox.synapse.catalog.type_facts import storage

    found = find_object(names, table)
    if found is None:
        return None
    key = names.state.key(str(column))
    return next((storage(c.type)[1] for c in found.columns if names.state.key(c.name) == key), None)


def type_name(names: SessionNames, number: Any) -> str | None:
    return next((name for name, facts in TYPES.items() if facts[0] == int(number)), None)


def type_id(names: SessionNames, name: Any) -> int | None:
    facts = TYPES.get(str(name).lower())
    return facts[0] if facts else None


def database_property(names: SessionNames, database: Any, wanted: Any) -> str | None:
    if names.state.key(str(database)) != names.state.key(names.database):
        return None
    told = {"collation": names.collation, "status": "ONLINE", "edition": "DataWarehouse", "serviceobjective": "DW100c",
            "updateability": "READ_WRITE", "recovery": "SIMPLE", "isautocreatestatistics": "1"}  # fmt: skip
    return told.get(str(wanted).lower())


def server_property(names: SessionNames, wanted: Any) -> str | None:
    told = {"productversion": "10.0.25136.0", "edition": "SQL Azure", "engineedition": "6", "collation": "SQL_Latin1_General_CP1_CI_AS",
            "servername": "synapse", "productlevel": "RTM"}  # fmt: skip
    return told.get(str(wanted).lower())


def index_property(names: SessionNames, number: Any, index: Any, wanted: Any) -> int | None:
    found = _by_id(names, number)
    if found is None or str(wanted).lower() != "indexid":
        return None
    listed = [i.name for i in found.indexes] + [k.name for k in found.keys]
    return listed.index(str(index)) + 2 if str(index) in listed else None


LOOKUPS: dict[str, tuple[Callable[..., Any], SqlType]] = {
    "object_id": (object_id, INT), "object_name": (object_name, NAME), "object_schema_name": (object_schema_name, NAME),
    "schema_name": (schema_name, NAME), "schema_id": (schema_id, INT), "db_name": (db_name, NAME), "db_id": (db_id, INT),
    "user_name": (user_name, NAME), "user_id": (user_id, INT), "database_principal_id": (user_id, INT),
    "col_name": (col_name, NAME), "col_length": (col_length, SMALLINT), "type_name": (type_name, NAME),
    "type_id": (type_id, INT), "databasepropertyex": (database_property, NAME),
    "serverproperty": (server_property, NAME), "indexproperty": (index_property, INT),
}  # fmt: skip
BY_ID = {
    "object_name": ("objects", "object_id", "s.name"),
    "schema_name": ("schemas", "schema_id", "s.name"),
    "user_name": ("database_principals", "principal_id", "s.name"),
    "type_name": ("types", "user_type_id", "s.name"),
    "schema_id": ("schemas", "name", "s.schema_id"),
    "user_id": ("database_principals", "name", "s.principal_id"),
}


def _caught(place: int) -> Callable[[CatalogFunctions, SessionNames], Any]:
    return lambda functions, names: functions.facts.caught[place] if functions.facts.caught else None


SIMPLE: dict[str, tuple[Callable[[CatalogFunctions, SessionNames], Any], SqlType]] = {
    "@@rowcount": (lambda f, n: f.facts.row_count, INT),
    "rowcount_big": (lambda f, n: f.facts.row_count, BIGINT),
    "@@trancount": (lambda f, n: f.facts.transactions, INT),
    "xact_state": (lambda f, n: -2 if f.facts.failed_transaction else min(f.facts.transactions, 1), SMALLINT),
    "@@error": (lambda f, n: f.facts.error, INT),
    "@@spid": (lambda f, n: f.facts.process, SMALLINT),
    "@@version": (lambda f, n: VERSION, nvarchar(300)),
    "@@identity": (lambda f, n: f.facts.identity, SqlType("decimal", None, 38, 0)),
    "@@servername": (lambda f, n: "synapse", NAME),
    "@@language": (lambda f, n: "us_english", NAME),
    "@@datefirst": (lambda f, n: 7, SqlType("tinyint")),
    "@@dbts": (lambda f, n: None, SqlType("varbinary", 8)),
    "@@max_precision": (lambda f, n: 38, SqlType("tinyint")),
    "@@nestlevel": (lambda f, n: 0, INT),
    "@@options": (lambda f, n: 5496, INT),
    "@@textsize": (lambda f, n: 2147483647, INT),
    "@@lock_timeout": (lambda f, n: -1, INT),
    "session_id": (lambda f, n: f.facts.session_id, nvarchar(32)),
    "db_name": (lambda f, n: n.database, NAME),
    "db_id": (lambda f, n: 5, INT),
    "schema_name": (lambda f, n: n.default_schema, NAME),
    "schema_id": (lambda f, n: schema_id(n, n.default_schema), INT),
    "user_name": (lambda f, n: "dbo", NAME),
    "user_id": (lambda f, n: 1, INT),
    "user": (lambda f, n: "dbo", NAME),
    "current_user": (lambda f, n: "dbo", NAME),
    "session_user": (lambda f, n: "dbo", NAME),
    "system_user": (lambda f, n: f.facts.user, NAME),
    "suser_sname": (lambda f, n: f.facts.user, NAME),
    "suser_name": (lambda f, n: f.facts.user, NAME),
    "original_login": (lambda f, n: f.facts.user, NAME),
    "app_name": (lambda f, n: f.facts.application, NAME),
    "host_name": (lambda f, n: "localhost", NAME),
    "error_number": (_caught(0), INT),
    "error_severity": (_caught(1), INT),
    "error_state": (_caught(2), INT),
    "error_message": (_caught(3), nvarchar(4000)),
    "error_line": (_caught(4), INT),
    "error_procedure": (lambda f, n: None, NAME),
}
