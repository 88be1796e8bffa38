"""A plain view of the analyzer's messages: base classes and choices are looked through.

In the messages a table scan is a ``ResolvedTableScanProto`` whose ``parent`` is a ``ResolvedScanProto`` whose
``parent`` is a ``ResolvedNodeProto``, and wherever any scan may stand there is an ``AnyResolvedScanProto`` around it.
A ``Node`` has one flat set of attributes and a ``kind`` such as ``TableScan``.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message


def plain(message: Message) -> Any:
    """The value of a field: a Node for a syntax or resolved node, None for an empty choice, else the message."""
    name = message.DESCRIPTOR.name
    while name.startswith("Any"):
        chosen = message.WhichOneof("node")
        if chosen is None:
            return None
        message = getattr(message, chosen)
        name = message.DESCRIPTOR.name
    if name.startswith(("Resolved", "AST")) and name != "ResolvedColumnProto":
        return Node(message)
    return message


class Node:
    """One node of a resolved statement or of a syntax tree. A field that is not set is None (or 0, '', [], False)."""

    __slots__ = ("_cache", "_levels", "kind")

    def __init__(self, message: Message) -> None:
        name = message.DESCRIPTOR.name
        self.kind: str = name.removesuffix("Proto").removeprefix("Resolved")
        levels = [message]
        while "parent" in levels[-1].DESCRIPTOR.fields_by_name:
            levels.append(levels[-1].parent)
        self._levels = levels
        self._cache: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        cache: dict[str, Any] = self._cache
        if name in cache:
            return cache[name]
        value = self._value(name)
        cache[name] = value
        return value

    def _value(self, name: str) -> Any:
        for message in self._levels:
            field = message.DESCRIPTOR.fields_by_name.get(name)
            if field is None or name == "parent":
                continue
            value = getattr(message, name)
            if field.is_repeated:
                return [plain(v) for v in value] if field.message_type else list(value)
            if field.message_type:
                return plain(value) if message.HasField(name) else None
            if field.enum_type:
                return field.enum_type.values_by_number[value].name
            return value
        raise AttributeError(f"{self.kind} has no field {name}")

    def has(self, name: str) -> bool:
        """Whether a kind of node has such a field at all."""
        return any(name in message.DESCRIPTOR.fields_by_name for message in self._levels)

    def children(self) -> list[Node]:
        """Every node below this one, one level down."""
        found: list[Node] = []
        for message in self._levels:
            for field, _ in message.ListFields():
                if field.name == "parent" or not field.message_type:
                    continue
                value = getattr(self, field.name)
                found += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, Node)]
        return found

    def walk(self) -> list[Node]:
        """This node and every node below it."""
        found = [self]
        for child in self.children():
            found += child.walk()
        return found

    @property
    def span(self) -> tuple[int, int]:
        """First byte and the byte behind the last one, of a node of a syntax tree."""
        where = self.parse_location_range
        return int(where.start), int(where.end)

    def __repr__(self) -> str:
        return f"<{self.kind}>"
