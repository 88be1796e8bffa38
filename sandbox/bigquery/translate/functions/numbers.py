"""Arithmetic and numbers: INT64 and NUMERIC never overflow silently, a division by zero is an error."""

from __future__ import annotations

from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.translate.registry import Call, same, scalar
from sandbox.bigquery.types import FLOAT64

BIG = {
    "$add",
    "$subtract",
    "$multiply",
    "$divide",
    "round",
    "trunc",
    "nullif",
    "if",
    "coalesce",
    "ifnull",
    "$case_no_value",
    "$is_null",
}

same(abs="abs", sqrt="bq_sqrt", exp="exp", sin="sin", cos="cos", tan="tan", atan="atan", atan2="atan2", cbrt="cbrt",
     is_nan="isnan", is_inf="isinf", bit_count="bq_bit_count")  # fmt: skip

SIGNS = {"$add": "+", "$subtract": "-", "$multiply": "*"}


@scalar("$add", "$subtract")
def add(call: Call) -> str:
    """Numbers, dates with days, and moments with intervals."""
    from sandbox.bigquery.translate.functions.dates import plus_days, plus_interval

    sign, kinds = SIGNS[call.name], [t.kind for t in call.types]
    if call.type.kind == "BIGNUMERIC":
        return f"bq_big_compute('{sign}', {call[0]}, {call[1]})"
    if kinds in (["DATE", "INT64"], ["INT64", "DATE"]):
        date, days = (0, 1) if kinds[0] == "DATE" else (1, 0)
        return plus_days(call[date], call[days], sign)
    if "INTERVAL" in kinds:
        return plus_interval(call, sign)
    if "DATE" in kinds or "TIMESTAMP" in kinds or "DATETIME" in kinds or "TIME" in kinds:
        raise Unsupported("the difference of two dates as an INTERVAL")
    if call.type.kind == "FLOAT64":
        return f"bq_finite({call[0]} {sign} {call[1]}, {call[0]}, {call[1]}, ' {sign} ')"
    if call.type.kind == "NUMERIC":
        return f"CAST({call[0]} {sign} {call[1]} AS DECIMAL(38,9))"
    return f"({call[0]} {sign} {call[1]})"


@scalar("$multiply")
def multiply(call: Call) -> str:
    if "INTERVAL" in [t.kind for t in call.types]:
        raise Unsupported("multiplying an INTERVAL")
    if call.type.kind == "BIGNUMERIC":
        return f"bq_big_compute('*', {call[0]}, {call[1]})"
    if call.type.kind == "FLOAT64":
        return f"bq_finite({call[0]} * {call[1]}, {call[0]}, {call[1]}, ' * ')"
    if call.type.kind == "NUMERIC":
        return f"bq_numeric_multiply({call[0]}, {call[1]})"
    return f"({call[0]} * {call[1]})"


@scalar("$divide")
def divide(call: Call) -> str:
    if call.type.kind == "NUMERIC":
        return f"bq_numeric_divide({call[0]}, {call[1]})"
    if call.type.kind == "BIGNUMERIC":
        return f"bq_big_compute('/', {call[0]}, {call[1]})"
    if call.type != FLOAT64:
        raise Unsupported(f"dividing {call.types[0]}")
    return f"bq_float_divide({call[0]}, {call[1]})"


@scalar("safe_divide")
def safe_divide(call: Call) -> str:
    """NULL for a zero divisor, and where the division fails."""
    whole = "bq_numeric_divide" if call.type.kind == "NUMERIC" else "bq_float_divide"
    return f"CASE WHEN {call[1]} = 0 THEN NULL ELSE TRY({whole}({call[0]}, {call[1]})) END"


@scalar("safe_add", "safe_subtract", "safe_multiply")
def safe_arithmetic(call: Call) -> str:
    name = "$" + call.name.removeprefix("safe_")
    call.name = name
    return f"TRY({multiply(call) if name == '$multiply' else add(call)})"


@scalar("safe_negate")
def safe_negate(call: Call) -> str:
    return f"TRY({unary_minus(call)})"


@scalar("ieee_divide")
def ieee_divide(call: Call) -> str:
    return f"({call[0]} / {call[1]})"


@scalar("$unary_minus")
def unary_minus(call: Call) -> str:
    """Of INT64 by subtraction, because DuckDB widens the negated smallest number to 128 bits."""
    if call.type.kind == "INT64":
        return f"(CAST(0 AS BIGINT) - {call[0]})"
    return f"(-{call[0]})"


@scalar("div")
def div(call: Call) -> str:
    if call.type.kind == "NUMERIC":
        return f"bq_round_numeric(bq_numeric_divide({call[0]}, {call[1]}), 0, 'ROUND_DOWN')"
    return f"bq_div({call[0]}, {call[1]})"


@scalar("mod")
def mod(call: Call) -> str:
    return f"{'bq_numeric_mod' if call.type.kind == 'NUMERIC' else 'bq_mod'}({call[0]}, {call[1]})"


@scalar("round", "trunc")
def round_(call: Call) -> str:
    """Half away from zero; TRUNC towards zero."""
    how = "ROUND_HALF_UP" if call.name == "round" else "ROUND_DOWN"
    if len(call) > 2:
        raise Unsupported("ROUND with a rounding mode")
    digits = call[1] if len(call) > 1 else "CAST(0 AS BIGINT)"
    if call.type.kind == "BIGNUMERIC":
        return f"bq_big_round({call[0]}, {digits}, '{how}')"
    if call.type.kind == "NUMERIC":
        known = 0 if len(call) == 1 else call.values[1]
        if call.name == "round" and known is not None and 0 <= known <= 9:
            return f"CAST(round({call[0]}, {known}) AS DECIMAL(38,9))"
        if call.name == "trunc" and known is not None and 0 <= known <= 9:
            return f"CAST({call[0]} - {call[0]} % CAST(1e-{known} AS DECIMAL(38,9)) AS DECIMAL(38,9))"
        return f"bq_round_numeric({call[0]}, {digits}, '{how}')"
    if len(call) == 1:
        return f"{call.name}({call[0]})"
    return f"bq_round_float({call[0]}, {digits}, '{how}')"


@scalar("ceil", "floor")
def whole(call: Call) -> str:
    return f"CAST({call.name}({call[0]}) AS {call.type.engine})"


@scalar("sign")
def sign(call: Call) -> str:
    if call.type.kind == "FLOAT64":
        return f"CASE WHEN isnan({call[0]}) THEN {call[0]} ELSE CAST(sign({call[0]}) AS DOUBLE) END"
    return f"CAST(sign({call[0]}) AS {call.type.engine})"


@scalar("pow")
def power(call: Call) -> str:
    if call.type != FLOAT64:
        return f"bq_numeric_power({call[0]}, {call[1]})"
    return f"bq_finite(pow({call[0]}, {call[1]}), {call[0]}, {call[1]}, ' ^ ')"


@scalar("asin", "acos", "ln", "log10")
def in_domain(call: Call) -> str:
    """An error outside of the function's domain, where the engine gives NaN or an infinity."""
    if call.type != FLOAT64:
        raise Unsupported(f"{call.name.upper()} of {call.type}")
    return f"bq_in_domain({call.name}({call[0]}), {call[0]}, '{call.name.upper()}')"


@scalar("log")
def log(call: Call) -> str:
    """The natural logarithm, or that to a base."""
    if call.type != FLOAT64:
        raise Unsupported("LOG of NUMERIC")
    return f"bq_in_domain({f'ln({call[0]})' if len(call) == 1 else f'bq_log({call[0]}, {call[1]})'}, {call[0]}, 'LOG')"


@scalar("greatest", "least")
def extreme(call: Call) -> str:
    """NULL if any is NULL; NaN if any is NaN."""
    kind = call.type.kind
    if len(call) == 1:
        return call[0]
    nulls = " OR ".join(f"{a} IS NULL" for a in call.arguments)
    nan = ""
    if kind == "FLOAT64":
        nan = " WHEN " + " OR ".join(f"isnan({a})" for a in call.arguments) + " THEN CAST('NaN' AS DOUBLE)"
    elif kind in ("ARRAY", "STRUCT", "JSON", "INTERVAL"):
        raise Unsupported(f"{call.name.upper()} of {call.type}")
    return f"CASE WHEN {nulls} THEN NULL{nan} ELSE {call.name}({', '.join(call.arguments)}) END"


@scalar("range_bucket")
def range_bucket(call: Call) -> str:
    return f"CASE WHEN {call[0]} IS NULL THEN NULL ELSE CAST(len(list_filter({call[1]}, lambda e: e <= {call[0]})) AS BIGINT) END"


@scalar("$bitwise_and", "$bitwise_or", "$bitwise_xor")
def bitwise(call: Call) -> str:
    if call.type.kind != "INT64":
        raise Unsupported("bitwise operators on BYTES")
    if call.name == "$bitwise_xor":
        return f"xor({call[0]}, {call[1]})"
    return f"({call[0]} {'&' if call.name == '$bitwise_and' else '|'} {call[1]})"


@scalar("$bitwise_not")
def bitwise_not(call: Call) -> str:
    return f"(~{call[0]})"


@scalar("$bitwise_left_shift", "$bitwise_right_shift")
def shift(call: Call) -> str:
    if call.type.kind != "INT64":
        raise Unsupported("shifting BYTES")
    return f"bq_shift_bits({call[0]}, {call[1]}, {'TRUE' if 'left' in call.name else 'FALSE'})"
