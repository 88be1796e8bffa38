"""CREATE and DROP of tables, views, schemas and functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sandbox.bigquery.analyzer.gate import Routine
from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.catalog import RESULTS, Dataset, Key, RoutineEntry, Table, now_ms
from sandbox.bigquery.errors import Failure, InvalidQuery, NotFound, Unsupported
from sandbox.bigquery.execution import options, query
from sandbox.bigquery.execution.context import Context
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.translate import casts
from sandbox.bigquery.translate.expressions import type_parameters
from sandbox.bigquery.types import Column, Type, of_proto


def defined_columns(context: Context, node: Node, sources: dict[int, Any]) -> list[Column]:
    """The columns of a column list, with their parameters, NOT NULL, default and description."""
    t = context.translator(sources)
    found = []
    for definition in node.column_definition_list:
        notes = definition.annotations
        type_ = of_proto(definition.type)
        type_.check_storable()
        if definition.generated_column_info is not None:
            raise Unsupported("generated columns")
        default = definition.default_value
        found.append(
            Column(
                definition.name, _parameterized(type_, notes), bool(notes is not None and notes.not_null),
                options.column_description(context, t, notes), default.sql if default is not None else None,
                tuple(_nested(context, t, type_, notes, "")),
            )
        )  # fmt: skip
    return found


def _parameterized(type_: Type, notes: Node | None) -> Type:
    if notes is None or notes.type_parameters is None:
        return type_
    return replace(type_, parameters=type_parameters(notes.type_parameters))


def _nested(context: Context, t: Any, type_: Type, notes: Node | None, path: str) -> list[tuple[str, str]]:
    """Descriptions of a struct's fields."""
    if notes is None or not notes.child_list:
        return []
    inner, children = (type_.element, notes.child_list[0]) if type_.element is not None else (type_, notes)
    found = []
    for (name, field_type), child in zip(inner.fields if inner else (), children.child_list, strict=False):
        below = f"{path}.{name}" if path else name
        text = options.column_description(context, t, child)
        if text:
            found.append((below, text))
        found += _nested(context, t, field_type, child, below)
    return found


def table_constraints(node: Node) -> dict[str, Any]:
    """Unenforced keys, as tableConstraints. A key that is to be enforced is refused, as on BigQuery."""
    told: dict[str, Any] = {}
    if node.primary_key is not None:
        if not node.primary_key.unenforced:
            raise InvalidQuery("Enforced primary keys are not supported; use NOT ENFORCED")
        told["primaryKey"] = {"columns": list(node.primary_key.column_name_list)}
    for foreign in node.foreign_key_list:
        if foreign.enforced:
            raise InvalidQuery("Enforced foreign keys are not supported; use NOT ENFORCED")
        told.setdefault("foreignKeys", []).append({"name": foreign.constraint_name})
    if node.check_constraint_list:
        raise InvalidQuery("CHECK constraints are not supported")
    return {"tableConstraints": told} if told else {}


def _settings(
    context: Context, node: Node, sources: dict[int, Any], columns: Sequence[Column]
) -> dict[str, Any]:
    t = context.translator(sources)
    types = {c.name: c.type for c in columns}
    settings = {
        **options.partitioning(node.partition_by_list, types), **options.clustering(node.cluster_by_list),
        **(table_constraints(node) if node.has("primary_key") else {}),
    }  # fmt: skip
    return options.table_settings(options.option_values(context, t, node.option_list), settings)


def _default_expiration(context: Context, key: Key, settings: dict[str, Any]) -> dict[str, Any]:
    dataset = context.catalog.dataset(key[0], key[1])
    told = dataset.settings.get("defaultTableExpirationMs")
    if told and "expirationTime" not in settings:
        return {**settings, "expirationTime": str(now_ms() + int(told))}
    return settings


def _replacing(context: Context, node: Node, key: Key, what: str) -> tuple[Table | None, str | None]:
    """What is there already, and the operation: None when nothing is to be done."""
    before = context.catalog.tables.get(key) if context.catalog.exists(key) else None
    if before is None:
        return None, "CREATE"
    if node.create_mode == "CREATE_IF_NOT_EXISTS":
        return before, None
    if node.create_mode != "CREATE_OR_REPLACE":
        raise Failure("duplicate", f"Already Exists: {what} {before.name}")
    return before, "REPLACE"


def _same_kind(before: Table | None, wanted: str) -> None:
    """A table does not replace a view, nor the reverse."""
    if before is not None and before.kind != wanted:
        words = before.kind.lower().replace("_", " ")
        raise Failure(
            "invalid",
            f"{before.name} is not allowed for this operation because it is currently a {words.upper()}.",
        )


def create_table(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    """CREATE TABLE with a column list, or LIKE, COPY or CLONE of another."""
    if node.is_value_table or node.connection is not None:
        raise Unsupported("this form of CREATE TABLE")
    temporary = node.create_scope == "CREATE_TEMP"
    other = _copied(context, node)
    columns = list(other.columns) if other is not None else defined_columns(context, node, sources)
    settings = _settings(context, node, sources, columns)
    if other is not None:
        settings = {**other.copied_settings, **settings}
    copies = other is not None and not (node.like_table is not None and node.like_table.name)
    if temporary:
        return _temporary(
            context, node, columns, settings, f"SELECT * FROM {other.place}" if copies and other else None
        )
    key = context.key(node.name_path)
    outcome = Outcome("CREATE_TABLE", target=key, processed=context.processed)
    with context.catalog.locked(key), engine_errors():
        settings = _default_expiration(context, key, settings)
        before, outcome.operation = _replacing(context, node, key, "Table")
        if outcome.operation is None:
            outcome.operation = "SKIP"
            return outcome
        _same_kind(before, "TABLE")
        if context.dry_run:
            return outcome
        with context.catalog.transaction() as change:
            if copies and other is not None:
                given = [c.name for c in columns]
                query.replace_table(
                    context, change, key, columns, f"SELECT * FROM {other.place}", given, settings, before
                )
            else:
                moment = now_ms()
                if before is not None:
                    change.drop_table(before)
                table = Table(
                    key, "TABLE", tuple(columns), context.catalog.serial(), moment, moment, settings=settings
                )
                change.put_table(change.create_place(table))
    return outcome


def _copied(context: Context, node: Node) -> Table | None:
    """The table that LIKE, COPY or CLONE names."""
    if node.like_table is not None and node.like_table.name:
        return context.table(
            node.like_table.full_name.split(".") if node.like_table.full_name else [node.like_table.name]
        )
    for form in ("clone_from", "copy_from"):
        scan = getattr(node, form) if node.has(form) else None
        if scan is not None:
            if scan.kind != "TableScan" or scan.for_system_time_expr is not None:
                raise Unsupported("CLONE or COPY of a table as of another time")
            context.processed = 0
            return context.table([scan.table.full_name or scan.table.name])
    return None


def create_table_as(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    """CREATE TABLE … AS SELECT: declared columns, or the query's, then the rows; all of it or nothing."""
    defined = defined_columns(context, node, sources) if node.column_definition_list else []
    produced = query.named_columns(node.output_column_list, "CREATE TABLE")
    explicit = [c for c in defined if c.type.kind]
    columns = explicit if len(explicit) == len(produced) else produced
    for column in columns:
        column.type.check_storable()
    settings = _settings(context, node, sources, columns)
    given = [f"o{i}" for i in range(len(columns))]
    sql = context.translator(sources).query(node.query, node.output_column_list)
    sql = _coerced(sql, produced, columns)
    if node.create_scope == "CREATE_TEMP":
        return _temporary(context, node, columns, settings, sql)
    key = context.key(node.name_path)
    outcome = Outcome(
        "CREATE_TABLE_AS_SELECT",
        target=key,
        destination=key,
        processed=context.processed,
        referenced=list(context.referenced),
    )
    with context.catalog.locked(key), engine_errors():
        settings = _default_expiration(context, key, settings)
        before, outcome.operation = _replacing(context, node, key, "Table")
        if outcome.operation is None:
            outcome.operation = "SKIP"
            return outcome
        _same_kind(before, "TABLE")
        if context.dry_run:
            outcome.columns = list(columns)
            return outcome
        with context.catalog.transaction() as change:
            _, outcome.rows = query.replace_table(context, change, key, columns, sql, given, settings, before)
    return outcome


def _coerced(sql: str, produced: Sequence[Column], columns: Sequence[Column]) -> str:
    """The query's values as the declared columns' types."""
    if all(p.type.bare == c.type.bare for p, c in zip(produced, columns, strict=True)):
        return sql
    listed = ", ".join(
        f"{casts.cast(f'o{i}', p.type, c.type)} AS o{i}"
        for i, (p, c) in enumerate(zip(produced, columns, strict=True))
    )
    return f"SELECT {listed} FROM ({sql})"


def _temporary(
    context: Context, node: Node, columns: Sequence[Column], settings: dict[str, Any], sql: str | None
) -> Outcome:
    """A temporary table lives as long as its script."""
    parts = context.parts(node.name_path)
    name = parts[-1].lower()
    if len(parts) > 1 and parts[0].lower() != "_session":
        raise InvalidQuery("CREATE TEMP TABLE cannot have a qualified name")
    kind = "CREATE_TABLE_AS_SELECT" if sql is not None else "CREATE_TABLE"
    key = (context.project, "_temporary", parts[-1])
    outcome = Outcome(kind, target=key, operation="CREATE", processed=context.processed)
    if name in context.temporary and node.create_mode == "CREATE_IF_NOT_EXISTS":
        outcome.operation = "SKIP"
        return outcome
    if name in context.temporary and node.create_mode != "CREATE_OR_REPLACE":
        raise Failure("duplicate", f"Already Exists: Table {parts[-1]}")
    if context.dry_run:
        return outcome
    place = f"{RESULTS}.main.s{context.catalog.serial()}"
    with context.catalog.cursor() as cursor, engine_errors():
        from sandbox.bigquery.translate.values import name as quoted

        listed = ", ".join(
            f"{quoted(c.name)} {c.type.engine}{' NOT NULL' if c.required else ''}" for c in columns
        )
        cursor.execute(f"CREATE TABLE {place} ({listed})")
        if sql is not None:
            given = (
                [f"o{i}" for i in range(len(columns))]
                if " AS o0" in sql or ' AS "o0"' in sql
                else [c.name for c in columns]
            )
            outcome.rows = query.fill(cursor, place, columns, sql, given)
    moment = now_ms()
    table = Table(
        key, "TABLE", tuple(columns), context.catalog.serial(), moment, moment, settings=settings, place=place
    )
    context.temporary[name] = table
    return outcome


def create_view(context: Context, node: Node, sources: dict[int, Any], text: str) -> Outcome:
    """The text is kept. It is analyzed now, so that a wrong view is refused, and again each time it is read."""
    kind = "MATERIALIZED_VIEW" if node.kind == "CreateMaterializedViewStmt" else "VIEW"
    if node.create_scope == "CREATE_TEMP":
        raise Unsupported("temporary views")
    if node.recursive:
        raise Unsupported("recursive views")
    key = context.key(node.name_path)
    t = context.translator(sources)
    columns = [replace(c) for c in query.named_columns(node.output_column_list, "CREATE VIEW")]
    described = {
        d.name: options.column_description(context, t, d.annotations) for d in node.column_definition_list
    }
    columns = [replace(c, description=described.get(c.name)) for c in columns]
    # the translation too is tried now: what cannot be run is refused when it is made
    t.query(node.query, node.output_column_list, [c.name for c in columns])
    told = options.option_values(context, t, node.option_list)
    settings = options.table_settings(told, {})
    if kind == "MATERIALIZED_VIEW":
        types = {c.name: c.type for c in columns}
        settings |= options.partitioning(node.partition_by_list, types) | options.clustering(
            node.cluster_by_list
        )
    if node.has_explicit_columns:
        settings["viewColumns"] = [c.name for c in columns]
    outcome = Outcome(f"CREATE_{kind}", target=key, referenced=list(context.referenced))
    with context.catalog.locked(key), engine_errors():
        context.catalog.dataset(key[0], key[1])
        before, outcome.operation = _replacing(context, node, key, "Table")
        if outcome.operation is None:
            outcome.operation = "SKIP"
            return outcome
        _same_kind(before, kind)
        if context.dry_run:
            outcome.columns = columns
            return outcome
        moment = now_ms()
        grants = before.grants if before is not None else ()
        view = Table(
            key,
            kind,
            tuple(columns),
            context.catalog.serial(),
            moment,
            moment,
            query=node.sql,
            settings=settings,
            grants=grants,
        )
        with context.catalog.transaction() as change:
            change.put_table(view)
    return outcome


def create_schema(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    parts = context.parts(node.name_path)
    project, name = (context.project, parts[0]) if len(parts) == 1 else (parts[-2], parts[-1])
    settings = options.dataset_settings(
        options.option_values(context, context.translator(sources), node.option_list), {}
    )
    outcome = Outcome("CREATE_SCHEMA", operation="CREATE")
    with context.catalog.locked((project, name)), engine_errors():
        if (project, name) in context.catalog.datasets:
            if node.create_mode == "CREATE_IF_NOT_EXISTS":
                outcome.operation = "SKIP"
                return outcome
            raise Failure("duplicate", f"Already Exists: Dataset {project}:{name}")
        if not context.dry_run:
            location = settings.pop("location", context.catalog.location)
            with context.catalog.transaction() as change:
                change.put_dataset(Dataset(project, name, location, now_ms(), now_ms(), settings))
    return outcome


KINDS = {
    "TABLE": "TABLE",
    "VIEW": "VIEW",
    "MATERIALIZED VIEW": "MATERIALIZED_VIEW",
    "SNAPSHOT TABLE": "SNAPSHOT",
}


def drop(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    """DROP TABLE, VIEW, MATERIALIZED VIEW or SCHEMA."""
    wanted = {"DropMaterializedViewStmt": "MATERIALIZED VIEW", "DropSnapshotTableStmt": "SNAPSHOT TABLE"}.get(
        node.kind
    )
    wanted = wanted or node.object_type.upper()
    if wanted == "SCHEMA":
        return _drop_schema(context, node)
    if wanted not in KINDS:
        raise Unsupported(f"DROP {wanted}")
    outcome = Outcome("DROP_" + KINDS[wanted].replace("SNAPSHOT", "SNAPSHOT_TABLE"), operation="DROP")
    parts = context.parts(node.name_path)
    if len(parts) == 1 and parts[0].lower() in context.temporary:
        gone = context.temporary.pop(parts[0].lower())
        with context.catalog.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {gone.place}")
        return outcome
    key = context.key(node.name_path)
    outcome.target = key
    with context.catalog.locked(key), engine_errors():
        if not context.catalog.exists(key):
            if node.is_if_exists:
                outcome.operation = "SKIP"
                return outcome
            context.catalog.table(key)
        table = context.catalog.table(key)
        if table.kind != KINDS[wanted]:
            raise Failure(
                "invalid",
                f"{table.name} is not allowed for this operation because it is currently a {table.kind}.",
            )
        if not context.dry_run:
            with context.catalog.transaction() as change:
                change.drop_table(table)
    return outcome


def _drop_schema(context: Context, node: Node) -> Outcome:
    parts = context.parts(node.name_path)
    project, name = (context.project, parts[0]) if len(parts) == 1 else (parts[-2], parts[-1])
    outcome = Outcome("DROP_SCHEMA", operation="DROP")
    with context.catalog.locked((project, name)), engine_errors():
        if (project, name) not in context.catalog.datasets and node.is_if_exists:
            outcome.operation = "SKIP"
            return outcome
        dataset = context.catalog.dataset(project, name)
        if not context.dry_run:
            with context.catalog.transaction() as change:
                change.drop_dataset(dataset, node.drop_mode == "CASCADE")
    return outcome


def create_function(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    """A SQL function, of a dataset or for the rest of the script. Other languages and aggregates are refused."""
    if node.language.upper() not in ("SQL", ""):
        raise Unsupported(f"functions in {node.language}")
    if node.is_aggregate or node.is_remote:
        raise Unsupported("aggregate and remote functions")
    if node.create_scope == "CREATE_TEMP":
        return create_temporary_function(context, node)
    key = context.key(node.name_path)
    arguments = []
    for name, argument in zip(node.argument_name_list, node.signature.argument, strict=True):
        if argument.HasField("type"):
            arguments.append({"name": name, "dataType": standard(of_proto(argument.type))})
        else:
            arguments.append({"name": name, "argumentKind": "ANY_TYPE"})
    resource: dict[str, Any] = {
        "definitionBody": node.code,
        "language": "SQL",
        "routineType": "SCALAR_FUNCTION",
        "arguments": arguments,
    }
    if node.has_explicit_return_type:
        resource["returnType"] = standard(of_proto(node.return_type))
    told = options.option_values(context, context.translator(sources), node.option_list)
    if told.get("description"):
        resource["description"] = told["description"]
    outcome = Outcome("CREATE_FUNCTION", operation="CREATE", extra={"routine": key})
    with context.catalog.locked(key), engine_errors():
        context.catalog.dataset(key[0], key[1])
        if key in context.catalog.routines:
            if node.create_mode == "CREATE_IF_NOT_EXISTS":
                outcome.operation = "SKIP"
                return outcome
            if node.create_mode != "CREATE_OR_REPLACE":
                raise Failure("duplicate", f"Already Exists: Routine {key[0]}:{key[1]}.{key[2]}")
            outcome.operation = "REPLACE"
        if not context.dry_run:
            with context.catalog.transaction() as change:
                change.put_routine(RoutineEntry(key, resource, now_ms(), now_ms()))
    return outcome


def create_temporary_function(context: Context, node: Node) -> Outcome:
    """It lives in the script, and covers functions of datasets only by its plain name."""
    name = ".".join(node.name_path)
    if len(node.name_path) != 1:
        raise InvalidQuery(f"Temporary functions cannot be qualified with a dataset: {name}")
    if name.lower() in context.functions and node.create_mode != "CREATE_OR_REPLACE":
        raise Failure("duplicate", f"Already Exists: Routine {name}")
    arguments = tuple(
        (n, of_proto(a.type) if a.HasField("type") else None)
        for n, a in zip(node.argument_name_list, node.signature.argument, strict=True)
    )
    result = of_proto(node.return_type) if node.has_explicit_return_type else None
    context.functions[name.lower()] = Routine((name,), arguments, result, node.code)
    return Outcome("CREATE_FUNCTION", operation="CREATE")


def standard(type_: Type) -> dict[str, Any]:
    """The REST interface's StandardSqlDataType."""
    if type_.element is not None:
        return {"typeKind": "ARRAY", "arrayElementType": standard(type_.element)}
    if type_.kind == "STRUCT":
        return {
            "typeKind": "STRUCT",
            "structType": {"fields": [{"name": n, "type": standard(t)} for n, t in type_.fields]},
        }
    return {"typeKind": type_.kind}


def drop_function(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    key = context.key(node.name_path)
    outcome = Outcome("DROP_FUNCTION", operation="DROP", extra={"routine": key})
    with context.catalog.locked(key), engine_errors():
        try:
            context.catalog.routine(key)
        except NotFound:
            if not node.is_if_exists:
                raise
            outcome.operation = "SKIP"
            return outcome
        if not context.dry_run:
            with context.catalog.transaction() as change:
                change.drop_routine(key)
    return outcome
