"""Reading tokens one after another."""

from __future__ import annotations

from sandbox.redshift.language.refusal import GUIDE, SYNTAX, Refused
from sandbox.redshift.language.reserved_words import RESERVED
from sandbox.redshift.language.tokens import END, NUMBER, QUOTED, TEXT, WORD, Token


class Reader:
    """A place in a list of tokens; the parser's classes build on it."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.index = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    @property
    def at(self) -> int:
        return self.tokens[self.index].start + 1

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def sees(self, *keys: str) -> bool:
        """Whether the next token is one of these words or symbols."""
        return self.tokens[self.index].key in keys

    def sees_all(self, *keys: str) -> bool:
        """Whether the next tokens are these, in order."""
        first = self.index
        tokens = self.tokens
        if tokens[first].key != keys[0] or first + len(keys) > len(tokens):
            return False
        return all(tokens[first + offset].key == key for offset, key in enumerate(keys))

    def take(self, *keys: str) -> bool:
        """Step over these words in order, if they are next."""
        if self.sees_all(*keys):
            self.index += len(keys)
            return True
        return False

    def expect(self, *keys: str) -> None:
        for key in keys:
            if self.tokens[self.index].key != key:
                raise self.unexpected()
            self.index += 1

    def step(self) -> Token:
        token = self.tokens[self.index]
        if token.kind != END:
            self.index += 1
        return token

    def unexpected(self, page: str = "c_SQL_commands.html") -> Refused:
        """Redshift's own words for what does not parse."""
        token = self.token
        if token.kind == END or token.key == ";":
            where = ";" if token.key == ";" else "end of input"
            message = (
                "syntax error at end of input" if token.kind == END else f'syntax error at or near "{where}"'
            )
            return Refused(SYNTAX, message, GUIDE + page, token.position)
        return Refused(
            SYNTAX,
            f'syntax error at or near "{self.text[token.start : token.end]}"',
            GUIDE + page,
            token.position,
        )

    # ---------- names and values

    def name(self) -> str:
        """A name that is no reserved word, or any in quotes."""
        token = self.tokens[self.index]
        if token.kind == QUOTED or (token.kind == WORD and token.key not in RESERVED):
            self.index += 1
            return token.value
        raise self.unexpected("r_pg_keywords.html" if token.kind == WORD else "r_names.html")

    def label(self) -> str:
        """What may follow AS or a dot: reserved words too."""
        token = self.tokens[self.index]
        if token.kind in (QUOTED, WORD):
            self.index += 1
            return token.value
        raise self.unexpected("r_names.html")

    def names(self) -> list[str]:
        """(name, …) without the brackets."""
        found = [self.name()]
        while self.take(","):
            found.append(self.name())
        return found

    def bracketed_names(self) -> list[str]:
        self.expect("(")
        found = self.names()
        self.expect(")")
        return found

    def qualified(self, most: int = 3) -> list[str]:
        """[database.][schema.]name; in FROM also the way into a SUPER column."""
        parts = [self.name()]
        while self.sees("."):
            self.index += 1
            parts.append(self.label())
        if len(parts) > most:
            raise self.unexpected("r_names.html")
        return parts

    def text_value(self) -> str:
        token = self.token
        if token.kind != TEXT:
            raise self.unexpected()
        self.index += 1
        return token.value

    def whole_number(self) -> int:
        token = self.token
        if token.kind != NUMBER or not token.value.isdigit():
            raise self.unexpected()
        self.index += 1
        return int(token.value)

    @property
    def ended(self) -> bool:
        return self.tokens[self.index].kind == END or self.tokens[self.index].key == ";"


def schema_and_name(parts: list[str]) -> tuple[str | None, str]:
    """The database before them is this one; another is refused where tables are written."""
    return (parts[-2] if len(parts) > 1 else None, parts[-1])
