"""Names between Redshift and PostgreSQL: system relations that are ours, and names of 64 to 127 bytes.

PostgreSQL cuts a name after 63 bytes. A longer one lives there under a short name (its beginning and a hash), written to a
file before its first use; results and errors give the whole name back.
https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
"""

from __future__ import annotations

import hashlib
import re
import struct
from pathlib import Path

from sandbox.redshift.wire import messages

MOST = 63
SHORT = re.compile(rb"~[0-9a-f]{16}")
LEXEME = re.compile(
    r"""
      (?P<comment>--[^\n]*|/\*.*?\*/)
    | (?P<text>'(?:[^']|'')*')
    | (?P<dollar>\$(?P<mark>[A-Za-z_]?\w*)\$.*?\$(?P=mark)\$)
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<word>[^\W\d][\w$]*)
    """,
    re.VERBOSE | re.DOTALL,
)
SYSTEM_WORD = re.compile(r"\b(?:pg_catalog|information_schema)\b", re.IGNORECASE)
LONG_WORD = re.compile(r"[\w$ -]{32,}")


class Names:
    """The long names that were ever used, and the system relations that stand before PostgreSQL's own."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._short: dict[str, str] = {}
        self._long: dict[bytes, str] = {}
        # our relations and functions, by the schema of PostgreSQL before which they stand: where they are, and which
        self.system: dict[str, tuple[str, frozenset[str]]] = {}
        if file is not None and file.exists():
            for name in file.read_text(encoding="utf-8").split("\0"):
                if name:
                    self._keep(name)

    def short(self, name: str) -> str:
        """The name that PostgreSQL knows it by; the same for a name of up to 63 bytes."""
        if len(name) <= MOST // 4 or len(name.encode()) <= MOST:
            return name
        known = self._short.get(name)
        if known is None:
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(name + "\0")
            known = self._keep(name)
        return known

    def _keep(self, name: str) -> str:
        beginning = name.encode()[: MOST - 17].decode(errors="ignore")
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        short = f"{beginning}~{digest}"
        self._short[name] = short
        self._long[short.encode()] = name
        return short

    def for_postgres(self, sql: str) -> str:
        """A prepared statement with short names, and with our system relations where it says pg_catalog."""
        if not SYSTEM_WORD.search(sql) and not LONG_WORD.search(sql):
            return sql
        out: list[str] = []
        at = 0
        catalog, catalog_ended = "", -1
        for found in LEXEME.finditer(sql):
            group = found.lastgroup
            if group == "mark":
                group = "dollar"
            text = found.group()
            replacement = text
            if group in ("quoted", "word"):
                name = text[1:-1].replace('""', '"') if group == "quoted" else text.lower()
                if catalog_ended >= 0 and sql[catalog_ended : found.start()].strip() == ".":
                    out[-1] = self.system_schema(catalog, name)
                elif len(name) > MOST // 4 and len(name.encode()) > MOST:
                    replacement = '"' + self.short(name).replace('"', '""') + '"'
                catalog, catalog_ended = (name, found.end()) if name in self.system else ("", -1)
            elif (group == "text" and len(text) > MOST) or group == "dollar":
                replacement = self._text(text)
            if replacement is not text or catalog_ended == found.end():
                out.append(sql[at : found.start()])
                out.append(replacement)
                at = found.end()
        out.append(sql[at:])
        return "".join(out)

    def system_schema(self, schema: str, name: str) -> str:
        """Where a relation or function is that a statement looks for in this schema."""
        ours, names = self.system.get(schema, ("", frozenset()))
        return ours if name in names else schema

    def _text(self, literal: str) -> str:
        for name, short in self._short.items():
            if name in literal:
                literal = literal.replace(name, short)
        return literal

    def whole(self, text: str) -> str:
        """A text with every short name in it made long again."""
        return self.whole_bytes(text.encode()).decode() if self._long else text

    def whole_bytes(self, value: bytes) -> bytes:
        if not self._long or not SHORT.search(value):
            return value
        for short, name in self._long.items():
            if short in value:
                value = value.replace(short, name.encode())
        return value

    def whole_rows(self, rows: bytes) -> bytes:
        """DataRow messages with long names in them; the same bytes where there are none."""
        if not self._long or not SHORT.search(rows):
            return rows
        out = bytearray()
        at = 0
        while at < len(rows):
            (size,) = struct.unpack_from("!i", rows, at + 1)
            out += self._whole_row(rows[at : at + 1 + size])
            at += 1 + size
        return bytes(out)

    def _whole_row(self, row: bytes) -> bytes:
        if not SHORT.search(row):
            return row
        cells = messages.cells(row[5:])
        body = struct.pack("!h", len(cells))
        for cell in cells:
            if cell is None:
                body += b"\xff\xff\xff\xff"
            else:
                cell = self.whole_bytes(cell)
                body += struct.pack("!i", len(cell)) + cell
        return messages.message(b"D", body)

    def whole_description(self, body: bytes) -> bytes:
        """A RowDescription's body with long labels."""
        return self.whole_bytes(body)  # labels are ended by a zero byte, not counted
