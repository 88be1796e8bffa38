"""One SELECT as it is put together, and what its columns are called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.redshift.language.functions import COLUMN_NAMES
from sandbox.redshift.language.tokens import quoted_name
from sandbox.redshift.language.tree import Brackets, Call, Case, Cast, Item, Literal, Name, Path, Table, Typed
from sandbox.redshift.language.types import Type
from sandbox.redshift.language.writing.scopes import Columns, Scope, Written
from sandbox.redshift.language.writing.values import as_type, for_output

Tables = dict[str, Columns | None]
Items = list[tuple[Written | str, str | None]]  # a value and its name, or the text of a star
HIDDEN = "redshift_qualify"


@dataclass(slots=True)
class Block:
    """A SELECT whose items can still be cast; ``wrapped`` when a query stands around it for QUALIFY."""

    scope: Scope
    head: str
    items: Items  # a value and its name, or the text of a star
    tail: str
    columns: Columns | None
    hidden: list[tuple[str, str]] = field(default_factory=list)
    outer_head: str = ""
    outer_tail: str = ""

    def render(self, targets: list[Type] | None = None) -> str:
        """``targets``: the types that a set operation or an INSERT wants, by position."""
        shown = []
        place: int | None = 0 if targets is not None else None
        for value, name in self.items:
            if isinstance(value, str):
                shown.append(value)
                width = value.width if isinstance(value, Stars) else None
                place = None if place is None or width is None else place + width
                continue
            sql = self._item(value, targets, place)
            shown.append(sql if name is None else f"{sql} as {quoted_name(name)}")
            place = None if place is None else place + 1
        shown += [f"{sql} as {quoted_name(name)}" for sql, name in self.hidden]
        inner = f"{self.head}{', '.join(shown)}{self.tail}"
        if not self.outer_head:
            return inner
        return f'{self.outer_head} from ({inner}) as "redshift_block"{self.outer_tail}'

    @staticmethod
    def _item(value: Written, targets: list[Type] | None, place: int | None) -> str:
        if targets is None:
            return for_output(value)
        if place is not None and place < len(targets):
            return as_type(value, targets[place])
        # where a star hides the place, what has no type of its own is left to PostgreSQL
        return value.sql if value.type.name in ("unknown", "null") else for_output(value)


class Stars(str):
    """The text of a star, with the number of its columns (None = not known)."""

    width: int | None = None


def column_name(item: Item) -> str:
    """The name of a column without an alias, as Redshift makes it."""
    node = item.expression
    while isinstance(node, Brackets):
        node = node.expression
    if isinstance(node, Name):
        return node.parts[-1]
    if isinstance(node, Call):
        return COLUMN_NAMES.get(node.name[-1], node.name[-1])
    if isinstance(node, Cast):
        inner = column_name(Item(node.expression, None, node.at, 0, 0))
        return (
            inner
            if inner != "?column?"
            else {"integer": "int4", "int": "int4", "bigint": "int8"}.get(node.type.name, node.type.name)
        )
    if isinstance(node, Typed):
        return node.type.name
    if isinstance(node, Path) and node.steps and isinstance(node.steps[-1], str):
        return node.steps[-1]
    if isinstance(node, Case):
        return "case"
    if isinstance(node, Literal) and node.kind in ("true", "false"):
        return "bool"
    return "?column?"


def mentions(node: Any, name: str) -> bool:
    """Whether a table of this name stands in a FROM clause below the node."""
    if isinstance(node, Table):
        return node.parts == [name]
    if isinstance(node, (list, tuple)):
        return any(mentions(item, name) for item in node)
    if hasattr(node, "__dataclass_fields__"):
        return any(mentions(getattr(node, field_name), name) for field_name in node.__dataclass_fields__)
    return False
