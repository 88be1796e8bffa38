"""Checks records against the contract: table ``raw`` becomes ``checked``, by one ibis expression that the contract writes.

``checked`` holds every column typed as the lake wants it, the change metadata, ``refused_because``: NULL for a good
record, else the first fault found, in words; ``widened``: the first column whose value has a wider form than agreed; and
``unknown``: fields that the contract does not know.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from flows.contracts import Column, Table
from flows.curation.reading import CHANGE_TEXTS
from flows.curation.values import instant, is_widened, stamp, typed, written

CLOCK_SKEW_MINUTES = 5  # how far a device's clock may run ahead of its collector's
DAYS_OF_A_FILE = 2  # a record of a file cannot have been committed later than this after the file's day


def raw_schema(table: Table) -> ibis.Schema:
    """What reading gives (flows/curation/reading.py), with ``record_number``, which rises in the order of delivery."""
    texts = [*(c.name for c in table.columns), *CHANGE_TEXTS]
    return ibis.schema({"record_number": "int64", **dict.fromkeys(texts, "string")})


def _described(column: Column) -> str:
    return {
        "text": f"text({', '.join(map(str, column.size))})",
        "decimal": f"decimal({', '.join(map(str, column.size))})",
    }.get(column.kind, column.kind)


def _when(condition: ir.BooleanValue, sentence: ir.StringValue | str) -> ir.StringValue:
    return ibis.cases((condition, sentence))


def _typed_name(name: str) -> str:
    return f"typed {name}"


def _faults(table: Table, column: Column, record: ir.Table) -> list[ir.StringValue]:
    """The column's checks, each NULL or a sentence."""
    name, text, value = column.name, record[column.name], record[_typed_name(column.name)]
    shown = f"{name} is '" + text.left(60)
    faults = []
    if column.required:
        faults.append(_when(text.isnull() & (record.raw_operation != "D"), f"{name} is required but empty"))
    if column.kind == "text":
        size = column.size[0]
        faults.append(
            _when(
                value.length() > size,
                f"{name} has " + value.length().cast("string") + f" characters, more than {size}",
            )
        )
    else:
        faults.append(_when(text.notnull() & value.isnull(), shown + f"', which is no {_described(column)}"))
    if column.accepted_values:
        faults.append(
            _when(
                ~text.isin(column.accepted_values),
                shown + f"', not one of {', '.join(column.accepted_values)}",
            )
        )
    if column.not_after:
        last = (
            record["committed"]
            if column.not_after == "change_committed_at"
            else record[_typed_name(column.not_after)]
        )
        faults.append(
            _when(
                value > last + ibis.literal(CLOCK_SKEW_MINUTES).as_interval("m"),
                f"{name} " + text + f" lies in the future: after {column.not_after} " + last.cast("string"),
            )
        )
    if column.must_exist_in:
        faults.append(
            _when(
                value.notnull() & record[f"known {name}"].isnull(),
                shown + f"', which is not in {column.must_exist_in}",
            )
        )
    return faults


def _with_known(table: Table, record: ir.Table, known: Mapping[str, ir.Table]) -> ir.Table:
    """Beside each column that must exist elsewhere, 'known <column>': its value where it does."""
    for column in table.columns:
        if column.must_exist_in:
            values = known[column.must_exist_in].select(ibis._.value.name(f"known {column.name}"))
            as_text = written(column, record[column.name], record[_typed_name(column.name)]).cast("string")
            record = record.left_join(values, as_text == values[f"known {column.name}"])
    return record


def checked(table: Table, raw: ir.Table, known: Mapping[str, ir.Table]) -> ir.Table:
    """The expression; ``known`` has, for each must_exist_in, a table of the distinct values as text, named ``value``."""
    record = raw.mutate(
        committed=instant(raw.raw_committed_at),
        file_day=raw.raw_file.re_extract("ingest_date=([0-9-]{10})", 1).nullif("1970-01-01").try_cast("date"),
        **{_typed_name(c.name): typed(c, raw[c.name]) for c in table.columns},
    )
    record = _with_known(table, record, known)
    faults = [fault for c in table.columns for fault in _faults(table, c, record)]
    operation = _when(
        record.raw_operation.isnull() | ~record.raw_operation.isin(["I", "U", "D"]),
        "Op is '" + record.raw_operation.fill_null("") + "', not one of I, U, D",
    )
    no_time = _when(
        record.committed.isnull(),
        "time of the change is '" + record.raw_committed_at.fill_null("") + "', which is no timestamp",
    )
    # a full load has no day
    too_late = _when(
        record.committed >= record.file_day.cast("timestamp") + ibis.literal(DAYS_OF_A_FILE).as_interval("D"),
        "time of the change " + record.raw_committed_at + " lies in the future of the file that holds it",
    )
    # a stream's time of change is one of its columns, so the columns' own faults tell it better
    if table.format == "stream_jsonl":
        checks = [record.raw_fault, operation, too_late, *faults, no_time]
    else:
        checks = [record.raw_fault, operation, no_time, too_late, *faults]
    committed_at = stamp(record.raw_committed_at, record.committed)
    wide = {c.name: is_widened(c, record[c.name]) for c in table.columns}
    widened = [_when(found, name) for name, found in wide.items() if found is not None]
    return record.select(
        "record_number",
        **{c.name: written(c, record[c.name], record[_typed_name(c.name)]) for c in table.columns},
        change_operation=record.raw_operation,
        change_committed_at=committed_at,
        change_log_position=record.raw_position.coalesce(committed_at),
        raw_file=record.raw_file,
        refused_because=ibis.coalesce(*checks),
        widened=ibis.coalesce(*widened) if widened else ibis.null("string"),
        unknown=record.raw_unknown,
    )
