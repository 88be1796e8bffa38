"""The catalog procedures behind SQLTables, SQLColumns and SQLPrimaryKeys of ODBC.

https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/catalog-stored-procedures-transact-sql
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.synapse.catalog.odbc import TYPES
from sandbox.synapse.catalog.things import PROCEDURE, Object
from sandbox.synapse.catalog.type_facts import information, storage
from sandbox.synapse.language import Column
from sandbox.synapse.session import Session
from sandbox.synapse.types import parse_type
from sandbox.synapse.wire.request import Call

Answer = tuple[list[Column], list[tuple[Any, ...]]]


def _columns(declared: str) -> list[Column]:
    return [Column(part.split()[0], parse_type(part.split()[1])) for part in declared.split(";")]


def _matches(pattern: str | None, name: str) -> bool:
    """ODBC's search pattern: % and _."""
    if pattern is None:
        return True
    parts = {"%": ".*", "_": "."}
    return (
        re.fullmatch("".join(parts.get(c, re.escape(c)) for c in pattern), name, re.IGNORECASE | re.DOTALL)
        is not None
    )


def _argument(call: Call, place: int, name: str) -> str | None:
    for parameter in call.parameters:
        if parameter.name.lower() == name:
            return None if parameter.value is None else str(parameter.value)
    if place < len(call.parameters) and not call.parameters[place].name:
        value = call.parameters[place].value
        return None if value is None else str(value)
    return None


def _found(session: Session, call: Call) -> list[Object]:
    table, schema = _argument(call, 0, "@table_name"), _argument(call, 1, "@table_owner")
    listed = [o for o in session.state.all(Object) if o.kind != PROCEDURE]
    kept = [o for o in listed if _matches(table, o.name) and _matches(schema, o.schema)]
    return sorted(kept, key=lambda o: (o.schema, o.name))


def tables(session: Session, call: Call) -> Answer:
    kinds = (_argument(call, 3, "@table_type") or "").upper()
    rows = []
    for found in _found(session, call):
        kind = "VIEW" if found.is_view else "TABLE"
        if not kinds or f"'{kind}'" in kinds or kinds == kind:
            rows.append((session.names.database, found.schema, found.name, kind, None))
    head = "TABLE_QUALIFIER nvarchar(128);TABLE_OWNER nvarchar(128);TABLE_NAME nvarchar(128);TABLE_TYPE varchar(32);REMARKS varchar(254)"
    return _columns(head), rows


def columns(session: Session, call: Call) -> Answer:
    wanted = _argument(call, 3, "@column_name")
    rows = []
    for found in _found(session, call):
        for place, column in enumerate(found.columns, 1):
            if not _matches(wanted, column.name):
                continue
            number, precision, _, _, _, radix = TYPES[column.type.name]
            told = information(column.type)
            length = told["character_maximum_length"] or told["numeric_precision"] or precision
            rows.append(
                (session.names.database, found.schema, found.name, column.name, number, column.type.name, length,
                 storage(column.type)[1], told["numeric_scale"], radix, int(column.nullable), None,
                 column.default[1] if column.default else None, number, None, told["character_octet_length"], place,
                 "YES" if column.nullable else "NO")
            )  # fmt: skip
    head = (
        "TABLE_QUALIFIER nvarchar(128);TABLE_OWNER nvarchar(128);TABLE_NAME nvarchar(128);COLUMN_NAME nvarchar(128);"
        "DATA_TYPE smallint;TYPE_NAME nvarchar(128);PRECISION int;LENGTH int;SCALE smallint;RADIX smallint;"
        "NULLABLE smallint;REMARKS varchar(254);COLUMN_DEF nvarchar(4000);SQL_DATA_TYPE smallint;"
        "SQL_DATETIME_SUB smallint;CHAR_OCTET_LENGTH int;ORDINAL_POSITION int;IS_NULLABLE varchar(254)"
    )
    return _columns(head), rows


def primary_keys(session: Session, call: Call) -> Answer:
    """The columns of NOT ENFORCED primary keys; names are taken as they are, without patterns."""
    key = session.state.key
    table, schema = _argument(call, 0, "@table_name") or "", _argument(call, 1, "@table_owner")
    rows = [
        (session.names.database, found.schema, found.name, column, place, one.name)
        for found in session.state.all(Object)
        if key(found.name) == key(table) and (schema is None or key(found.schema) == key(schema))
        for one in found.keys
        if one.kind == "PK"
        for place, column in enumerate(one.columns, 1)
    ]
    head = (
        "TABLE_QUALIFIER nvarchar(128);TABLE_OWNER nvarchar(128);TABLE_NAME nvarchar(128);COLUMN_NAME nvarchar(128);"
        "KEY_SEQ smallint;PK_NAME nvarchar(128)"
    )
    return _columns(head), rows


PROCEDURES: dict[str, Callable[[Session, Call], Answer]] = {
    "sp_tables": tables, "sp_columns": columns, "sp_columns_100": columns, "sp_columns_90": columns,
    "sp_pkeys": primary_keys,
}  # fmt: skip
