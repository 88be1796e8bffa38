"""LIKE's patterns as regular expressions.

https://learn.microsoft.com/sql/t-sql/language-elements/like-transact-sql
"""

from __future__ import annotations

import functools
import re

from sandbox.synapse.errors import SqlError


def regular_expression(pattern: str, escape: str | None, *, insensitive: bool = False) -> str:
    """The text of a regular expression (of RE2 and of Python) that matches what the pattern matches, in full.

    `%` any text, `_` one character, `[a-f]`, `[^a-f]`; `[` that is never closed matches nothing.
    """
    out: list[str] = []
    i = 0
    while i < len(pattern):
        character = pattern[i]
        if escape and character == escape and i + 1 < len(pattern):
            out.append(re.escape(pattern[i + 1]))
            i += 2
        elif character == "%":
            out.append(".*")
            i += 1
        elif character == "_":
            out.append(".")
            i += 1
        elif character == "[":
            text, i = _character_class(pattern, i, escape)
            out.append(text)
        else:
            out.append(re.escape(character))
            i += 1
    return ("(?is)" if insensitive else "(?s)") + "".join(out)


def _character_class(pattern: str, start: int, escape: str | None) -> tuple[str, int]:
    i = start + 1
    negated = pattern[i : i + 1] == "^"
    if negated:
        i += 1
    items: list[str] = []
    while i < len(pattern) and pattern[i] != "]":
        if escape and pattern[i] == escape and i + 1 < len(pattern):
            i += 1
        first = pattern[i]
        if pattern[i + 1 : i + 2] == "-" and i + 2 < len(pattern) and pattern[i + 2] != "]":
            last = pattern[i + 2]
            if first <= last:
                items.append(f"{_escaped(first)}-{_escaped(last)}")
            else:
                items.append("")
            i += 3
        else:
            items.append(_escaped(first))
            i += 1
    if i >= len(pattern):
        return r"[^\s\S]", len(pattern)  # never closed: matches nothing
    body = "".join(items)
    if not body:
        return (r"[\s\S]" if negated else r"[^\s\S]"), i + 1
    return f"[{'^' if negated else ''}{body}]", i + 1


def _escaped(character: str) -> str:
    return "\\" + character if character in "\\]^-[&~|" else character


@functools.lru_cache(maxsize=1000)
def _compiled(pattern: str, escape: str, insensitive: bool) -> re.Pattern[str]:
    return re.compile(regular_expression(pattern, escape or None, insensitive=insensitive))


def like(text: str, pattern: str, escape: str, insensitive: bool, blanks: bool) -> bool:
    """LIKE with a pattern that is no constant. blanks: trailing blanks of the text may go unmatched."""
    compiled = _compiled(pattern, escape, insensitive)
    if compiled.fullmatch(text):
        return True
    while blanks and text.endswith(" "):
        text = text[:-1]
        if compiled.fullmatch(text):
            return True
    return False


def pattern_index(pattern: str, text: str, insensitive: bool) -> int:
    """PATINDEX: where the pattern begins, from 1; 0 if nowhere. A pattern without % must match the whole text."""
    head, tail = pattern.startswith("%"), pattern.endswith("%") and len(pattern) > 1
    inner = pattern[1 if head else 0 : len(pattern) - (1 if tail else 0)]
    compiled = _compiled(inner, "", insensitive)
    if not head:
        return 1 if (compiled.match(text) if tail else compiled.fullmatch(text)) else 0
    if tail:
        found = compiled.search(text)
        return found.start() + 1 if found else 0
    return next((i + 1 for i in range(len(text) + 1) if compiled.fullmatch(text, i)), 0)


def check_escape(escape: str, line: int) -> None:
    if len(escape) != 1:
        raise SqlError(
            506, f'The invalid escape character "{escape}" was specified in a LIKE predicate.', line
        )
