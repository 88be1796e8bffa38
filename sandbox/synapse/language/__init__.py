"""The T-SQL of a dedicated SQL pool: read, judged by its own grammar, and written for DuckDB.

read_batch gives statements or the pool's error; the translations give DuckDB's SQL with the columns' T-SQL types.
"""

from __future__ import annotations

from sandbox.synapse.language.changes import (
    Change,
    translate_delete,
    translate_insert,
    translate_merge,
    translate_update,
)
from sandbox.synapse.language.engine import error_of, install
from sandbox.synapse.language.names import Column, Names, Translated, VariableValue
from sandbox.synapse.language.reading import Settings, read_batch
from sandbox.synapse.language.translation import (
    assignment,
    translate,
    translate_condition,
    translate_expression,
)

__all__ = [
    "Change",
    "Column",
    "Names",
    "Settings",
    "Translated",
    "VariableValue",
    "assignment",
    "error_of",
    "install",
    "read_batch",
    "translate",
    "translate_condition",
    "translate_delete",
    "translate_expression",
    "translate_insert",
    "translate_merge",
    "translate_update",
]
