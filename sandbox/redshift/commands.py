"""Statements that PostgreSQL has no words for, or not the same: done from the language's facts."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sandbox.redshift import show_objects
from sandbox.redshift.bulk import copying, unloading
from sandbox.redshift.catalog import literal
from sandbox.redshift.language import Prepared, Refused, facts, prepare
from sandbox.redshift.names import Names
from sandbox.redshift.settings import in_postgres
from sandbox.redshift.wire.backend import PostgresError

if TYPE_CHECKING:
    from sandbox.redshift.session import Session

WORD = re.compile(r"[^\W\d][\w$]*|\"(?:[^\"]|\"\")+\"")

# What tells the columns of every late-binding view.
TELLS_COLUMNS = frozenset(
    ("pg_get_late_binding_view_cols", "svv_columns", "svv_all_columns", "svv_redshift_columns")
)

VIEW = re.compile(r"\s*create\s+(or\s+replace\s+)?view\s.*?\sas\b", re.IGNORECASE | re.DOTALL)


def layout_of(attributes: facts.TableAttributes | facts.AlterAttributes) -> dict[str, Any]:
    """What SVV_TABLE_INFO and PG_TABLE_DEF tell of a table's layout."""
    diststyle = attributes.diststyle or ("key" if attributes.distkey else None)
    layout: dict[str, Any] = {}
    if diststyle is not None:
        layout |= {"diststyle": diststyle.lower(), "distkey": attributes.distkey}
    if attributes.sortkeys is not None and (
        attributes.sortkeys or isinstance(attributes, facts.AlterAttributes)
    ):
        layout |= {"sortkeys": list(attributes.sortkeys), "sortstyle": attributes.sortstyle or "compound"}
    layout["encodings"] = attributes.encodings
    if isinstance(attributes, facts.TableAttributes):
        layout["backup"] = attributes.backup
        layout["constraints"] = list(attributes.constraints)
    return layout


def call(function: str, *arguments: object) -> str:
    """A statement that calls one of our functions; dicts become jsonb."""
    words = []
    for argument in arguments:
        if argument is None or isinstance(argument, bool):
            words.append({None: "null", True: "true", False: "false"}[argument])
        elif isinstance(argument, dict):
            words.append(literal(json.dumps(argument)))
        else:
            words.append(literal(str(argument)))
    return f"select redshift_catalog.{function}({', '.join(words)})"


def is_own(prepared: Prepared) -> bool:
    """Does the statement need more than PostgreSQL's extended protocol?"""
    return _doer(prepared) is not None


def settled(prepared: Prepared, names: Names) -> Prepared:
    """A setting becomes PostgreSQL's, or one of ours that PostgreSQL keeps for the session; SHOW becomes a query."""
    if isinstance(prepared.facts, facts.ShowObjects):
        query = show_objects.in_postgres(prepared.facts, names)
        return Prepared("show", (query,), prepared.facts, prepared.text)
    if isinstance(prepared.facts, facts.Setting) and prepared.kind in ("set", "show", "reset"):
        return Prepared(
            prepared.kind, in_postgres(prepared.facts, prepared.kind), prepared.facts, prepared.text
        )
    return prepared


async def run(session: Session, prepared: Prepared, rows: bool) -> None:
    """Run a statement and answer the client. Raises Refused, PostgresError, session.Unanswerable."""
    doer = _doer(prepared)
    if doer is not None:
        await doer(session, prepared)
    elif prepared.postgres:
        await session.run_there(prepared.postgres, len(prepared.postgres) - 1, rows)


def _doer(prepared: Prepared) -> Callable[[Session, Prepared], Awaitable[None]] | None:
    match prepared.facts:
        case facts.TableAttributes():
            return _create_table
        case facts.AlterAttributes():
            return _alter_layout
        case facts.LateBindingView():
            return _create_late_view
        case facts.MaterializedView():
            return _create_materialized_view
        case facts.RefreshMaterializedView():
            return _refresh
        case facts.AlterRefresh():
            return _alter_refresh
        case facts.CopyCommand():
            return copying.run
        case facts.UnloadCommand():
            return unloading.run
        case facts.Dropped(kind="materialized view" | "materialized_view"):
            return _drop_materialized_view
        case facts.Dropped(kind="view"):
            return _drop_view
        case None if prepared.kind == "truncate":
            return _truncate
        case None if prepared.kind == "create_view" and len(prepared.postgres) == 1:
            return _create_view
    return None


async def _create_table(session: Session, prepared: Prepared) -> None:
    made = prepared.facts
    assert isinstance(made, facts.TableAttributes)
    names = session.warehouse.names
    keep = call(
        "keep_layout", made.schema and names.short(made.schema), names.short(made.name), layout_of(made)
    )
    await session.run_there((*prepared.postgres, keep), len(prepared.postgres) - 1)


async def _alter_layout(session: Session, prepared: Prepared) -> None:
    altered = prepared.facts
    assert isinstance(altered, facts.AlterAttributes)
    names = session.warehouse.names
    change = call(
        "change_layout",
        altered.schema and names.short(altered.schema),
        names.short(altered.name),
        layout_of(altered),
    )
    await session.run_there(
        (*prepared.postgres, change), len(prepared.postgres), rows=False, tag="ALTER TABLE"
    )


async def _truncate(session: Session, prepared: Prepared) -> None:
    # r_TRUNCATE: it "commits the transaction in which it is run"
    ends = ("commit",) if session.backend.status == b"T" else ()
    await session.run_there((*prepared.postgres, *ends), len(prepared.postgres) - 1)


async def _create_view(session: Session, prepared: Prepared) -> None:
    told = VIEW.match(prepared.text)
    query = prepared.text[told.end() :].strip().rstrip(";") if told else ""
    keep = f"select set_config('redshift.view_query', {literal(query)}, true)"
    forget = "select set_config('redshift.view_query', '', true)"
    await session.run_there((keep, *prepared.postgres, forget), 1)


async def _drop_view(session: Session, prepared: Prepared) -> None:
    dropped = prepared.facts
    assert isinstance(dropped, facts.Dropped)
    names = session.warehouse.names
    checks = tuple(
        call("refuse_materialized_view", schema and names.short(schema), names.short(name))
        for schema, name in dropped.names
    )
    await session.run_there((*checks, *prepared.postgres), len(checks) + len(prepared.postgres) - 1)


async def _create_late_view(session: Session, prepared: Prepared) -> None:
    view = prepared.facts
    assert isinstance(view, facts.LateBindingView)
    names = session.warehouse.names
    query = names.for_postgres(view.query_postgres)
    create = call(
        "create_late_view", view.schema and names.short(view.schema), names.short(view.name), view.replace,
        prepared.text, query, session.state.path_text,
    )  # fmt: skip
    await session.run_there((create,), 0, rows=False, tag="CREATE VIEW")
    session.warehouse.late_views.setdefault(session.database, set()).add(view.name)


async def bind_late_views(session: Session, sql: str) -> None:
    """Give the late-binding views that a text names the meaning that they have now."""
    known = session.warehouse.late_views.get(session.database)
    if not known or session.backend.status == b"E":
        return
    words = {word.strip('"').lower() for word in WORD.findall(sql)}
    named = sorted(known & words)
    if not TELLS_COLUMNS.isdisjoint(words):
        named = sorted(known)
    if not named:
        return
    names = session.warehouse.names
    listed = ", ".join(literal(names.short(name)) for name in named)
    stale = await session.backend.query(
        f"select schema_name, name, definition, path from redshift_catalog.stale_late_views(array[{listed}])"
    )
    for schema, name, definition, path in stale:
        await _bind(session, str(schema), str(name), str(definition), str(path))
    if stale:
        session.warehouse.changes += 1


async def _bind(session: Session, schema: str, name: str, definition: str, path: str) -> None:
    query: str | None = None
    state = message = None
    try:
        prepared = await asyncio.to_thread(prepare, definition, session.catalog, session.state)
        view = prepared[0].facts
        assert isinstance(view, facts.LateBindingView)
        query = session.warehouse.names.for_postgres(view.query_postgres)
    except Refused as problem:
        state, message = problem.sqlstate, problem.message
    bind = call("bind_late_view", schema, name, definition, query, state, message, path)
    # in a client's transaction, what is lost by losing a race must be this only
    inside = session.backend.status == b"T"
    if inside:
        await session.backend.query("savepoint redshift_bind")
    try:
        await session.backend.query(bind)
    except PostgresError as problem:
        # it lost a race with another session, which bound the view
        if problem.fields.get("C") not in ("40001", "XX000", "42P07", "23505"):
            raise
        if inside:
            await session.backend.query("rollback to savepoint redshift_bind")
    if inside:
        await session.backend.query("release savepoint redshift_bind")
    session.warehouse.changes += 1


async def _create_materialized_view(session: Session, prepared: Prepared) -> None:
    view = prepared.facts
    assert isinstance(view, facts.MaterializedView)
    names = session.warehouse.names
    layout = layout_of(view.attributes)
    layout.setdefault("diststyle", "even")
    create = call(
        "create_materialized_view", view.schema and names.short(view.schema), names.short(view.name),
        prepared.text.rstrip().rstrip(";") + ";", names.for_postgres(view.query_postgres), view.auto_refresh, layout,
    )  # fmt: skip
    await session.run_there((create,), 0, rows=False, tag="CREATE MATERIALIZED VIEW")


async def _refresh(session: Session, prepared: Prepared) -> None:
    view = prepared.facts
    assert isinstance(view, facts.RefreshMaterializedView)
    names = session.warehouse.names
    refresh = call(
        "refresh_materialized_view", view.schema and names.short(view.schema), names.short(view.name)
    )
    await session.run_there((refresh,), 0, rows=False, tag="REFRESH")


async def _alter_refresh(session: Session, prepared: Prepared) -> None:
    view = prepared.facts
    assert isinstance(view, facts.AlterRefresh)
    names = session.warehouse.names
    alter = call(
        "alter_materialized_view",
        view.schema and names.short(view.schema),
        names.short(view.name),
        view.auto_refresh,
    )
    await session.run_there((alter,), 0, rows=False, tag="ALTER MATERIALIZED VIEW")


async def _drop_materialized_view(session: Session, prepared: Prepared) -> None:
    dropped = prepared.facts
    assert isinstance(dropped, facts.Dropped)
    names = session.warehouse.names
    drops = tuple(
        call(
            "drop_materialized_view",
            schema and names.short(schema),
            names.short(name),
            dropped.if_exists,
            dropped.cascade,
        )
        for schema, name in dropped.names
    )
    await session.run_there(drops, len(drops) - 1, rows=False, tag="DROP MATERIALIZED VIEW")
