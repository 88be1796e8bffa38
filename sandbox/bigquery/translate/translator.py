"""From the analyzer's resolved statement to DuckDB's SQL: what each node means, never what the text looked like.

Every column of a resolved statement has a number; in the SQL written here it is named c<number>, so that names never
clash and a correlated reference needs no qualification. A node without a translation is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.translate import values
from sandbox.bigquery.types import Column, Type, of_proto


@dataclass
class Source:
    """What stands behind a table's number: its columns, and SQL that can follow FROM.

    ``rows`` is asked each time the table is read. It gets the columns that are read, the number that each has in the
    statement, and the translator, whose ``filters`` are the conditions that hold for these rows.
    """

    columns: Sequence[Column]
    rows: Callable[[Sequence[Column], Sequence[int], Translator], str]


@dataclass
class Translator:
    """Writes one statement. ``sources`` by the number the analyzer was given for a table."""

    sources: Mapping[int, Source]
    variables: Mapping[str, tuple[Type, Any]] = field(default_factory=dict)
    parameters: Mapping[str, tuple[Type, Any]] = field(default_factory=dict)
    positional: Sequence[tuple[Type, Any]] = ()
    system: Mapping[str, Any] = field(default_factory=dict)
    now: str = "CAST(current_timestamp AS TIMESTAMP)"
    with_names: dict[str, list[str]] = field(default_factory=dict)
    recursive: list[tuple[str, list[str]]] = field(default_factory=list)
    filters: list[Node] = field(default_factory=list)
    live: set[int] | None = None  # columns that anything depends on; None: all
    counter: int = 0

    def scan(self, node: Node) -> str:
        """A SELECT (without parentheses) that gives the scan's columns, and maybe more."""
        from sandbox.bigquery.translate import scans

        return scans.scan(self, node)

    def expression(self, node: Node) -> str:
        """An expression of the engine type of the node's type."""
        from sandbox.bigquery.translate import expressions

        return expressions.expression(self, node)

    def query(
        self,
        node: Node,
        outputs: Sequence[Node],
        names: Sequence[str] | None = None,
        needed: Sequence[bool] | None = None,
    ) -> str:
        """A SELECT whose columns are the statement's output columns in order, named o0, o1, ... or as given.

        The order of an ORDER BY on top is kept. ``needed`` tells which outputs anybody uses; all, unless given.
        """
        from sandbox.bigquery.translate import scans, usage

        wanted = needed if needed is not None else [True] * len(outputs)
        self.live = usage.of_query(
            node, [o.column.column_id for o, w in zip(outputs, wanted, strict=True) if w]
        )
        named = names if names is not None else [f"o{i}" for i in range(len(outputs))]
        columns = ", ".join(
            f"{column_name(output.column)} AS {values.name(name)}"
            for output, name in zip(outputs, named, strict=True)
        )
        return scans.ordered_select(self, node, columns)

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"


def column_name(column: Any) -> str:
    return f"c{column.column_id}"


def type_of(node: Node) -> Type:
    """The type of an expression."""
    return of_proto(node.type)


def refuse(node: Node) -> Unsupported:
    """The refusal of a node without a translation, in words a user can search for."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in node.kind).strip()
    return Unsupported(f"{words} (no translation)")
