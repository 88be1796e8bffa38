"""What a driver asks of the types: sp_datatype_info_100.

https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-datatype-info-transact-sql
"""

from __future__ import annotations

from typing import Any

from sandbox.synapse.language import Column
from sandbox.synapse.types import parse_type

_DECLARED = (
    "TYPE_NAME nvarchar(128); DATA_TYPE smallint; PRECISION int; LITERAL_PREFIX varchar(32); LITERAL_SUFFIX varchar(32);"
    "CREATE_PARAMS varchar(32); NULLABLE smallint; CASE_SENSITIVE smallint; SEARCHABLE smallint;"
    "UNSIGNED_ATTRIBUTE smallint; MONEY smallint; AUTO_INCREMENT smallint; LOCAL_TYPE_NAME nvarchar(128);"
    "MINIMUM_SCALE smallint; MAXIMUM_SCALE smallint; SQL_DATA_TYPE smallint; SQL_DATETIME_SUB smallint;"
    "NUM_PREC_RADIX int; INTERVAL_PRECISION smallint; USERTYPE smallint"
)
COLUMNS = [Column(part.split()[0], parse_type(part.split()[1])) for part in _DECLARED.split(";")]

# name: ODBC's number, precision, quote, parameters of its declaration, greatest scale, radix
TYPES: dict[str, tuple[int, int, str | None, str | None, int | None, int | None]] = {
    "bit": (-7, 1, None, None, 0, None), "tinyint": (-6, 3, None, None, 0, 10), "smallint": (5, 5, None, None, 0, 10),
    "int": (4, 10, None, None, 0, 10), "bigint": (-5, 19, None, None, 0, 10),
    "numeric": (2, 38, None, "precision,scale", 38, 10), "decimal": (3, 38, None, "precision,scale", 38, 10),
    "money": (3, 19, "$", None, 4, 10), "smallmoney": (3, 10, "$", None, 4, 10),
    "float": (6, 53, None, None, None, 2), "real": (7, 24, None, None, None, 2),
    "char": (1, 8000, "'", "length", None, None), "varchar": (12, 8000, "'", "max length", None, None),
    "nchar": (-8, 4000, "N'", "length", None, None), "nvarchar": (-9, 4000, "N'", "max length", None, None),
    "binary": (-2, 8000, "0x", "length", None, None), "varbinary": (-3, 8000, "0x", "max length", None, None),
    "date": (91, 10, "'", None, None, None), "time": (-154, 16, "'", "scale", 7, None),
    "datetime2": (93, 27, "'", "scale", 7, None), "datetime": (93, 23, "'", None, 3, None),
    "smalldatetime": (93, 16, "'", None, 0, None), "datetimeoffset": (-155, 34, "'", "scale", 7, None),
    "uniqueidentifier": (-11, 36, "'", None, None, None),
}  # fmt: skip
DATETIME_KIND = {91: 1, -154: 2, 93: 3, -155: 0}


def datatype_info(wanted: int) -> tuple[list[Column], list[tuple[Any, ...]]]:
    """Rows of the types with this ODBC number, 0 = all."""
    rows: list[tuple[Any, ...]] = []
    for name, (number, precision, quote, parameters, scale, radix) in TYPES.items():
        if wanted not in (0, number):
            continue
        moment = number in DATETIME_KIND
        numeric = radix is not None
        suffix = "'" if quote and quote.endswith("'") else None
        rows.append(
            (name, number, precision, quote, suffix, parameters, 1, 1 if quote == "'" and not moment else 0,
             3 if "char" in name or moment else 2, (1 if name in ("tinyint", "bit") else 0) if numeric else None,
             1 if "money" in name else 0, 0 if numeric else None, name, 0 if scale is not None else None, scale,
             9 if moment else number, DATETIME_KIND.get(number) or None, radix, None, 0)
        )  # fmt: skip
    return COLUMNS, rows
