"""DuckDB macros: T-SQL's meaning where no native function has it. Arguments are columns or lambda variables.

ts_fail(number, text) raises SQL Server's error `number` (language/engine.py reads it back).
"""

from __future__ import annotations

import re

INTEGER_TYPES = {"tinyint": "UTINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT"}

MACROS: dict[str, str] = {
    "ts_fail(number, message)": "error('#' || number || '|' || message)",
    # ---------- text
    "ts_cut_bytes(v, n)": "CASE WHEN strlen(v) <= n THEN v WHEN strlen(v) = length(v) THEN left(v, n) ELSE ts_cut_utf8(v, n) END",
    "ts_cut_units(v, n)": "CASE WHEN strlen(v) <= n OR (length(v) <= n AND length(v) * 3 >= strlen(v) AND NOT ts_has_astral(v)) THEN v WHEN strlen(v) = length(v) THEN left(v, n) ELSE ts_cut_utf16(v, n) END",
    "ts_has_astral(v)": "regexp_matches(v, '[\\x{10000}-\\x{10FFFF}]')",
    "ts_pad(v, n)": "CASE WHEN length(v) >= n THEN v ELSE rpad(v, CAST(n - (strlen(v) - length(v)) AS INTEGER), ' ') END",
    "ts_to_cp1252(v)": "CASE WHEN strlen(v) = length(v) THEN v ELSE ts_only_cp1252(v) END",
    "ts_units(v)": "CASE WHEN strlen(v) <= length(v) * 3 AND NOT ts_has_astral(v) THEN length(v) ELSE ts_utf16_length(v) END",
    "ts_upper(v)": "CASE WHEN strlen(v) = length(v) THEN upper(v) ELSE ts_change_case(v, TRUE) END",
    "ts_lower(v)": "CASE WHEN strlen(v) = length(v) THEN lower(v) ELSE ts_change_case(v, FALSE) END",
    "ts_substring(v, p, n)": "CASE WHEN n < 0 THEN ts_fail(537, 'Invalid length parameter passed to the LEFT or SUBSTRING function.') WHEN p >= 1 THEN substring(v, p, n) WHEN p + n <= 1 THEN left(v, 0) ELSE substring(v, 1, p + n - 1) END",
    "ts_left(v, n)": "CASE WHEN n < 0 THEN ts_fail(536, 'Invalid length parameter passed to the LEFT or SUBSTRING function.') ELSE left(v, n) END",
    "ts_right(v, n)": "CASE WHEN n < 0 THEN ts_fail(536, 'Invalid length parameter passed to the RIGHT function.') WHEN n = 0 THEN left(v, 0) ELSE right(v, n) END",
    "ts_charindex(needle, v)": "CASE WHEN needle = '' THEN 0 ELSE instr(v, needle) END",
    "ts_charindex_from(needle, v, p)": "CASE WHEN needle = '' THEN 0 WHEN instr(substring(v, greatest(p, 1)), needle) = 0 THEN 0 ELSE instr(substring(v, greatest(p, 1)), needle) + greatest(p, 1) - 1 END",
    "ts_replicate(v, n)": "CASE WHEN n < 0 THEN NULL ELSE repeat(v, n) END",
    "ts_stuff(v, p, n, w)": "CASE WHEN p < 1 OR p > length(v) OR n < 0 THEN NULL ELSE left(v, p - 1) || coalesce(w, '') || substring(v, p + n) END",
    "ts_ascii(v)": "CASE WHEN v = '' THEN NULL ELSE ascii(v) END",
    # ---------- text to numbers
    "ts_text_to_binary_digits(v)": "v",
    # ---------- numbers
    "ts_finite(v, kind)": "CASE WHEN isinf(v) THEN ts_fail(8115, 'Arithmetic overflow error converting expression to data type ' || kind || '.') ELSE v END",
    "ts_divisor(v)": "CASE WHEN v = 0 THEN ts_fail(8134, 'Divide by zero error encountered.') ELSE v END",
    # ---------- moments
    "ts_from_days(n)": "CAST(TIMESTAMP '1900-01-01' + to_days(CAST(n AS INTEGER)) AS TIMESTAMP)",
    "ts_days(v)": "(epoch_us(v) - epoch_us(TIMESTAMP '1900-01-01')) / 86400000000.0",
    "ts_from_micros(n)": "make_timestamp(CAST(n - 62135596800000000 AS BIGINT))",
    "ts_micros(v)": "(epoch_us(CAST(v AS TIMESTAMP)) + 62135596800000000)",
    "ts_round_moment(v, unit)": "ts_from_micros((ts_micros(v) + unit // 2) // unit * unit)",
    "ts_third(n)": "n // 3 * 10000 + CASE n % 3 WHEN 0 THEN 0 WHEN 1 THEN 3000 ELSE 7000 END",
    "ts_datetime(v)": "CASE WHEN ts_micros(v) % 10000 IN (0, 3000, 7000) THEN v ELSE ts_from_micros(ts_third((ts_micros(v) * 3 + 5000) // 10000)) END",
    "ts_since_1753(v, source)": "CASE WHEN year(v) < 1753 THEN ts_fail(242, 'The conversion of a ' || source || ' data type to a datetime data type resulted in an out-of-range value.') ELSE v END",
    "ts_in_range(v)": "CASE WHEN year(v) BETWEEN 1 AND 9999 OR v IS NULL THEN v ELSE ts_fail(517, 'Adding a value to a date column caused an overflow.') END",
    "ts_week_number(v)": "(ts_micros(v) // 86400000000 + 1) // 7",
    "ts_week_of_year(v)": "(dayofyear(v) + dayofweek(CAST(date_trunc('year', v) AS DATE)) - 1) // 7 + 1",
    "ts_checked_difference(n)": "CASE WHEN n NOT BETWEEN -2147483648 AND 2147483647 THEN ts_fail(535, 'The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.') ELSE CAST(n AS INTEGER) END",
    "ts_date(y, m, d)": "CASE WHEN y IS NULL OR m IS NULL OR d IS NULL THEN NULL ELSE coalesce(TRY_CAST(printf('%04d-%02d-%02d', y, m, d) AS DATE), ts_fail(289, 'Cannot construct data type date, some of the arguments have values which are not valid.')) END",
    "ts_offset_text(m)": "CASE WHEN m < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(m) // 60, abs(m) % 60)",
    # ---------- bytes
    "ts_left_bytes(v, n)": "CASE WHEN octet_length(v) <= n THEN v ELSE unhex(left(hex(v), 2 * n)) END",
    "ts_pad_bytes(v, n)": "CASE WHEN octet_length(v) >= n THEN v ELSE unhex(rpad(hex(v), CAST(2 * n AS INTEGER), '0')) END",
}


def _integers() -> dict[str, str]:
    """ts_text_to_int(v, source) and ts_try_text_to_int(v), for each integer type: blank text is 0."""
    found: dict[str, str] = {}
    for name, duckdb in INTEGER_TYPES.items():
        overflow = (
            f"ts_fail(8115, 'Arithmetic overflow error converting expression to data type {name}.')" if name == "bigint"
            else f"ts_fail(244, 'The conversion of the ' || source || ' value ''' || v || ''' overflowed an {'INT1' if name == 'tinyint' else 'INT2'} column. Use a larger integer column.')" if name != "int"
            else "ts_fail(248, 'The conversion of the ' || source || ' value ''' || v || ''' overflowed an int column.')"
        )  # fmt: skip
        wrong = (
            f"ts_fail(245, 'Conversion failed when converting the ' || source || ' value ''' || v || ''' to data type {name}.')"
            if name != "bigint"
            else "ts_fail(8114, 'Error converting data type ' || source || ' to bigint.')"
        )
        pattern = "regexp_full_match(v, '\\s*[+-]?[0-9]+\\s*')"
        found[f"ts_text_to_{name}(v, source)"] = (
            f"CASE WHEN v IS NULL THEN NULL WHEN {pattern} THEN coalesce(TRY_CAST(trim(v) AS {duckdb}), {overflow}) WHEN trim(v) = '' THEN 0 ELSE {wrong} END"
        )
        found[f"ts_try_text_to_{name}(v)"] = (
            f"CASE WHEN {pattern} THEN TRY_CAST(trim(v) AS {duckdb}) WHEN trim(v) = '' THEN CAST(0 AS {duckdb}) END"
        )
    return found


MACROS.update(_integers())
del MACROS["ts_text_to_binary_digits(v)"]


def statements() -> list[str]:
    """CREATE MACRO of each, those first that others use: DuckDB binds a macro when it is made."""
    heads = {head.split("(")[0]: head for head in MACROS}
    ordered: dict[str, None] = {}

    def add(name: str) -> None:
        for used in re.findall(r"\bts_\w+", MACROS[heads[name]]):
            if used in heads and used != name and used not in ordered:
                add(used)
        ordered.setdefault(name)

    for name in heads:
        add(name)
    return [f"CREATE OR REPLACE TEMPORARY MACRO {heads[name]} AS ({MACROS[heads[name]]})" for name in ordered]
