"""PostgreSQL's answers in Redshift's words: types of columns, tags, and the fields of errors.

Types: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.redshift.wire import messages

# OIDs that Redshift's drivers know instead of PostgreSQL's: TEXT is VARCHAR, JSONB is how SUPER is kept.
TYPES = {25: 1043, 19: 1043, 705: 1043, 3802: 4000, 114: 4000, 17: 6551}
BYTEA = 17
INTERVAL = 1186
_column = struct.Struct("!ihihih")


@dataclass
class Unlike:
    """Indexes of a result's columns whose values PostgreSQL sends otherwise than Redshift."""

    varbytes: list[int] = field(default_factory=list)
    intervals: list[int] = field(default_factory=list)

    def in_formats(self, formats: Sequence[int]) -> Unlike:
        """Those that differ in the formats of a Bind: none said is text, one said is for all."""
        if 1 not in formats:
            return Unlike(self.varbytes)
        return Unlike(self.varbytes, [i for i in self.intervals if formats[i if len(formats) > 1 else 0]])


def formats_of(bind: bytes) -> tuple[int, ...]:
    """The formats of the result's columns that a Bind's body asks for; 1 is binary."""
    at = bind.index(b"\0", bind.index(b"\0") + 1) + 1
    (count,) = struct.unpack_from("!h", bind, at)
    at += 2 + 2 * count
    (parameters,) = struct.unpack_from("!h", bind, at)
    at += 2
    for _ in range(parameters):
        (size,) = struct.unpack_from("!i", bind, at)
        at += 4 + max(size, 0)
    (count,) = struct.unpack_from("!h", bind, at)
    return struct.unpack_from(f"!{count}h", bind, at + 2)


def row_description(body: bytes) -> tuple[bytes, Unlike]:
    """A RowDescription's body with Redshift's types, and the columns whose values are to be changed."""
    (count,) = struct.unpack_from("!h", body)
    out = bytearray(body[:2])
    at = 2
    unlike = Unlike()
    for index in range(count):
        end = body.index(b"\0", at) + 1
        table, number, oid, size, modifier, form = _column.unpack_from(body, end)
        if oid == BYTEA:
            unlike.varbytes.append(index)
        elif oid == INTERVAL:
            unlike.intervals.append(index)
        out += body[at:end]
        out += _column.pack(table, number, TYPES.get(oid, oid), size, modifier, form)
        at = end + _column.size
    return bytes(out), unlike


def tag(kind: str, postgres: str) -> str:
    """The command tag that Redshift sends for a statement of this kind (language.Prepared.kind)."""
    if postgres.startswith("REFRESH"):
        return "REFRESH"
    return postgres


TOO_LONG = "redshift_bytes_"


def error(fields: dict[str, str]) -> dict[str, str]:
    """The fields of PostgreSQL's error as Redshift gives them: without what PostgreSQL 8.0 had not."""
    kept = {k: v for k, v in fields.items() if k in "SCMDHFLR"}
    kept["M"] = _without_our_schemas(kept.get("M", ""))
    if "D" in kept:
        kept["D"] = _without_our_schemas(kept["D"])
    constraint = fields.get("n", "")
    if fields.get("C") == "23514" and constraint.startswith(TOO_LONG):
        return _too_long(kept, constraint)
    if fields.get("C") == "40001":
        return _serialization(kept, fields)
    if fields.get("C") == "40P01":
        kept["M"] = "deadlock detected"
    return kept


def _without_our_schemas(message: str) -> str:
    return re.sub(r'"?\b(?:redshift_catalog|redshift)"?\.(?=["\w])', "", message)


def _too_long(kept: dict[str, str], constraint: str) -> dict[str, str]:
    # VARCHAR(n) counts bytes; the rule that holds it carries its length in its name
    kind, length = constraint.removeprefix(TOO_LONG).split("_")[:2]
    word = "character varying" if kind == "v" else "character"
    kept |= {"C": "22001", "M": f"value too long for type {word}({length})"}
    kept.pop("D", None)
    return kept


def _serialization(kept: dict[str, str], fields: dict[str, str]) -> dict[str, str]:
    # c_serial_isolation-serializable-isolation-troubleshooting; PostgreSQL does not say which table or transactions
    detail = "Serializable isolation violation on table"
    return kept | {"C": "XX000", "M": "1023", "D": detail, "H": fields.get("M", "")}


def as_redshift_sends(rows: bytes, unlike: Unlike) -> bytes:
    """DataRow messages with VARBYTE as hexadecimal digits without PostgreSQL's \\x, and with binary intervals of 12 bytes.

    Redshift's interval is that of PostgreSQL 8.0, microseconds and months; PostgreSQL has had days of their own since.
    """
    out = bytearray()
    at = 0
    while at < len(rows):
        (size,) = struct.unpack_from("!i", rows, at + 1)
        cells = messages.cells(rows[at + 5 : at + 1 + size])
        for index in unlike.varbytes:
            cell = cells[index]
            if cell is not None and cell.startswith(b"\\x"):
                cells[index] = cell[2:]
        for index in unlike.intervals:
            cell = cells[index]
            if cell is not None and len(cell) == 16:
                microseconds, days, months = struct.unpack("!qii", cell)
                cells[index] = struct.pack("!qi", microseconds + days * 86_400_000_000, months)
        body = struct.pack("!h", len(cells))
        for cell in cells:
            body += b"\xff\xff\xff\xff" if cell is None else struct.pack("!i", len(cell)) + cell
        out += messages.message(b"D", body)
        at += 1 + size
    return bytes(out)
