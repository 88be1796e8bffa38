"""A collation's five bytes on the wire: locale, comparison flags, version, sort id.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/3d29e8dc-218a-42c6-9ba4-947ebca9fd7e
"""

from __future__ import annotations

ENGLISH = 0x0409
BINARY2, UTF8 = 0x20, 0x40  # bits of the byte of flags (20 to 27 of the whole)

KNOWN = {
    # fBinary2 and fUTF8, version 2 (the "100" collations), no sort id
    "Latin1_General_100_BIN2_UTF8": (ENGLISH | (BINARY2 | UTF8) << 20 | 2 << 28).to_bytes(4, "little")
    + b"\x00",
    # case-insensitive, ignoring kana and width; sort id 52
    "SQL_Latin1_General_CP1_CI_AS": bytes([0x09, 0x04, 0xD0, 0x00, 0x34]),
}


def code_page(collation: str) -> str:
    """Python's name of the encoding of char and varchar under this collation."""
    return "utf-8" if collation.upper().endswith("_UTF8") else "cp1252"
