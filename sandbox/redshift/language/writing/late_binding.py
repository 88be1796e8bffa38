"""Tables without a schema in the query of a late-binding view."""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.tree import Query, Table


def unqualified_tables(node: Any, known: frozenset[str] = frozenset()) -> list[Table]:
    """Tables that are neither qualified nor common tables of a WITH around them."""
    if isinstance(node, Table):
        return (
            [] if len(node.parts) > 1 or node.parts[0] in known or node.parts[0].startswith("pg_") else [node]
        )
    if isinstance(node, Query) and node.tables:
        known = known | {table.name for table in node.tables}
    if isinstance(node, (list, tuple)):
        return [table for item in node for table in unqualified_tables(item, known)]
    if hasattr(node, "__dataclass_fields__"):
        return [
            t for name in node.__dataclass_fields__ for t in unqualified_tables(getattr(node, name), known)
        ]
    return []
