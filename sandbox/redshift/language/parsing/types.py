"""Names of types in casts and definitions of columns."""

from __future__ import annotations

from sandbox.redshift.language.parsing.reader import Reader
from sandbox.redshift.language.refusal import GUIDE, NO_OBJECT, Refused
from sandbox.redshift.language.tokens import QUOTED, WORD
from sandbox.redshift.language.tree import TypeName
from sandbox.redshift.language.types import NAMES, UNSUPPORTED_TYPES

ZONED = frozenset(["timestamp", "time"])
MAX_LENGTH = {
    "varchar": 65535,
    "character varying": 65535,
    "nvarchar": 65535,
    "varbyte": 1024000,
    "varbinary": 1024000,
}


class TypeReader(Reader):
    """Reads a type, with its sizes in brackets."""

    def type_name(self) -> TypeName:
        token = self.token
        at = token.position
        if token.kind not in (WORD, QUOTED):
            raise self.unexpected("c_Supported_data_types.html")
        name = (token.key or token.value).lower()
        self.index += 1
        if name == "pg_catalog" and self.sees("."):
            self.index += 1
            name = self.label()
        name = self._second_word(name)
        if name == "interval":
            name = self._interval_type()
        sizes = self._sizes(name)
        if name in ZONED:
            for zone in ("with", "without"):
                if self.take(zone, "time", "zone"):
                    name = f"{name} {zone} time zone"
        if self.sees("[") or name == "array":
            message = (
                f'type "{name}[]" is not supported' if name != "array" else 'type "array" does not exist'
            )
            raise Refused(NO_OBJECT, message, GUIDE + "c_unsupported-postgresql-datatypes.html", at)
        if name not in NAMES:
            page = (
                "c_unsupported-postgresql-datatypes.html"
                if name in UNSUPPORTED_TYPES
                else "c_Supported_data_types.html"
            )
            raise Refused(NO_OBJECT, f'type "{name}" does not exist', GUIDE + page, at)
        return TypeName(name, sizes, at)

    def _second_word(self, name: str) -> str:
        if name == "double":
            self.expect("precision")
            return "double precision"
        if name in ("character", "char", "nchar", "binary", "bit") and self.take("varying"):
            return {"binary": "binary varying", "bit": "bit"}.get(name, "character varying")
        if name == "national":
            if not self.take("character"):
                self.expect("char")
            return "character varying" if self.take("varying") else "character"
        return name

    def _interval_type(self) -> str:
        if self.take("year", "to", "month"):
            return "interval year to month"
        if self.take("day", "to", "second"):
            return "interval day to second"
        return "interval"

    def _sizes(self, name: str) -> tuple[int, ...]:
        if not self.sees("("):
            return ()
        self.index += 1
        sizes = []
        while True:
            if name in MAX_LENGTH and self.take("max"):
                sizes.append(MAX_LENGTH[name])
            else:
                sizes.append(self.whole_number())
            if not self.take(","):
                break
        self.expect(")")
        if len(sizes) > (2 if NAMES.get(name) == "numeric" else 1):
            raise Refused(
                "42601",
                f'type modifier is not allowed for type "{name}"',
                GUIDE + "c_Supported_data_types.html",
                self.at,
            )
        return tuple(sizes)
