"""The words of a statement, with their places in the text.

https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
https://docs.aws.amazon.com/redshift/latest/dg/r_Literals.html
"""

from __future__ import annotations

import re

from sandbox.redshift.language.refusal import SYNTAX, Refused, refused, unsupported
from sandbox.redshift.language.reserved_words import RESERVED

WORD, QUOTED, TEXT, NUMBER, SYMBOL, PARAMETER, END = range(7)

LEXEME = re.compile(
    r"""
      (?P<blank>\s+|--[^\n]*)
    | (?P<block>/\*)
    | (?P<word>[A-Za-z_\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*)
    | (?P<number>(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<text>'(?:[^'\\]|''|\\.)*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<dollar>\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$)
    | (?P<parameter>\$\d+)
    | (?P<mark>::|:=|[()\[\],;.:])
    | (?P<operator>[+\-*/<>=~!@\#%^&|`?]+)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
ESCAPE = re.compile(r"''|\\([0-7]{1,3}|.)", re.DOTALL)
LONGEST_NAME = 127
TEMPORARY_NAME = re.compile(r"#[A-Za-z_][\w$]*")
# Words that a table's name follows.
BEFORE_TABLE = frozenset(
    [
        "table",
        "from",
        "into",
        "join",
        "update",
        "exists",
        "copy",
        "truncate",
        "using",
        "analyze",
        "view",
        "delete",
    ]
)


class Token:
    """``key`` is the lower-case word or the symbol, '' for everything that no keyword can be; ``value`` the name, the
    text without its quotes, or the number as written; ``start`` and ``end`` are 0-based."""

    __slots__ = ("end", "key", "kind", "start", "value")

    def __init__(self, kind: int, key: str, value: str, start: int, end: int) -> None:
        self.kind = kind
        self.key = key
        self.value = value
        self.start = start
        self.end = end

    @property
    def position(self) -> int:
        return self.start + 1

    @property
    def is_name(self) -> bool:
        return self.kind == QUOTED or (self.kind == WORD and self.key not in RESERVED)


def tokens_of(sql: str, case_sensitive: bool = False) -> list[Token]:
    """All tokens, an END last. Raises Refused (42601) for a text or comment that is not closed."""
    found: list[Token] = []
    add = found.append
    index, length = 0, len(sql)
    match = LEXEME.match
    while index < length:
        lexeme = match(sql, index)
        if lexeme is None:
            raise _not_closed(sql, index)
        group = lexeme.lastgroup
        start, index = index, lexeme.end()
        text = lexeme.group()
        if group == "blank":
            continue
        if group == "word":
            key = text.lower()
            if key in ("e", "b", "x", "n") and sql[index : index + 1] == "'":
                raise unsupported(f"the literal {text}'…'", start + 1, "r_Literals.html")
            add(Token(WORD, key, _within_length(key), start, index))
        elif group == "mark":
            add(Token(SYMBOL, text, text, start, index))
        elif group == "operator":
            if text[0] == "#" and _names_a_table(found) and (named := TEMPORARY_NAME.match(sql, start)):
                # a temporary table's name (r_CREATE_TABLE_NEW); elsewhere # is the bitwise XOR
                index = named.end()
                add(Token(QUOTED, "", _within_length(named.group().lower()), start, index))
                continue
            text = _operator(text)
            index = start + len(text)
            add(Token(SYMBOL, text, text, start, index))
        elif group == "number":
            add(Token(NUMBER, "", text, start, index))
        elif group == "text":
            add(Token(TEXT, "", _unescaped(text[1:-1], start), start, index))
        elif group == "quoted":
            name = text[1:-1].replace('""', '"')
            if not name:
                raise Refused(SYNTAX, 'zero-length delimited identifier at or near """"', "", start + 1)
            add(Token(QUOTED, "", _within_length(name if case_sensitive else _folded(name)), start, index))
        elif group == "dollar":
            closing = sql.find(text, index)
            if closing < 0:
                raise Refused(SYNTAX, "unterminated dollar-quoted string", "", start + 1)
            add(Token(TEXT, "", sql[index:closing], start, closing + len(text)))
            index = closing + len(text)
        elif group == "parameter":
            add(Token(PARAMETER, "", text, start, index))
        else:
            index = _after_block_comment(sql, start)
    add(Token(END, "", "", length, length))
    return found


def _names_a_table(before: list[Token]) -> bool:
    return bool(before) and (before[-1].key in BEFORE_TABLE or before[-1].key == ",")


def _folded(name: str) -> str:
    # only A to Z: "Only ASCII characters are folded" for names in quotes, as without
    return name.lower() if name.isascii() else "".join(c.lower() if c.isascii() else c for c in name)


def _within_length(name: str) -> str:
    if len(name) > 31 and len(name.encode()) > LONGEST_NAME:
        # r_names: "Identifiers … must be between 1 and 127 bytes"; the longer ones are cut with a notice
        return name.encode()[:LONGEST_NAME].decode(errors="ignore")
    return name


def _operator(text: str) -> str:
    """The longest operator: it ends before a comment, and with + or - only beside another special character."""
    for comment in ("--", "/*"):
        if comment in text:
            text = text[: text.index(comment)]
    while len(text) > 1 and text[-1] in "+-" and not set(text[:-1]) & set("~!@#%^&|`?"):
        text = text[:-1]
    return text


def _unescaped(text: str, start: int) -> str:
    if "'" not in text and "\\" not in text:
        return text

    def meant(found: re.Match[str]) -> str:
        escape = found[1]
        if escape is None:
            return "'"
        if escape[0] in "01234567":
            return chr(int(escape, 8) & 0xFF)
        return ESCAPES.get(escape, escape)

    result = ESCAPE.sub(meant, text)
    if "\0" in result:
        raise Refused("22021", 'invalid byte sequence for encoding "UTF8": 0x00', "", start + 1)
    return result


def _after_block_comment(sql: str, start: int) -> int:
    depth, index = 1, start + 2
    while depth:
        opening, closing = sql.find("/*", index), sql.find("*/", index)
        if closing < 0:
            raise Refused(SYNTAX, "unterminated /* comment", "", start + 1)
        if 0 <= opening < closing:
            depth, index = depth + 1, opening + 2
        else:
            depth, index = depth - 1, closing + 2
    return index


def _not_closed(sql: str, index: int) -> Refused:
    character = sql[index]
    if character == "'":
        return Refused(SYNTAX, "unterminated quoted string", "", index + 1)
    if character == '"':
        return Refused(SYNTAX, "unterminated quoted identifier", "", index + 1)
    return refused(f'syntax error at or near "{character}"', index + 1, "r_names.html", SYNTAX)


def quoted_name(name: str) -> str:
    """A name for PostgreSQL, always in quotes; the server shortens what is longer than 63 bytes."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """A literal for PostgreSQL with standard_conforming_strings."""
    return "'" + text.replace("'", "''") + "'"
