"""What a text means as a typed value: one ibis expression per type of a contract, the same on every engine.

A value in a wider form than the contract's counts when nothing is lost by it ('5.00' as an integer, midnight as a date,
trailing zeros of a decimal or of a fraction of a second): sources widen their types. ``widened`` tells that it was so.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from flows.contracts import Column

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_STAMP = _DAY + "[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?Z?"
_MIDNIGHT = "[ T]00:00:00([.]0+)?Z?"


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def nfc_normalize(text: str) -> str:  # type: ignore[empty-body]
    """Unicode's canonical composition; DuckDB's own, which Spark's workers call too."""


@ibis.udf.scalar.builtin(name="chr")  # type: ignore[untyped-decorator]
def character(code: int) -> str:  # type: ignore[empty-body]
    """The character of a code; a NUL cannot stand in a statement."""


def full_match(text: ir.StringValue, pattern: str) -> ir.BooleanValue:
    return text.re_search(rf"^({pattern})\z")


def _forms(column: Column) -> tuple[str, str]:
    """Patterns of a number or a date in the contract's form, and in a wider one that means the same."""
    match column.kind:
        case "integer":
            whole = "[+-]?[0-9]{1,18}"
            return whole, f"{whole}[.]0*"
        case "decimal":
            precision, scale = column.size
            whole = f"[+-]?[0-9]{{1,{precision - scale}}}"
            return f"{whole}([.][0-9]{{1,{scale}}})?", f"{whole}[.]([0-9]{{{scale}}}0+)?"
        case "date":
            return _DAY, _DAY + _MIDNIGHT
        case "timestamp":
            return _STAMP, _STAMP.replace("([.][0-9]{1,6})?", "[.][0-9]{6}0+")
        case _:
            return "[01]", "[01][.]0+"


def is_widened(column: Column, text: ir.StringValue) -> ir.BooleanValue | None:
    """Whether a value has a wider form; None for texts, which have one."""
    return None if column.kind == "text" else full_match(text, _forms(column)[1])


def typed(column: Column, text: ir.StringValue) -> ir.Value:
    """The value; NULL where the text does not hold the type."""
    if column.kind == "text":
        return nfc_normalize(text.replace(character(0), ""))
    if column.kind == "timestamp":
        return instant(text)
    form, wider = _forms(column)
    kind = {
        "integer": "int64",
        "decimal": f"decimal({', '.join(map(str, column.size))})",
        "date": "date",
        "flag": "int32",
    }[column.kind]

    def cast(value: ir.StringValue) -> ir.Value:
        # the form allows the 30th of February, so a date may still fail; a number may not
        return value.try_cast(kind) if kind == "date" else value.cast(kind)

    shortened = text.re_extract(f"^({form})", 1)
    return ibis.cases((full_match(text, form), cast(text)), (full_match(text, wider), cast(shortened)))


def _plain(text: ir.StringValue) -> ir.StringValue:
    return text.replace("T", " ").replace("Z", "")


def instant(text: ir.StringValue) -> ir.TimestampValue:
    """A timestamp, or NULL when the text is none: 'YYYY-MM-DD[ T]HH:MM:SS[.f][Z]', UTC."""
    wider = _STAMP.replace("([.][0-9]{1,6})?", "[.][0-9]{6}0+")
    return ibis.cases(
        (full_match(text, _STAMP), _plain(text).try_cast("timestamp")),
        (full_match(text, wider), _plain(text).left(26).try_cast("timestamp")),
    )


def stamp(text: ir.StringValue, value: ir.TimestampValue) -> ir.StringValue:
    """The one form of an instant in the lake, 'YYYY-MM-DD HH:MM:SS.ffffff', from its text; NULL where it has no value."""
    plain = _plain(text)
    point = (plain.length() == 19).ifelse(".000000", "000000")
    return value.notnull().ifelse((plain + point).left(26), ibis.null("string"))


def written(column: Column, text: ir.StringValue, value: ir.Value) -> ir.Value:
    """The value as the lake holds it; a timestamp as text, see docs/architecture.md."""
    return stamp(text, value) if column.kind == "timestamp" else value
