"""Text as numbers, dates, times and uniqueidentifiers."""

from __future__ import annotations

from sandbox.synapse.language.translating.conversion_requests import Request, Written
from sandbox.synapse.language.translating.values import once


def rounded_datetime(moment: str, request: Request) -> str:
    if request.target.name == "smalldatetime":
        return once(moment, lambda v: f"ts_round_moment({v}, 60000000)")
    if request.value.type.name in ("datetime", "smalldatetime"):
        return moment
    if request.attempt:
        return once(moment, lambda v: f"CASE WHEN year({v}) >= 1753 THEN ts_datetime({v}) END")
    if request.value.type.name == "date":
        return once(moment, lambda v: f"ts_since_1753({v}, '{request.value.type.name}')")
    return once(moment, lambda v: f"ts_datetime(ts_since_1753({v}, '{request.value.type.name}'))")


def text_to_integer(request: Request) -> Written:
    prefix = "ts_try_" if request.attempt else "ts_"
    if request.attempt:
        return Written(once(request.sql, lambda v: f"{prefix}text_to_{request.target.name}({v})"))
    return Written(
        once(
            request.sql, lambda v: f"{prefix}text_to_{request.target.name}({v}, '{request.value.type.name}')"
        )
    )


def text_to_decimal(request: Request) -> Written:
    source, target = request.value.type.name, request.target.duckdb()
    wrong = request.fail(8114, f"'Error converting data type {source} to numeric.'")
    large = request.fail(8115, f"'Arithmetic overflow error converting {source} to data type numeric.'")
    return Written(
        once(
            request.sql,
            lambda v: (
                f"CASE WHEN {v} IS NULL THEN NULL WHEN regexp_full_match({v}, '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)\\s*') THEN coalesce(TRY_CAST(trim({v}) AS {target}), {large}) ELSE {wrong} END"
            ),
        )
    )


def text_to_money(request: Request) -> Written:
    source, target = request.value.type.name, request.target.duckdb()
    wrong = request.fail(235, f"'Cannot convert a char value to money. The char value has incorrect syntax.'")  # noqa: F541
    large = request.fail(8115, f"'Arithmetic overflow error converting {source} to data type money.'")
    return Written(
        once(
            request.sql,
            lambda v: (
                f"CASE WHEN {v} IS NULL THEN NULL WHEN trim({v}) = '' THEN CAST(0 AS {target}) WHEN regexp_full_match({v}, '\\s*[+-]?[$]?[0-9,]*\\.?[0-9]*\\s*') AND regexp_matches({v}, '[0-9]') THEN coalesce(TRY_CAST(regexp_replace({v}, '[$, ]', '', 'g') AS {target}), {large}) ELSE {wrong} END"
            ),
        )
    )


def text_to_float(request: Request) -> Written:
    source, target = request.value.type.name, request.target.duckdb()
    wrong = request.fail(8114, f"'Error converting data type {source} to {request.target.name}.'")
    return Written(
        once(
            request.sql,
            lambda v: (
                f"CASE WHEN {v} IS NULL THEN NULL WHEN regexp_full_match({v}, '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*') THEN coalesce(TRY_CAST(trim({v}) AS {target}), {wrong}) WHEN trim({v}) = '' THEN 0 ELSE {wrong} END"
            ),
        )
    )


def text_to_bit(request: Request) -> Written:
    wrong = request.fail(
        245,
        f"'Conversion failed when converting the {request.value.type.name} value ''' || v || ''' to data type bit.'",
    )
    return Written(
        once(
            request.sql,
            lambda v: (
                f"CASE WHEN {v} IS NULL THEN NULL WHEN lower(trim({v})) = 'true' THEN TRUE WHEN lower(trim({v})) IN ('false', '') THEN FALSE WHEN regexp_full_match({v}, '\\s*[+-]?[0-9]+\\s*') THEN NOT regexp_full_match({v}, '\\s*[+-]?0+\\s*') ELSE {wrong.replace('|| v ||', f'|| {v} ||')} END"
            ),
        )
    )


def text_to_moment(request: Request) -> Written:
    """ISO texts natively, every other form through ts_parse_moment (engine)."""
    kind = request.target.name
    style = request.style if request.style is not None else 0
    wrong = request.fail(241, "'Conversion failed when converting date and/or time from character string.'")
    parsed = "ts_parse_moment({v}, '" + kind + f"', {style})"
    if kind == "date":
        return Written(
            once(
                request.sql,
                lambda v: (
                    f"CASE WHEN {v} IS NULL THEN NULL WHEN {style} IN (0, 20, 21, 23, 120, 121, 126) AND regexp_full_match({v}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') AND {v} >= '0001' THEN coalesce(TRY_CAST({v} AS DATE), {wrong}) ELSE coalesce(CAST({parsed.format(v=v)} AS DATE), {wrong}) END"
                ),
            )
        )
    if kind == "time":
        scale = 7 if request.target.scale is None else request.target.scale
        return Written(
            once(
                request.sql,
                lambda v: (
                    f"CASE WHEN {v} IS NULL THEN NULL ELSE CAST(ts_round_moment(coalesce({parsed.format(v=v)}, {wrong}), {10 ** max(6 - scale, 0)}) AS TIME) END"
                ),
            )
        )
    moment = once(
        request.sql,
        lambda v: (
            f"CASE WHEN {v} IS NULL THEN NULL WHEN {style} IN (0, 20, 21, 23, 120, 121, 126) AND regexp_full_match({v}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([ T][0-9]{{2}}:[0-5][0-9]:[0-5][0-9](\\.[0-9]{{1,{3 if kind in ('datetime', 'smalldatetime') else 6}}})?)?') AND {v} >= '0001' AND ({v}[12:13] < '24') THEN coalesce(TRY_CAST({v} AS TIMESTAMP), {wrong}) ELSE coalesce({parsed.format(v=v)}, {wrong}) END"
        ),
    )
    if kind in ("datetime", "smalldatetime"):
        return Written(rounded_datetime(moment, request))
    scale = 7 if request.target.scale is None else request.target.scale
    if scale < 6:
        moment = once(moment, lambda v: f"ts_round_moment({v}, {10 ** (6 - scale)})")
    return Written(moment)


def text_to_guid(request: Request) -> Written:
    wrong = request.fail(
        8169, "'Conversion failed when converting from a character string to uniqueidentifier.'"
    )
    return Written(
        once(
            request.sql,
            lambda v: (
                f"CASE WHEN {v} IS NULL THEN NULL WHEN regexp_matches({v}, '^[{{]?[0-9A-Fa-f]{{8}}(-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}') THEN coalesce(TRY_CAST(left(ltrim({v}, '{{'), 36) AS UUID), {wrong}) ELSE {wrong} END"
            ),
        )
    )
