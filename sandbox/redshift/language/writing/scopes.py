"""What a name can mean at a place in a query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sandbox.redshift.language.types import OPAQUE, Type


class Written(NamedTuple):
    """An expression for PostgreSQL and its type on Redshift. ``atom``: it needs no brackets beside an operator."""

    sql: str
    type: Type
    atom: bool = False


Columns = list[tuple[str, Type]]


@dataclass(slots=True)
class Source:
    """A table of the FROM clause. ``columns`` None = not known."""

    name: str | None
    columns: Columns | None
    schema: str | None = None
    user_table: bool = False

    def type_of(self, column: str) -> Type | None:
        if self.columns is None:
            return None
        for name, type_ in self.columns:
            if name == column:
                return type_
        return None


@dataclass(slots=True)
class Scope:
    """One query block: its tables, the common tables that it sees, the aliases of its select list."""

    parent: Scope | None
    tables: dict[str, Columns | None]
    sources: list[Source] = field(default_factory=list)
    aliases: dict[str, Written] = field(default_factory=dict)
    correlated: bool = False
    place: str = ""  # what the block is for the one around it: "in", "scalar", "exists", "on"
    outer_join: bool = False  # its ON clause is being written
    merged: set[str] = field(default_factory=set)  # columns of USING, which stand for both
    windows: bool = False
    aggregates: bool = False


class Found(NamedTuple):
    type: Type
    depth: int  # 0 = this block, 1 = the one around it
    known: bool
    alias: Written | None = None
    super_steps: int = 0  # trailing parts that navigate into a SUPER column


def find(scope: Scope, parts: list[str]) -> Found:
    """What a name means; not known where a table's columns are not."""
    depth = 0
    at: Scope | None = scope
    unsure = False
    while at is not None:
        hit = _in_block(at, parts)
        if hit is not None:
            return hit._replace(depth=depth)
        if len(parts) == 1 and depth == 0 and parts[0] in at.aliases and not _unknown_source(at):
            return Found(at.aliases[parts[0]].type, 0, True, at.aliases[parts[0]])
        unsure = unsure or _unknown_source(at)
        if unsure and len(parts) == 1:
            break
        at = at.parent
        depth += 1
    return Found(OPAQUE, 0, False)


def _unknown_source(scope: Scope) -> bool:
    return any(source.columns is None for source in scope.sources)


def _in_block(scope: Scope, parts: list[str]) -> Found | None:
    for prefix in range(min(len(parts), 4), 0, -1):
        # a.b: column b of table a before field b of column a
        steps = len(parts) - prefix
        column = parts[prefix - 1]
        qualifier = parts[: prefix - 1]
        for source in scope.sources:
            if qualifier and not _is_called(source, qualifier):
                continue
            type_ = source.type_of(column)
            if type_ is None:
                if qualifier and source.columns is None and steps == 0:
                    return Found(OPAQUE, 0, False)
                continue
            if steps and type_.name != "super":
                continue
            return Found(type_, 0, True, None, steps)
    return None


def _is_called(source: Source, qualifier: list[str]) -> bool:
    if source.name != qualifier[-1]:
        return False
    return len(qualifier) == 1 or source.schema is None or source.schema == qualifier[-2]


def star_columns(scope: Scope, qualifier: list[str]) -> Columns | None:
    """The columns of * or table.*; None where one table's are not known."""
    found: Columns = []
    merged_seen: set[str] = set()
    for source in scope.sources:
        if qualifier and not _is_called(source, qualifier):
            continue
        if source.columns is None:
            return None
        for name, type_ in source.columns:
            if not qualifier and name in scope.merged:
                if name in merged_seen:
                    continue
                merged_seen.add(name)
            found.append((name, type_))
    return found if found else None


def reads_user_tables(scope: Scope) -> bool:
    return any(source.user_table for source in scope.sources)
