"""CAST, CONVERT and implicit conversion from any type to any other.

https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql
https://learn.microsoft.com/sql/t-sql/data-types/data-type-conversion-database-engine
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.translating import moment_texts, text_conversions, text_readings, time_zones
from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.conversion_requests import Request, Written
from sandbox.synapse.language.translating.values import Typed, once
from sandbox.synapse.types import DECIMALS, INTEGERS, MAX, SqlType

MOMENT_NAMES = ("date", "time", "smalldatetime", "datetime", "datetime2", "datetimeoffset")


def kind_of(target: SqlType) -> str:
    """The class of a type that conversions are decided by."""
    name = target.name
    if name == "bit" or name in INTEGERS:
        return "bit" if name == "bit" else "integer"
    if name in DECIMALS:
        return "decimal"
    if name in ("money", "smallmoney"):
        return "money"
    if name in ("real", "float"):
        return "float"
    if target.is_text:
        return "text"
    if name in ("binary", "varbinary"):
        return "binary"
    if name in ("datetime", "smalldatetime"):
        return "datetime"
    return name


# What no CAST does (error 529), by (from, to). Others that are missing below are refused the same way.
NUMBERS = ("bit", "integer", "decimal", "money", "float")
IMPLICIT_REFUSED = {
    **{("datetime", number): 257 for number in NUMBERS},
    ("text", "binary"): 257,
    ("decimal", "binary"): 257,
    ("float", "binary"): 257,
}


def convert(
    value: Typed, target: SqlType, context: Context, line: int,
    *, implicit: bool = True, attempt: bool = False, style: int | None = None,
) -> Typed:  # fmt: skip
    """The value as the target type. implicit: no CAST was written; attempt: TRY_CAST, NULL where CAST fails.

    Raises SqlError 206, 257, 529 for types that do not convert, 281 for a style that is none.
    """
    if value.null:
        return Typed(
            f"CAST(NULL AS {target.duckdb()})",
            target,
            True,
            value.collation,
            null=implicit,
            trimmed=target.name != "char",
        )
    if value.type == target and style is None:
        return value
    source_kind, target_kind = kind_of(value.type), kind_of(target)
    if implicit and (source_kind, target_kind) in IMPLICIT_REFUSED:
        raise SqlError(
            257,
            f"Implicit conversion from data type {value.type.name} to {target.name} is not allowed. Use the CONVERT function to run this query.",
            line,
        )
    writer = WRITERS.get((source_kind, target_kind))
    if writer is None:
        if implicit:
            raise SqlError(
                206, f"Operand type clash: {value.type.name} is incompatible with {target.name}", line
            )
        raise SqlError(
            529,
            f"Explicit conversion from data type {value.type.name} to {target.name} is not allowed.",
            line,
        )
    request = Request(value, target, context, line, attempt, style)
    result = writer(request)
    collation = value.collation if target.is_text and value.type.is_text else None
    explicit = value.explicit if collation else False
    nullable = value.nullable or attempt
    return Typed(
        result.sql,
        target,
        nullable,
        collation,
        explicit,
        result.trimmed,
        constant=True if value.constant is not None and target.is_text else None,
    )


# ---------- between numbers


def _number_to_integer(request: Request) -> Written:
    """Fractions are cut off: CAST(2.7 AS int) is 2."""
    if request.value.type.name in INTEGERS:
        return request.cast(request.sql)
    if request.value.type.name in ("money", "smallmoney"):
        return request.cast(f"round({request.sql}, 0)")  # money rounds
    return request.cast(f"trunc({request.sql})")


def _bit_to_number(request: Request) -> Written:
    return request.cast(f"CAST({request.sql} AS INTEGER)")


def _number_to_bit(request: Request) -> Written:
    return Written(f"({request.sql} <> 0)")


def _number_to_decimal(request: Request) -> Written:
    return request.cast(request.sql)


def _decimal_to_float(request: Request) -> Written:
    """Up to 15 digits the quotient of two exact doubles is right; more go through text, which is always right."""
    if (request.value.type.precision or 19) <= 15:
        return request.cast(request.sql)
    return request.cast(f"CAST({request.sql} AS VARCHAR)")


def _plain(request: Request) -> Written:
    return request.cast(request.sql)


# ---------- numbers and moments


def _integer_to_datetime(request: Request) -> Written:
    return Written(f"ts_from_days({request.sql})")


def _datetime_to_number(request: Request) -> Written:
    days = f"ts_days({request.sql})"
    if request.target.name in INTEGERS:
        return request.cast(f"round({days})")
    return request.cast(days)


def _datetime_to_bit(request: Request) -> Written:
    return Written(f"(ts_days({request.sql}) <> 0)")


def _number_to_datetime(request: Request) -> Written:
    return Written(
        f"ts_datetime(TIMESTAMP '1900-01-01' + to_microseconds(CAST(round(CAST({request.sql} AS DOUBLE) * 86400000000) AS BIGINT)))"
    )


# ---------- moments


def _to_date(request: Request) -> Written:
    return request.cast(request.sql, "DATE")


def _to_time(request: Request) -> Written:
    scale = 7 if request.target.scale is None else request.target.scale
    sql = request.sql
    if scale < 6:
        moment = f"(DATE '1900-01-01' + {sql})" if request.value.type.name == "time" else sql
        sql = f"ts_round_moment({moment}, {10 ** (6 - scale)})"
    return request.cast(sql, "TIME")


def _to_datetime(request: Request) -> Written:
    """datetime knows thirds of a hundredth of a second, smalldatetime minutes."""
    moment = f"CAST({request.sql} AS TIMESTAMP)"
    if request.value.type.name == "time":
        moment = f"(DATE '1900-01-01' + {request.sql})"
    return Written(text_readings.rounded_datetime(moment, request))


def _to_datetime2(request: Request) -> Written:
    scale = 7 if request.target.scale is None else request.target.scale
    moment = f"CAST({request.sql} AS TIMESTAMP)"
    if request.value.type.name == "time":
        moment = f"(DATE '1900-01-01' + {request.sql})"
    if request.value.type.name == "datetime2":
        moment = request.sql
    given = {"date": 0, "smalldatetime": 0, "datetime": 3}.get(
        request.value.type.name, request.value.type.scale if request.value.type.scale is not None else 7
    )
    if scale < 6 and given > scale:
        moment = once(moment, lambda v: f"ts_round_moment({v}, {10 ** (6 - scale)})")
    return Written(moment)


# ---------- to text


def _text_to_text(request: Request) -> Written:
    return _fitted(request, request.sql, request.value.type, request.value.trimmed)


def _fitted(request: Request, sql: str, source: SqlType, trimmed: bool) -> Written:
    sql = text_conversions.recoded(sql, source, request.target, request.context)
    sql = text_conversions.fitted(sql, source, request.target, request.context)
    return Written(
        sql, trimmed and request.target.name not in ("char", "nchar") and _holds(request.target, source)
    )


def _holds(target: SqlType, source: SqlType) -> bool:
    """Whether nothing is cut off: what is cut may leave a blank at the end."""
    return target.length == MAX or (
        source.length not in (None, MAX) and (target.length or 0) >= (source.length or 0)
    )


def _integer_to_text(request: Request) -> Written:
    """An int that does not fit varchar(n) becomes `*`; nvarchar(n) fails."""
    number = f"CAST({request.sql} AS INTEGER)" if request.value.type.name == "bit" else request.sql
    text = f"CAST({number} AS VARCHAR)"
    length = request.target.length
    digits = INTEGERS[request.value.type.name] + (0 if request.value.type.name in ("bit", "tinyint") else 1)
    if length is not None and length != MAX and length < digits:
        star = (
            "'*'"
            if not request.target.is_unicode
            else request.fail(
                8115, f"'Arithmetic overflow error converting expression to data type {request.target.name}.'"
            )
        )
        text = once(text, lambda v: f"CASE WHEN strlen({v}) > {length} THEN {star} ELSE {v} END")
    return Written(
        text_conversions.padded(text, request.target), request.target.name not in ("char", "nchar")
    )


def _decimal_to_text(request: Request) -> Written:
    """0.5, not .5 as DuckDB writes a decimal without integral digits."""
    precision, scale = request.value.type.precision or 38, request.value.type.scale or 0
    sql = request.sql
    if precision == scale:
        sql = f"CAST({sql} AS DECIMAL({min(precision + 1, 38)},{min(scale, 37)}))"
    return _checked_text(request, f"CAST({sql} AS VARCHAR)", "numeric", precision + 3)


def _checked_text(request: Request, text: str, source: str, longest: int) -> Written:
    length = request.target.length
    if length is not None and length != MAX and length < longest:
        wrong = request.fail(
            8115, f"'Arithmetic overflow error converting {source} to data type {request.target.name}.'"
        )
        text = once(text, lambda v: f"CASE WHEN strlen({v}) > {length} THEN {wrong} ELSE {v} END")
    return Written(
        text_conversions.padded(text, request.target), request.target.name not in ("char", "nchar")
    )


def _money_to_text(request: Request) -> Written:
    style = request.style or 0
    if style == 0:
        text = f"CAST(CAST({request.sql} AS DECIMAL(38,2)) AS VARCHAR)"
    elif style == 1:
        text = f"format('{{:,.2f}}', CAST({request.sql} AS DOUBLE))"
    elif style in (2, 126):
        text = f"CAST(CAST({request.sql} AS DECIMAL(38,4)) AS VARCHAR)"
    else:
        raise SqlError(
            281,
            f"{style} is not a valid style number when converting from money to a character string.",
            request.line,
        )
    return _checked_text(request, text, "money", 26)


def _float_to_text(request: Request) -> Written:
    style = request.style or 0
    if style not in (0, 1, 2, 3):
        raise SqlError(
            281,
            f"{style} is not a valid style number when converting from float to a character string.",
            request.line,
        )
    return _checked_text(
        request, f"ts_float_text(CAST({request.sql} AS DOUBLE), {style})", request.value.type.name, 24
    )


def _moment_to_text(request: Request) -> Written:
    text = once(
        request.sql, lambda v: moment_texts.text_of(v, request.value.type, request.style, request.line)
    )
    longest = 40
    return _fitted(request, text, SqlType("varchar", longest), True)


def _guid_to_text(request: Request) -> Written:
    if request.target.length is not None and 0 < request.target.length < 36:
        wrong = request.fail(8170, "'Insufficient result space to convert uniqueidentifier value to char.'")
        return Written(f"CAST(CASE WHEN {request.sql} IS NOT NULL THEN {wrong} END AS VARCHAR)", True)
    return Written(
        text_conversions.padded(f"upper(CAST({request.sql} AS VARCHAR))", request.target),
        request.target.name not in ("char", "nchar"),
    )


# ---------- binary


def _binary_to_text(request: Request) -> Written:
    """Style 0: the bytes as characters; 1: 0x and hexadecimal digits; 2: the digits alone, upper case."""
    style = request.style or 0
    length = request.value.type.length or 0
    if style == 2:
        return _fitted(
            request, f"hex({request.sql})", SqlType("varchar", 2 * length if length != MAX else MAX), True
        )
    if style == 1:
        return _fitted(
            request,
            f"('0x' || hex({request.sql}))",
            SqlType("varchar", 2 * length + 2 if length != MAX else MAX),
            True,
        )
    if style != 0:
        raise SqlError(
            281,
            f"{style} is not a valid style number when converting from varbinary to a character string.",
            request.line,
        )
    encoding = "utf-16-le" if request.target.is_unicode else ("utf-8" if request.context.utf8 else "cp1252")
    return _fitted(request, f"ts_decode({request.sql}, '{encoding}')", SqlType("varchar", length), False)


def _text_to_binary(request: Request) -> Written:
    style = request.style or 0
    if style in (1, 2):
        wrong = request.fail(
            8114, f"'Error converting data type {request.value.type.name} to {request.target.name}.'"
        )
        prefix = "0[xX]" if style == 1 else ""
        sql = once(
            request.sql,
            lambda v: (
                f"CASE WHEN {v} IS NULL THEN NULL WHEN regexp_full_match({v}, '{prefix}([0-9A-Fa-f]{{2}})*') THEN unhex({v}[{3 if style == 1 else 1}:]) ELSE {wrong} END"
            ),
        )
        return Written(_cut_binary(sql, request.target))
    return Written(
        _cut_binary(
            text_conversions.encoded(request.sql, request.value.type, request.context), request.target
        )
    )


def _integer_to_binary(request: Request) -> Written:
    size = {"tinyint": 1, "smallint": 2, "int": 4, "bigint": 8}.get(request.value.type.name, 1)
    length = request.target.length or 0
    width = size if request.target.name == "varbinary" else length
    digits = f"right(lpad(to_hex(CAST({request.sql} AS BIGINT)), 16, '0'), {2 * min(size, 8)})"
    if request.target.name == "varbinary" and length != MAX and length < size:
        digits = f"right({digits}, {2 * length})"
    if request.target.name == "binary":
        digits = f"right(lpad({digits}, {2 * max(width, size)}, '0'), {2 * width})"
    return Written(f"unhex({digits})")


def _binary_to_binary(request: Request) -> Written:
    return Written(_cut_binary(request.sql, request.target))


def _cut_binary(sql: str, target: SqlType) -> str:
    if target.length == MAX:
        return sql
    cut = f"ts_left_bytes({sql}, {target.length})"
    return f"ts_pad_bytes({cut}, {target.length})" if target.name == "binary" else cut


def _binary_to_integer(request: Request) -> Written:
    return request.cast(f"ts_binary_to_integer({request.sql})")


def _to_offset(request: Request) -> Written:
    """A date or time without an offset is at +00:00."""
    scale = 7 if request.target.scale is None else request.target.scale
    plain = convert(
        request.value, SqlType("datetime2", None, None, scale), request.context, request.line, implicit=False
    )
    return Written(time_zones.with_offset(plain.sql, "0"))


def _offset_to_offset(request: Request) -> Written:
    scale = 7 if request.target.scale is None else request.target.scale
    if scale >= min(time_zones.scale_of(request.value.type), 6):
        return Written(request.sql)
    rounded = f"ts_round_moment({{0}}.utc, {10 ** (6 - scale)})"
    return Written(
        once(
            request.sql,
            lambda v: (
                f"CASE WHEN {v} IS NOT NULL THEN {time_zones.pack(rounded.format(v), v + '.minutes')} END"
            ),
        )
    )


def _offset_to_moment(request: Request) -> Written:
    """The date and time as shown; the offset is dropped."""
    shown = time_zones.local(request.value)
    return Written(
        convert(
            shown, request.target, request.context, request.line, implicit=False, attempt=request.attempt
        ).sql
    )


def _text_to_offset(request: Request) -> Written:
    wrong = request.fail(241, "'Conversion failed when converting date and/or time from character string.'")
    sql = once(
        request.sql, lambda v: f"CASE WHEN {v} IS NOT NULL THEN coalesce(ts_parse_offset({v}), {wrong}) END"
    )
    parsed = Typed(sql, time_zones.offset_type(7), request.value.nullable)
    return _offset_to_offset(
        Request(parsed, request.target, request.context, request.line, request.attempt, None)
    )


def _offset_to_text(request: Request) -> Written:
    """The text of datetime2 with the offset; styles of dates alone have no offset, 127 shows UTC."""
    style = request.style
    zulu = style == 127
    value = (
        Typed(f"({request.sql}).utc", time_zones.local(request.value).type)
        if zulu
        else time_zones.local(request.value)
    )
    text = once(value.sql, lambda v: moment_texts.text_of(v, value.type, style, request.line))
    if zulu:
        text = f"({text} || 'Z')"
    elif moment_texts.shows_time(style):
        blank = "" if style == 126 else " "
        text = f"({text} || '{blank}' || ts_offset_text(({request.sql}).minutes))"
    return _fitted(request, text, SqlType("varchar", 40), True)


WRITERS = {
    **{(a, b): _plain for a in ("integer", "decimal", "money", "float") for b in ("float",)},
    **{
        (a, b): _number_to_decimal
        for a in ("integer", "decimal", "money", "float")
        for b in ("decimal", "money")
    },
    **{(a, "integer"): _number_to_integer for a in ("integer", "decimal", "money", "float")},
    **{("bit", b): _bit_to_number for b in ("integer", "decimal", "money", "float")},
    **{(a, "bit"): _number_to_bit for a in ("integer", "decimal", "money", "float")},
    ("bit", "bit"): _plain,
    ("decimal", "float"): _decimal_to_float,
    ("integer", "datetime"): _integer_to_datetime,
    ("bit", "datetime"): _number_to_datetime,
    ("decimal", "datetime"): _number_to_datetime,
    ("float", "datetime"): _number_to_datetime,
    ("money", "datetime"): _number_to_datetime,
    ("datetime", "bit"): _datetime_to_bit,
    **{("datetime", b): _datetime_to_number for b in ("integer", "decimal", "money", "float")},
    **{(a, "date"): _to_date for a in ("datetime", "datetime2")},
    **{(a, "time"): _to_time for a in ("datetime", "datetime2", "time")},
    **{(a, "datetime"): _to_datetime for a in ("date", "time", "datetime", "datetime2")},
    **{(a, "datetime2"): _to_datetime2 for a in ("date", "time", "datetime", "datetime2")},
    ("text", "integer"): text_readings.text_to_integer,
    ("text", "decimal"): text_readings.text_to_decimal,
    ("text", "money"): text_readings.text_to_money,
    ("text", "float"): text_readings.text_to_float,
    ("text", "bit"): text_readings.text_to_bit,
    **{("text", b): text_readings.text_to_moment for b in ("date", "time", "datetime", "datetime2")},
    ("text", "uniqueidentifier"): text_readings.text_to_guid,
    ("text", "text"): _text_to_text,
    ("text", "binary"): _text_to_binary,
    ("integer", "text"): _integer_to_text,
    ("bit", "text"): _integer_to_text,
    ("decimal", "text"): _decimal_to_text,
    ("money", "text"): _money_to_text,
    ("float", "text"): _float_to_text,
    **{(a, "text"): _moment_to_text for a in ("date", "time", "datetime", "datetime2")},
    ("uniqueidentifier", "text"): _guid_to_text,
    ("binary", "text"): _binary_to_text,
    ("binary", "binary"): _binary_to_binary,
    ("integer", "binary"): _integer_to_binary,
    ("bit", "binary"): _integer_to_binary,
    ("binary", "integer"): _binary_to_integer,
    **{(a, "datetimeoffset"): _to_offset for a in ("date", "time", "datetime", "datetime2")},
    **{("datetimeoffset", b): _offset_to_moment for b in ("date", "time", "datetime", "datetime2")},
    ("datetimeoffset", "datetimeoffset"): _offset_to_offset,
    ("text", "datetimeoffset"): _text_to_offset,
    ("datetimeoffset", "text"): _offset_to_text,
}
