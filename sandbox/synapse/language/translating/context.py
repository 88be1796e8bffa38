"""What a translation carries along: the catalog, variables, fresh names, and which names can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.names import BIN2, CI_AS, Names, Variables
from sandbox.synapse.language.nodes import Name
from sandbox.synapse.language.translating.values import Typed

if TYPE_CHECKING:
    from sandbox.synapse.language.translating.environment import Environment


@dataclass(slots=True)
class Context:
    """One statement's translation."""

    names: Names
    variables: Variables
    counter: int = 0
    tables: dict[tuple[str | None, str], None] = field(default_factory=dict)

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    @property
    def utf8(self) -> bool:
        """Whether varchar holds UTF-8 (else code page 1252)."""
        return self.names.collation.upper().endswith("UTF8")

    def insensitive(self, collation: str | None) -> bool:
        """Whether a collation's comparisons ignore case."""
        return known_collation(collation or self.names.collation) == CI_AS


BINARY_COLLATIONS = frozenset(
    {"latin1_general_100_bin2_utf8", "latin1_general_bin2", "latin1_general_100_bin2", "latin1_general_bin"}
)
INSENSITIVE_COLLATIONS = frozenset({"sql_latin1_general_cp1_ci_as", "latin1_general_ci_as", "latin1_general_100_ci_as", "latin1_general_100_ci_as_sc_utf8", "latin1_general_100_ci_as_sc"})  # fmt: skip


def known_collation(name: str) -> str | None:
    """BIN2 or CI_AS, whichever compares as this collation does here; None: neither."""
    lowered = name.lower()
    if lowered in BINARY_COLLATIONS:
        return BIN2
    if lowered in INSENSITIVE_COLLATIONS:
        return CI_AS
    return None


@dataclass(slots=True)
class Source:
    """One table of a FROM: its alias (as the user sees it), the names it also answers to, its columns."""

    alias: str
    columns: list[tuple[str, Typed]]
    schema: str | None = None
    database: str | None = None

    def answers_to(self, name: Name) -> bool:
        """Whether the qualifier of a column (its name without the last part) means this source."""
        parts = name.parts
        if parts[-1].lower() != self.alias.lower():
            return False
        if len(parts) == 1:
            return True
        return (self.schema or "").lower() == parts[-2].lower()


@dataclass(slots=True)
class Relation:
    """A query with a name (CTE): its name in DuckDB, its columns. columns None: it is being defined (recursion)."""

    duckdb: str
    columns: list[tuple[str, Typed]] | None


@dataclass(slots=True)
class Scope:
    """Sources that expressions may name; parent: the query around this one.

    environment: where a subquery of this scope stands, so that its outer columns are the groups' keys if rows are grouped.
    """

    context: Context
    parent: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    relations: dict[str, Relation] = field(default_factory=dict)
    environment: Environment | None = None

    def relation(self, name: str) -> Relation | None:
        scope: Scope | None = self
        while scope is not None:
            found = scope.relations.get(name.lower())
            if found is not None:
                return found
            scope = scope.parent
        return None

    def add(self, source: Source, line: int) -> None:
        for other in self.sources:
            if (
                other.alias.lower() == source.alias.lower()
                and (other.schema or "").lower() == (source.schema or "").lower()
            ):
                raise _same_name(source, line)
        self.sources.append(source)

    def column(self, name: Name) -> tuple[Typed, int]:
        """The column that a name means, and how many queries outwards it was found.

        Raises SqlError 207 (invalid column), 209 (ambiguous), 4104 (no such table here).
        """
        scope: Scope | None = self
        depth = 0
        qualifier = Name(name.parts[:-1], name.at) if len(name.parts) > 1 else None
        while scope is not None:
            found = scope._own(name, qualifier)
            if found is not None:
                return found, depth
            scope, depth = scope.parent, depth + 1
        if qualifier is not None:
            raise SqlError(
                4104, f'The multi-part identifier "{".".join(name.parts)}" could not be bound.', name.at[0]
            )
        raise SqlError(207, f"Invalid column name '{name.last}'.", name.at[0])

    def _own(self, name: Name, qualifier: Name | None) -> Typed | None:
        wanted = name.last.lower()
        found: list[Typed] = []
        for source in self.sources:
            if qualifier is not None and not source.answers_to(qualifier):
                continue
            matches = [typed for column, typed in source.columns if column.lower() == wanted]
            if qualifier is not None and not matches:
                raise SqlError(207, f"Invalid column name '{name.last}'.", name.at[0])
            found.extend(matches)
        if len(found) > 1:
            raise SqlError(209, f"Ambiguous column name '{name.last}'.", name.at[0])
        return found[0] if found else None

    def qualified(self, name: Name) -> Source:
        """The source of `t.*`."""
        for source in self.sources:
            if source.answers_to(name):
                return source
        raise SqlError(
            107,
            f"The column prefix '{'.'.join(name.parts)}' does not match with a table name or alias name used in the query.",
            name.at[0],
            15,
        )


def _same_name(source: Source, line: int) -> SqlError:
    if source.schema is None:
        text = f"The correlation name '{source.alias}' is specified multiple times in a FROM clause."
        return SqlError(1011, text, line)
    text = f'The objects "{source.schema}.{source.alias}" and "{source.schema}.{source.alias}" in the FROM clause have the same exposed names. Use correlation names to distinguish them.'
    return SqlError(1013, text, line)
