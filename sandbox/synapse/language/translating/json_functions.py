"""JSON functions. https://learn.microsoft.com/sql/t-sql/functions/json-functions-transact-sql"""

from __future__ import annotations

from sandbox.synapse.language.translating.registry import Invocation, function
from sandbox.synapse.language.translating.text_functions import as_text
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.types import INT, MAX, nvarchar


@function("JSON_VALUE", 2)
def json_value(call: Invocation) -> Typed:
    return Typed(f"ts_json_value({as_text(call, 0).sql}, {as_text(call, 1).sql})", nvarchar(4000), True)


@function("JSON_QUERY", 1, 2)
def json_query(call: Invocation) -> Typed:
    path = as_text(call, 1).sql if len(call.arguments) > 1 else "'$'"
    return Typed(f"ts_json_query({as_text(call, 0).sql}, {path})", nvarchar(MAX), True)


@function("ISJSON", 1)
def isjson(call: Invocation) -> Typed:
    return Typed(f"ts_is_json({as_text(call, 0).sql})", INT, True)
