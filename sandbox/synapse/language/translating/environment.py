"""Where an expression stands: which columns, aggregates and windows it may name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.nodes import Call, ColumnRef, Frame, Node, Query, Window
from sandbox.synapse.language.translating.context import Context, Scope
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.language.words import words

AGGREGATES = frozenset(
    words(
        "COUNT COUNT_BIG SUM AVG MIN MAX STDEV STDEVP VAR VARP STRING_AGG APPROX_COUNT_DISTINCT CHECKSUM_AGG GROUPING GROUPING_ID"
    )
)


@dataclass(frozen=True, slots=True)
class Groups:
    """GROUP BY's keys: DuckDB's text of a key as a row has it → the key as the group has it. kinds: the keys' nodes."""

    keys: dict[str, Typed]
    kinds: frozenset[type]
    grouped: dict[str, str]


@dataclass(frozen=True, slots=True)
class Environment:
    """clause: its name in messages. groups: set when rows are grouped. aggregates, windows: allowed here.

    inside: within an aggregate's argument.
    """

    scope: Scope
    clause: str = "select list"
    groups: Groups | None = None
    aggregates: bool = False
    windows: bool = False
    inside: bool = False

    @property
    def context(self) -> Context:
        return self.scope.context

    def rows(self) -> Environment:
        """The same place with ungrouped rows."""
        return replace(self, groups=None)

    def argument(self) -> Environment:
        """An aggregate's argument."""
        return replace(self, groups=None, aggregates=False, windows=False, inside=True)


_NODES = (Node, Window, Frame)
_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(node: object) -> tuple[str, ...]:
    """The names of a node's fields, looked up once for each class."""
    kind = type(node)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in fields(node)) if is_dataclass(node) else ()
    return _FIELDS[kind]


def _below(node: object) -> Iterator[object]:
    """The nodes in a node or in a tuple of nodes, itself first, without going into subqueries."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, tuple):
            waiting.extend(found)
        elif isinstance(found, _NODES) and not isinstance(found, Query):
            yield found
            waiting.extend([getattr(found, name) for name in _fields(found)])


def has_aggregate(node: object) -> bool:
    """Whether an aggregate without OVER is in it, outside of subqueries."""
    return any(
        isinstance(found, Call) and found.name in AGGREGATES and found.over is None for found in _below(node)
    )


def has_column(node: object) -> bool:
    return any(isinstance(found, ColumnRef) for found in _below(node))


def not_grouped(node: ColumnRef, typed: Typed, environment: Environment) -> SqlError:
    """8120 in the select list, 8121 in HAVING, 8127 in ORDER BY."""
    number = {"HAVING clause": 8121, "ORDER BY clause": 8127}.get(environment.clause, 8120)
    where = "the select list" if number == 8120 else f"the {environment.clause}"
    return SqlError(
        number,
        f"Column '{'.'.join(node.name.parts)}' is invalid in {where} because it is not contained in either an aggregate function or the GROUP BY clause.",
        node.at[0],
    )
