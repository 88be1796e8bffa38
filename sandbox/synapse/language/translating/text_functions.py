"""String functions. https://learn.microsoft.com/sql/t-sql/functions/string-functions-transact-sql"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.translating import collations, text_conversions
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.precedence import concat_type
from sandbox.synapse.language.translating.registry import Invocation, function
from sandbox.synapse.language.translating.values import Typed, once, once_each
from sandbox.synapse.types import BIGINT, INT, LONGEST, MAX, SqlType, nvarchar, varchar


def as_text(call: Invocation, index: int) -> Typed:
    """An argument as text: what is none becomes varchar, as the function's implicit conversion makes it."""
    argument = call.arguments[index]
    if argument.null:
        return Typed("CAST(NULL AS VARCHAR)", varchar(1), True, trimmed=True)
    if argument.type.is_text:
        return argument
    lengths = {
        "bit": 1,
        "tinyint": 3,
        "smallint": 6,
        "int": 12,
        "bigint": 24,
        "date": 10,
        "datetime2": 27,
        "datetime": 27,
        "uniqueidentifier": 36,
    }
    return convert(argument, varchar(lengths.get(argument.type.name, 41)), call.context, call.line)


def only_text(call: Invocation) -> None:
    """SUBSTRING and TRIM convert nothing to text (error 8116)."""
    given = call.arguments[0]
    if not given.null and not given.type.is_text:
        raise SqlError(
            8116,
            f"Argument data type {given.type.name} is invalid for argument 1 of {call.call.name.lower()} function.",
            call.line,
        )


def variable(kind: SqlType, length: int | None = None) -> SqlType:
    """varchar or nvarchar of this length (default: the same)."""
    return SqlType("nvarchar" if kind.is_unicode else "varchar", kind.length if length is None else length)


@function("LEN", 1)
def length(call: Invocation) -> Typed:
    """Characters without trailing blanks; UTF-16 units where the collation knows no supplementary characters."""
    text = as_text(call, 0)
    kind = BIGINT if text.type.length == MAX else INT
    measured = text.sql if text.trimmed else f"rtrim({text.sql}, ' ')"
    count = f"length({measured})" if call.context.utf8 else once(measured, lambda v: f"ts_units({v})")
    return Typed(f"CAST({count} AS {kind.duckdb()})", kind, text.nullable)


@function("DATALENGTH", 1)
def data_length(call: Invocation) -> Typed:
    """Bytes of the value as it is stored."""
    value = call.arguments[0]
    fixed = {
        "bit": 1,
        "tinyint": 1,
        "smallint": 2,
        "int": 4,
        "bigint": 8,
        "float": 8,
        "real": 4,
        "money": 8,
        "smallmoney": 4,
        "date": 3,
        "datetime": 8,
        "smalldatetime": 4,
        "uniqueidentifier": 16,
    }
    if value.type.is_text:
        if value.type.is_unicode:
            count = once(value.sql, lambda v: f"2 * ts_units({v})")
        else:
            count = f"strlen({value.sql})" if call.context.utf8 else f"length({value.sql})"
    elif value.type.name in ("binary", "varbinary"):
        count = f"octet_length({value.sql})"
    elif value.type.name in fixed:
        count = f"CASE WHEN {value.sql} IS NOT NULL THEN {fixed[value.type.name]} END"
    elif value.type.name in ("datetime2", "time"):
        scale = 7 if value.type.scale is None else value.type.scale
        size = (3 if scale <= 2 else 4 if scale <= 4 else 5) + (3 if value.type.name == "datetime2" else 0)
        count = f"CASE WHEN {value.sql} IS NOT NULL THEN {size} END"
    elif value.type.name in ("decimal", "numeric"):
        precision = value.type.precision or 38
        size = 5 if precision <= 9 else 9 if precision <= 19 else 13 if precision <= 28 else 17
        count = f"CASE WHEN {value.sql} IS NOT NULL THEN {size} END"
    else:
        raise unsupported(f"DATALENGTH of {value.type.name}", call.line)
    kind = BIGINT if value.type.length == MAX else INT
    return Typed(f"CAST({count} AS {kind.duckdb()})", kind, value.nullable)


def _cased(call: Invocation, word: str) -> Typed:
    text = as_text(call, 0)
    sql = once(text.sql, lambda v: f"ts_{word}({v})")
    return Typed(sql, variable(text.type), text.nullable, text.collation, text.explicit, text.trimmed)


@function("UPPER", 1)
def upper(call: Invocation) -> Typed:
    return _cased(call, "upper")


@function("LOWER", 1)
def lower(call: Invocation) -> Typed:
    return _cased(call, "lower")


def _trimmed(call: Invocation, word: str) -> Typed:
    text = as_text(call, 0)
    characters = "' '"
    if len(call.arguments) > 1:
        if word != "trim":
            raise SqlError(
                174, f"The {call.call.name.lower()} function requires 1 argument(s).", call.line, 15
            )
        characters = call.sql(1)
    ends_clean = text.trimmed or (word in ("rtrim", "trim") and characters == "' '")
    return Typed(
        f"{word}({text.sql}, {characters})",
        variable(text.type),
        text.nullable,
        text.collation,
        text.explicit,
        ends_clean,
    )


@function("LTRIM", 1)
def ltrim(call: Invocation) -> Typed:
    return _trimmed(call, "ltrim")


@function("RTRIM", 1)
def rtrim(call: Invocation) -> Typed:
    return _trimmed(call, "rtrim")


@function("TRIM", 1, 2)
def trim(call: Invocation) -> Typed:
    only_text(call)
    return _trimmed(call, "trim")


def _constant_length(call: Invocation, index: int, kind: SqlType) -> int | None:
    count = call.arguments[index].constant
    if isinstance(count, int) and count >= 0:
        return count if kind.length is None or kind.length == MAX else min(count, kind.length)
    return kind.length


def _part(text: Typed, length: int | None) -> SqlType:
    size = text.type.length if length is None else length
    if size == 0:
        size = 1
    if size != MAX and size is not None and size > LONGEST["nvarchar" if text.type.is_unicode else "varchar"]:
        size = MAX
    return variable(text.type, size)


@function("LEFT", 2)
def left(call: Invocation) -> Typed:
    text = as_text(call, 0)
    sql = once_each([text.sql, call.integer(1)], lambda v: f"ts_left({v[0]}, {v[1]})")
    if isinstance(call.arguments[1].constant, int) and call.arguments[1].constant >= 0:
        sql = f"left({text.sql}, {call.integer(1)})"
    return Typed(
        sql, _part(text, _constant_length(call, 1, text.type)), call.nullable, text.collation, text.explicit
    )


@function("RIGHT", 2)
def right(call: Invocation) -> Typed:
    text = as_text(call, 0)
    sql = once_each([text.sql, call.integer(1)], lambda v: f"ts_right({v[0]}, {v[1]})")
    if isinstance(call.arguments[1].constant, int) and call.arguments[1].constant > 0:
        sql = f"right({text.sql}, {call.integer(1)})"
    return Typed(
        sql,
        _part(text, _constant_length(call, 1, text.type)),
        call.nullable,
        text.collation,
        text.explicit,
        text.trimmed,
    )


@function("SUBSTRING", 3)
def substring(call: Invocation) -> Typed:
    """From 1; a start before 1 eats into the length."""
    if call.arguments[0].type.name in ("binary", "varbinary"):
        sql = once_each(
            [call.sql(0), call.integer(1), call.integer(2)],
            lambda v: f"unhex(substring(hex({v[0]}), 2 * {v[1]} - 1, 2 * {v[2]}))",
        )
        return Typed(sql, SqlType("varbinary", call.arguments[0].type.length), call.nullable)
    only_text(call)
    text = as_text(call, 0)
    start, count = call.arguments[1].constant, call.arguments[2].constant
    if isinstance(start, int) and start >= 1 and isinstance(count, int) and count >= 0:
        sql = f"substring({text.sql}, {start}, {count})"
    else:
        sql = once_each(
            [text.sql, call.integer(1), call.integer(2)], lambda v: f"ts_substring({v[0]}, {v[1]}, {v[2]})"
        )
    return Typed(
        sql, _part(text, _constant_length(call, 2, text.type)), call.nullable, text.collation, text.explicit
    )


@function("CONCAT", 2, -1)
def concat(call: Invocation) -> Typed:
    """NULL counts as ''; the result is never NULL."""
    texts = [as_text(call, i) for i in range(len(call.arguments))]
    return _concatenated(
        call, texts, [f"coalesce({text.sql}, '')" if text.nullable else text.sql for text in texts]
    )


def _concatenated(call: Invocation, texts: list[Typed], pieces: list[str]) -> Typed:
    kind = variable(texts[0].type)
    total = kind.length or 0
    for text in texts[1:]:
        kind = variable(concat_type(kind, text.type))
        total = MAX if MAX in (total, text.type.length) else total + (text.type.length or 0)
    sql = text_conversions.cut_to_limit("(" + " || ".join(pieces) + ")", total, kind, call.context)
    collation = collations.resolve(texts, call.context, call.line, "concat")
    return Typed(sql, kind, False, collation)


@function("CONCAT_WS", 3, -1)
def concat_with_separator(call: Invocation) -> Typed:
    """NULLs are skipped, with their separator."""
    texts = [as_text(call, i) for i in range(len(call.arguments))]
    separator = texts[0]
    kind = variable(texts[1].type)
    for text in texts[2:]:
        kind = variable(concat_type(variable(concat_type(kind, separator.type)), text.type))
    inner = ", ".join(text.sql for text in texts[1:])
    collation = collations.resolve(texts, call.context, call.line, "concat_ws")
    return Typed(f"concat_ws(coalesce({separator.sql}, ''), {inner})", kind, False, collation)


@function("REPLACE", 3)
def replace(call: Invocation) -> Typed:
    text, old, new = (as_text(call, i) for i in range(3))
    collation = collations.resolve([text, old, new], call.context, call.line, "replace")
    kind = SqlType(
        "nvarchar" if any(t.type.is_unicode for t in (text, old, new)) else "varchar",
        MAX if MAX in (text.type.length, old.type.length, new.type.length) else 0,
    )
    length = MAX if kind.length == MAX else _replaced_length(text, old, new, kind)
    if call.context.insensitive(collation):
        sql = once_each(
            [text.sql, old.sql, new.sql],
            lambda v: (
                f"CASE WHEN {v[1]} = '' THEN {v[0]} ELSE regexp_replace({v[0]}, '(?i)' || regexp_escape({v[1]}), replace({v[2]}, '\\', '\\\\'), 'g') END"
            ),
        )
    else:
        sql = f"replace({text.sql}, {old.sql}, {new.sql})"
    return Typed(sql, SqlType(kind.name, length), call.nullable, collation)


def _replaced_length(text: Typed, old: Typed, new: Typed, kind: SqlType) -> int:
    """8000 (4000 for nvarchar), unless the replacement cannot make it longer.

    The documentation gives only nvarchar and varchar; the longest is what the pool shows for a longer replacement.
    """
    longest = LONGEST[kind.name]
    if (
        isinstance(old.constant, str)
        and isinstance(new.constant, str)
        and 0 < len(new.constant.encode()) <= len(old.constant.encode())
    ):
        return text.type.length or longest
    if (
        isinstance(old.constant, str)
        and isinstance(new.constant, str)
        and new.constant == ""
        and old.constant != ""
    ):
        return text.type.length or longest
    return longest


@function("CHARINDEX", 2, 3)
def charindex(call: Invocation) -> Typed:
    needle, text = as_text(call, 0), as_text(call, 1)
    collation = collations.resolve([needle, text], call.context, call.line, "charindex")
    pair = [needle.sql, text.sql]
    if call.context.insensitive(collation):
        pair = [f"lower({sql})" for sql in pair]
    kind = BIGINT if text.type.length == MAX else INT
    if len(call.arguments) == 3:
        sql = once_each([*pair, call.integer(2)], lambda v: f"ts_charindex_from({v[0]}, {v[1]}, {v[2]})")
    elif isinstance(needle.constant, str) and needle.constant:
        sql = f"instr({pair[1]}, {pair[0]})"
    else:
        sql = once_each(pair, lambda v: f"ts_charindex({v[0]}, {v[1]})")
    return Typed(f"CAST({sql} AS {kind.duckdb()})", kind, call.nullable)


@function("PATINDEX", 2)
def patindex(call: Invocation) -> Typed:
    pattern, text = as_text(call, 0), as_text(call, 1)
    collation = collations.resolve([pattern, text], call.context, call.line, "patindex")
    insensitive = str(call.context.insensitive(collation)).upper()
    kind = BIGINT if text.type.length == MAX else INT
    return Typed(
        f"CAST(ts_pattern_index({pattern.sql}, {text.sql}, {insensitive}) AS {kind.duckdb()})",
        kind,
        call.nullable,
    )


@function("STUFF", 4)
def stuff(call: Invocation) -> Typed:
    text, insert = as_text(call, 0), as_text(call, 3)
    sql = once_each(
        [text.sql, call.integer(1), call.integer(2), insert.sql],
        lambda v: f"ts_stuff({v[0]}, {v[1]}, {v[2]}, {v[3]})",
    )
    return Typed(sql, variable(concat_type(text.type, insert.type)), True, text.collation)


@function("REPLICATE", 2)
def replicate(call: Invocation) -> Typed:
    text = as_text(call, 0)
    count = call.arguments[1].constant
    limit = LONGEST[variable(text.type).name]
    if text.type.length == MAX:
        kind = variable(text.type)
    elif isinstance(count, int) and count >= 0:
        kind = variable(text.type, max(1, min(limit, (text.type.length or 1) * count)))
    else:
        kind = variable(text.type, limit)
    sql = once_each([text.sql, call.integer(1)], lambda v: f"ts_replicate({v[0]}, {v[1]})")
    sql = text_conversions.cut_to_limit(sql, limit + 1 if kind.length != MAX else MAX, kind, call.context)
    return Typed(sql, kind, True, text.collation)


@function("SPACE", 1)
def space(call: Invocation) -> Typed:
    count = call.arguments[0].constant
    kind = varchar(max(1, min(8000, count))) if isinstance(count, int) and count >= 0 else varchar(8000)
    return Typed(once(call.integer(0), lambda v: f"ts_replicate(' ', {v})"), kind, True)


@function("REVERSE", 1)
def reverse(call: Invocation) -> Typed:
    text = as_text(call, 0)
    return Typed(f"ts_reverse({text.sql})", variable(text.type), text.nullable, text.collation)


@function("CHAR", 1)
def char(call: Invocation) -> Typed:
    """One character of the code page; above 127 it is code page 1252's."""
    sql = once(
        call.integer(0),
        lambda v: (
            f"CASE WHEN {v} BETWEEN 1 AND 127 THEN chr(CAST({v} AS INTEGER)) WHEN {v} BETWEEN 128 AND 255 THEN ts_decode(unhex(to_hex({v})), 'cp1252') END"
        ),
    )
    return Typed(sql, SqlType("char", 1), True)


@function("NCHAR", 1)
def nchar(call: Invocation) -> Typed:
    sql = once(
        call.integer(0), lambda v: f"CASE WHEN {v} BETWEEN 1 AND 1114111 THEN chr(CAST({v} AS INTEGER)) END"
    )
    return Typed(sql, SqlType("nchar", 1), True)


@function("ASCII", 1)
def ascii_code(call: Invocation) -> Typed:
    return Typed(once(as_text(call, 0).sql, lambda v: f"ts_ascii({v})"), INT, True)


@function("UNICODE", 1)
def unicode_code(call: Invocation) -> Typed:
    return Typed(
        once(as_text(call, 0).sql, lambda v: f"CASE WHEN {v} = '' THEN NULL ELSE unicode({v}) END"), INT, True
    )


@function("STR", 1, 3)
def str_number(call: Invocation) -> Typed:
    size = f"CAST({call.integer(1)} AS INTEGER)" if len(call.arguments) > 1 else "10"
    decimals = f"CAST({call.integer(2)} AS INTEGER)" if len(call.arguments) > 2 else "0"
    number = call.as_type(0, SqlType("float")).sql
    length_value = call.arguments[1].constant if len(call.arguments) > 1 else 10
    kind = (
        varchar(length_value) if isinstance(length_value, int) and 0 < length_value <= 8000 else varchar(8000)
    )
    return Typed(f"ts_str({number}, {size}, {decimals})", kind, True)


@function("SOUNDEX", 1)
def soundex(call: Invocation) -> Typed:
    return Typed(f"ts_soundex({as_text(call, 0).sql})", varchar(5), call.nullable, trimmed=True)


@function("DIFFERENCE", 2)
def difference(call: Invocation) -> Typed:
    a, b = (f"ts_soundex({as_text(call, i).sql})" for i in range(2))
    sql = once_each(
        [a, b],
        lambda v: (
            "CAST("
            + " + ".join(f"CASE WHEN {v[0]}[{i}] = {v[1]}[{i}] THEN 1 ELSE 0 END" for i in range(1, 5))
            + " AS INTEGER)"
        ),
    )
    return Typed(sql, INT, call.nullable)


@function("QUOTENAME", 1, 2)
def quotename(call: Invocation) -> Typed:
    mark = as_text(call, 1).sql if len(call.arguments) > 1 else "'['"
    return Typed(f"ts_quote_name({as_text(call, 0).sql}, {mark})", nvarchar(258), True)


@function("HASHBYTES", 2)
def hashbytes(call: Invocation) -> Typed:
    """Of the bytes as stored: UTF-16 for nvarchar. MD2, MD4 are refused."""
    name = call.arguments[0].constant
    if not isinstance(name, str):
        raise unsupported("HASHBYTES with an algorithm that is no constant", call.line)
    text = call.arguments[1]
    if text.null:
        text = Typed("CAST(NULL AS VARCHAR)", varchar(1))
    if not text.type.is_text and text.type.name not in ("binary", "varbinary"):
        raise SqlError(
            8116,
            f"Argument data type {text.type.name} is invalid for argument 2 of hashbytes function.",
            call.line,
        )
    data = text.sql if not text.type.is_text else text_conversions.encoded(text.sql, text.type, call.context)
    algorithm = name.upper()
    plain = text.sql if text.type.is_text and call.context.utf8 and not text.type.is_unicode else data
    writers = {
        "MD5": f"unhex(md5({plain}))",
        "SHA": f"unhex(sha1({plain}))",
        "SHA1": f"unhex(sha1({plain}))",
        "SHA2_256": f"unhex(sha256({plain}))",
        "SHA2_512": f"ts_sha512({data})",
    }
    if algorithm not in writers:
        if algorithm in ("MD2", "MD4"):
            raise unsupported(f"HASHBYTES {name}", call.line)
        return Typed("CAST(NULL AS BLOB)", SqlType("varbinary", 8000))
    return Typed(writers[algorithm], SqlType("varbinary", 8000), True)


@function("FORMAT", 2, 3)
def format_value(call: Invocation) -> Typed:
    """The patterns of functions/moments.py and functions/decimals.py, culture en-US; others are refused."""
    if len(call.arguments) > 2 and str(call.arguments[2].constant).lower() not in ("en-us",):
        raise unsupported("FORMAT with a culture other than en-US", call.line)
    value = call.arguments[0]
    pattern = call.arguments[1]
    if not pattern.type.is_text:
        raise SqlError(
            8116,
            f"Argument data type {pattern.type.name} is invalid for argument 2 of format function.",
            call.line,
        )
    if value.type.is_moment and value.type.name in ("date", "datetime", "datetime2", "smalldatetime"):
        return Typed(f"ts_format_moment(CAST({value.sql} AS TIMESTAMP), {call.sql(1)})", nvarchar(4000), True)
    if value.type.is_number and value.type.name != "bit":
        return Typed(f"ts_format_number(CAST({value.sql} AS VARCHAR), {call.sql(1)})", nvarchar(4000), True)
    raise SqlError(
        8116, f"Argument data type {value.type.name} is invalid for argument 1 of format function.", call.line
    )
