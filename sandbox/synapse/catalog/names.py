"""What the language asks of the catalog for one session: columns of names, their DuckDB text, catalog functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.synapse.catalog import system_views
from sandbox.synapse.catalog.functions import CatalogFunctions
from sandbox.synapse.catalog.store import State
from sandbox.synapse.catalog.things import EXTERNAL, PROCEDURE, Object
from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import Column, Translated, read_batch, translate
from sandbox.synapse.language.statements import CreateMaterializedView, CreateView
from sandbox.synapse.types import SqlType

SYSTEM_SCHEMAS = ("sys", "information_schema")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A view as it is now: its columns, DuckDB's text for FROM, and what both were made from."""

    columns: list[Column]
    source: str
    depends: tuple[tuple[str, str, Object | None], ...]
    system: tuple[str, ...]


class ViewTexts:
    """Expanded views, shared by all sessions. One is made anew when anything that it was made from has changed."""

    def __init__(self) -> None:
        self._known: dict[Object, Expanded] = {}

    def get(self, view: Object, find: Callable[[str, str], Object | None]) -> Expanded | None:
        known = self._known.get(view)
        if known is None:
            return None
        if any(find(schema, name) is not found for schema, name, found in known.depends):
            return None
        return known

    def put(self, view: Object, expanded: Expanded) -> None:
        if len(self._known) > 20_000:
            self._known.clear()
        self._known[view] = expanded


class SessionNames:
    """The catalog of one session (language.names.Names).

    temporary: the session's own #tables by their folded name. show: makes a system view's rows readable in the
    session's connection and gives its DuckDB name. external: DuckDB's text that reads an external table's files.
    """

    def __init__(
        self,
        state: State,
        views: ViewTexts,
        database: str,
        collation: str,
        temporary: dict[str, Object],
        show: Callable[[str], str],
        functions: CatalogFunctions,
        external: Callable[[Object], str],
        default_schema: str = "dbo",
    ) -> None:
        self.state = state
        self._views = views
        self._database = database
        self._collation = collation
        self.temporary = temporary
        self._show = show
        self._functions = functions
        self._external = external
        self.default_schema: str = default_schema
        self._log: list[list[tuple[str, str, Object | None]]] = []
        self._system_log: list[list[str]] = []
        self._open: list[Object] = []

    @property
    def collation(self) -> str:
        return self._collation

    @property
    def database(self) -> str:
        return self._database

    def find(self, schema: str | None, name: str) -> Object | None:
        """The object of this name; of a #name, the session's own. A schema left out is the user's, then dbo."""
        if name.startswith("#"):
            return self.temporary.get(self.state.key(name))
        found = self._look(schema or self.default_schema, name)
        if found is None and schema is None and self.default_schema != "dbo":
            found = self._look("dbo", name)
        return found

    def _look(self, schema: str, name: str) -> Object | None:
        found = self.state.objects.get((self.state.key(schema), self.state.key(name)))
        for log in self._log:
            log.append((schema, name, found))
        return found

    def columns(self, schema: str | None, name: str) -> list[Column] | None:
        if schema is not None and schema.lower() in SYSTEM_SCHEMAS:
            return system_views.columns(self._system(schema, name))
        found = self.find(schema, name)
        if found is None or found.kind == PROCEDURE:
            return None
        if found.is_view:
            return self.expand(found).columns
        return [Column(c.name, c.type, c.nullable, c.collation) for c in found.columns]

    def source(self, schema: str | None, name: str) -> str:
        if schema is not None and schema.lower() in SYSTEM_SCHEMAS:
            view = self._system(schema, name)
            for log in self._system_log:
                log.append(view)
            return self._show(view)
        found = self.find(schema, name)
        if found is None:
            raise SqlError(208, f"Invalid object name '{f'{schema}.' if schema else ''}{name}'.")
        if found.kind == EXTERNAL:
            return self._external(found)
        return self.expand(found).source if found.is_view else found.stored

    def scalar(self, function: str, arguments: list[str]) -> tuple[str, SqlType] | None:
        return self._functions.scalar(function, arguments, self)

    def _system(self, schema: str, name: str) -> str:
        """The system view's own spelling; the pool's system names have no case that matters."""
        return f"{schema}.{name}".lower()

    def expand(self, view: Object) -> Expanded:
        """The view's text bound to what its names mean now. Raises SqlError 208 with 4413, 4502."""
        known = self._views.get(view, self._look)
        if known is not None:
            for system in known.system:
                self._show(system)
                for log in self._system_log:
                    log.append(system)
            for seen_before in self._log:
                seen_before.extend(known.depends)
            return known
        if view in self._open:
            raise SqlError(
                4429,
                f"View or function '{view.name}' contains a self-reference. Views or functions cannot reference themselves directly or indirectly.",
            )
        self._open.append(view)
        seen: list[tuple[str, str, Object | None]] = []
        system_seen: list[str] = []
        self._log.append(seen)
        self._system_log.append(system_seen)
        # names in a view are those of the view's owner, not of the session that reads it
        default, self.default_schema = self.default_schema, view.schema
        temporary, self.temporary = self.temporary, {}
        try:
            translated = translate(query_of(view), self, {})
        except SqlError as problem:
            raise SqlError(
                problem.number,
                f"{problem.message} Could not use view or function '{view.schema}.{view.name}' because of binding errors.",
                1, problem.severity, problem.state,
            ) from problem  # fmt: skip
        finally:
            self.default_schema, self.temporary = default, temporary
            self._open.pop()
            self._log.pop()
            self._system_log.pop()
        expanded = _expanded(view, translated, tuple(dict.fromkeys(seen)), tuple(dict.fromkeys(system_seen)))
        self._views.put(view, expanded)
        return expanded


def query_of(view: Object) -> Any:
    """The parsed query of a view's kept text."""
    (statement,) = read_batch(view.definition or "")
    assert isinstance(statement, CreateView | CreateMaterializedView)
    return statement.query


def _expanded(
    view: Object,
    made: Translated,
    depends: tuple[tuple[str, str, Object | None], ...],
    system: tuple[str, ...],
) -> Expanded:
    """The columns have the names of the view's creation, by place: a view keeps them until sp_refreshview."""
    names = [column.name for column in view.columns]
    if len(made.columns) < len(names):
        raise SqlError(
            4502,
            f"View or function '{view.schema}.{view.name}' has more column names specified than columns defined.",
        )
    columns = [Column(n, c.type, c.nullable, c.collation) for n, c in zip(names, made.columns, strict=False)]
    placed = ", ".join(quoted(name) for name in names)
    return Expanded(
        columns,
        f"(SELECT * FROM ({made.duckdb}) AS v({placed}))"
        if len(made.columns) == len(names)
        else _first(made.duckdb, names),
        depends,
        system,
    )


def _first(sql: str, names: list[str]) -> str:
    """The first columns of a query that has more: what a view of `SELECT *` shows after its table has grown."""
    listed = ", ".join(f"c{n} AS {quoted(name)}" for n, name in enumerate(names, 1))
    return f"(SELECT {listed} FROM ({sql}) AS v)"


def quoted(name: str) -> str:
    """A name in DuckDB's quotes."""
    return '"' + name.replace('"', '""') + '"'
