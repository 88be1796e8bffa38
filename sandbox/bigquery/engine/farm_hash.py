"""FARM_FINGERPRINT: the 64-bit fingerprint of FarmHash, as a signed number.

https://github.com/google/farmhash (Fingerprint64, which is FarmHash's "na" variant and is frozen)
"""

from __future__ import annotations

from sandbox.bigquery.engine.python_functions import engine_function

MASK = (1 << 64) - 1
K0, K1, K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def _word(data: bytes, at: int, size: int = 8) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _rotate(value: int, by: int) -> int:
    return (value >> by | value << (64 - by)) & MASK


def _mix(value: int) -> int:
    return value ^ value >> 47


def _pair(u: int, v: int, multiplier: int) -> int:
    a = _mix((u ^ v) * multiplier & MASK)
    b = _mix((v ^ a) * multiplier & MASK)
    return b * multiplier & MASK


def _to_16(s: bytes) -> int:
    n = len(s)
    multiplier = (K2 + n * 2) & MASK
    if n >= 8:
        a = (_word(s, 0) + K2) & MASK
        b = _word(s, n - 8)
        c = (_rotate(b, 37) * multiplier + a) & MASK
        d = ((_rotate(a, 25) + b) * multiplier) & MASK
        return _pair(c, d, multiplier)
    if n >= 4:
        return _pair((n + (_word(s, 0, 4) << 3)) & MASK, _word(s, n - 4, 4), multiplier)
    if n:
        y = s[0] + (s[n >> 1] << 8)
        z = n + (s[n - 1] << 2)
        return _mix((y * K2 ^ z * K0) & MASK) * K2 & MASK
    return K2


def _to_32(s: bytes) -> int:
    n = len(s)
    multiplier = (K2 + n * 2) & MASK
    a = _word(s, 0) * K1 & MASK
    b = _word(s, 8)
    c = _word(s, n - 8) * multiplier & MASK
    d = _word(s, n - 16) * K2 & MASK
    u = (_rotate((a + b) & MASK, 43) + _rotate(c, 30) + d) & MASK
    return _pair(u, (a + _rotate((b + K2) & MASK, 18) + c) & MASK, multiplier)


def _to_64(s: bytes) -> int:
    n = len(s)
    multiplier = (K2 + n * 2) & MASK
    a = _word(s, 0) * K2 & MASK
    b = _word(s, 8)
    c = _word(s, n - 8) * multiplier & MASK
    d = _word(s, n - 16) * K2 & MASK
    y = (_rotate((a + b) & MASK, 43) + _rotate(c, 30) + d) & MASK
    z = _pair(y, (a + _rotate((b + K2) & MASK, 18) + c) & MASK, multiplier)
    e = _word(s, 16) * multiplier & MASK
    f = _word(s, 24)
    g = (y + _word(s, n - 32)) * multiplier & MASK
    h = (z + _word(s, n - 24)) * multiplier & MASK
    u = (_rotate((e + f) & MASK, 43) + _rotate(g, 30) + h) & MASK
    return _pair(u, (e + _rotate((f + a) & MASK, 18) + g) & MASK, multiplier)


def _weak(s: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    w, x, y, z = (_word(s, at + i) for i in (0, 8, 16, 24))
    a = (a + w) & MASK
    b = _rotate((b + a + z) & MASK, 21)
    c = a
    a = (a + x + y) & MASK
    b = (b + _rotate(a, 44)) & MASK
    return (a + z) & MASK, (b + c) & MASK


def fingerprint(s: bytes) -> int:
    """The unsigned 64-bit fingerprint."""
    n = len(s)
    if n <= 16:
        return _to_16(s)
    if n <= 32:
        return _to_32(s)
    if n <= 64:
        return _to_64(s)
    x = 81
    y = (81 * K1 + 113) & MASK
    z = _mix((y * K2 + 113) & MASK) * K2 & MASK
    v, w = (0, 0), (0, 0)
    x = (x * K2 + _word(s, 0)) & MASK
    end = (n - 1) // 64 * 64
    last = end + (n - 1 & 63) - 63
    for at in range(0, end, 64):
        x = _rotate((x + y + v[0] + _word(s, at + 8)) & MASK, 37) * K1 & MASK
        y = _rotate((y + v[1] + _word(s, at + 48)) & MASK, 42) * K1 & MASK
        x ^= w[1]
        y = (y + v[0] + _word(s, at + 40)) & MASK
        z = _rotate((z + w[0]) & MASK, 33) * K1 & MASK
        v = _weak(s, at, v[1] * K1 & MASK, (x + w[0]) & MASK)
        w = _weak(s, at + 32, (z + w[1]) & MASK, (y + _word(s, at + 16)) & MASK)
        z, x = x, z
    multiplier = (K1 + ((z & 0xFF) << 1)) & MASK
    w = ((w[0] + (n - 1 & 63)) & MASK, w[1])
    v = ((v[0] + w[0]) & MASK, v[1])
    w = ((w[0] + v[0]) & MASK, w[1])
    x = _rotate((x + y + v[0] + _word(s, last + 8)) & MASK, 37) * multiplier & MASK
    y = _rotate((y + v[1] + _word(s, last + 48)) & MASK, 42) * multiplier & MASK
    x ^= w[1] * 9 & MASK
    y = (y + v[0] * 9 + _word(s, last + 40)) & MASK
    z = _rotate((z + w[0]) & MASK, 33) * multiplier & MASK
    v = _weak(s, last, v[1] * multiplier & MASK, (x + w[0]) & MASK)
    w = _weak(s, last + 32, (z + w[1]) & MASK, (y + _word(s, last + 16)) & MASK)
    z, x = x, z
    return _pair(
        (_pair(v[0], w[0], multiplier) + _mix(y) * K0 + z) & MASK,
        (_pair(v[1], w[1], multiplier) + x) & MASK,
        multiplier,
    )


@engine_function(["VARCHAR"], "BIGINT")
def bq_farm_fingerprint(text: str) -> int:
    value = fingerprint(text.encode())
    return value - (1 << 64) if value >> 63 else value
