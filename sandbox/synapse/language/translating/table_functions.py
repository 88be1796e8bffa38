"""STRING_SPLIT and OPENJSON in FROM.

https://learn.microsoft.com/sql/t-sql/functions/string-split-transact-sql
https://learn.microsoft.com/sql/t-sql/functions/openjson-transact-sql
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import FunctionSource
from sandbox.synapse.language.translating.context import Scope, Source
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.environment import Environment
from sandbox.synapse.language.translating.expressions import value
from sandbox.synapse.language.translating.values import Typed, text_literal
from sandbox.synapse.types import INT, MAX, SqlType, nvarchar


def source(node: FunctionSource, scope: Scope) -> str:
    if node.call.name == "STRING_SPLIT":
        return _string_split(node, scope)
    return _open_json(node, scope)


def _string_split(node: FunctionSource, scope: Scope) -> str:
    """One column, value, in no particular order; the ordinal column is not in a dedicated pool."""
    arguments = node.call.arguments
    if len(arguments) != 2:
        number = len(arguments)
        raise SqlError(
            8144 if number > 2 else 313,
            f"Procedure or function string_split has too {'many' if number > 2 else 'few'} arguments specified.",
            node.at[0],
        )
    environment = Environment(scope)
    text, separator = (value(argument, environment) for argument in arguments)
    if not text.type.is_text:
        raise SqlError(
            8116,
            f"Argument data type {text.type.name} is invalid for argument 1 of string_split function.",
            node.at[0],
        )
    if isinstance(separator.constant, str) and len(separator.constant) != 1:
        raise SqlError(
            214, "Procedure expects parameter 'separator' of type 'nchar(1)/nvarchar(1)'.", node.at[0]
        )
    kind = SqlType("nvarchar" if text.type.is_unicode else "varchar", text.type.length)
    alias = scope.context.fresh("q")
    columns = [("value", Typed(f"{alias}.c1", kind, True, text.collation))]
    _add(node, scope, columns, "string_split")
    return f"(SELECT unnest(string_split({text.sql}, {separator.sql})) AS c1) AS {alias}"


def _add(node: FunctionSource, scope: Scope, columns: list[tuple[str, Typed]], name: str) -> None:
    if node.aliases:
        if len(node.aliases) != len(columns):
            raise SqlError(
                8158, f"'{node.alias}' has more columns than were specified in the column list.", node.at[0]
            )
        columns = [(alias, typed) for alias, (_, typed) in zip(node.aliases, columns, strict=True)]
    scope.add(Source(node.alias or name, columns), node.at[0])


def _open_json(node: FunctionSource, scope: Scope) -> str:
    environment = Environment(scope)
    arguments = [value(argument, environment) for argument in node.call.arguments]
    if not 1 <= len(arguments) <= 2:
        raise SqlError(174, "The openjson function requires 1 to 2 argument(s).", node.at[0], 15)
    path = arguments[1].sql if len(arguments) > 1 else "'$'"
    alias = scope.context.fresh("q")
    if not node.columns:
        columns = [
            ("key", Typed(f"{alias}.c1", nvarchar(4000), False)),
            ("value", Typed(f"{alias}.c2", nvarchar(MAX), True)),
            ("type", Typed(f"{alias}.c3", INT, False)),
        ]
        _add(node, scope, columns, "openjson")
        return f"(SELECT j.key AS c1, j.value AS c2, j.type AS c3 FROM (SELECT unnest(ts_open_json({arguments[0].sql}, {path})) AS j)) AS {alias}"
    items: list[str] = []
    columns = []
    for i, (name, kind, member) in enumerate(node.columns, 1):
        found = Typed(
            f"ts_json_value(j, {text_literal(member or '$.' + chr(34) + name + chr(34))})", nvarchar(4000)
        )
        if kind.name == "datetimeoffset":
            raise unsupported("OPENJSON with datetimeoffset", node.at[0])
        items.append(f"{convert(found, kind, scope.context, node.at[0], implicit=False).sql} AS c{i}")
        columns.append((name, Typed(f"{alias}.c{i}", kind, True)))
    _add(node, scope, columns, "openjson")
    return f"(SELECT {', '.join(items)} FROM (SELECT unnest(ts_json_rows({arguments[0].sql}, {path})) AS j)) AS {alias}"
