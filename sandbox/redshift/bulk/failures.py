"""What goes wrong in COPY and UNLOAD, in Redshift's words.

Codes: https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.redshift.language import Refused

INTERNAL = "XX000"
TYPE_WORDS = {"smallint": "Short", "integer": "Integer", "bigint": "Long", "numeric": "Decimal"}
NOT_A_DIGIT = re.compile(r"[^0-9+\-]")


class CopyFailed(Refused):
    """COPY or UNLOAD could not be done: nothing is loaded."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(INTERNAL, message, "", 0)
        self.detail = detail


@dataclass(frozen=True)
class LoadError:
    """A row of STL_LOAD_ERRORS. ``line`` counts from 1 in the file."""

    file: str
    line: int
    column: str
    type: str
    length: str
    code: int
    reason: str
    raw_line: str = ""
    raw_value: str = ""
    position: int = 0


class BadInput(Exception):
    """A file's content cannot be loaded; ``error`` is the row that tells why."""

    def __init__(self, error: LoadError) -> None:
        super().__init__(error.reason)
        self.error = error


def no_prefix(prefix: str) -> CopyFailed:
    said = f"The specified S3 prefix '{prefix}' does not exist"
    return CopyFailed(said, f"error:  {said}  code: 8001")


def no_bucket(bucket: str) -> CopyFailed:
    said = "S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket"
    return CopyFailed(said, f"error:  {said}  code: 8001  context: Listing bucket={bucket}")


def spectrum(context: str, code: int = 15007) -> CopyFailed:
    """An error of columnar files: they are read by Redshift Spectrum."""
    return CopyFailed(
        f"Spectrum Scan Error: {context}", f"error:  Spectrum Scan Error  code: {code}  context: {context}"
    )


def load_failed(table: str) -> CopyFailed:
    return CopyFailed(f"Load into table '{table}' failed.  Check 'stl_load_errors' system table for details.")


def reason_of(sqlstate: str, message: str, type_name: str, value: str) -> tuple[int, str]:
    """Code and reason of a value that PostgreSQL did not take for a column of this type."""
    word = type_name.split("(")[0]
    if sqlstate == "22001" or (sqlstate == "23514" and "redshift_bytes_" in message):
        return 1204, "String length exceeds DDL length"
    if sqlstate == "23502":
        return 1213, "Missing data for not-null field"
    if sqlstate == "22003":
        return (
            (1222, "Integer value overflow")
            if word in TYPE_WORDS and word != "numeric"
            else (1204, "Numeric data overflow")
        )
    if word in TYPE_WORDS:
        found = NOT_A_DIGIT.search(value)
        at = found.start() if found else 0
        return 1207, f"Invalid digit, Value '{value[at : at + 1]}', Pos {at}, Type: {TYPE_WORDS[word]}"
    if word in ("real", "double precision"):
        return 1208, "Invalid float format or value"
    if word == "boolean":
        return 1210, "Unknown boolean format"
    if word == "date":
        return 1205, "Invalid Date Format - length must be 10 or more"
    if word.startswith("time"):
        return 1206, "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]"
    if word == "super":
        return 1224, "Invalid JSON format"
    return 1200, message[:100]
