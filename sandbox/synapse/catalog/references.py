"""Which objects a view or procedure names: sys.sql_expression_dependencies."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import read_batch
from sandbox.synapse.language.nodes import TableSource


@lru_cache(maxsize=4096)
def references(definition: str) -> tuple[tuple[str | None, str], ...]:
    """(schema | None, name) of every table and view in the text, each once; names of its own WITH are left out."""
    try:
        statements = read_batch(definition)
    except SqlError:
        return ()
    found: dict[tuple[str | None, str], None] = {}
    own: set[str] = set()
    for statement in statements:
        _walk(statement, found, own)
    return tuple(pair for pair in found if not (pair[0] is None and pair[1].lower() in own))


def _walk(node: Any, found: dict[tuple[str | None, str], None], own: set[str]) -> None:
    if isinstance(node, TableSource):
        found[(node.name.schema, node.name.last)] = None
    if isinstance(node, tuple | list):
        for item in node:
            _walk(item, found, own)
    elif dataclasses.is_dataclass(node):
        if type(node).__name__ in ("CommonTable", "Cte", "With", "CommonTableExpression"):
            own.add(str(getattr(node, "name", "")).lower())
        for attribute in dataclasses.fields(node):
            _walk(getattr(node, attribute.name), found, own)
