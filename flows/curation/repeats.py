"""Takes out what was delivered twice, and refuses other content under the same key and position.

Keys repeat by key and log position; in an export all rows of one file share a position.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from flows.contracts import Table


def _content(table: Table, checked: ir.Table) -> ir.StringValue:
    """All of a record as one text that no other record has: each value behind its length, '-' for none."""
    values = [*(checked[c.name].cast("string") for c in table.columns), checked.change_operation]
    told = [(v.length().cast("string") + ":" + v).fill_null("-") for v in values]
    joined = told[0]
    for text in told[1:]:
        joined = joined + text
    return joined


def repeats(table: Table, checked: ir.Table) -> ir.Table:
    """Good records that have the key and position of an earlier one: ``record_number``, whether they are the ``same``
    in content, and the ``first_file`` that has it."""
    key = [*table.key, "change_log_position"]
    good = checked.filter(checked.refused_because.isnull())
    several = good.group_by(key).having(good.count() > 1).agg()
    again = good.semi_join(several, key)
    again = again.mutate(content=_content(table, again))
    window = ibis.window(group_by=key, order_by=["raw_file", "record_number"])
    ranked = again.select(
        "record_number",
        "content",
        position=ibis.row_number().over(window),
        first_file=again.raw_file.first(include_null=True).over(window),
        first_content=again.content.first(include_null=True).over(window),
    )
    return ranked.filter(ranked.position > 0).select(
        "record_number", "first_file", same=ranked.content == ranked.first_content
    )


def without_repeats(table: Table, checked: ir.Table, found: ir.Table) -> ir.Table:
    """``checked`` without exact repeats, and with what contradicts an earlier record refused."""
    again = found.select(repeat=found.record_number, first_file=found.first_file, same=found.same)
    joined = checked.left_join(again, checked.record_number == again.repeat)
    reason = (
        f"duplicate key ({', '.join(table.key)}): another record with the same key and position but other content stands in "
        + joined.first_file
    )
    told = joined.mutate(refused_because=joined.refused_because.coalesce(reason))
    return told.filter(told.same.isnull() | ~told.same).drop("repeat", "first_file", "same")
