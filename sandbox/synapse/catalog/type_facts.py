"""What sys.types and sys.columns tell of a type.

https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-types-transact-sql
"""

from __future__ import annotations

from sandbox.synapse.types import MAX, SqlType

# name: (system_type_id, max_length, precision, scale) of the type itself
TYPES = {
    "uniqueidentifier": (36, 16, 0, 0), "date": (40, 3, 10, 0), "time": (41, 5, 16, 7),
    "datetime2": (42, 8, 27, 7), "datetimeoffset": (43, 10, 34, 7), "tinyint": (48, 1, 3, 0),
    "smallint": (52, 2, 5, 0), "int": (56, 4, 10, 0), "smalldatetime": (58, 4, 16, 0), "real": (59, 4, 24, 0),
    "money": (60, 8, 19, 4), "datetime": (61, 8, 23, 3), "float": (62, 8, 53, 0), "bit": (104, 1, 1, 0),
    "decimal": (106, 17, 38, 38), "numeric": (108, 17, 38, 38), "smallmoney": (122, 4, 10, 4),
    "bigint": (127, 8, 19, 0), "varbinary": (165, 8000, 0, 0), "varchar": (167, 8000, 0, 0),
    "binary": (173, 8000, 0, 0), "char": (175, 8000, 0, 0), "nvarchar": (231, 8000, 0, 0),
    "nchar": (239, 8000, 0, 0),
}  # fmt: skip
SYSNAME = (231, 256, 256)  # system type, user type, max_length


def storage(kind: SqlType) -> tuple[int, int, int, int]:
    """(system_type_id, max_length in bytes, precision, scale) of a column of this type."""
    number, length, precision, scale = TYPES[kind.name]
    if kind.length is not None:
        bytes_long = MAX if kind.length == MAX else kind.length * (2 if kind.is_unicode else 1)
        return number, bytes_long, 0, 0
    if kind.name in ("decimal", "numeric"):
        digits = kind.precision or 18
        return (
            number,
            5 if digits <= 9 else 9 if digits <= 19 else 13 if digits <= 28 else 17,
            digits,
            kind.scale or 0,
        )
    if kind.scale is not None:
        base = {"time": 8, "datetime2": 19, "datetimeoffset": 26}[kind.name]
        size = 3 if kind.scale <= 2 else 4 if kind.scale <= 4 else 5
        length = size + {"time": 0, "datetime2": 3, "datetimeoffset": 5}[kind.name]
        return number, length, base + (1 + kind.scale if kind.scale else 0), kind.scale
    return number, length, precision, scale


def information(kind: SqlType) -> dict[str, int | str | None]:
    """INFORMATION_SCHEMA.COLUMNS' account of a type.

    https://learn.microsoft.com/sql/relational-databases/system-information-schema-views/columns-transact-sql
    """
    _, length, precision, scale = storage(kind)
    told: dict[str, int | str | None] = dict.fromkeys(
        ("character_maximum_length", "character_octet_length", "numeric_precision", "numeric_precision_radix",
         "numeric_scale", "datetime_precision")
    )  # fmt: skip
    if kind.length is not None:
        told["character_maximum_length"] = kind.length
        told["character_octet_length"] = length
    elif kind.name in ("float", "real"):
        told |= {"numeric_precision": precision, "numeric_precision_radix": 2}
    elif kind.is_number and kind.name != "bit":
        told |= {"numeric_precision": precision, "numeric_precision_radix": 10, "numeric_scale": scale}
    elif kind.is_moment:
        told["datetime_precision"] = {"date": 0, "smalldatetime": 0, "datetime": 3}.get(kind.name, scale)
    return told
