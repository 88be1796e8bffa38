"""DuckDB macros: BigQuery's meaning where DuckDB's own function differs, written in DuckDB's SQL.

``bq_fail(text)`` raises; it is a function of engine/python_functions.py, because DuckDB's error() may not stand
below TRY.
"""

from __future__ import annotations

import re

MACROS: dict[str, str] = {
    # ---------- comparison: NaN equals nothing and is in no order
    "bq_float_eq(a, b)": "CASE WHEN isnan(a) AND b IS NOT NULL THEN FALSE ELSE a = b END",
    "bq_float_ne(a, b)": "CASE WHEN isnan(a) AND b IS NOT NULL THEN TRUE ELSE a <> b END",
    "bq_float_lt(a, b)": "CASE WHEN isnan(a + b) AND (isnan(a) OR isnan(b)) THEN FALSE ELSE a < b END",
    "bq_float_le(a, b)": "CASE WHEN isnan(a + b) AND (isnan(a) OR isnan(b)) THEN FALSE ELSE a <= b END",
    "bq_float_gt(a, b)": "CASE WHEN isnan(a + b) AND (isnan(a) OR isnan(b)) THEN FALSE ELSE a > b END",
    "bq_float_ge(a, b)": "CASE WHEN isnan(a + b) AND (isnan(a) OR isnan(b)) THEN FALSE ELSE a >= b END",
    # ---------- numbers
    "bq_in_domain(y, x, name)": "CASE WHEN (isnan(y) AND NOT isnan(x)) OR (isinf(y) AND NOT isinf(x)) THEN CAST(bq_fail('Floating point error in function: ' || name || '(' || bq_float_to_string(x) || ')') AS DOUBLE) ELSE y END",
    "bq_sqrt(x)": "CASE WHEN x < 0 THEN CAST(bq_fail('Argument to SQRT cannot be negative: ' || bq_float_to_string(x)) AS DOUBLE) ELSE sqrt(x) END",
    "bq_finite(x, a, b, what)": "CASE WHEN isfinite(x) OR NOT isfinite(a) OR NOT isfinite(b) OR x IS NULL THEN x ELSE CAST(bq_fail('double overflow: ' || bq_float_to_string(a) || what || bq_float_to_string(b)) AS DOUBLE) END",
    "bq_float_divide(a, b)": "CASE WHEN b = 0 AND a IS NOT NULL THEN CAST(bq_fail('division by zero: ' || bq_float_to_string(a) || ' / ' || bq_float_to_string(b)) AS DOUBLE) ELSE bq_finite(a / b, a, b, ' / ') END",
    "bq_numeric_divide(a, b)": "CASE WHEN b = 0 AND a IS NOT NULL THEN CAST(bq_fail('division by zero: ' || bq_numeric_to_string(a) || ' / ' || bq_numeric_to_string(b)) AS DECIMAL(38,9)) ELSE bq_scaled_quotient(a, b) END",
    "bq_scaled_quotient(a, b)": "CASE WHEN abs(a) < 100000000000000000000 THEN bq_from_scaled(CAST(sign(a) * sign(b) AS HUGEINT) * ((CAST(abs(a) * 1000000000 AS HUGEINT) * 1000000000 + CAST(abs(b) * 1000000000 AS HUGEINT) // 2) // CAST(abs(b) * 1000000000 AS HUGEINT))) ELSE bq_exact_quotient(a, b) END",
    "bq_from_scaled(x)": "CAST(CAST(x // 1000000000 AS DECIMAL(38,9)) + CAST(CAST(x % 1000000000 AS DECIMAL(10,0)) * 0.000000001 AS DECIMAL(38,9)) AS DECIMAL(38,9))",
    "bq_numeric_multiply(a, b)": "CASE WHEN abs(a) < 10000000000 AND abs(b) < 1000000000 THEN CAST(a * b AS DECIMAL(38,9)) ELSE bq_exact_product(a, b) END",
    "bq_div(a, b)": "CASE WHEN b = 0 AND a IS NOT NULL THEN CAST(bq_fail('division by zero: ' || a || ' / ' || b) AS BIGINT) ELSE a // b END",
    "bq_mod(a, b)": "CASE WHEN b = 0 AND a IS NOT NULL THEN CAST(bq_fail('division by zero: MOD(' || a || ', ' || b || ')') AS BIGINT) ELSE a % b END",
    "bq_numeric_mod(a, b)": "CASE WHEN b = 0 AND a IS NOT NULL THEN CAST(bq_fail('division by zero: MOD') AS DECIMAL(38,9)) ELSE CAST(a % b AS DECIMAL(38,9)) END",
    "bq_round(x)": "round(x)",
    # ---------- text to values
    "bq_string_to_int64(s)": "CASE WHEN regexp_full_match(s, '\\s*[+-]?[0-9]+\\s*') THEN CAST(regexp_replace(s, '\\s', '', 'g') AS BIGINT) ELSE bq_hexadecimal(s) END",
    "bq_string_to_float64(s)": "CASE WHEN regexp_full_match(s, '[+-]?[0-9]{1,15}(\\.[0-9]{1,15})?') THEN CAST(s AS DOUBLE) WHEN regexp_full_match(trim(s), '(?i)[+-]?nan') THEN CAST('NaN' AS DOUBLE) ELSE bq_parse_float(s) END",
    "bq_string_to_numeric(s)": "CASE WHEN regexp_full_match(trim(s), '[+-]?[0-9]{1,20}(\\.[0-9]{0,9})?') THEN CAST(trim(s) AS DECIMAL(38,9)) ELSE bq_parse_numeric(s) END",
    "bq_string_to_bool(s)": "CASE WHEN lower(s) = 'true' THEN TRUE WHEN lower(s) = 'false' THEN FALSE ELSE CAST(bq_fail('Bad bool value: ' || s) AS BOOLEAN) END",
    "bq_string_to_date(s)": "CASE WHEN regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND s >= '0001' THEN bq_checked_date(s) ELSE CAST(bq_parse_civil(s, 'DATE') AS DATE) END",
    "bq_checked_date(s)": "coalesce(TRY_CAST(s AS DATE), CAST(bq_fail('Invalid date: ' || chr(39) || s || chr(39)) AS DATE))",
    "bq_string_to_datetime(s)": "CASE WHEN regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?') AND s >= '0001' AND s[12:13] < '24' THEN coalesce(TRY_CAST(s AS TIMESTAMP), CAST(bq_fail('Invalid datetime string \"' || s || '\"') AS TIMESTAMP)) ELSE CAST(bq_parse_civil(s, 'DATETIME') AS TIMESTAMP) END",
    "bq_string_to_timestamp(s, zone)": "CASE WHEN zone = 'UTC' AND regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|\\+00|\\+00:00)?') AND s >= '0001' AND s[12:13] < '24' THEN coalesce(TRY_CAST(regexp_replace(s, '(Z|\\+00(:00)?)$', '') AS TIMESTAMP), CAST(bq_fail('Invalid timestamp: ' || chr(39) || s || chr(39)) AS TIMESTAMP)) ELSE CAST(bq_parse_timestamp(s, zone) AS TIMESTAMP) END",
    "bq_string_to_time(s)": "CAST(bq_parse_civil(s, 'TIME') AS TIME)",
    # ---------- values to text
    "bq_numeric_to_string(x)": "regexp_replace(CAST(x AS VARCHAR), '\\.?0+$', '')",
    "bq_fraction(x)": "CASE WHEN x % 1000000 = 0 THEN '' WHEN x % 1000 = 0 THEN '.' || lpad(CAST(x % 1000000 // 1000 AS VARCHAR), 3, '0') ELSE '.' || lpad(CAST(x % 1000000 AS VARCHAR), 6, '0') END",
    "bq_date_to_string(x)": "strftime(x, '%Y-%m-%d')",
    "bq_datetime_to_string(x)": "strftime(x, '%Y-%m-%d %H:%M:%S') || bq_fraction(date_part('microseconds', x))",
    "bq_time_to_string(x)": "strftime(DATE '1970-01-01' + x, '%H:%M:%S') || bq_fraction(date_part('microseconds', x))",
    "bq_timestamp_to_string(x, zone)": "bq_datetime_to_string(bq_from_utc(x, zone)) || CASE WHEN zone = 'UTC' THEN '+00' ELSE bq_offset(x, zone) END",
    "bq_interval_to_string(x)": "bq_interval_text(date_part('year', x) * 12 + date_part('month', x), date_part('day', x), epoch_us(x - to_months(CAST(date_part('year', x) * 12 + date_part('month', x) AS INTEGER)) - to_days(CAST(date_part('day', x) AS INTEGER))))",
    # ---------- time zones
    "bq_to_utc(x, zone)": "CASE WHEN zone = 'UTC' THEN x ELSE CAST(bq_shift(x, zone, TRUE) AS TIMESTAMP) END",
    "bq_from_utc(x, zone)": "CASE WHEN zone = 'UTC' THEN x ELSE CAST(bq_shift(x, zone, FALSE) AS TIMESTAMP) END",
    # ---------- dates
    "bq_in_range(x, what)": "CASE WHEN year(x) BETWEEN 1 AND 9999 OR x IS NULL THEN x ELSE CAST(bq_fail(what || ' is out of the range of years 1 to 9999') AS TIMESTAMP) END",
    "bq_week_start(x, first)": "CAST(x AS DATE) - CAST((dayofweek(x) - first + 7) % 7 AS INTEGER)",
    "bq_isoyear_start(y)": "CAST(date_trunc('week', make_date(CAST(y AS BIGINT), 1, 4)) AS DATE)",
    "bq_floor_div(a, b)": "CASE WHEN a % b < 0 THEN a // b - 1 ELSE a // b END",
    "bq_day_series(a, b, n)": "list_transform(generate_series(CAST(0 AS BIGINT), CAST(b - a AS BIGINT), n), lambda i: a + CAST(i AS INTEGER))",
    "bq_month_series(a, b, n)": "list_transform(generate_series(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), to_months(CAST(n AS INTEGER))), lambda d: CAST(d AS DATE))",
    "bq_micros_series(a, b, n)": "list_transform(generate_series(epoch_us(a), epoch_us(b), n), lambda i: make_timestamp(i))",
    # ---------- text and arrays
    "bq_size(n)": "CASE WHEN n < 0 THEN CAST(bq_fail('a length must not be negative') AS BIGINT) ELSE least(n, 1000000000) END",
    "bq_start(s, p)": "CASE WHEN p = 0 THEN 1 WHEN p > 0 THEN p ELSE greatest(length(s) + p + 1, 1) END",
    "bq_upper(s)": "CASE WHEN strlen(s) = length(s) THEN upper(s) ELSE bq_full_case(s, TRUE) END",
    "bq_lower(s)": "CASE WHEN strlen(s) = length(s) THEN lower(s) ELSE bq_full_case(s, FALSE) END",
    "bq_pattern(s)": "CASE WHEN s = '' THEN bq_fail('the pad pattern must not be empty') ELSE s END",
    "bq_split(s, d)": "CASE WHEN s = '' AND d <> '' THEN [''] WHEN s = '' THEN [''] ELSE string_split(s, d) END",
    "bq_ascii(s)": "CASE WHEN s = '' THEN 0 WHEN ascii(s) > 127 THEN CAST(bq_fail('ASCII: not an ASCII character') AS BIGINT) ELSE CAST(ascii(s) AS BIGINT) END",
    "bq_unicode(s)": "CASE WHEN s = '' THEN 0 ELSE CAST(unicode(s) AS BIGINT) END",
    "bq_chr(n)": "chr(CAST(n AS INTEGER))",
    "bq_bytes_substr(b, p, n)": "CASE WHEN p > octet_length(b) THEN CAST('' AS BLOB) ELSE unhex(substring(hex(b), 2 * CASE WHEN p = 0 THEN 1 WHEN p > 0 THEN p ELSE greatest(octet_length(b) + p + 1, 1) END - 1, 2 * bq_size(n))) END",
    "bq_index(a, i, message)": "CASE WHEN i < 1 OR i > len(a) THEN CAST(bq_fail(message) AS BIGINT) ELSE i END",
    "bq_in_array(x, a)": "CASE WHEN a IS NULL OR len(a) = 0 THEN FALSE WHEN x IS NULL THEN NULL WHEN list_contains(a, x) THEN TRUE WHEN list_count(a) < len(a) THEN NULL ELSE FALSE END",
    "bq_step(n)": "CASE WHEN n = 0 THEN CAST(bq_fail('Sequence step cannot be 0.') AS BIGINT) ELSE n END",
    "bq_series(a, b, n)": "list_transform(generate_series(CAST(0 AS BIGINT), CASE WHEN n = 0 THEN CAST(bq_fail('Sequence step cannot be 0.') AS BIGINT) WHEN n > 0 AND a > b OR n < 0 AND a < b THEN -1 ELSE CAST(floor(CAST(b - a AS DOUBLE) / n + 1e-9) AS BIGINT) END, CAST(1 AS BIGINT)), lambda i: a + i * n)",
    "bq_round_float(x, n, how)": "bq_round_double(x, n, how)",
    "bq_bit_count(x)": "CAST(bit_count(x) AS BIGINT)",
    "bq_log(x, b)": "ln(x) / ln(b)",
    "bq_json_integer(x)": "CASE WHEN x BETWEEN -9007199254740992 AND 9007199254740992 THEN CAST(x AS VARCHAR) ELSE '\"' || CAST(x AS VARCHAR) || '\"' END",
    "bq_json_numeric(x)": "CASE WHEN x BETWEEN -9007199254740992 AND 9007199254740992 AND x = trunc(x) THEN bq_numeric_to_string(x) ELSE '\"' || bq_numeric_to_string(x) || '\"' END",
    # ---------- files
    "bq_csv_bool(s)": "CASE WHEN lower(s) IN ('true', 't', 'yes', 'y', '1') THEN TRUE WHEN lower(s) IN ('false', 'f', 'no', 'n', '0') THEN FALSE ELSE CAST(bq_fail('Bad bool value: ' || s) AS BOOLEAN) END",
    "bq_known_fields(found, known)": "CASE WHEN len(list_filter(found, lambda f: NOT list_contains(known, f))) > 0 THEN CAST(bq_fail('no such field: ' || list_filter(found, lambda f: NOT list_contains(known, f))[1] || '.') AS BOOLEAN) ELSE TRUE END",
    "bq_loaded_timestamp(s)": "CASE WHEN regexp_full_match(s, '-?[0-9]+(\\.[0-9]+)?') THEN make_timestamp(CAST(CAST(s AS DECIMAL(38,6)) * 1000000 AS BIGINT)) ELSE bq_string_to_timestamp(s, 'UTC') END",
    # ---------- stored values
    "bq_at_most(s, n)": "CASE WHEN length(s) > n THEN CAST(bq_fail('STRING(' || n || ') has maximum length ' || n || ' but got a value with length ' || length(s)) AS VARCHAR) ELSE s END",
    "bq_bytes_at_most(s, n)": "CASE WHEN octet_length(s) > n THEN CAST(CAST(bq_fail('BYTES(' || n || ') has maximum length ' || n || ' but got a value with length ' || octet_length(s)) AS VARCHAR) AS BLOB) ELSE s END",
}  # fmt: skip


def statements() -> list[str]:
    """CREATE MACRO of each, those first that others use: DuckDB binds a macro when it is made."""
    heads = {head.split("(")[0]: head for head in MACROS}
    ordered: dict[str, None] = {}

    def add(name: str) -> None:
        for used in re.findall(r"\bbq_\w+", MACROS[heads[name]]):
            if used in heads and used not in ordered:
                add(used)
        ordered.setdefault(name)

    for name in heads:
        add(name)
    return [f"CREATE OR REPLACE MACRO {heads[name]} AS ({MACROS[heads[name]]})" for name in ordered]
