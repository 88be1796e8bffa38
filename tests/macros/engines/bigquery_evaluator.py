"""Google's own analyzer and reference evaluator of GoogleSQL (PyPI ``zetasql``), the oracle for BigQuery.

It knows more than BigQuery does (all released language features): what it gives is what BigQuery gives, but that it
knows a function does not prove that BigQuery has it; the offline compile and the reviewed functions below bound that.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.macros.engines import Answer, Question, Table
from tests.macros.engines.asking import Rows, answer, flat, select_of
from tests.macros.kinds import Kind, Value, text_of, value_of

TYPES = {
    "text": "string",
    "integer": "int64",
    "decimal": "numeric",
    "date": "date",
    "timestamp": "datetime",
    "flag": "int64",
    "boolean": "bool",
}


def literal_of(kind: Kind, value: Value) -> str:
    """A typed GoogleSQL literal; backslash, quote and line ends are escaped."""
    text = text_of(value)
    if text is None:
        return f"cast(null as {TYPES[kind.name]})"
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'" if kind.name == "text" else f"cast('{escaped}' as {TYPES[kind.name]})"


class BigQueryEvaluator:
    """Loads the evaluator at the first question; ``cache`` keeps its compiled code (75 MB) between processes."""

    name = "GoogleSQL evaluator"
    adapter = "bigquery"
    target = "bigquery"

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._service: Any = None
        self._options: Any = None
        self._catalog: int = 0

    def absence(self) -> str:
        return (
            ""
            if importlib.util.find_spec("zetasql")
            else "The package zetasql is not installed; run `make setup`."
        )

    def accepts(self, kind: Kind, type_name: str) -> bool:
        return type_name.lower() == TYPES[kind.name]

    def evaluate(self, questions: Sequence[Question]) -> list[list[Answer]]:
        if self._service is None:
            self._start()
        return [answer(question, self._ask) for question in questions]

    def close(self) -> None:
        self._service = None

    def _start(self) -> None:
        from zetasql.api import CatalogBuilder
        from zetasql.types import AnalyzerOptions, LanguageOptions, ZetaSQLBuiltinFunctionOptions
        from zetasql.types.proto_model import ProductMode

        self._service = _service(self._cache)
        language = LanguageOptions.maximum_features()
        language.product_mode = ProductMode.PRODUCT_EXTERNAL
        self._options = AnalyzerOptions(language_options=language, default_timezone="UTC")
        functions = ZetaSQLBuiltinFunctionOptions(language_options=language)
        catalog = CatalogBuilder("given").with_builtin_functions(functions).build()
        self._catalog = self._service.register_catalog(simple_catalog=catalog).registered_id

    def _ask(self, question: Question, vectors: Sequence[int], tables: Sequence[Table]) -> tuple[str, Rows]:
        from zetasql.api import PreparedQuery

        columns = (("vector", Kind("integer")), ("position", Kind("integer")), *tables[0].columns)
        rows = flat(tables)
        types = ", ".join(f"{name} {TYPES[kind.name]}" for name, kind in columns)
        structs = ", ".join(
            "("
            + ", ".join(literal_of(kind, value) for (_, kind), value in zip(columns, row, strict=True))
            + ")"
            for row in rows
        )
        sql = (
            f"with given as (select * from unnest(array<struct<{types}>>[{structs}])) "
            f"select vector, position, value, cast(value as string) as value_text from ({select_of(question, vectors)}) as asked"
        )
        with (
            PreparedQuery.builder()
            .set_sql(sql)
            .set_analyzer_options(self._options)
            .set_registered_catalog_id(self._catalog)
            .set_service(self._service)
            .prepare()
        ) as query:
            type_name = query.columns[2].type.type_kind.name.removeprefix("TYPE_")
            found = query.execute().content.table_data.row
        return type_name, [
            (
                row.cell[0].int64_value,
                row.cell[1].int64_value,
                value_of(question.gives, row.cell[3].string_value),
            )
            for row in found
            if row.cell[1].int64_value
        ]


def _service(cache: Path) -> Any:
    """The package's service on a compiled module from the cache: compiling costs half a minute in every process."""
    from wasmtime import Config, Linker, Module, Store, WasiConfig
    from wasmtime import Engine as Runtime
    from zetasql.core.local_service import ZetaSqlLocalService
    from zetasql.core.wasm_client import WasmClient, get_tzinfo_dir
    from zetasql.wasi import get_wasm_path

    class CachedClient(WasmClient):  # type: ignore[misc]
        """The package's client, with compiled code from a file, and memory copied in one piece."""

        def __init__(self) -> None:
            wasi = WasiConfig()
            wasi.inherit_stderr()
            if zones := get_tzinfo_dir():
                wasi.preopen_dir(zones, "/usr/share/zoneinfo")
            config = Config()
            config.shared_memory = True
            runtime = Runtime(config)
            self.store = Store(runtime)
            self.store.set_wasi(wasi)
            self.module = _module(Module, runtime, get_wasm_path(), cache)
            linker = Linker(runtime)
            linker.define_wasi()
            self.instance = linker.instantiate(self.store, self.module)
            exports: Any = self.instance.exports(self.store)
            exports["_initialize"](self.store)
            self.exports, self.memory = exports, exports["memory"]

        def write_bytes(self, ptr: int, data: bytes) -> None:
            ctypes.memmove(ctypes.addressof(self.memory.data_ptr().contents) + ptr, data, len(data))

        def read_bytes(self, ptr: int, size: int) -> bytes:
            return ctypes.string_at(ctypes.addressof(self.memory.data_ptr().contents) + ptr, size)

    service = ZetaSqlLocalService.__new__(ZetaSqlLocalService)
    service.wasm_client = CachedClient()
    # the package's own helpers (maximum_features) ask its one instance
    ZetaSqlLocalService._instance = service
    return service


def _module(module_class: Any, runtime: Any, source: Path, cache: Path) -> Any:
    versions = "-".join(importlib.metadata.version(name) for name in ("zetasql", "wasmtime"))
    compiled = cache / f"zetasql-{versions}-{platform.machine()}.module"
    if compiled.exists():
        return module_class.deserialize_file(runtime, str(compiled))
    module = module_class.from_file(runtime, str(source))
    cache.mkdir(parents=True, exist_ok=True)
    partial = compiled.with_suffix(f".{os.getpid()}")
    partial.write_bytes(module.serialize())
    partial.replace(compiled)
    return module
