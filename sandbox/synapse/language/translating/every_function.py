"""Brings every module of functions in, so that they register themselves."""

from __future__ import annotations

from sandbox.synapse.language.translating import (
    general_functions,
    json_functions,
    moment_functions,
    number_functions,
    text_functions,
)

MODULES = (general_functions, json_functions, moment_functions, number_functions, text_functions)
