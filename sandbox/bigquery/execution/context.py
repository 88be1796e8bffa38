"""A statement's surroundings: who runs it, what its names mean, what it reads."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.bigquery import billing
from sandbox.bigquery.analyzer.gate import Gate, Routine, Scope
from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.billing import Sizes
from sandbox.bigquery.catalog import Catalog, Key, Table
from sandbox.bigquery.errors import Failure, InvalidQuery, NotFound, Unsupported
from sandbox.bigquery.execution import wildcards
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.information_schema import InformationSchema
from sandbox.bigquery.translate import values
from sandbox.bigquery.translate.translator import Source, Translator
from sandbox.bigquery.types import DATE, TIMESTAMP, Column, Type, of_field, of_proto

DEEPEST_VIEW = 16  # levels of views on views; https://cloud.google.com/bigquery/quotas#view_limits
PSEUDO = (Column("_PARTITIONTIME", TIMESTAMP), Column("_PARTITIONDATE", DATE))


class Warehouse:
    """The parts that all statements share."""

    def __init__(self, folder: Path | None, cache: Path, files: Path | None, location: str = "EU") -> None:
        self.catalog = Catalog(folder, location)
        self.gate = Gate(cache)
        self.files = files
        self.sizes = Sizes(self.catalog.cursor)
        self.information = InformationSchema(self.catalog, self.sizes, lambda t: t.columns)


@dataclass
class Context:
    """One statement, or the statements of one script."""

    warehouse: Warehouse
    project: str
    default: tuple[str, str] | None = None  # project and dataset of names without one
    parameters: dict[str, tuple[Type, Any]] = field(default_factory=dict)
    positional: list[tuple[Type, Any]] = field(default_factory=list)
    variables: dict[str, tuple[Type, Any]] = field(default_factory=dict)
    system: dict[str, Any] = field(default_factory=dict)
    temporary: dict[str, Table] = field(default_factory=dict)
    functions: dict[str, Routine] = field(default_factory=dict)  # temporary ones, by lower-case name
    job: str = ""
    dry_run: bool = False
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC).replace(tzinfo=None))
    processed: int = 0
    referenced: dict[Key, None] = field(default_factory=dict)
    depth: int = 0
    cursors: list[Any] = field(default_factory=list)  # running, to be interrupted
    outer: Context | None = None  # whose view this is the query of

    @property
    def catalog(self) -> Catalog:
        return self.warehouse.catalog

    # ---------- names

    def parts(self, path: Sequence[str]) -> list[str]:
        """The parts of a name, however it was quoted."""
        return ".".join(path).split(".")

    def key(self, path: Sequence[str]) -> Key:
        """Project, dataset and table of a name. Raises InvalidQuery when it lacks a dataset and there is no default."""
        parts = self.parts(path)
        if len(parts) == 1:
            if self.default is None:
                raise Failure(
                    "invalid",
                    f'Table "{parts[0]}" must be qualified with a dataset (e.g. dataset.table).',
                    parts[0],
                )
            return (*self.default, parts[0])
        if len(parts) == 2:
            return self.project, parts[0], parts[1]
        if len(parts) == 3:
            return parts[0], parts[1], parts[2]
        raise InvalidQuery(f"Invalid table name: `{'.'.join(parts)}`")

    def table(self, path: Sequence[str]) -> Table:
        """The table of a name, a temporary one first. Raises NotFound."""
        parts = self.parts(path)
        if len(parts) == 1 and parts[0].lower() in self.temporary:
            return self.temporary[parts[0].lower()]
        if len(parts) == 2 and parts[0].lower() == "_session" and parts[1].lower() in self.temporary:
            return self.temporary[parts[1].lower()]
        if parts[-1].endswith("*"):
            raise InvalidQuery(f"A wildcard table can only be read: {parts[-1]}")
        if "$" in parts[-1]:
            raise Unsupported(f"partition decorators in SQL ({parts[-1]})")
        if "@" in parts[-1]:
            raise Unsupported(f"time travel ({parts[-1]})")
        return self.catalog.table(self.key(path))

    # ---------- scope

    def scope(
        self, text: str, pseudo: bool = False, also: Sequence[tuple[str, ...]] = ()
    ) -> tuple[Scope, dict[int, Source]]:
        """What the statement may name, for the analyzer and for the translation.

        ``pseudo``: it may name pseudo-columns of a table it makes. ``also`` are more names, of tables that may be missing.
        """
        scope = Scope(
            variables={n: t for n, (t, _) in self.variables.items()},
            parameters={n: t for n, (t, _) in self.parameters.items()},
            positional=[t for t, _ in self.positional],
        )
        if pseudo:
            scope.pseudo = {c.name: c.type for c in PSEUDO}
        sources: dict[int, Source] = {}
        for path in self.warehouse.gate.table_names(text):
            self._add(path, scope, sources)
        for path in also:
            if path not in scope.tables:
                with contextlib.suppress(NotFound):
                    self._add(path, scope, sources)
        scope.routines = self._routines(text)
        return scope, sources

    def _add(self, path: tuple[str, ...], scope: Scope, sources: dict[int, Source]) -> None:
        parts = self.parts(path)
        number = -len(sources) - 1
        if len(parts) >= 2 and parts[-2].upper() == "INFORMATION_SCHEMA":
            source = self._information(parts[-1], parts[:-2])
        elif parts[-1] == "__TABLES__":
            source = self._information("__TABLES__", parts[:-1])
        elif parts[-1].endswith("*"):
            source = self._wildcard(path)
        else:
            table = self.table(path)
            number = table.serial
            source = self._view(table) if table.is_view else self._stored(table)
        sources[number] = source
        scope.tables[path] = (number, source.columns)

    def _information(self, name: str, front: list[str]) -> Source:
        project, dataset = self.project, None
        if not front and self.default:
            project, dataset = self.default
        elif len(front) == 1:
            dataset = front[0]
        elif len(front) >= 2:
            project, dataset = front[-2], front[-1]
        if dataset is not None and dataset.lower().startswith("region-"):
            dataset = None
        columns, maker = self.warehouse.information.view(name, project, dataset)
        if dataset is not None:
            self.catalog.dataset(project, dataset)

        def rows(read: Sequence[Column], numbers: Sequence[int], t: Translator) -> str:
            wanted = [[c.name for c in columns].index(c.name) for c in read]
            listed = [
                "(" + ", ".join([*(values.literal(row[i], columns[i].type) for i in wanted), "1"]) + ")"
                for row in maker()
            ]
            names = ", ".join([*(values.name(c.name) for c in read), "one_row"])
            if not listed:
                nulls = ", ".join([*(values.literal(None, c.type) for c in read), "1"])
                return f"(SELECT * FROM (VALUES ({nulls})) AS v({names}) WHERE FALSE)"
            return f"(VALUES {', '.join(listed)}) AS v({names})"

        return Source(columns, rows)

    def _view(self, table: Table) -> Source:
        """A view binds late: its text is analyzed again each time, so it has the columns that its tables have now."""
        if self.depth >= DEEPEST_VIEW:
            raise InvalidQuery(f"Exceeded maximum view nesting depth of {DEEPEST_VIEW}: {table.name}")
        assert table.query is not None
        inner = self.within(table)
        node = inner.analyze(table.query)
        outputs = [o.name for o in node.output_column_list]
        names = table.settings.get("viewColumns") or outputs
        if len(names) != len(outputs):
            raise InvalidQuery(
                f"View {table.name} lists {len(names)} columns, but its query has {len(outputs)}"
            )
        columns = [
            Column(name, of_proto(o.column.type))
            for name, o in zip(names, node.output_column_list, strict=True)
        ]

        def rows(read: Sequence[Column], numbers: Sequence[int], t: Translator) -> str:
            self.referenced.setdefault(table.key)
            below = self.within(table)
            wanted = [outputs[[c.name for c in columns].index(c.name)] for c in read]
            listed = ", ".join(f"`{name}`" for name in wanted) or "1 AS one_row"
            used = [t.live is None or number in t.live for number in numbers] or [True]
            text = f"SELECT {listed} FROM (\n{table.query}\n)"
            return f"({below.translated(text, [c.name for c in read] or ['one_row'], used)})"

        return Source(columns, rows)

    def within(self, table: Table) -> Context:
        """The surroundings of a view's query: nothing of the caller's but what is counted."""
        inner = Context(self.warehouse, table.key[0], started=self.started, depth=self.depth + 1)
        inner.referenced = self.referenced
        inner.cursors = self.cursors
        inner.outer = self
        return inner

    def translated(self, text: str, names: Sequence[str], used: Sequence[bool]) -> str:
        """A query as DuckDB's SQL, with these names of its columns, of which only some may be used."""
        scope, sources = self.scope(text)
        node = self.warehouse.gate.analyze(text, scope)
        return self.translator(sources).query(node.query, node.output_column_list, names, used)

    def count(self, processed: int) -> None:
        """Bytes read, added up at the statement itself."""
        self.processed += processed
        if self.outer is not None:
            self.outer.count(processed)

    def _stored(self, table: Table) -> Source:
        columns = [*table.columns, *(PSEUDO if table.by_ingestion else ())]

        def rows(read: Sequence[Column], numbers: Sequence[int], t: Translator) -> str:
            self.reads(table, read, numbers, t)
            return place_of(table)

        return Source(columns, rows)

    def _wildcard(self, path: Sequence[str]) -> Source:
        key = self.key(path)
        self.catalog.dataset(key[0], key[1])
        found = wildcards.matching(self.catalog.tables_of(key[0], key[1]), key)

        def rows(read: Sequence[Column], numbers: Sequence[int], t: Translator) -> str:
            def place(table: Table, columns: Sequence[Column], own: Sequence[int]) -> str:
                self.reads(table, columns, own, t)
                return place_of(table)

            return wildcards.rows(found, read, numbers, t, lambda node: self.constant(t, node), place)

        return Source(wildcards.columns_of(found), rows)

    def reads(self, table: Table, read: Sequence[Column], numbers: Sequence[int], t: Translator) -> None:
        """Note what is read, and refuse to read what needs a filter without one."""
        if table.key[1] != "_temporary":
            self.referenced.setdefault(table.key)
        conditions, filtered = self._conditions(table, read, numbers, t)
        if table.needs_filter and not filtered:
            field_name = (table.partitioning or {}).get(
                "field", "_PARTITION_LOAD_TIME', '_PARTITIONDATE', '_PARTITIONTIME"
            )
            raise InvalidQuery(
                f"Cannot query over table '{'.'.join(table.key)}' without a filter over column(s) '{field_name}' that can be used for partition elimination"
            )
        used = [c for c, n in zip(read, numbers, strict=True) if t.live is None or n in t.live or n < 0]
        sizes = self.warehouse.sizes.of(table, [c for c in used if not c.name.startswith("_PARTITION")])
        self.count(sum(n for p, n in sizes.items() if billing.kept(p, table, conditions)))

    def _conditions(
        self, table: Table, read: Sequence[Column], numbers: Sequence[int], t: Translator
    ) -> tuple[list[billing.Bound], bool]:
        if not table.partitioning:
            return [], False
        names = {table.partitioning["field"]} if "field" in table.partitioning else {c.name for c in PSEUDO}
        found: list[billing.Bound] = []
        filtered = False
        for column, number in zip(read, numbers, strict=True):
            if column.name in names:
                part = (table.settings.get("timePartitioning") or {}).get("type")
                found += billing.bounds(t.filters, number, lambda node: self.constant(t, node), part)
                filtered = filtered or billing.mentions(t.filters, number)
        return found, filtered

    def constant(self, t: Translator, node: Node) -> Any:
        """The value of an expression without columns."""
        with self.catalog.cursor() as cursor, engine_errors():
            row = cursor.execute(f"SELECT {t.expression(node)}").fetchone()
        assert row is not None
        return row[0]

    def _routines(self, text: str) -> list[Routine]:
        """The functions that the text may call: those whose name stands in it, or in the body of one of those."""
        found: list[Routine] = []
        while True:
            bodies = text + "".join(f"\n{r.body}" for r in found)
            temporary = [
                r for r in self.functions.values() if re.search(rf"(?i)\b{re.escape(r.path[0])}\b", bodies)
            ]
            more = [*temporary, *self._stored_routines(bodies)]
            if len(more) == len(found):
                return found
            found = more

    def _stored_routines(self, text: str) -> list[Routine]:
        found = []
        for key, entry in self.catalog.routines.items():
            if not re.search(rf"\b{re.escape(key[2])}\b", text):
                continue
            told = entry.resource
            arguments = tuple(
                (a["name"], None if a.get("argumentKind") == "ANY_TYPE" else _type_of(a["dataType"]))
                for a in told.get("arguments", [])
            )
            result = _type_of(told["returnType"]) if told.get("returnType") else None
            paths: list[tuple[str, ...]] = [
                key,
                (".".join(key),),
                (key[0], f"{key[1]}.{key[2]}"),
                (f"{key[0]}.{key[1]}", key[2]),
            ]
            if key[0] == self.project:
                paths += [key[1:], (".".join(key[1:]),)]
            if self.default == key[:2]:
                paths.append((key[2],))
            found += [Routine(path, arguments, result, told["definitionBody"]) for path in paths]
        return found

    # ---------- the two steps of every statement

    def analyze(self, text: str, pseudo: bool = False) -> Node:
        scope, _ = self.scope(text, pseudo)
        return self.warehouse.gate.analyze(text, scope)

    def translator(self, sources: dict[int, Source]) -> Translator:
        now = values.literal(self.started, TIMESTAMP)
        system = {
            "project_id": self.project, "dataset_id": self.default[1] if self.default else None, "time_zone": "UTC",
            "script.job_id": self.job, **self.system,
        }  # fmt: skip
        return Translator(sources, self.variables, self.parameters, self.positional, system, now)


def place_of(table: Table) -> str:
    """SQL of a table's rows: pseudo-columns are added, expired partitions are gone."""
    if not table.place:
        raise NotFound(f"Not found: the rows of {table.name}")
    told = table.settings.get("timePartitioning") or {}
    extra = ', CAST("_PARTITIONTIME" AS DATE) AS "_PARTITIONDATE"' if table.by_ingestion else ""
    where = ""
    if told.get("expirationMs"):
        oldest = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(
            milliseconds=int(told["expirationMs"])
        )
        where = f" WHERE coalesce({billing.partition_of(table)} > {values.literal(oldest, TIMESTAMP)}, TRUE)"
    return f"(SELECT *{extra} FROM {table.place}{where})" if extra or where else table.place


def _type_of(told: dict[str, Any]) -> Type:
    """A type from the REST interface's StandardSqlDataType."""
    kind = told["typeKind"]
    if kind == "ARRAY":
        return Type("ARRAY", element=_type_of(told["arrayElementType"]))
    if kind == "STRUCT":
        return Type(
            "STRUCT", fields=tuple((f["name"], _type_of(f["type"])) for f in told["structType"]["fields"])
        )
    return of_field({"name": "x", "type": kind}).type
