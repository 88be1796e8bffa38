"""The contracts: models/staging/<source>/_<source>__sources.yml, read into what curation and loading need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from flows.errors import InputError

FORMATS = ("dms_csv", "stream_jsonl", "export_csv")
CHANGE_COLUMNS = ("change_operation", "change_committed_at", "change_log_position", "load_batch_number")
_TYPE = re.compile(r"(text\((\d+)\)|integer|decimal\((\d+), *(\d+)\)|date|timestamp|flag)")


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` text, integer, decimal, date, timestamp or flag; ``size`` characters or (precision, scale)."""

    name: str
    kind: str
    size: tuple[int, ...]
    required: bool
    accepted_values: tuple[str, ...]
    not_after: str | None
    must_exist_in: str | None


@dataclass(frozen=True)
class Table:
    """One table of one source with its ``key`` and the ``format`` its source writes."""

    source: str
    name: str
    format: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def full_name(self) -> str:
        return f"{self.source}.{self.name}"


def _column(where: str, raw: dict[str, Any], names: set[str]) -> Column:
    name, written = raw.get("name"), str(raw.get("data_type", ""))
    match = _TYPE.fullmatch(written)
    if not match:
        raise InputError(
            f"contract {where}, column {name}: data_type '{written}' is unknown; write text(40), integer, decimal(18,4), date, timestamp or flag."
        )
    meta = raw.get("config", {}).get("meta", {})
    unknown = set(meta) - {"required", "accepted_values", "not_after", "must_exist_in"}
    if unknown:
        raise InputError(
            f"contract {where}, column {name}: meta '{sorted(unknown)[0]}' is unknown; it knows required, accepted_values, not_after and must_exist_in."
        )
    not_after = meta.get("not_after")
    if not_after and not_after not in names | {"change_committed_at"}:
        raise InputError(
            f"contract {where}, column {name}: not_after names '{not_after}', which is no column of the table."
        )
    return Column(
        name=str(name),
        kind=written.split("(")[0],
        size=tuple(int(g) for g in match.groups()[1:] if g),
        required=bool(meta.get("required", False)),
        accepted_values=tuple(str(v) for v in meta.get("accepted_values", ())),
        not_after=not_after,
        must_exist_in=meta.get("must_exist_in"),
    )


def read_contracts(project: Path) -> tuple[Table, ...]:
    """Every table of every source, those first that others must exist in. InputError names file and fault."""
    tables = []
    for path in sorted((project / "models" / "staging").glob("*/_*__sources.yml")):
        where = path.relative_to(project).as_posix()
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as fault:
            raise InputError(f"contract {where} is not valid YAML: {str(fault).splitlines()[0]}.") from fault
        for source in content.get("sources", []):
            form = source.get("config", {}).get("meta", {}).get("format")
            if form not in FORMATS:
                raise InputError(
                    f"contract {where}: format '{form}' is unknown; choose from {', '.join(FORMATS)}."
                )
            for table in source.get("tables", []):
                names = {c.get("name") for c in table.get("columns", [])}
                key = tuple(table.get("config", {}).get("meta", {}).get("key", ()))
                if not key or not set(key) <= names:
                    raise InputError(
                        f"contract {where}, table {table.get('name')}: key {list(key)} must name columns of the table."
                    )
                columns = tuple(
                    _column(f"{where}, table {table['name']}", c, names) for c in table["columns"]
                )
                tables.append(Table(source["name"], table["name"], form, key, columns))
    if not tables:
        raise InputError(f"no contract found below {project / 'models' / 'staging'}.")
    referred = {c.must_exist_in.rsplit(".", 1)[0] for t in tables for c in t.columns if c.must_exist_in}
    missing = referred - {t.full_name for t in tables}
    if missing:
        raise InputError(f"a contract says must_exist_in {sorted(missing)[0]}, which no contract declares.")
    return tuple(sorted(tables, key=lambda t: (t.full_name not in referred, t.full_name)))
