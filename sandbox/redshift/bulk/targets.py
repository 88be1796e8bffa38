"""The columns of the table that COPY loads."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.redshift.bulk.failures import CopyFailed
from sandbox.redshift.catalog import literal
from sandbox.redshift.language import Refused
from sandbox.redshift.names import Names
from sandbox.redshift.wire.backend import Backend

CHARACTERS = ("character varying", "character")


@dataclass(frozen=True)
class Target:
    """A column: ``type`` in Redshift's words with its size ("numeric(18,4)"), ``length`` in bytes of a character type."""

    name: str
    type: str
    identity: bool
    required: bool

    @property
    def kind(self) -> str:
        return self.type.split("(")[0]

    @property
    def sizes(self) -> tuple[int, ...]:
        inside = self.type.partition("(")[2].partition(")")[0]
        return tuple(int(n) for n in inside.split(",")) if inside else ()

    @property
    def length(self) -> int | None:
        return self.sizes[0] if self.kind in CHARACTERS and self.sizes else None

    @property
    def is_text(self) -> bool:
        return self.kind in CHARACTERS


COLUMNS = """
select a.attname, redshift_catalog.format_type(a.atttypid, a.atttypmod), a.attidentity <> '', a.attnotnull, a.attrelid, c.relkind
from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
where a.attrelid = redshift_catalog.relation_of({schema}, {table}) and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""


async def targets(
    backend: Backend,
    names: Names,
    schema: str | None,
    table: str,
    chosen: tuple[str, ...],
    explicit_ids: bool,
) -> tuple[list[Target], int]:
    """The columns that files fill, in the order of the command or the table, and the table's OID. Raises Refused."""
    asked = COLUMNS.format(schema=literal(schema and names.short(schema)), table=literal(names.short(table)))
    rows = await backend.query(asked)
    if not rows:
        raise Refused("42P01", f'relation "{table}" does not exist', "", 0)
    if rows[0][5] not in ("r", "p"):
        raise Refused("42809", f'cannot copy to non-table relation "{table}"', "", 0)
    there = {
        names.whole(str(row[0])): Target(names.whole(str(row[0])), str(row[1]), row[2] == "t", row[3] == "t")
        for row in rows
    }
    wanted = list(there.values())
    if chosen:
        missing = [name for name in chosen if name not in there]
        if missing:
            raise Refused("42703", f'column "{missing[0]}" of relation "{table}" does not exist', "", 0)
        wanted = [there[name] for name in chosen]
    if chosen and not explicit_ids and any(column.identity for column in wanted):
        raise CopyFailed("an IDENTITY column in the column list of COPY needs EXPLICIT_IDS")
    if not explicit_ids:
        wanted = [column for column in wanted if not column.identity]
    return wanted, int(str(rows[0][4]))
