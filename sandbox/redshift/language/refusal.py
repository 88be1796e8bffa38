"""The answer to SQL that Redshift refuses, and to SQL that this stand-in does not do faithfully."""

from __future__ import annotations

GUIDE = "https://docs.aws.amazon.com/redshift/latest/dg/"

SYNTAX = "42601"
NO_FEATURE = "0A000"
NO_FUNCTION = "42883"
NO_TABLE = "42P01"
NO_COLUMN = "42703"
AMBIGUOUS = "42702"
TYPE_MISMATCH = "42804"
GROUPING = "42803"
NO_OBJECT = "42704"
BAD_NAME = "42602"


class Refused(Exception):
    """A statement that does not run: SQLSTATE, a message, the page that says so, and the 1-based position in the text
    (0: the whole statement)."""

    def __init__(self, sqlstate: str, message: str, hint: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.message = message
        self.hint = hint
        self.position = position


def unsupported(what: str, position: int = 0, page: str = "") -> Refused:
    """Valid on Redshift, and not done here: it would be a guess."""
    return Refused(
        NO_FEATURE, f"not supported by the stand-in: {what}", GUIDE + page if page else "", position
    )


def refused(message: str, position: int, page: str, sqlstate: str = NO_FEATURE) -> Refused:
    """What Redshift itself refuses; ``page`` is of the Developer Guide."""
    return Refused(sqlstate, message, GUIDE + page, position)
