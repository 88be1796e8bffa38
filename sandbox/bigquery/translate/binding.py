"""An argument that a rewrite uses more than once is computed once: without this, nested calls would double each time.

DuckDB has no LET, and its macros repeat their arguments; a lambda over a list of one element names a value.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from sandbox.bigquery.engine.macros import MACROS

SIMPLE = re.compile(r"[\w.]+|CAST\((?:'(?:[^']|'')*'|[\w.]+) AS [\w(), ]+\)|'(?:[^']|'')*'", re.DOTALL)
_numbers = itertools.count(1)


def _repeating() -> frozenset[str]:
    """Macros that use a parameter more than once, themselves or through another macro."""
    heads = {head.split("(")[0]: head for head in MACROS}
    found: set[str] = set()
    for name, head in heads.items():
        parameters = [p.strip() for p in head.split("(", 1)[1].rstrip(")").split(",")]
        if any(len(re.findall(rf"\b{p}\b", MACROS[head])) > 1 for p in parameters):
            found.add(name)
    changed = True
    while changed:
        used = {
            n for n, h in heads.items() if n not in found and set(re.findall(r"\bbq_\w+", MACROS[h])) & found
        }
        changed = bool(used)
        found |= used
    return frozenset(found)


REPEATING = _repeating()


def bound(arguments: Sequence[str], write: Callable[[list[str]], str]) -> str:
    """What ``write`` makes of the arguments, each written once."""
    if all(SIMPLE.fullmatch(a) for a in arguments):
        return write(list(arguments))
    number = next(_numbers)
    marks = [a if SIMPLE.fullmatch(a) else f"\x01{number}_{i}\x02" for i, a in enumerate(arguments)]
    written = write(marks)
    repeats = bool(set(re.findall(r"\bbq_\w+", written)) & REPEATING)
    named: list[tuple[str, str]] = []
    for mark, argument in zip(marks, arguments, strict=True):
        if mark == argument:
            continue
        times = written.count(mark)
        if times > 1 or (times == 1 and repeats):
            field = f"a{len(named)}"
            named.append((field, argument))
            written = written.replace(mark, f"p{number}.{field}")
        else:
            written = written.replace(mark, argument)
    if not named:
        return written
    if len(named) == 1:
        written = written.replace(f"p{number}.a0", f"p{number}")
        return f"list_transform([{named[0][1]}], lambda p{number}: {written})[1]"
    fields = ", ".join(f"'{field}': {argument}" for field, argument in named)
    return f"list_transform([{{{fields}}}], lambda p{number}: {written})[1]"
