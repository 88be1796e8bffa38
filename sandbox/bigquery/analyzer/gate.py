"""The gate: every statement passes Google's analyzer, with BigQuery's options, before anything else is done with it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as enums
from zetasql.wasi._pb2.zetasql.public import value_pb2

from sandbox.bigquery.analyzer.language import INTEGER_NAMES, SYSTEM_VARIABLES, language
from sandbox.bigquery.analyzer.runtime import AnalyzerError, AnalyzerLost, Runtime
from sandbox.bigquery.analyzer.tree import Node, plain
from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.types import INT64, Column, Type, to_proto

CACHED = 2000  # analyses kept, newest used last
# rewriters that bring what the translation would otherwise have to know down to plainer nodes
REWRITES = (
    "PIVOT", "UNPIVOT", "FLATTEN", "WITH_EXPR", "LIKE_ANY_ALL", "TYPEOF_FUNCTION", "BUILTIN_FUNCTION_INLINER",
    "GROUPING_SET", "PIPE_IF", "GENERALIZED_QUERY_STMT", "SUBPIPELINE_STMT", "VARIADIC_FUNCTION_SIGNATURE_EXPANDER",
    "INLINE_SQL_FUNCTIONS", "NULLIFERROR_FUNCTION", "MULTIWAY_UNNEST",
)  # fmt: skip


@dataclass(frozen=True)
class Routine:
    """A SQL function of a user, as the analyzer needs it to put its body in place of a call."""

    path: tuple[str, ...]
    arguments: tuple[tuple[str, Type | None], ...]  # no type: ANY TYPE
    result: Type | None
    body: str


@dataclass
class Scope:
    """What a statement may name: tables by the path it is written with, variables, parameters and functions."""

    tables: dict[tuple[str, ...], tuple[int, Sequence[Column]]] = field(default_factory=dict)
    variables: Mapping[str, Type] = field(default_factory=dict)
    parameters: Mapping[str, Type] = field(default_factory=dict)
    positional: Sequence[Type] = ()
    routines: Sequence[Routine] = ()
    pseudo: Mapping[str, Type] = field(default_factory=dict)  # pseudo-columns of a table that DDL makes


class Gate:
    """Google's analyzer with BigQuery's options. May be called from many threads."""

    def __init__(self, cache: Path) -> None:
        self.runtime = Runtime(cache)
        self._language = language()
        self._known: OrderedDict[bytes, Any] = OrderedDict()
        self._lock = Lock()
        self._scripts: dict[str, list[Node]] = {}
        self._names: dict[str, list[tuple[str, ...]]] = {}
        self._base = simple_catalog_pb2.SimpleCatalogProto(name="project")
        self._base.builtin_function_options.language_options.CopyFrom(self._language)
        for name in INTEGER_NAMES:
            self._base.named_type.add(name=name).type.CopyFrom(to_proto(INT64))

    def _ask(self, method: str, request: Any, reply: type[Any]) -> Any:
        try:
            return self.runtime.call(method, request, reply)
        except AnalyzerError as error:
            raise InvalidQuery(error.message, error.position) from error
        except AnalyzerLost as lost:
            raise Unsupported(f"this statement, at which the analyzer stopped ({lost})") from lost

    def script(self, text: str) -> list[Node]:
        """The statements of a script as syntax trees. Raises InvalidQuery."""
        if text in self._scripts:
            return self._scripts[text]
        request = service.ParseRequest(sql_statement=text, options=self._language, allow_script=True)
        reply = self._ask("Parse", request, service.ParseResponse)
        found: list[Node] = plain(reply.parsed_script).statement_list_node.statement_list
        self._scripts[text] = found
        _shorten(self._scripts)
        return found

    def table_names(self, text: str) -> list[tuple[str, ...]]:
        """The paths of the tables a statement names, as written. Raises InvalidQuery."""
        if text in self._names:
            return self._names[text]
        request = service.ExtractTableNamesFromStatementRequest(sql_statement=text, options=self._language)
        reply = self._ask(
            "ExtractTableNamesFromStatement", request, service.ExtractTableNamesFromStatementResponse
        )
        found = [tuple(name.table_name_segment) for name in reply.table_name]
        self._names[text] = found
        _shorten(self._names)
        return found

    def analyze(self, text: str, scope: Scope) -> Node:
        """The resolved statement. Raises InvalidQuery with line and column."""
        request = service.AnalyzeRequest(
            options=self._options(scope, text), simple_catalog=self._catalog(scope), sql_statement=text
        )
        reply = self._analyzed(request)
        node: Node = plain(reply.resolved_statement)
        return node

    def expression(self, text: str, scope: Scope) -> Node:
        """A resolved expression that names no table outside a subquery. Raises InvalidQuery."""
        request = service.AnalyzeRequest(
            options=self._options(scope, text), simple_catalog=self._catalog(scope), sql_expression=text
        )
        node: Node = plain(self._analyzed(request).resolved_expression)
        return node

    def _analyzed(self, request: Any) -> Any:
        key = request.SerializeToString(deterministic=True)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        reply = self._ask("Analyze", request, service.AnalyzeResponse)
        with self._lock:
            self._known[key] = reply
            while len(self._known) > CACHED:
                self._known.popitem(last=False)
        return reply

    def _options(self, scope: Scope, text: str) -> Any:
        options = options_pb2.AnalyzerOptionsProto(
            language_options=self._language,
            default_timezone="UTC",
            error_message_mode=enums.ERROR_MESSAGE_ONE_LINE,
            prune_unused_columns=True,
            replace_table_not_found_error_with_tvf_error_if_applicable=False,
            enabled_rewrites=[enums.ResolvedASTRewrite.Value(f"REWRITE_{name}") for name in REWRITES],
        )
        options.allowed_hints_and_options.disallow_unknown_options = False
        for name, type_ in scope.parameters.items():
            options.query_parameters.add(name=name).type.CopyFrom(to_proto(type_.bare))
        if scope.positional:
            options.parameter_mode = enums.PARAMETER_POSITIONAL
            for type_ in scope.positional:
                options.positional_query_parameters.append(to_proto(type_.bare))
        for name, type_ in scope.pseudo.items():
            options.ddl_pseudo_columns.add(name=name).type.CopyFrom(to_proto(type_))
        for name, kind in SYSTEM_VARIABLES.items() if "@@" in text else ():
            variable = options.system_variables.add(name_path=name.split("."))
            variable.type.CopyFrom(to_proto(Type(kind)))
        return options

    def _catalog(self, scope: Scope) -> Any:
        catalog = simple_catalog_pb2.SimpleCatalogProto()
        catalog.CopyFrom(self._base)
        for path, (number, columns) in sorted(scope.tables.items()):
            table = _folder(catalog, path[:-1]).table.add(
                name=path[-1], serialization_id=number, full_name=".".join(path)
            )
            for column in columns:
                added = table.column.add(name=column.name, is_writable_column=True)
                added.type.CopyFrom(to_proto(column.type.bare))
                added.is_pseudo_column = column.name.upper().startswith(("_PARTITION", "_TABLE_SUFFIX"))
                added.has_default_value = column.default is not None
        for name, type_ in sorted(scope.variables.items()):
            constant = catalog.constant.add(name_path=[name])
            constant.type.CopyFrom(to_proto(type_.bare))
            constant.value.CopyFrom(value_pb2.ValueProto())
        for routine in scope.routines:
            _add_routine(_folder(catalog, routine.path[:-1]), routine)
        return catalog


def _shorten(kept: dict[str, Any]) -> None:
    """Forget the oldest texts beyond a number."""
    while len(kept) > CACHED:
        kept.pop(next(iter(kept)), None)


def _folder(catalog: Any, path: Sequence[str]) -> Any:
    for name in path:
        inner = next((c for c in catalog.catalog if c.name.lower() == name.lower()), None)
        catalog = inner if inner is not None else catalog.catalog.add(name=name)
    return catalog


def _add_routine(catalog: Any, routine: Routine) -> None:
    from zetasql.wasi._pb2.zetasql.proto import function_pb2
    from zetasql.wasi._pb2.zetasql.public import function_pb2 as function_enums

    added = catalog.custom_function.add(
        name_path=[routine.path[-1]],
        group="Templated_SQL_Function",
        mode=function_enums.FunctionEnums.SCALAR,
        templated_sql_function_argument_name=[name for name, _ in routine.arguments],
    )
    added.parse_resume_location.input = routine.body
    signature = added.signature.add()
    arbitrary = function_pb2.FunctionArgumentTypeProto(kind=function_enums.ARG_TYPE_ARBITRARY)
    for name, type_ in routine.arguments:
        argument = signature.argument.add()
        argument.CopyFrom(arbitrary)
        if type_ is not None:
            argument.kind = function_enums.ARG_TYPE_FIXED
            argument.type.CopyFrom(to_proto(type_.bare))
        argument.options.argument_name = name
        argument.num_occurrences = 1
    signature.return_type.CopyFrom(arbitrary)
    if routine.result is not None:
        signature.return_type.kind = function_enums.ARG_TYPE_FIXED
        signature.return_type.type.CopyFrom(to_proto(routine.result.bare))


def slice_of(text: str, node: Node) -> str:
    """The text of a syntax node, behind as many blank characters and line ends as stand before it.

    So line and column of an error are those of the whole script.
    """
    start, end = node.span
    data = text.encode()
    before = re.sub(r"[^\n]", " ", data[:start].decode())
    return before + data[start:end].decode()
