"""ORDER BY's items: NULLs first when ascending, text by its collation."""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import Literal, OrderItem, Subquery
from sandbox.synapse.language.translating import collations
from sandbox.synapse.language.translating.environment import Environment
from sandbox.synapse.language.translating.values import Typed


def direction(sql: str, descending: bool) -> str:
    return f"{sql} DESC NULLS LAST" if descending else f"{sql} ASC NULLS FIRST"


def sort_key(value: Typed, environment: Environment, line: int) -> str:
    if value.type.name == "uniqueidentifier" and value.sql != "uuid()":  # ORDER BY NEWID() only shuffles
        raise unsupported("sorting by uniqueidentifier", line)
    return collations.key(value, environment.context)


def order_by(items: tuple[OrderItem, ...], environment: Environment) -> str:
    """` ORDER BY …` of a window or of WITHIN GROUP; '' if nothing there orders. Raises 5308, 5309 for constants."""
    from sandbox.synapse.language.translating.expressions import value

    keys: list[str] = []
    for item in items:
        node = item.expression
        if isinstance(node, Literal) and node.kind == "integer":
            raise SqlError(
                5308,
                "Windowed functions, aggregates and NEXT VALUE FOR functions do not support integer indices as ORDER BY clause expressions.",
                item.at[0],
            )
        if isinstance(node, Literal):
            raise SqlError(
                5309,
                "Windowed functions, aggregates and NEXT VALUE FOR functions do not support constants as ORDER BY clause expressions.",
                item.at[0],
            )
        if isinstance(node, Subquery) and not _reads(node):
            continue  # ORDER BY (SELECT NULL): no order
        keys.append(direction(sort_key(value(node, environment), environment, item.at[0]), item.descending))
    return " ORDER BY " + ", ".join(keys) if keys else ""


def _reads(node: Subquery) -> bool:
    body = node.query.body
    return getattr(body, "source", True) is not None
