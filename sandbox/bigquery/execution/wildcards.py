"""Wildcard tables: `dataset.events_*` is all tables whose names begin so, and _TABLE_SUFFIX tells what stood for the star.

The schema is that of the table made last; a column that an older table lacks is NULL there. Tables that a condition on
_TABLE_SUFFIX with constants leaves out are neither read nor billed.
https://cloud.google.com/bigquery/docs/querying-wildcard-tables
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sandbox.bigquery import billing
from sandbox.bigquery.catalog import Key, Table
from sandbox.bigquery.errors import InvalidQuery, NotFound
from sandbox.bigquery.translate import values
from sandbox.bigquery.types import STRING, Column

if TYPE_CHECKING:
    from sandbox.bigquery.translate.translator import Translator

SUFFIX = Column("_TABLE_SUFFIX", STRING)


def matching(tables: Sequence[Table], key: Key) -> list[tuple[str, Table]]:
    """Suffix and table of all that match, by suffix. Raises NotFound for none, InvalidQuery for a view."""
    front = key[2].removesuffix("*")
    found = sorted(
        (t.key[2].removeprefix(front), t)
        for t in tables
        if t.key[:2] == key[:2] and t.key[2].startswith(front)
    )
    if not found:
        raise NotFound(f"{key[0]}:{key[1]}.{key[2]} does not match any table.")
    for _, table in found:
        if table.is_view:
            raise InvalidQuery(f"Views cannot be queried through prefix. First view {table.name}.")
    return found


def columns_of(found: Sequence[tuple[str, Table]]) -> list[Column]:
    """Those of the table made last, and _TABLE_SUFFIX. Raises InvalidQuery where another table's type differs."""
    newest = max((table for _, table in found), key=lambda t: (t.created, t.serial))
    for _, table in found:
        known = {c.name.lower(): c for c in table.columns}
        for column in newest.columns:
            other = known.get(column.name.lower())
            if other is not None and other.type.bare != column.type.bare:
                raise InvalidQuery(
                    f"Cannot read field '{column.name}' of type {column.type} as {other.type} (of {table.name})"
                )
    return [*newest.columns, SUFFIX]


def kept(suffix: str, conditions: Sequence[billing.Bound]) -> bool:
    """Whether a table's suffix passes all conditions."""
    tests: dict[str, Callable[[tuple[Any, ...]], bool]] = {
        "=": lambda v: suffix == v[0],
        "<": lambda v: suffix < v[0],
        "<=": lambda v: suffix <= v[0],
        ">": lambda v: suffix > v[0],
        ">=": lambda v: suffix >= v[0],
        "between": lambda v: v[0] <= suffix <= v[1],
        "in": lambda v: suffix in v,
        "null": lambda v: False,
        "not null": lambda v: True,
    }
    return all(None not in b.values and tests[b.sign](b.values) for b in conditions)


def rows(
    found: Sequence[tuple[str, Table]],
    read: Sequence[Column],
    numbers: Sequence[int],
    t: Translator,
    constant: Callable[[Any], Any],
    place: Callable[[Table, Sequence[Column], Sequence[int]], str],
) -> str:
    """SQL of the rows. ``place`` tells where a table's rows are, and counts what is read of it."""
    conditions = [
        bound
        for column, number in zip(read, numbers, strict=True)
        if column.name == SUFFIX.name
        for bound in billing.bounds(t.filters, number, constant)
    ]
    written = []
    for suffix, table in found:
        if not kept(suffix, conditions):
            continue
        own = {c.name.lower(): c for c in table.columns}
        there = [
            (own[c.name.lower()], n) for c, n in zip(read, numbers, strict=True) if c.name.lower() in own
        ]
        source = place(table, [c for c, _ in there], [n for _, n in there])
        listed = ", ".join(_value(c, suffix, own) for c in read) or "1 AS one_row"
        written.append(f"SELECT {listed} FROM {source}")
    if not written:
        nulls = (
            ", ".join(f"CAST(NULL AS {c.type.engine}) AS {values.name(c.name)}" for c in read)
            or "1 AS one_row"
        )
        written.append(f"SELECT {nulls} WHERE FALSE")
    return f"({' UNION ALL '.join(written)})"


def _value(column: Column, suffix: str, own: dict[str, Column]) -> str:
    name = values.name(column.name)
    if column.name == SUFFIX.name:
        return f"{values.text(suffix)} AS {name}"
    if column.name.lower() in own:
        return f"{values.name(own[column.name.lower()].name)} AS {name}"
    return f"CAST(NULL AS {column.type.engine}) AS {name}"
