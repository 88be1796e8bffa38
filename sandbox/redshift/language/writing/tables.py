"""The FROM clause in PostgreSQL's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.redshift.language.prepared import Catalog
from sandbox.redshift.language.refusal import GUIDE, NO_FUNCTION, Refused, refused, unsupported
from sandbox.redshift.language.tokens import quoted_name
from sandbox.redshift.language.tree import (
    Binary,
    Call,
    Case,
    Derived,
    FunctionTable,
    Is,
    Join,
    Literal,
    Name,
    Path,
    Pivot,
    Table,
    Unpivot,
)  # fmt: skip
from sandbox.redshift.language.types import BIGINT, OPAQUE, SUPER, Type, checked, from_catalog, in_postgres
from sandbox.redshift.language.writing.aggregates import AggregateWriter
from sandbox.redshift.language.writing.scopes import Columns, Scope, Source, find
from sandbox.redshift.language.writing.values import text

if TYPE_CHECKING:
    from sandbox.redshift.language.tree import Query

PIVOT_PAGE = "r_FROM_clause-pivot-unpivot-examples.html"
SYSTEM_PREFIXES = ("pg_", "svv_", "svl_", "stl_", "stv_", "sys_", "svcs_")
SYSTEM_SCHEMAS = frozenset(["pg_catalog", "information_schema", "pg_internal"])
# Functions of the leader node that stand in FROM.
CATALOG_FUNCTIONS = frozenset(
    [
        "pg_get_late_binding_view_cols",
        "pg_get_cols",
        "pg_get_session_roles",
        "pg_get_iam_role_by_user",
        "pg_get_grantee_by_iam_role",
    ]
)


def is_system(parts: list[str]) -> bool:
    """Whether a relation is one of Redshift's own."""
    if len(parts) > 1 and parts[-2] in SYSTEM_SCHEMAS:
        return True
    return len(parts) == 1 and parts[0].startswith(SYSTEM_PREFIXES)


SYSTEM_VIEW = re.compile(r"(?:stl|stv|svl|svv|svcs|sys)_")


class TableWriter(AggregateWriter):
    """table(node, scope) writes a table reference and adds it to the scope."""

    def __init__(self, catalog: Catalog, database: str) -> None:
        super().__init__()
        self.catalog = catalog
        self.database = database
        self.reads_user_tables = False

    def query(
        self,
        query: Query,
        parent: Scope | None,
        tables: dict[str, Columns | None],
        place: str = "",
        targets: list[Type] | None = None,
    ) -> tuple[str, Columns]:
        raise NotImplementedError

    def table(self, node: Any, scope: Scope) -> str:
        if isinstance(node, Table):
            return self._named(node, scope)
        if isinstance(node, Derived):
            return self._derived(node, scope)
        if isinstance(node, Join):
            return self._join(node, scope)
        if isinstance(node, FunctionTable):
            return self._function(node, scope)
        if isinstance(node, Pivot):
            return self._pivot(node, scope)
        assert isinstance(node, Unpivot)
        return self._unpivot(node, scope)

    def columns_of(self, parts: list[str], at: int) -> Columns | None:
        """Columns of a relation in the catalog; None when there is no such relation."""
        self.check_database(parts, at)
        found = self.catalog.columns(parts[-2] if len(parts) > 1 else None, parts[-1])
        if found is None:
            return None
        return [(name, from_catalog(type_)) for name, type_ in found]

    def check_database(self, parts: list[str], at: int) -> None:
        if len(parts) == 3 and self.database and parts[0] != self.database:
            raise unsupported(
                f'a query of another database ("{parts[0]}")', at, "cross-database-overview.html"
            )

    def _named(self, node: Table, scope: Scope) -> str:
        parts = node.parts
        name = node.alias or parts[-1]
        alias = f" as {quoted_name(node.alias)}" if node.alias else ""
        if len(parts) == 1 and parts[0] in scope.tables:
            scope.sources.append(Source(name, renamed(scope.tables[parts[0]], node.columns)))
            return quoted_name(parts[0]) + alias + column_list(node.columns)
        if unnested := self._super_array(node, scope):
            return unnested
        if node.index is not None:
            raise refused('"AT" is for an array of SUPER', node.at, "query-super.html", "42601")
        if len(parts) > 3:
            raise refused(
                "a table's name has at most a database and a schema before it",
                node.at,
                "r_names.html",
                "42601",
            )
        columns = self.columns_of(parts, node.at)
        if columns is None and SYSTEM_VIEW.match(parts[-1]) and parts[:-1] in ([], ["pg_catalog"]):
            raise unsupported(f"the system view {parts[-1]}", node.at, "cm_chap_system-tables.html")
        system = is_system(parts)
        if not system:
            self.reads_user_tables = True
        schema = parts[-2] if len(parts) > 1 and not node.alias else None
        scope.sources.append(Source(name, renamed(columns, node.columns), schema, not system))
        shown = ".".join(quoted_name(part) for part in parts[-2:])
        return shown + alias + column_list(node.columns)

    def _super_array(self, node: Table, scope: Scope) -> str | None:
        """FROM t, t.items AS item [AT place], or UNPIVOT t.object AS value AT key: a row for each element (query-super)."""
        navigates = bool(node.path) or node.unpivot
        if not navigates and (len(node.parts) < 2 or not any(s.name == node.parts[0] for s in scope.sources)):
            return None
        found = find(scope, node.parts)
        if found.depth or found.type.name != "super":
            if navigates:
                raise refused(
                    "only a SUPER value is navigated or unpivoted in FROM",
                    node.at,
                    "query-super.html",
                    "42804",
                )
            return None
        value: Any = Name(node.parts, node.at)
        if node.path:
            value = Path(value, node.path, node.at)
        written = self.write(value, scope)
        name = node.alias or (
            node.path[-1] if node.path and isinstance(node.path[-1], str) else node.parts[-1]
        )
        columns: Columns = [(name, SUPER)]
        if node.index:
            columns.append((node.index, Type("varchar") if node.unpivot else BIGINT))
        scope.sources.append(Source(name, columns))
        shown = ", ".join(quoted_name(column) for column, _ in columns)
        function = "redshift.members" if node.unpivot else "redshift.elements"
        return f"lateral {function}({written.sql}) as {quoted_name(name)}({shown})"

    def _derived(self, node: Derived, scope: Scope) -> str:
        # a query in FROM sees the blocks around, not the tables beside it
        sql, columns = self.query(node.query, scope.parent, scope.tables)
        scope.sources.append(Source(node.alias, renamed(columns, node.columns)))
        alias = f" as {quoted_name(node.alias)}{column_list(node.columns)}" if node.alias else ""
        return f"({sql}){alias}"

    def _join(self, node: Join, scope: Scope) -> str:
        first = len(scope.sources)
        left = self.table(node.left, scope)
        middle = len(scope.sources)
        right = self.table(node.right, scope)
        if isinstance(node.right, Join):
            right = f"({right})"
        if node.kind == "comma":
            return f"{left}, {right}"
        words = {
            "inner": "join",
            "cross": "cross join",
            "left": "left join",
            "right": "right join",
            "full": "full join",
        }
        word = ("natural " if node.natural else "") + words[node.kind]
        if node.natural:
            sides = [
                {name for s in scope.sources[a:b] for name, _ in s.columns or []}
                for a, b in ((first, middle), (middle, None))
            ]
            scope.merged |= sides[0] & sides[1]
        if node.using:
            scope.merged.update(node.using)
            return f"{left} {word} {right} using ({', '.join(quoted_name(n) for n in node.using)})"
        if node.on is None:
            return f"{left} {word} {right}"
        scope.outer_join = node.kind in ("left", "right", "full")
        condition = self.write(node.on, scope).sql
        scope.outer_join = False
        return f"{left} {word} {right} on {condition}"

    def _function(self, node: FunctionTable, scope: Scope) -> str:
        name = node.call.name[-1]
        if name not in CATALOG_FUNCTIONS:
            if name in ("generate_series", "unnest", "json_array_elements", "regexp_split_to_table"):
                raise Refused(
                    NO_FUNCTION,
                    f"function {name}(…) does not exist",
                    GUIDE + "c_unsupported-postgresql-functions.html",
                    node.at,
                )
            raise refused(
                "table functions are not supported", node.at, "c_unsupported-postgresql-features.html"
            )
        arguments = ", ".join(self.write(a, scope).sql for a in node.call.arguments)
        columns: Columns = []
        defined = []
        for column, type_ in node.columns:
            columns.append((column, checked(type_) if type_ is not None else OPAQUE))
            defined.append(
                quoted_name(column)
                + (
                    f" {type_.name if type_.name in ('name', 'oid') else in_postgres(checked(type_))}"
                    if type_
                    else ""
                )
            )
        scope.sources.append(Source(node.alias or name, columns if columns else None))
        tail = f" as {quoted_name(node.alias)}" if node.alias else (" as" if defined else "")
        return f"{name}({arguments}){tail}" + (f"({', '.join(defined)})" if defined else "")

    # ---------- PIVOT and UNPIVOT

    def _source_of(self, source: Any, scope: Scope, at: int) -> tuple[str, Scope, Columns]:
        inner = Scope(scope.parent, scope.tables)
        sql = self.table(source, inner)
        if len(inner.sources) != 1 or inner.sources[0].columns is None:
            raise unsupported(
                "PIVOT and UNPIVOT of a join, or of columns that are not known",
                at,
                PIVOT_PAGE,
            )
        return sql, inner, inner.sources[0].columns

    def _pivot(self, node: Pivot, scope: Scope) -> str:
        """Grouped by every column that PIVOT does not name; a column for each value."""
        sql, inner, columns = self._source_of(node.source, scope, node.at)
        if len(node.aggregates) > 1:
            raise unsupported(
                "PIVOT with more than one aggregate",
                node.at,
                PIVOT_PAGE,
            )
        call = node.aggregates[0][0]
        used = {node.column, *names_in(call)}
        groups = [(name, type_) for name, type_ in columns if name not in used]
        items = [quoted_name(name) for name, _ in groups]
        result = list(groups)
        for value, alias in node.values:
            if not isinstance(value, Literal):
                raise unsupported("PIVOT … IN with anything but constants", node.at, PIVOT_PAGE)
            written = self.write(_where_equal(call, node.column, value), inner)
            # "the aggregate alias is appended to the column name with an underscore"
            name = "_".join(filter(None, (alias or value.value, node.aggregates[0][1])))
            items.append(f"{written.sql} as {quoted_name(name)}")
            result.append((name, written.type))
        grouped = f" group by {', '.join(quoted_name(name) for name, _ in groups)}" if groups else ""
        scope.sources.append(Source(node.alias, result))
        return f"(select {', '.join(items)} from {sql}{grouped}) as {quoted_name(node.alias or 'pivoted')}"

    def _unpivot(self, node: Unpivot, scope: Scope) -> str:
        """A row for each listed column; NULL values are left out unless they are asked for."""
        sql, _inner, columns = self._source_of(node.source, scope, node.at)
        listed = {name for name, _ in node.columns}
        kept = [(name, type_) for name, type_ in columns if name not in listed]
        types = dict(columns)
        rows = ", ".join(f"({text(alias or name).sql}, {quoted_name(name)})" for name, alias in node.columns)
        name, value = quoted_name(node.name), quoted_name(node.value)
        items = [quoted_name(n) for n, _ in kept] + [f'"listed".{name}', f'"listed".{value}']
        kept_only = "" if node.include_nulls else f' where "listed".{value} is not null'
        scope.sources.append(
            Source(
                node.alias,
                [*kept, (node.name, Type("varchar")), (node.value, types.get(node.columns[0][0], OPAQUE))],
            )
        )
        listing = f'cross join lateral (values {rows}) as "listed"({name}, {value})'
        return f"(select {', '.join(items)} from {sql} {listing}{kept_only}) as {quoted_name(node.alias or 'unpivoted')}"


def renamed(columns: Columns | None, names: list[str]) -> Columns | None:
    """The columns under the names of an alias's list."""
    if columns is None or not names:
        return columns
    return [(names[i] if i < len(names) else name, type_) for i, (name, type_) in enumerate(columns)]


def column_list(names: list[str]) -> str:
    return f"({', '.join(quoted_name(name) for name in names)})" if names else ""


def names_in(node: Any) -> set[str]:
    """The last parts of all names below a node."""
    if isinstance(node, Name):
        return {node.parts[-1]}
    found: set[str] = set()
    if isinstance(node, (list, tuple)):
        for item in node:
            found |= names_in(item)
    elif hasattr(node, "__slots__") and hasattr(node, "__dataclass_fields__"):
        for field in node.__dataclass_fields__:
            found |= names_in(getattr(node, field))
    return found


def _column(name: str, at: int) -> Name:
    return Name([name], at)


def _where_equal(call: Call, column: str, value: Literal) -> Call:
    """The aggregate over the rows where the column has the value: sum(x) as sum(case when column = value then x end)."""
    counted = call.arguments or [Literal("number", "1", call.at)]
    subject = _column(column, call.at)
    condition: Any = Binary("=", subject, value, call.at)
    if value.kind == "null":
        condition = Is(subject, "null", False, call.at)
    arguments = [Case(None, [(condition, argument)], None, call.at) for argument in counted]
    return Call(call.name, arguments, call.at, distinct=call.distinct)
