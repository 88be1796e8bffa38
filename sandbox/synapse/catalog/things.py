"""Everything a catalog holds. Each is a value that never changes; a change puts another in its place."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.synapse.types import SqlType

TABLE, VIEW, PROCEDURE, EXTERNAL, MATERIALIZED = "U ", "V ", "P ", "ET", "MV"
OWNER, PUBLIC = 1, 0  # principal ids of dbo and public


@dataclass(frozen=True, slots=True)
class TableColumn:
    """identity: (seed, increment). default: (name of its constraint, text as written), as of DEFAULT."""

    name: str
    type: SqlType
    nullable: bool = True
    collation: str | None = None
    identity: tuple[int, int] | None = None
    default: tuple[str, str] | None = None
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A PRIMARY KEY or UNIQUE constraint, NOT ENFORCED. kind: 'PK' or 'UQ'."""

    id: int
    name: str
    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """A further index. kind: 'NONCLUSTERED', 'CLUSTERED', 'CLUSTERED COLUMNSTORE'."""

    name: str
    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """A table, view or procedure.

    kind: one of the two letters of sys.objects.type ('MV': a materialized view, which sys.objects calls a view).
    distribution: HASH, ROUND_ROBIN, REPLICATE or None. index: HEAP, CLUSTERED COLUMNSTORE INDEX, CLUSTERED INDEX.
    definition: the text of a view or procedure. external: location, data_source, file_format of an external table.
    temporary: a #table of one session.
    """

    id: int
    schema: str
    name: str
    kind: str
    created: dt.datetime
    modified: dt.datetime
    columns: tuple[TableColumn, ...] = ()
    distribution: str | None = None
    distribution_columns: tuple[str, ...] = ()
    index: str | None = None
    index_columns: tuple[str, ...] = ()
    partition: tuple[str, str, tuple[str, ...]] | None = None
    keys: tuple[Key, ...] = ()
    indexes: tuple[Index, ...] = ()
    statistics: tuple[tuple[str, tuple[str, ...]], ...] = ()
    definition: str | None = None
    external: tuple[tuple[str, str], ...] = ()
    owner: int | None = None
    temporary: bool = False

    @property
    def stored(self) -> str:
        """The DuckDB table that holds its rows."""
        return f'temp.main."t{self.id}"' if self.temporary else f'stored.main."t{self.id}"'

    @property
    def is_view(self) -> bool:
        return self.kind in (VIEW, MATERIALIZED)


@dataclass(frozen=True, slots=True)
class Schema:
    id: int
    name: str
    owner: int = OWNER


@dataclass(frozen=True, slots=True)
class Principal:
    """kind: 'S' SQL user, 'R' role, 'E' external user. members: ids of a role's members."""

    id: int
    name: str
    kind: str
    created: dt.datetime
    default_schema: str | None = None
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PermissionEntry:
    """state: 'G' granted, 'D' denied, 'W' with grant option. class_: 0 database, 1 object, 3 schema. id: 0 or of the object."""

    grantee: int
    class_: int
    id: int
    permission: str
    state: str
    grantor: int = OWNER


@dataclass(frozen=True, slots=True)
class External:
    """kind: 'external data source', 'external file format', 'database scoped credential', 'master key'."""

    id: int
    kind: str
    name: str
    options: dict[str, Any] = field(default_factory=dict)


Thing = Object | Schema | Principal | PermissionEntry | External
KINDS: dict[str, type[Any]] = {c.__name__: c for c in (Object, Schema, Principal, PermissionEntry, External)}


def to_text(thing: Thing) -> str:
    """One line of JSON, which from_text reads."""
    return json.dumps(dataclasses.asdict(thing), default=str, ensure_ascii=False)


def from_text(kind: str, text: str) -> Thing:
    told = json.loads(text)
    if kind == "Object":
        told["columns"] = tuple(
            TableColumn(
                **(
                    c
                    | {
                        "type": SqlType(**c["type"]),
                        "identity": _pair(c["identity"]),
                        "default": _pair(c["default"]),
                    }
                )
            )
            for c in told["columns"]
        )
        told["keys"] = tuple(Key(**(k | {"columns": tuple(k["columns"])})) for k in told["keys"])
        told["indexes"] = tuple(Index(**(i | {"columns": tuple(i["columns"])})) for i in told["indexes"])
        told["statistics"] = tuple((name, tuple(columns)) for name, columns in told["statistics"])
        told["external"] = tuple((name, value) for name, value in told["external"])
        for name in ("distribution_columns", "index_columns"):
            told[name] = tuple(told[name])
        if told["partition"]:
            column, side, boundaries = told["partition"]
            told["partition"] = (column, side, tuple(boundaries))
    for name in ("created", "modified"):
        if told.get(name):
            told[name] = dt.datetime.fromisoformat(told[name])
    if "members" in told:
        told["members"] = tuple(told["members"])
    thing: Thing = KINDS[kind](**told)
    return thing


def _pair(value: Any) -> Any:
    return tuple(value) if value else None
