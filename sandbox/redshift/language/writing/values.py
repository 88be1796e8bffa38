"""Literals, casts and comparisons: what PostgreSQL must be told so that Redshift's value comes out."""

from __future__ import annotations

import re

from sandbox.redshift.language.refusal import Refused, refused, unsupported
from sandbox.redshift.language.tokens import quoted_text
from sandbox.redshift.language.types import (
    BIGINT,
    DOUBLE,
    EXACT,
    FLOATS,
    INTEGER,
    MOMENTS,
    NUMBERS,
    STRINGS,
    TEXTUAL,
    UNTOLD,
    WHOLE,
    Type,
    in_postgres,
)  # fmt: skip
from sandbox.redshift.language.writing.scopes import Written


def bracketed(value: Written) -> str:
    """Safe beside any operator."""
    return value.sql if value.atom else f"({value.sql})"


def is_literal(value: Written) -> bool:
    """A text in quotes, still without a type: PostgreSQL gives it the type that its place asks for."""
    return value.type.name == "unknown" and value.sql.startswith("'")


def number(text: str) -> Written:
    """An integer, bigint or numeric constant; with an exponent a double precision (r_Numeric_types201)."""
    if "e" in text or "E" in text:
        return Written(f"cast({text} as double precision)", DOUBLE, True)
    whole, point, fraction = text.partition(".")
    if not point:
        size = int(whole)
        type_ = (
            INTEGER if size < 2**31 else BIGINT if size < 2**63 else Type("numeric", min(len(whole), 38), 0)
        )
        return Written(text, type_, True)
    precision = len(whole) + len(fraction)
    return Written(text, Type("numeric", min(max(precision, 1), 38), min(len(fraction), 37)), True)


def text(value: str) -> Written:
    return Written(quoted_text(value), Type("unknown", len(value.encode())), True)


def cut_to_bytes(value: str, size: int) -> str:
    """A text cut to ``size`` bytes, never inside a character."""
    encoded = value.encode()
    return value if len(encoded) <= size else encoded[:size].decode(errors="ignore")


def cast(value: Written, target: Type, at: int) -> Written:
    """An explicit cast. Raises Refused for one that Redshift does not have (c_Supported_data_types)."""
    source = value.type
    name = in_postgres(target)
    if target.name == "varchar":
        return _to_varchar(value, target, at)
    if target.name == "char" and source.name == "boolean":
        raise _no_cast(source, target, at)
    if target.name == "super":
        return Written(f"to_jsonb({_typed_text(value)})", target, True)
    if source.name == "super":
        inner = f"({bracketed(value)} #>> '{{}}')"
        return Written(f"cast({inner} as {name})", target, True)
    if target.name == "varbyte" and source.name in TEXTUAL:
        return Written(f"convert_to({value.sql}, 'UTF8')", target, True)
    if target.name == "boolean" and source.name in ("smallint", "bigint"):
        return Written(f"({bracketed(value)} <> 0)", target, True)
    if target.name == "boolean" and (source.name == "numeric" or source.name in FLOATS):
        raise _no_cast(source, target, at)
    if source.name == "boolean" and target.name in WHOLE and target.name != "integer":
        return Written(f"cast(cast({value.sql} as integer) as {name})", target, True)
    if source.name == "boolean" and (target.name == "numeric" or target.name in FLOATS | MOMENTS):
        raise _no_cast(source, target, at)
    if (source.name in NUMBERS and target.name in MOMENTS) or (
        source.name in MOMENTS and target.name in NUMBERS
    ):
        raise _no_cast(source, target, at)
    return Written(f"cast({value.sql} as {name})", target, True)


def _to_varchar(value: Written, target: Type, at: int) -> Written:
    source = value.type
    size = target.size
    name = in_postgres(target)
    if source.name == "boolean":
        # "cannot cast type boolean to character varying": which is why dbt has cast_bool_to_text
        raise _no_cast(source, target, at)
    if source.name == "super":
        value = Written(f"({bracketed(value)} #>> '{{}}')", Type("varchar"), True)
    elif source.name == "varbyte":
        value = Written(f"convert_from({value.sql}, 'UTF8')", Type("varchar"), True)
    fits = source.name in STRINGS and source.size is not None and size is not None and source.size <= size
    if (
        size is None
        or fits
        or source.name in NUMBERS | MOMENTS | UNTOLD - {"opaque"}
        or (is_literal(value) and value.sql.isascii())
    ):
        return Written(f"cast({value.sql} as {name})", target, True)
    return Written(f"cast(redshift.cut(cast({value.sql} as varchar), {size}) as {name})", target, True)


def _typed_text(value: Written) -> str:
    return (
        f"cast({value.sql} as pg_catalog.text)"
        if value.type.name in ("unknown", "null", "varchar", "char")
        else value.sql
    )


def _no_cast(source: Type, target: Type, at: int) -> Refused:
    words = {"varchar": "character varying", "char": "character", "timestamp": "timestamp without time zone"}
    names = [words.get(t.name, t.name) for t in (source, target)]
    return refused(f"cannot cast type {names[0]} to {names[1]}", at, "c_Supported_data_types.html", "42846")


def try_cast(value: Written, target: Type, at: int) -> Written:
    """TRY_CAST: NULL where the cast would fail (r_TRY_CAST)."""
    if value.type.name not in TEXTUAL | UNTOLD:
        if (value.type.name in EXACT and target.name in (*EXACT, "varchar")) or value.type == target:
            given = Written(f"cast({value.sql} as varchar)", Type("varchar"), True)
            return cast(value, target, at) if target.name == "varchar" else try_cast(given, target, at)
        if target.name == "varchar" or (value.type.name in MOMENTS and target.name in MOMENTS):
            return cast(value, target, at)
        raise unsupported(f"TRY_CAST of {value.type.name} to {target.name}", at, "r_TRY_CAST.html")
    if target.name in ("varchar", "char"):
        return cast(value, target, at)
    name = in_postgres(target)
    shown = f"cast({value.sql} as pg_catalog.text)"
    if target.name == "numeric":
        return Written(f"redshift.try_cast_numeric({shown}, {target.size}, {target.scale})", target, True)
    # the CASE is inside: a cast of a constant outside of it would be tried before it is asked
    safe = f"case when pg_input_is_valid({shown}, '{name}') then {shown} end"
    return Written(f"cast({safe} as {name})", target, True)


def as_text(value: Written, at: int = 0) -> str:
    """An argument where Redshift wants a text: numbers and moments are converted without being asked."""
    name = value.type.name
    if name in NUMBERS or name in MOMENTS or name in ("char", "time", "timetz", "interval"):
        return f"cast({value.sql} as varchar)"
    if name == "super":
        return f"({bracketed(value)} #>> '{{}}')"
    return value.sql


def comparable(first: Written, second: Written, at: int) -> tuple[str, str]:
    """Both sides of a comparison.

    A number beside a text becomes a
    text, but the text becomes a DECIMAL beside a DECIMAL (c_Supported_data_types).
    """
    left, right = first.type.name, second.type.name
    if left in TEXTUAL and right in TEXTUAL:
        return bracketed(first), bracketed(second)
    if left in TEXTUAL and right not in UNTOLD:
        return _beside(first, second, at), _other(second, first)
    if right in TEXTUAL and left not in UNTOLD:
        return _other(first, second), _beside(second, first, at)
    if left == "super" and right != "super" and right not in UNTOLD:
        return bracketed(first), f"to_jsonb({_typed_text(second)})"
    if right == "super" and left != "super" and left not in UNTOLD:
        return f"to_jsonb({_typed_text(first)})", bracketed(second)
    if left == "opaque" and right == "varchar":
        return bracketed(first), bracketed(second)
    return bracketed(first), bracketed(second)


def _beside(value: Written, other: Written, at: int) -> str:
    """A text beside something that is none."""
    name = other.type.name
    if value.type.name == "unknown":
        # PostgreSQL took a literal of a subquery for a text; Redshift leaves its type open
        return value.sql if is_literal(value) else f"cast({value.sql} as {in_postgres(other.type)})"
    if name == "numeric":
        return f"cast({value.sql} as numeric)"
    if name in WHOLE or name in FLOATS:
        return bracketed(value)
    if name in MOMENTS:
        # DATE and TIMESTAMP become a text on their own, a text neither of them
        return bracketed(value)
    if name == "super":
        return f"to_jsonb(cast({value.sql} as pg_catalog.text))"
    return bracketed(value)


def _other(value: Written, beside: Written) -> str:
    name = value.type.name
    if beside.type.name != "unknown" and (name in WHOLE or name in FLOATS or name in MOMENTS):
        return f"cast({value.sql} as varchar)"
    if name == "super":
        return bracketed(value)
    return bracketed(value)


def as_type(value: Written, target: Type) -> str:
    """A value brought to the type that the whole has (UNION, INSERT): only where PostgreSQL would not do it alone."""
    name = value.type.name
    if target.name in ("opaque", "null") or value.type == target or name == "opaque":
        return value.sql
    if target.name == "super":
        return value.sql if name in ("super", "null") else cast(value, target, 0).sql
    if target.name in TEXTUAL:
        if name in TEXTUAL or name == "null":
            return f"cast({value.sql} as {in_postgres(target._replace(name='varchar') if target.name == 'unknown' else target)})"
        return value.sql
    if name in TEXTUAL and name != "unknown":
        return value.sql
    return f"cast({value.sql} as {in_postgres(target)})"


def for_output(value: Written) -> str:
    """A column of a result with the type that Redshift tells."""
    type_ = value.type
    if type_.name == "unknown":
        return f"cast({value.sql} as {in_postgres(type_)})" if is_literal(value) else value.sql
    if type_.name == "null":
        return f"cast({value.sql} as varchar(1))" if value.sql == "null" else value.sql
    if type_.name not in ("numeric", "varchar") or type_.size is None or is_column(value):
        return value.sql
    name = in_postgres(type_)
    return value.sql if value.sql.endswith(f" as {name})") else f"cast({value.sql} as {name})"


COLUMN = re.compile(r'"[^"]*"(\."[^"]*")*')


def is_column(value: Written) -> bool:
    """A bare column, which has its type from where it comes from."""
    return COLUMN.fullmatch(value.sql) is not None
