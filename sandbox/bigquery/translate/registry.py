"""Where the rewrites of functions are found: one small Python function writes one BigQuery function for DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.types import Type


@dataclass
class Call:
    """A call whose arguments are already DuckDB SQL. ``nodes`` are the resolved arguments, ``type`` the result's."""

    name: str
    arguments: list[str]
    types: list[Type]
    type: Type
    nodes: list[Node] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)  # of literal arguments, else None
    safe: bool = False

    def __getitem__(self, index: int) -> str:
        return self.arguments[index]

    def __len__(self) -> int:
        return len(self.arguments)


Rewrite = Callable[[Call], str]
SCALAR: dict[str, Rewrite] = {}


def scalar(*names: str) -> Callable[[Rewrite], Rewrite]:
    """Register the rewrite of one or more scalar functions, by the analyzer's lower-case names."""

    def register(rewrite: Rewrite) -> Rewrite:
        for name in names:
            assert name not in SCALAR, name
            SCALAR[name] = rewrite
        return rewrite

    return register


def same(**names: str) -> None:
    """Register functions that DuckDB has too, with the same meaning for the types the analyzer lets through."""
    for name, engine in names.items():

        def rewrite(call: Call, engine: str = engine) -> str:
            return f"{engine}({', '.join(call.arguments)})"

        scalar(name)(rewrite)
