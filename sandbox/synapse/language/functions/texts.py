"""Text functions in Python, for what is rare: characters beyond ASCII, floats as text, bytes, soundex."""

from __future__ import annotations

import hashlib


def cut_utf8(text: str, size: int) -> str:
    """The longest beginning of at most `size` bytes of UTF-8 that ends between characters."""
    return text.encode()[:size].decode(errors="ignore")


def cut_utf16(text: str, size: int) -> str:
    """The longest beginning of at most `size` byte pairs."""
    return text.encode("utf-16-le")[: 2 * size].decode("utf-16-le", errors="ignore")


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def change_case(text: str, upper: bool) -> str:
    """One character for one: 'ß' stays, as in Windows' collations."""
    return "".join(_cased(character, upper) for character in text)


def _cased(character: str, upper: bool) -> str:
    changed = character.upper() if upper else character.lower()
    return changed if len(changed) == 1 else character


def only_cp1252(text: str) -> str:
    return text.encode("cp1252", errors="replace").decode("cp1252")


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def cp1252(text: str) -> bytes:
    return text.encode("cp1252", errors="replace")


def decode(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="replace")


def sha512(data: bytes) -> bytes:
    return hashlib.sha512(data).digest()


def float_text(value: float, style: int) -> str:
    """CONVERT(varchar, float, style): 0 six digits at most, 1 eight digits, 2 sixteen, 3 seventeen.

    The exponent has three digits: 1.23457e+006.
    """
    if style == 0:
        return _with_exponent(f"{value:.6g}")
    digits = {1: 7, 2: 15, 3: 16}[style]
    return _with_exponent(f"{value:.{digits}e}")


def _with_exponent(text: str) -> str:
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return "0" if mantissa == "-0" else mantissa
    return f"{mantissa}e{exponent[0]}{int(exponent[1:]):03d}"


def str_function(value: float, length: int, decimals: int) -> str:
    """STR(): right-justified, rounded; asterisks if the integral part does not fit."""
    decimals = max(0, min(decimals, 16))
    text = f"{value:.{decimals}f}"
    integral = text.partition(".")[0]
    if len(integral) > length:
        return "*" * length
    if len(text) > length:
        text = f"{value:.{max(0, length - len(integral) - 1)}f}"[:length].rstrip(".")
    return text.rjust(length)


def soundex(text: str) -> str:
    """Four characters; H and W between two letters of one code do not part them."""
    codes = dict(zip("BFPVCGJKQSXZDTLMNR", "111122222222334556", strict=True))
    letters = [c for c in text.upper() if "A" <= c <= "Z"]
    if not letters:
        return "0000"
    result, last = letters[0], codes.get(letters[0], "")
    for letter in letters[1:]:
        code = codes.get(letter, "")
        if code and code != last:
            result += code
        if letter not in "HW":
            last = code
    return (result + "000")[:4]


def quote_name(text: str, mark: str) -> str | None:
    """QUOTENAME: NULL for more than 128 characters or an unknown mark."""
    pairs = {
        "[": ("[", "]"),
        "]": ("[", "]"),
        "'": ("'", "'"),
        '"': ('"', '"'),
        "(": ("(", ")"),
        ")": ("(", ")"),
        "<": ("<", ">"),
        ">": ("<", ">"),
        "{": ("{", "}"),
        "}": ("{", "}"),
        "`": ("`", "`"),
    }
    if len(text) > 128 or mark[:1] not in pairs:
        return None
    left, right = pairs[mark[:1]]
    return left + text.replace(right, right + right) + right


def reverse(text: str) -> str:
    return text[::-1]


def binary_to_integer(data: bytes) -> int:
    """The last eight bytes, as a signed number when all eight are there."""
    tail = data[-8:]
    return int.from_bytes(tail, "big", signed=len(tail) == 8) if tail else 0


def is_numeric(text: str) -> int:
    """ISNUMERIC: 1 for what CAST takes as a number or money, with its known oddities (+, -, $, . and ,)."""
    trimmed = text.strip()
    if trimmed in ("+", "-", ".", ",", "$", "+.", "-.", "$.", "+$", "-$"):
        return 1
    body = trimmed
    if body[:1] in "+-" and body:
        body = body[1:]
    money = body.lstrip("$£€").replace(",", "")
    for candidate in (body, money):
        mantissa, mark, exponent = candidate.lower().replace("d", "e").partition("e")
        whole = mantissa.replace(".", "", 1)
        if (
            whole.isascii()
            and whole.isdigit()
            and (not mark or (candidate is body and _is_exponent(exponent)))
        ):
            return 1
    return 0


def _is_exponent(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit() and int(digits) <= 308
