"""How a delivery's schema differs from the contract, for the manifest: what was added, broken, or widened, and how often."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from flows.curation.engine import Engine
from flows.curation.refusals import BROKEN, kind_of


def drift(engine: Engine, checked: ir.Table) -> list[dict[str, Any]]:
    """Entries of change, column and number of records, sorted.

    'added': fields the contract does not know, left out; 'broken': what it misses, in words, the records refused;
    'widened': values in a wider form, taken because nothing is lost.
    """
    good = checked.filter(checked.refused_because.isnull())
    added: dict[str, int] = {}
    for names, records in _counted(engine, good, "unknown"):
        for name in names.split(", "):
            added[name] = added.get(name, 0) + records
    broken = {
        reason: records
        for reason, records in _counted(engine, checked, "refused_because")
        if kind_of(reason) == BROKEN
    }
    widened = dict(_counted(engine, good, "widened"))
    return [
        {"change": change, "column": column, "records": records}
        for change, found in (("added", added), ("broken", broken), ("widened", widened))
        for column, records in sorted(found.items())
    ]


def _counted(engine: Engine, table: ir.Table, column: str) -> list[tuple[Any, ...]]:
    known = table.filter(table[column].notnull())
    return engine.rows(known.group_by(column).aggregate(records=known.count()))
