"""Redshift's types: how they are written, what PostgreSQL stores them as, and what two of them make together.

https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sandbox.redshift.language.refusal import NO_OBJECT, Refused, refused, unsupported
from sandbox.redshift.language.reserved_words import words
from sandbox.redshift.language.tree import TypeName

VARCHAR_MAX = 65535
CHAR_MAX = 4096


class Type(NamedTuple):
    """``name`` is canonical; ``size`` the bytes of a text or the precision of a numeric; None = not known.

    Beside the real types: "unknown" is a literal in quotes (``size`` its bytes), "null" the word NULL, and "opaque" what
    the catalog or a function left untold.
    """

    name: str
    size: int | None = None
    scale: int | None = None


SMALLINT, INTEGER, BIGINT = Type("smallint"), Type("integer"), Type("bigint")
REAL, DOUBLE, BOOLEAN, DATE = Type("real"), Type("double precision"), Type("boolean"), Type("date")
TIMESTAMP, TIMESTAMPTZ = Type("timestamp"), Type("timestamptz")
TIME, TIMETZ, SUPER, VARBYTE = Type("time"), Type("timetz"), Type("super"), Type("varbyte")
INTERVAL, NULL, OPAQUE, VARCHAR = Type("interval"), Type("null"), Type("opaque"), Type("varchar")

# written name -> canonical name
NAMES = {
    "smallint": "smallint", "int2": "smallint", "integer": "integer", "int": "integer", "int4": "integer",
    "bigint": "bigint", "int8": "bigint", "numeric": "numeric", "decimal": "numeric", "dec": "numeric",
    "real": "real", "float4": "real", "double precision": "double precision", "float8": "double precision",
    "float": "double precision", "boolean": "boolean", "bool": "boolean", "char": "char", "character": "char",
    "nchar": "char", "bpchar": "char", "varchar": "varchar", "character varying": "varchar", "nvarchar": "varchar",
    "text": "varchar", "date": "date", "timestamp": "timestamp", "timestamp without time zone": "timestamp",
    "timestamptz": "timestamptz", "timestamp with time zone": "timestamptz", "time": "time",
    "time without time zone": "time", "timetz": "timetz", "time with time zone": "timetz", "super": "super",
    "varbyte": "varbyte", "varbinary": "varbyte", "binary varying": "varbyte",
    "interval year to month": "interval", "interval day to second": "interval", "interval": "interval",
    "geometry": "geometry", "geography": "geography", "hllsketch": "hllsketch",
    # the leader node's own, for the catalog alone
    "oid": "oid", "name": "name", "regclass": "regclass", "regproc": "regproc", "regtype": "regtype", "int2vector": "int2vector",
    "abstime": "timestamp",
}  # fmt: skip
LEADER_TYPES = frozenset(["oid", "name", "regclass", "regproc", "regtype", "int2vector"])
NOT_HERE = frozenset(["geometry", "geography", "hllsketch"])

WHOLE = {"smallint": 5, "integer": 10, "bigint": 19}
EXACT = frozenset([*WHOLE, "numeric"])
FLOATS = frozenset(["real", "double precision"])
NUMBERS = EXACT | FLOATS
STRINGS = frozenset(["varchar", "char"])
TEXTUAL = STRINGS | {"unknown"}
MOMENTS = frozenset(["date", "timestamp", "timestamptz"])
UNTOLD = frozenset(["opaque", "null"])

UNSUPPORTED_TYPES = words(
    """
    array bit bytea box cidr circle citext enum inet int4range int8range json jsonb jsonpath line lseg
    macaddr money numrange path pg_lsn point polygon serial serial4 serial8 bigserial smallserial tsquery
    tsrange tsvector tstzrange daterange txid_snapshot uuid xml hstore tinyint string datetime number
    int64 float64 varchar2 clob blob
    """
)  # fmt: skip


def checked(written: TypeName, in_table: bool = False) -> Type:
    """The type of a cast or a column. Raises Refused for a type that Redshift lacks, or that is not done here."""
    name = NAMES.get(written.name)
    if name is None:
        raise Refused(
            NO_OBJECT,
            f'type "{written.name}" does not exist',
            "https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-datatypes.html",
            written.at,
        )
    if name in NOT_HERE:
        raise unsupported(f"the type {name.upper()}", written.at, "c_Supported_data_types.html")
    if name in LEADER_TYPES and in_table and name != "oid":
        raise refused(
            f'Column type "{name}" is not supported', written.at, "c_unsupported-postgresql-datatypes.html"
        )
    sizes = written.sizes
    if name == "numeric":
        return _numeric(sizes, written.at)
    if name == "varchar":
        default = None if written.name == "text" and not in_table else 256
        size = sizes[0] if sizes else default
        if not in_table and not sizes:
            size = 256 if written.name in ("varchar", "character varying", "nvarchar", "text") else size
        if size is not None and not 1 <= size <= VARCHAR_MAX:
            raise _too_long("varchar", VARCHAR_MAX, written.at)
        return Type("varchar", size)
    if name == "char":
        size = sizes[0] if sizes else (256 if written.name == "bpchar" else 1)
        if not 1 <= size <= CHAR_MAX:
            raise _too_long("char", CHAR_MAX, written.at)
        return Type("char", size)
    if name == "varbyte":
        return Type("varbyte", sizes[0] if sizes else 64000)
    if written.name == "float" and sizes and sizes[0] <= 24:
        return REAL
    return Type(name)


def _numeric(sizes: tuple[int, ...], at: int) -> Type:
    precision = sizes[0] if sizes else 18
    scale = sizes[1] if len(sizes) > 1 else 0
    if not 1 <= precision <= 38:
        message = f"DECIMAL precision {precision} must be between 1 and 38"
        raise refused(message, at, "r_Numeric_types201.html", "22023")
    if not 0 <= scale <= min(precision, 37):
        message = f"DECIMAL scale {scale} must be between 0 and {min(precision, 37)}"
        raise refused(message, at, "r_Numeric_types201.html", "22023")
    return Type("numeric", precision, scale)


def _too_long(name: str, most: int, at: int) -> Refused:
    return refused(f"length for type {name} cannot exceed {most}", at, "r_Character_types.html", "22023")


# PostgreSQL's names that are no words of its grammar: a user's table "date" is a type, and would win.
QUALIFIED = {
    "super": "pg_catalog.jsonb", "varbyte": "pg_catalog.bytea", "null": "pg_catalog.text", "opaque": "pg_catalog.text",
    "date": "pg_catalog.date", "timestamptz": "timestamp with time zone", "timetz": "time with time zone",
}  # fmt: skip


def in_postgres(type_: Type) -> str:
    """PostgreSQL's name of the type that holds it, the same whatever the search path is."""
    name = type_.name
    if name == "numeric":
        return f"numeric({type_.size},{type_.scale})" if type_.size is not None else "numeric"
    if name in ("varchar", "unknown"):
        return f"varchar({min(max(type_.size, 1), VARCHAR_MAX)})" if type_.size is not None else "varchar"
    if name == "char":
        return f"character({type_.size})" if type_.size is not None else "pg_catalog.bpchar"
    return QUALIFIED.get(name, name)


def in_redshift(type_: Type) -> str:
    """As Redshift's catalog writes it: "character varying(20)", "timestamp without time zone"."""
    name = type_.name
    if name == "numeric":
        return f"numeric({type_.size},{type_.scale})"
    if name in ("varchar", "unknown", "null", "opaque"):
        return f"character varying({type_.size or 256})"
    if name == "char":
        return f"character({type_.size or 1})"
    if name == "varbyte":
        return f"binary varying({type_.size or 64000})"
    return {
        "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
        "time": "time without time zone", "timetz": "time with time zone",
    }.get(name, name)  # fmt: skip


TOLD = re.compile(
    r"\s*([a-z_ ]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*((?:with|without) time zone)?\s*$"
)


def from_catalog(text: str) -> Type:
    """The type that the catalog tells as a text; what is not one of Redshift's is opaque."""
    found = TOLD.match(text.lower().replace('"', ""))
    if not found:
        return OPAQUE
    written = found[1] + (f" {found[4]}" if found[4] else "")
    name = {"jsonb": "super", "bytea": "varbyte"}.get(written) or NAMES.get(written)
    if name is None or name in LEADER_TYPES:
        return OPAQUE
    size = int(found[2]) if found[2] else None
    if name == "numeric":
        return Type(name, size, int(found[3] or 0) if size is not None else None)
    if name in ("varchar", "char"):
        return Type(name, size)
    return Type(name)


# ---------- what two types make


def as_numeric(type_: Type) -> tuple[int, int] | None:
    """(precision, scale) of an exact number."""
    if type_.name in WHOLE:
        return WHOLE[type_.name], 0
    if type_.name == "numeric" and type_.size is not None and type_.scale is not None:
        return type_.size, type_.scale
    return None


def of_arithmetic(operator: str, left: Type, right: Type) -> Type:
    """The type of left operator right, both numbers (r_numeric_computations201); opaque where a precision is not known."""
    if left.name in FLOATS or right.name in FLOATS:
        both_real = left.name == right.name == "real"
        return REAL if both_real else DOUBLE
    if left.name in WHOLE and right.name in WHOLE:
        return left if WHOLE[left.name] >= WHOLE[right.name] else right
    first, second = as_numeric(left), as_numeric(right)
    if first is None or second is None:
        return Type("numeric")
    return numeric_result(operator, *first, *second)


def numeric_result(operator: str, p1: int, s1: int, p2: int, s2: int) -> Type:
    if operator in "+-":
        scale = max(s1, s2)
        precision = max(p1 - s1, p2 - s2) + scale + 1
    elif operator == "*":
        scale, precision = s1 + s2, p1 + p2 + 1
    elif operator == "/":
        scale = max(4, s1 + p2 - s2 + 1)
        precision = p1 - s1 + s2 + scale
    else:  # % and mod: no page says it; the digits of both fit
        scale = max(s1, s2)
        precision = max(p1 - s1, p2 - s2) + scale
    return limited(precision, scale, operator == "/")


def limited(precision: int, scale: int, division: bool = False) -> Type:
    """ "If the calculated precision is greater than 38, it is reduced to 38, and the scale becomes
    max(38 + scale - precision, min(4, scale))"."""
    if precision > 38:
        scale = max(38 + scale - precision, min(4, scale)) if division else min(scale, 37)
        precision = 38
    return Type("numeric", precision, scale)


def common(types: list[Type]) -> Type:
    """The type of CASE, COALESCE, UNION and the like."""
    known = [t for t in types if t.name not in ("null",)]
    if not known:
        return NULL
    if any(t.name == "opaque" for t in known):
        return OPAQUE
    texts = [t for t in known if t.name in TEXTUAL]
    others = [t for t in known if t.name not in TEXTUAL]
    if texts and others and any(t.name in STRINGS for t in texts):
        if all(t.name in NUMBERS for t in others):
            return VARCHAR
        return OPAQUE
    if not others:
        if all(t.name == "unknown" for t in texts) or any(t.name != "char" for t in texts):
            sizes = [t.size for t in texts]
            return Type("varchar", None if None in sizes else max(s or 1 for s in sizes))
        return Type("char", None if any(t.size is None for t in texts) else max(t.size or 1 for t in texts))
    result = others[0]
    for other in others[1:]:
        result = _pair(result, other)
    return result


def _pair(left: Type, right: Type) -> Type:
    if left == right or right.name == "opaque":
        return left if left == right else OPAQUE
    if left.name in NUMBERS and right.name in NUMBERS:
        if left.name in FLOATS or right.name in FLOATS:
            return REAL if left.name == right.name == "real" else DOUBLE
        if left.name in WHOLE and right.name in WHOLE:
            return left if WHOLE[left.name] >= WHOLE[right.name] else right
        first, second = as_numeric(left), as_numeric(right)
        if first is None or second is None:
            return Type("numeric")
        scale = max(first[1], second[1])
        return limited(max(first[0] - first[1], second[0] - second[1]) + scale, scale)
    if left.name in MOMENTS and right.name in MOMENTS:
        order = ["date", "timestamp", "timestamptz"]
        return Type(order[max(order.index(left.name), order.index(right.name))])
    return left if left.name == right.name else OPAQUE
