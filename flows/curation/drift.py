"""How a delivery's schema differs from the contract, for the manifest: what was added, broken, or widened, and how often."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from flows.curation.engine import Engine
from flows.curation.structure import Layout


def drift(
    engine: Engine, raw: ir.Table, checked: ir.Table, files: list[tuple[Layout, list[str]]]
) -> list[dict[str, Any]]:
    """Entries of change, column and number of records, sorted; empty when everything is as agreed.

    'added': fields the contract does not know, left out; 'broken': columns it misses, every record refused;
    'widened': values in a wider form, taken because nothing is lost.
    """
    added: dict[str, int] = {}
    for names, records in engine.rows(_counted(raw, "raw_unknown")):
        for name in names.split(", "):
            added[name] = added.get(name, 0) + records
    broken = {}
    for sentence in {layout.broken for layout, _ in files if layout.broken}:
        broken[sentence] = engine.count(raw.filter(raw.raw_fault == sentence))
    good = checked.filter(checked.refused_because.isnull())
    widened = dict(engine.rows(_counted(good, "widened")))
    return [
        {"change": change, "column": column, "records": records}
        for change, found in (("added", added), ("broken", broken), ("widened", widened))
        for column, records in sorted(found.items())
    ]


def _counted(table: ir.Table, column: str) -> ir.Table:
    known = table.filter(table[column].notnull())
    return known.group_by(column).aggregate(records=known.count())
