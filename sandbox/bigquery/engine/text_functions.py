"""Functions of the engine about text: code points, normal forms, FORMAT's elements, JSON paths."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, localcontext

from sandbox.bigquery.engine.python_functions import bq_float_to_string, engine_function, numeric


@engine_function(["VARCHAR"], "BIGINT[]")
def bq_to_code_points(text: str) -> list[int]:
    return [ord(c) for c in text]


@engine_function(["BIGINT[]"], "VARCHAR")
def bq_code_points_to_string(points: list[int | None]) -> str | None:
    return None if None in points else "".join(chr(p) for p in points if p is not None)


@engine_function(["VARCHAR", "BOOLEAN"], "VARCHAR")
def bq_full_case(text: str, up: bool) -> str:
    return text.upper() if up else text.lower()


# what separates words for INITCAP, beside white space
DELIMITERS = set('[](){}/|<>!?@"^#$&~_,.:;*%+-')


@engine_function(["VARCHAR"], "VARCHAR")
def bq_initcap(text: str) -> str:
    told, start = [], True
    for c in text:
        if c.isspace() or c in DELIMITERS:
            told.append(c)
            start = True
        else:
            told.append(c.upper() if start else c.lower())
            start = False
    return "".join(told)


@engine_function(["VARCHAR"], "VARCHAR")
def bq_soundex(text: str) -> str:
    codes = {c: d for d, letters in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1) for c in letters}
    letters = [c for c in text.upper() if "A" <= c <= "Z"]
    if not letters:
        return ""
    told, last = letters[0], codes.get(letters[0])
    for c in letters[1:]:
        code = codes.get(c)
        if code and code != last:
            told += str(code)
        if c not in "HW":
            last = code
    return told[:4].ljust(4, "0")


@engine_function(["VARCHAR", "VARCHAR", "BIGINT", "BIGINT"], "BIGINT")
def bq_instr(text: str, part: str, position: int, occurrence: int) -> int:
    """Position of an occurrence, counted from a position that may be negative (from the end, backwards)."""
    if position == 0 or occurrence <= 0:
        raise ValueError("INSTR: position must not be 0 and occurrence must be positive")
    if not part:
        return 0
    if position > 0:
        at = position - 1
        for _ in range(occurrence):
            at = text.find(part, at)
            if at < 0:
                return 0
            at += 1
        return at
    end = len(text) + position + len(part)
    at = -1
    for _ in range(occurrence):
        at = text.rfind(part, 0, max(end, 0))
        if at < 0:
            return 0
        end = at + len(part) - 1
    return at + 1


@engine_function(["VARCHAR", "VARCHAR", "VARCHAR"], "VARCHAR")
def bq_translate(text: str, source: str, target: str) -> str:
    if len(set(source)) != len(source):
        raise ValueError("Duplicate character in TRANSLATE source characters")
    return text.translate({ord(c): target[i] if i < len(target) else None for i, c in enumerate(source)})


@engine_function(["VARCHAR", "BIGINT", "BOOLEAN"], "VARCHAR")
def bq_normalize(text: str, mode: int, fold: bool) -> str:
    form = ("NFC", "NFKC", "NFD", "NFKD")[mode]
    return unicodedata.normalize(form, unicodedata.normalize(form, text).casefold() if fold else text)  # type: ignore[arg-type]


@engine_function(["BLOB"], "VARCHAR")
def bq_decode_lossy(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@engine_function(["VARCHAR"], "BLOB")
def bq_sha512(text: str) -> bytes:
    return hashlib.sha512(text.encode()).digest()


@engine_function(["BIGINT", "BIGINT", "BOOLEAN"], "BIGINT")
def bq_shift_bits(value: int, by: int, left: bool) -> int:
    """Shifted bits are lost, and zeros come in."""
    if by < 0:
        raise ValueError("Bitwise shift by negative offset")
    if by >= 64:
        return 0
    bits = value & (2**64 - 1)
    bits = (bits << by) & (2**64 - 1) if left else bits >> by
    return bits - 2**64 if bits >= 2**63 else bits


@engine_function(["DECIMAL(38,9)", "DECIMAL(38,9)"], "DECIMAL(38,9)")
def bq_numeric_power(a: Decimal, b: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 100
        try:
            return numeric(a**b, f"numeric overflow: POW({a}, {b})")
        except ArithmeticError as error:
            raise ValueError(f"POW({a}, {b}) has no value") from error


@engine_function(["DOUBLE", "BIGINT", "VARCHAR"], "DOUBLE")
def bq_round_double(x: float, digits: int, how: str) -> float:
    if not math.isfinite(x) or digits > 400:
        return x
    with localcontext() as context:
        context.prec = 800
        return float(Decimal(x).quantize(Decimal(1).scaleb(-max(digits, -330)), rounding=how))


# ---------- FORMAT


@engine_function(["BIGINT", "VARCHAR"], "VARCHAR")
def bq_format_integer(value: int, spec: str) -> str:
    return _with_groups(spec, value)


@engine_function(["DOUBLE", "VARCHAR"], "VARCHAR")
def bq_format_float(value: float, spec: str) -> str:
    if not math.isfinite(value):
        return bq_float_to_string(value)
    return _with_groups(spec, value)


@engine_function(["DECIMAL(38,9)", "VARCHAR"], "VARCHAR")
def bq_format_numeric(value: Decimal, spec: str) -> str:
    """%f of NUMERIC is exact."""
    found = re.fullmatch(r"%([-+ #0']*)(\d*)(?:\.(\d+))?[fF]", spec)
    if not found:
        raise ValueError(f"not supported by the stand-in: FORMAT {spec} of NUMERIC")
    digits = int(found[3]) if found[3] else 6
    text = f"{value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP):f}"
    return _padded(_grouped(text) if "'" in found[1] else text, found[1], int(found[2] or 0))


def _with_groups(spec: str, value: float) -> str:
    if "'" not in spec:
        return spec % value
    found = re.fullmatch(r"%([-+ #0']*)(\d*)(.*)", spec)
    assert found is not None
    text = _grouped(f"%{found[1].replace(chr(39), '').replace('-', '').replace('0', '')}{found[3]}" % value)
    return _padded(text, found[1], int(found[2] or 0))


def _grouped(text: str) -> str:
    found = re.fullmatch(r"([+\- ]?)(\d+)(.*)", text)
    return f"{found[1]}{int(found[2]):,}{found[3]}" if found else text


def _padded(text: str, flags: str, width: int) -> str:
    return text.ljust(width) if "-" in flags else text.rjust(width, "0" if "0" in flags else " ")


@engine_function(["VARCHAR", "VARCHAR"], "VARCHAR")
def bq_format_text(value: str, spec: str) -> str:
    return spec % value


ESCAPES = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
}


@engine_function(["VARCHAR"], "VARCHAR")
def bq_quoted(text: str) -> str:
    """A literal of SQL: in double quotes unless only those are inside."""
    quote = "'" if '"' in text and "'" not in text else '"'
    told = []
    for c in text:
        if c in ESCAPES:
            told.append(ESCAPES[c])
        elif c == quote:
            told.append("\\" + c)
        elif ord(c) < 32 or ord(c) == 127:
            told.append(f"\\x{ord(c):02x}")
        else:
            told.append(c)
    return quote + "".join(told) + quote


@engine_function(["DOUBLE"], "VARCHAR")
def bq_float_literal(value: float) -> str:
    if not math.isfinite(value):
        return f'CAST("{bq_float_to_string(value)}" AS FLOAT64)'
    text = bq_float_to_string(value)
    return text if re.search(r"[.e]", text) else text + ".0"
