"""What is kept of a refused record: file, row, kind and reason, and the record itself."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from flows.contracts import Table
from flows.curation.engine import Engine
from flows.curation.structure import line_numbers, row_numbers
from flows.lake import Lake

BROKEN = "schema broken"


def refused_records(
    engine: Engine, lake: Lake, table: Table, raw: ir.Table, refused: ir.Table
) -> list[dict[str, Any]]:
    """The evidence, in the order of the files; ``refused`` are the refused rows of ``checked``."""
    columns = [c.name for c in table.columns]
    reasons = refused.select(number=refused.record_number, reason=refused.refused_because)
    found = raw.inner_join(reasons, raw.record_number == reasons.number).order_by("raw_file", "record_number")
    numbers: dict[str, dict[Any, int]] = {}
    evidence = []
    for file, reason, record, *fields in engine.rows(
        found.select("raw_file", "reason", "raw_record", *(found[c].name(f"field {c}") for c in columns))
    ):
        if file not in numbers:  # few files hold a refused record
            numbers[file] = line_numbers(lake, file) if record is not None else row_numbers(lake, table, file)
        looked_up = record if record is not None else tuple(value or "" for value in fields)
        evidence.append(
            {
                "table": table.full_name,
                "file": file,
                "row": numbers[file].get(looked_up),
                "kind": kind_of(reason),
                "reason": reason,
                "record": record if record is not None else dict(zip(columns, fields, strict=True)),
            }
        )
    return evidence


def kind_of(reason: str) -> str:
    """The family of a reason, for counting."""
    for words, kind in (
        ("the file lacks the column", BROKEN),
        ("of the contract as '", BROKEN),
        ("required but empty", "missing required value"),
        ("lies in the future", "time in the future"),
        ("not one of", "value not accepted"),
        ("which is not in", "no such reference"),
        ("characters, more than", "text too long"),
        ("duplicate key", "duplicate key"),
        ("not a JSON", "not JSON"),
        ("which is no", "wrong type"),
    ):
        if words in reason:
            return kind
    return "other"
