"""FORMAT(): every element of the pattern becomes an expression, and the result is their concatenation.

https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements
"""

from __future__ import annotations

import re

from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.translate import values
from sandbox.bigquery.types import STRING, Type

ELEMENT = re.compile(
    r"%(?P<flags>[-+ #0']*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+))?(?P<letter>[a-zA-Z%])"
)


def pieces(pattern: str, arguments: list[str], types: list[Type]) -> str:
    """The DuckDB expression of FORMAT(pattern, arguments…)."""
    written, used, at = [], 0, 0
    for found in ELEMENT.finditer(pattern):
        if found.start() > at:
            written.append(values.text(pattern[at : found.start()]))
        at = found.end()
        if found["letter"] == "%":
            written.append("'%'")
            continue
        if found["width"] == "*" or found["precision"] == "*":
            raise Unsupported("FORMAT with a width that is an argument")
        if used >= len(arguments):
            raise InvalidQuery(f'Too few arguments to FORMAT for pattern "{pattern}"')
        written.append(_element(found, arguments[used], types[used]))
        used += 1
    if at < len(pattern):
        written.append(values.text(pattern[at:]))
    if used < len(arguments):
        raise InvalidQuery(
            f'Too many arguments to FORMAT for pattern "{pattern}"; Expected {used + 1}; Got {len(arguments) + 1}'
        )
    return "(" + " || ".join(written or ["''"]) + ")"


def _element(found: re.Match[str], argument: str, type_: Type) -> str:
    letter, spec = (
        found["letter"],
        f"%{found['flags']}{found['width'] or ''}{'.' + found['precision'] if found['precision'] else ''}",
    )
    if letter in "di" and type_.kind == "INT64":
        return f"bq_format_integer({argument}, {values.text(spec + 'd')})"
    if letter in "xXo" and type_.kind == "INT64":
        return f"bq_format_integer({argument}, {values.text(spec + letter)})"
    if letter in "fFeEgG" and type_.kind in ("FLOAT64", "NUMERIC"):
        kind = "float" if type_.kind == "FLOAT64" else "numeric"
        return f"bq_format_{kind}({argument}, {values.text(spec + letter)})"
    if letter == "s" and type_ == STRING:
        return f"bq_format_text({argument}, {values.text(spec + 's')})"
    if letter in "tT":
        return f"bq_format_text(coalesce({printed(argument, type_, letter == 'T')}, 'NULL'), {values.text(spec + 's')})"
    raise Unsupported(f"FORMAT %{letter} of {type_}")


def field(index: int) -> str:
    """The engine's name of a struct's field, as a literal."""
    return f"'f{index}'"


def printed(argument: str, type_: Type, as_literal: bool) -> str:
    """%t, as CAST to STRING, or %T, as a literal of SQL."""
    from sandbox.bigquery.translate.casts import cast

    kind = type_.kind
    if kind == "ARRAY":
        assert type_.element is not None
        inner = f"list_transform({argument}, lambda e: coalesce({printed('e', type_.element, as_literal)}, 'NULL'))"
        return f"('[' || array_to_string({inner}, ', ') || ']')"
    if kind == "STRUCT":
        fields = [
            f"coalesce({printed(f'struct_extract({argument}, {field(i)})', t, as_literal)}, 'NULL')"
            for i, (_, t) in enumerate(type_.fields)
        ]
        inner = " || ', ' || ".join(fields) or "''"
        return f"CASE WHEN {argument} IS NULL THEN NULL ELSE '(' || {inner} || ')' END"
    if kind == "STRING":
        return f"bq_quoted({argument})" if as_literal else argument
    if kind in ("JSON", "BYTES", "INTERVAL"):
        raise Unsupported(f"FORMAT %t of {type_}")
    text = cast(argument, type_, STRING)
    if not as_literal:
        return text
    if kind == "FLOAT64":
        return f"bq_float_literal({argument})"
    if kind in ("NUMERIC", "DATE", "DATETIME", "TIMESTAMP", "TIME"):
        return f"('{kind} \"' || {text} || '\"')"
    return text
