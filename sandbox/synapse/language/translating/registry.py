"""The functions that a dedicated pool has: name → how many arguments, who writes it.

A name that is not here is refused (195): https://learn.microsoft.com/azure/synapse-analytics/sql/overview-features
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import Call, DatePartName
from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.environment import AGGREGATES, Environment
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.language.words import words
from sandbox.synapse.types import INT, SqlType

Writer = Callable[["Invocation"], Typed]


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call with its translated arguments (date parts and aggregates read `call` themselves)."""

    call: Call
    arguments: list[Typed]
    environment: Environment

    @property
    def context(self) -> Context:
        return self.environment.context

    @property
    def line(self) -> int:
        return self.call.at[0]

    @property
    def nullable(self) -> bool:
        return any(argument.nullable for argument in self.arguments)

    def sql(self, index: int) -> str:
        return self.arguments[index].sql

    def as_type(self, index: int, target: SqlType) -> Typed:
        """An argument implicitly converted."""
        return convert(self.arguments[index], target, self.context, self.line)

    def integer(self, index: int) -> str:
        """An argument as a whole number (fractions are cut off)."""
        argument = self.arguments[index]
        if argument.type.is_integer and argument.type.name != "bit":
            return argument.sql
        return convert(argument, INT, self.context, self.line).sql


@dataclass(frozen=True, slots=True)
class Function:
    least: int
    most: int
    write: Writer


FUNCTIONS: dict[str, Function] = {}

# Functions that the pool has and that are not done here.
UNSUPPORTED = frozenset(
    words("""
    CHECKSUM BINARY_CHECKSUM CHECKSUM_AGG NEWSEQUENTIALID RAND
    STRING_ESCAPE COMPRESS DECOMPRESS JSON_MODIFY PARSENAME VERSION DATETIMEOFFSETFROMPARTS GROUPING_ID STR_FORMAT
    SQL_VARIANT_PROPERTY CONTEXT_INFO PREDICT ENCRYPTBYKEY DECRYPTBYKEY
    """)
)


def function(name: str, least: int, most: int | None = None) -> Callable[[Writer], Writer]:
    """Registers a writer for a function of least to most arguments (most None: as many as least; -1: any)."""

    def register(writer: Writer) -> Writer:
        for one in name.split():
            FUNCTIONS[one] = Function(least, least if most is None else most, writer)
        return writer

    return register


def call(node: Call, environment: Environment) -> Typed:
    """Translates one call. Raises 195 (no such function), 174/189 (number of arguments)."""
    from sandbox.synapse.language.translating import aggregates, every_function, windows
    from sandbox.synapse.language.translating.expressions import value

    assert every_function is not None
    if node.over is not None:
        return windows.windowed(node, environment)
    if node.name in AGGREGATES and node.name not in UNSUPPORTED:
        return aggregates.aggregate(node, environment)
    if node.name in windows.ONLY_WINDOWED:
        raise SqlError(10753, f"The function '{node.name}' must have an OVER clause.", node.at[0], 15)
    if node.distinct:
        raise SqlError(102, "Incorrect syntax near the keyword 'DISTINCT'.", node.at[0], 15)
    found = FUNCTIONS.get(node.name)
    if found is None:
        return _of_catalog(node, environment)
    _check_count(node, found)
    plain = [argument for argument in node.arguments if not isinstance(argument, DatePartName)]
    arguments = [value(argument, environment) for argument in plain]
    return found.write(Invocation(node, arguments, environment))


def _of_catalog(node: Call, environment: Environment) -> Typed:
    """OBJECT_ID, SCHEMA_NAME and the like are the catalog's."""
    from sandbox.synapse.language.translating.expressions import value

    if node.name in UNSUPPORTED:
        raise unsupported(node.name, node.at[0])
    if any(isinstance(argument, DatePartName) for argument in node.arguments):
        raise SqlError(195, f"'{node.name}' is not a recognized built-in function name.", node.at[0], 15)
    arguments = [value(argument, environment) for argument in node.arguments]
    found = environment.context.names.scalar(node.name.lower(), [argument.sql for argument in arguments])
    if found is None:
        raise SqlError(195, f"'{node.name}' is not a recognized built-in function name.", node.at[0], 15)
    return Typed(found[0], found[1])


def _check_count(node: Call, found: Function) -> None:
    count = len(node.arguments)
    if found.least <= count and (found.most == -1 or count <= found.most):
        return
    name = node.name.lower()
    if found.least == found.most:
        raise SqlError(174, f"The {name} function requires {found.least} argument(s).", node.at[0], 15)
    if found.most == -1:
        raise SqlError(189, f"The {name} function requires {found.least} to 254 arguments.", node.at[0], 15)
    raise SqlError(
        189, f"The {name} function requires {found.least} to {found.most} arguments.", node.at[0], 15
    )
