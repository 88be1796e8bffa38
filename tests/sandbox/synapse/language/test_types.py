"""Types: their text, their DuckDB column. https://learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-tables-data-types"""

from __future__ import annotations

import pytest

from sandbox.synapse.errors import SqlError
from sandbox.synapse.types import parse_type

TYPES = [
    ("INT", "int", "INTEGER"),
    ("integer", "int", "INTEGER"),
    ("bigint", "bigint", "BIGINT"),
    ("tinyint", "tinyint", "UTINYINT"),
    ("bit", "bit", "BOOLEAN"),
    ("decimal", "decimal(18,0)", "DECIMAL(18,0)"),
    ("numeric(28, 6)", "numeric(28,6)", "DECIMAL(28,6)"),
    ("dec(5)", "decimal(5,0)", "DECIMAL(5,0)"),
    ("money", "money", "DECIMAL(19,4)"),
    ("float", "float", "DOUBLE"),
    ("float(24)", "real", "FLOAT"),
    ("double precision", "float", "DOUBLE"),
    ("varchar", "varchar(1)", "VARCHAR"),
    ("VARCHAR(max)", "varchar(max)", "VARCHAR"),
    ("nvarchar(4000)", "nvarchar(4000)", "VARCHAR"),
    ("character varying(5)", "varchar(5)", "VARCHAR"),
    ("char(8)", "char(8)", "VARCHAR"),
    ("varbinary(max)", "varbinary(max)", "BLOB"),
    ("date", "date", "DATE"),
    ("datetime2", "datetime2(7)", "TIMESTAMP"),
    ("datetime2(6)", "datetime2(6)", "TIMESTAMP"),
    ("datetime", "datetime", "TIMESTAMP"),
    ("time(0)", "time(0)", "TIME"),
    ("datetimeoffset(3)", "datetimeoffset(3)", "STRUCT(utc TIMESTAMP, minutes SMALLINT)"),
    ("uniqueidentifier", "uniqueidentifier", "UUID"),
    ("sysname", "nvarchar(128)", "VARCHAR"),
]

ERRORS = [
    ("xml", 104304), ("geography", 104304), ("timestamp", 104304), ("text", 104304), ("json", 104304),
    ("boolean", 243), ("string", 243), ("int64", 243), ("number(5)", 243), ("", 243),
    ("varchar(0)", 1001), ("varchar(8001)", 131), ("nvarchar(4001)", 131), ("char(max)", 1001),
    ("decimal(39)", 2750), ("decimal(5,6)", 183), ("datetime2(8)", 1002), ("int(4)", 2716), ("date(3)", 2716), ("float(54)", 2750),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql", "duckdb"), TYPES)
def test_type__is_read_and_written(text: str, sql: str, duckdb: str) -> None:
    kind = parse_type(text)
    assert (kind.sql(), kind.duckdb()) == (sql, duckdb)
    assert parse_type(kind.sql()) == kind


@pytest.mark.parametrize(("text", "number"), ERRORS)
def test_type__that_a_pool_does_not_have_is_refused(text: str, number: int) -> None:
    with pytest.raises(SqlError) as raised:
        parse_type(text)
    assert raised.value.number == number
