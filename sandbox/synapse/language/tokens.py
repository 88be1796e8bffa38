"""T-SQL text to tokens. QUOTED_IDENTIFIER is ON, as the driver sets it: "x" is a name.

https://learn.microsoft.com/sql/t-sql/language-elements/transact-sql-syntax-conventions-transact-sql
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sandbox.synapse.errors import SqlError, parse_error


class Token(NamedTuple):
    """kind: 'word', 'name' (quoted), 'text', 'unicode', 'integer', 'decimal', 'float', 'money', 'binary', 'variable',
    'symbol', 'end'. value: unquoted; upper: a word's upper case, a symbol itself, else ''. start, stop: offsets."""

    kind: str
    value: str
    upper: str
    line: int
    column: int
    start: int
    stop: int

    @property
    def at(self) -> tuple[int, int]:
        return self.line, self.column


_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n\f\v\u00a0\ufeff]+)
  | (?P<line_comment>--[^\n]*)
  | (?P<comment>/\*)
  | (?P<unicode>[Nn]'(?:[^']|'')*')
  | (?P<text>'(?:[^']|'')*')
  | (?P<bracket>\[(?:[^\]]|\]\])*\])
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<binary>0[xX][0-9A-Fa-f]*)
  | (?P<float>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+)
  | (?P<decimal>[0-9]+\.[0-9]*|\.[0-9]+)
  | (?P<integer>[0-9]+)
  | (?P<money>[$£€][0-9]+(?:\.[0-9]*)?)
  | (?P<variable>@@?[\w@\#$]*)
  | (?P<word>[^\W\d][\w@\#$]*|\#\#?[\w@\#$]+|\$action\b)
  | (?P<symbol><>|!=|!<|!>|<=|>=|\+=|-=|\*=|/=|%=|&=|\^=|\|=|::|[-+*/%&|^~=<>!(),.;:{}?])
    """,
    re.VERBOSE,
)


def tokenize(text: str) -> list[Token]:
    """The tokens, ended by one of kind 'end'. Raises SqlError 105 for a quote and 113 for a comment never closed."""
    tokens: list[Token] = []
    position = 0
    line = 1
    line_start = 0
    size = len(text)
    match_at, add = _TOKEN.match, tokens.append
    while position < size:
        found = match_at(text, position)
        if found is None:
            raise _unclosed(text, position, line, position - line_start + 1)
        kind = found.lastgroup or ""
        stop = found.end()
        if kind == "word":
            word = found.group()
            add(Token("word", word, word.upper(), line, position - line_start + 1, position, stop))
            position = stop
            continue
        if kind == "symbol":
            mark = found.group()
            add(Token("symbol", mark, mark, line, position - line_start + 1, position, stop))
            position = stop
            continue
        if kind == "comment":
            stop = _comment_end(text, position, line)
        elif kind not in ("space", "line_comment"):
            named, value = _read(kind, found.group())
            add(Token(named, value, "", line, position - line_start + 1, position, stop))
        breaks = text.count("\n", position, stop)
        if breaks:
            line += breaks
            line_start = text.rfind("\n", position, stop) + 1
        position = stop
    add(Token("end", "", "", line, position - line_start + 1, size, size))
    return tokens


def _read(kind: str, text: str) -> tuple[str, str]:
    """(kind, value) of what is neither word nor symbol."""
    if kind == "text":
        return kind, text[1:-1].replace("''", "'")
    if kind == "unicode":
        return kind, text[2:-1].replace("''", "'")
    if kind == "bracket":
        return "name", text[1:-1].replace("]]", "]")
    if kind == "quoted":
        return "name", text[1:-1].replace('""', '"')
    return kind, text


def _comment_end(text: str, position: int, line: int) -> int:
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, position):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    raise SqlError(113, "Missing end comment mark '*/'.", line, 15)


def _unclosed(text: str, position: int, line: int, column: int) -> SqlError:
    mark = text[position]
    rest = text[position + 1 : position + 60]
    if mark == "'" or text[position : position + 2].upper() == "N'":
        return SqlError(105, f"Unclosed quotation mark after the character string '{rest}'.", line, 15)
    if mark in '["':
        return SqlError(105, f"Unclosed quotation mark after the character string '{rest}'.", line, 15)
    return parse_error(mark, line, column)
