"""A place in the tokens of a batch, and what every part of the parser asks of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sandbox.synapse.errors import SqlError, parse_error
from sandbox.synapse.language.nodes import Name, Node
from sandbox.synapse.language.tokens import Token, tokenize
from sandbox.synapse.language.words import RESERVED
from sandbox.synapse.types import MAX, SqlType, make_type

Item = TypeVar("Item")

_TWO_WORDS = {
    ("DOUBLE", "PRECISION"), ("CHAR", "VARYING"), ("CHARACTER", "VARYING"), ("BINARY", "VARYING"),
    ("NATIONAL", "CHAR"), ("NATIONAL", "CHARACTER"), ("NATIONAL CHAR", "VARYING"), ("NATIONAL CHARACTER", "VARYING"),
}  # fmt: skip


class Cursor:
    """Tokens with a position; `parameters`: how many `?` markers were read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.depth = 0
        # what the parser found in the parentheses at a position, so that trying twice costs once
        self.found: dict[int, tuple[Node | SqlError, int]] = {}

    # ---------- looking

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def is_word(self, *words: str) -> bool:
        token = self.tokens[self.position]
        return token.kind == "word" and token.upper in words

    def is_words(self, *words: str) -> bool:
        """Whether these words follow one after the other."""
        return all(
            self.ahead(i).kind == "word" and self.ahead(i).upper == word for i, word in enumerate(words)
        )

    def is_symbol(self, *symbols: str) -> bool:
        token = self.tokens[self.position]
        return token.kind == "symbol" and token.upper in symbols

    def is_identifier(self) -> bool:
        """Whether the token can be a name: quoted, or a word that is not reserved."""
        token = self.tokens[self.position]
        return token.kind == "name" or (token.kind == "word" and token.upper not in RESERVED)

    # ---------- taking

    def advance(self) -> Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def accept_word(self, *words: str) -> bool:
        if self.is_word(*words):
            self.position += 1
            return True
        return False

    def accept_words(self, *words: str) -> bool:
        if self.is_words(*words):
            self.position += len(words)
            return True
        return False

    def accept_symbol(self, symbol: str) -> bool:
        if self.is_symbol(symbol):
            self.position += 1
            return True
        return False

    def expect_word(self, *words: str) -> str:
        if not self.is_word(*words):
            raise self.error()
        return self.advance().upper

    def expect_words(self, *words: str) -> None:
        for word in words:
            self.expect_word(word)

    def expect_symbol(self, symbol: str) -> None:
        if not self.accept_symbol(symbol):
            raise self.error()

    def expect_text(self) -> str:
        if self.token.kind not in ("text", "unicode"):
            raise self.error()
        return self.advance().value

    def expect_integer(self) -> int:
        negative = self.accept_symbol("-")
        if self.token.kind != "integer":
            raise self.error()
        value = int(self.advance().value)
        return -value if negative else value

    def error(self, token: Token | None = None) -> SqlError:
        """The parser's error at this token (103010), or at the given one."""
        found = token or self.token
        near = (
            found.value
            if found.kind != "end"
            else (self.tokens[self.position - 1].value if self.position else "")
        )
        return parse_error(near, found.line, found.column)

    # ---------- names and types

    def identifier(self) -> str:
        if not self.is_identifier():
            raise self.error()
        return self.checked(self.advance())

    def checked(self, token: Token) -> str:
        if token.value == "":
            raise SqlError(1038, "An object or column name is missing or empty.", token.line, 15)
        if len(token.value) > 128:
            raise SqlError(
                103,
                f"The identifier that starts with '{token.value[:128]}' is too long. Maximum length is 128.",
                token.line,
                15,
            )
        return token.value

    def name(self, most: int = 3) -> Name:
        """A name of up to `most` parts; `db..t` leaves the schema out."""
        at = self.token.at
        parts = [self.identifier()]
        while self.is_symbol("."):
            self.advance()
            if self.is_symbol("."):
                parts.append("")
                continue
            parts.append(self.identifier())
        if len(parts) > most:
            raise SqlError(
                117,
                f"The object name '{'.'.join(parts)}' contains more than the maximum number of prefixes. The maximum is {most - 1}.",
                at[0],
                15,
            )
        return Name(tuple(parts), at)

    def names_in_parentheses(self) -> tuple[str, ...]:
        self.expect_symbol("(")
        names = self.list_of(self.identifier)
        self.expect_symbol(")")
        return tuple(names)

    def list_of(self, read: Callable[[], Item]) -> list[Item]:
        items = [read()]
        while self.accept_symbol(","):
            items.append(read())
        return items

    def type(self, *, cast: bool = False) -> SqlType:
        """A data type; cast: inside CAST and CONVERT, where varchar alone is varchar(30)."""
        token = self.token
        if token.kind == "name":
            words = self.advance().value.lower()
        elif token.kind == "word" and (token.upper not in RESERVED or token.upper in ("DOUBLE", "NATIONAL")):
            words = self.advance().value
            while self.token.kind == "word" and (words.upper(), self.token.upper) in _TWO_WORDS:
                words += " " + self.advance().value
        else:
            raise self.error()
        if words.lower() == "sys" and self.accept_symbol("."):
            words = self.advance().value
        arguments: list[int] = []
        if self.accept_symbol("("):
            arguments = self.list_of(self._size)
            self.expect_symbol(")")
        return make_type(words, arguments, token.line, cast=cast)

    def _size(self) -> int:
        return MAX if self.accept_word("MAX") else self.expect_integer()

    # ---------- text

    def text_since(self, start: Token) -> str:
        """The batch's text from a token to the last one taken."""
        return self.text[start.start : self.tokens[self.position - 1].stop]

    def skip_parentheses(self) -> None:
        """Past one balanced pair, whatever is inside."""
        self.expect_symbol("(")
        depth = 1
        while depth:
            token = self.advance()
            if token.kind == "end":
                raise self.error()
            if token.kind == "symbol":
                depth += {"(": 1, ")": -1}.get(token.upper, 0)
