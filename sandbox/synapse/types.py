"""T-SQL's data types: their text, their place in DuckDB.

https://learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-tables-data-types
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.synapse.errors import SqlError

MAX = -1  # the length of varchar(max)

INTEGERS = {"bit": 1, "tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}  # their digits
DECIMALS = ("decimal", "numeric")
MONEY = {"money": 19, "smallmoney": 10}
APPROXIMATE = ("real", "float")
TEXT = ("char", "varchar", "nchar", "nvarchar")
BINARY = ("binary", "varbinary")
MOMENTS = ("date", "time", "smalldatetime", "datetime", "datetime2", "datetimeoffset")

SYNONYMS = {
    "integer": "int",
    "dec": "decimal",
    "double precision": "float",
    "character": "char",
    "char varying": "varchar",
    "character varying": "varchar",
    "national char": "nchar",
    "national character": "nchar",
    "national char varying": "nvarchar",
    "national character varying": "nvarchar",
    "binary varying": "varbinary",
    "sysname": "nvarchar",
}
# Types of SQL Server that no column of a dedicated pool has.
REFUSED = ("xml", "geography", "geometry", "hierarchyid", "image", "text", "ntext", "sql_variant", "timestamp",
           "rowversion", "json", "vector", "cursor", "table")  # fmt: skip

LONGEST = {"char": 8000, "varchar": 8000, "binary": 8000, "varbinary": 8000, "nchar": 4000, "nvarchar": 4000}

DUCKDB = {
    "bit": "BOOLEAN",
    "tinyint": "UTINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "money": "DECIMAL(19,4)",
    "smallmoney": "DECIMAL(10,4)",
    "real": "FLOAT",
    "float": "DOUBLE",
    "date": "DATE",
    "time": "TIME",
    "smalldatetime": "TIMESTAMP",
    "datetime": "TIMESTAMP",
    "datetime2": "TIMESTAMP",
    "datetimeoffset": "STRUCT(utc TIMESTAMP, minutes SMALLINT)",
    "uniqueidentifier": "UUID",
}


@dataclass(frozen=True, slots=True)
class SqlType:
    """One type. length: of text and binary, in the units of its declaration (bytes; byte pairs for n…), MAX = (max).

    precision and scale: of decimal; scale: of time, datetime2 and datetimeoffset. name: the base name, lower case
    (decimal, never numeric's synonym dec).
    """

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None

    def sql(self) -> str:
        """Its text in T-SQL, such as `varchar(20)`, `decimal(18,4)`, `datetime2(6)`."""
        if self.length is not None:
            return f"{self.name}({'max' if self.length == MAX else self.length})"
        if self.name in DECIMALS:
            return f"{self.name}({self.precision},{self.scale})"
        if self.scale is not None:
            return f"{self.name}({self.scale})"
        return self.name

    def duckdb(self) -> str:
        """The type of its column in DuckDB."""
        if self.name in DECIMALS:
            return f"DECIMAL({self.precision},{self.scale})"
        if self.name in TEXT:
            return "VARCHAR"
        if self.name in BINARY:
            return "BLOB"
        return DUCKDB[self.name]

    @property
    def is_text(self) -> bool:
        return self.name in TEXT

    @property
    def is_unicode(self) -> bool:
        return self.name in ("nchar", "nvarchar")

    @property
    def is_integer(self) -> bool:
        return self.name in INTEGERS

    @property
    def is_number(self) -> bool:
        return (
            self.name in INTEGERS or self.name in DECIMALS or self.name in MONEY or self.name in APPROXIMATE
        )

    @property
    def is_moment(self) -> bool:
        return self.name in MOMENTS


BIT = SqlType("bit")
TINYINT = SqlType("tinyint")
SMALLINT = SqlType("smallint")
INT = SqlType("int")
BIGINT = SqlType("bigint")
FLOAT = SqlType("float")
REAL = SqlType("real")
MONEY_TYPE = SqlType("money")
DATE = SqlType("date")
DATETIME = SqlType("datetime")
UNIQUEIDENTIFIER = SqlType("uniqueidentifier")


def varchar(length: int) -> SqlType:
    return SqlType("varchar", length)


def nvarchar(length: int) -> SqlType:
    return SqlType("nvarchar", length)


def decimal(precision: int, scale: int) -> SqlType:
    return SqlType("decimal", None, precision, scale)


def datetime2(scale: int) -> SqlType:
    return SqlType("datetime2", None, None, scale)


def make_type(name: str, arguments: list[int], line: int = 1, *, cast: bool = False) -> SqlType:
    """The type of a declaration's words.

    arguments: the numbers in parentheses (MAX for max). cast: inside CAST or CONVERT, where varchar alone means
    varchar(30); elsewhere it means varchar(1). Raises SqlError 243, 291, 1001, 2716, 2717, 2724.
    """
    given = name.lower()
    base = SYNONYMS.get(given, given)
    if base in REFUSED:
        raise SqlError(104304, f"The data type '{given}' is not supported.", line)
    if given == "sysname":
        return nvarchar(128)
    if base in LONGEST:
        return _sized(base, arguments, line, cast)
    if base in DECIMALS:
        return _decimal(base, arguments, line)
    if base == "float":
        bits = arguments[0] if arguments else 53
        if not 1 <= bits <= 53 or len(arguments) > 1:
            raise SqlError(
                2750,
                f"Column or parameter #1: Specified column precision {bits} is greater than the maximum precision of 53.",
                line,
            )
        return REAL if bits <= 24 else FLOAT
    if base in ("time", "datetime2", "datetimeoffset"):
        scale = arguments[0] if arguments else 7
        if not 0 <= scale <= 7 or len(arguments) > 1:
            raise SqlError(1002, f"Line {line}: Specified scale {scale} is invalid.", line)
        return SqlType(base, None, None, scale)
    if base not in DUCKDB:
        raise SqlError(243, f"Type {given} is not a defined system type.", line)
    if arguments:
        raise SqlError(
            2716,
            f"Column, parameter, or variable #1: Cannot specify a column width on data type {base}.",
            line,
        )
    return SqlType(base)


def _sized(base: str, arguments: list[int], line: int, cast: bool) -> SqlType:
    if len(arguments) > 1:
        raise SqlError(
            2716,
            f"Column, parameter, or variable #1: Cannot specify a column width on data type {base}.",
            line,
        )
    length = arguments[0] if arguments else (30 if cast else 1)
    if length == MAX:
        if base in ("varchar", "nvarchar", "varbinary"):
            return SqlType(base, MAX)
        raise SqlError(1001, f"Line {line}: Length or precision specification max is invalid.", line)
    if length < 1:
        raise SqlError(1001, f"Line {line}: Length or precision specification {length} is invalid.", line)
    if length > LONGEST[base]:
        raise SqlError(
            131,
            f"The size ({length}) given to the type '{base}' exceeds the maximum allowed for any data type ({LONGEST[base]}).",
            line,
        )
    return SqlType(base, length)


def _decimal(base: str, arguments: list[int], line: int) -> SqlType:
    precision = arguments[0] if arguments else 18
    scale = arguments[1] if len(arguments) > 1 else 0
    if not 1 <= precision <= 38:
        raise SqlError(
            2750 if precision > 38 else 1001,
            f"Column or parameter #1: Specified column precision {precision} is not between 1 and 38.",
            line,
        )
    if not 0 <= scale <= precision:
        raise SqlError(183, f"The scale ({scale}) must be within the range 0 to {precision}.", line)
    return SqlType(base, None, precision, scale)


_DECLARATION = re.compile(
    r"\s*([A-Za-z][A-Za-z0-9 ]*?)\s*(?:\(\s*(max|\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*", re.IGNORECASE
)


def parse_type(text: str) -> SqlType:
    """The type that a text such as `VARCHAR(20)`, `numeric(28,6)` or `datetime2` declares; as make_type fails."""
    found = _DECLARATION.fullmatch(text)
    if found is None:
        raise SqlError(243, f"Type {text} is not a defined system type.")
    arguments = [MAX if a.lower() == "max" else int(a) for a in found.groups()[1:] if a is not None]
    return make_type(" ".join(found.group(1).lower().split()), arguments)
