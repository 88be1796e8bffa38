"""Google's SQL analyzer and reference evaluator, run in this process from its WebAssembly build.

The package ``zetasql`` compiles the module anew in every process (about half a minute and 1 GB); here the compiled
module is kept in a cache folder, keyed by the module's content and the compiler's version, and messages are copied
to and from the module's memory at once instead of byte by byte.
https://github.com/google/zetasql
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import wasmtime
from google._upb import _message
from google.protobuf.message import Message

# a resolved statement is nested more deeply than the 100 levels that are read otherwise
_message.SetAllowOversizeProtos(True)
REPLY = TypeVar("REPLY", bound=Message)
# `[at 3:7]`, which the analyzer puts behind the first line of a message
POSITION = re.compile(r"\s*\[at (\d+):(\d+)\]")


class AnalyzerError(Exception):
    """What the analyzer or the evaluator says is wrong: its status code, message, and line and column if it knows."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        found = POSITION.search(message)
        self.position: tuple[int, int] | None = (int(found[1]), int(found[2])) if found else None
        self.message = POSITION.sub("", message.split("\n")[0]).strip() if found else message.strip()
        super().__init__(message)


class AnalyzerLost(Exception):
    """The module trapped; its memory can no longer be trusted and a new instance was made."""


def _package_folder() -> Path:
    import zetasql.wasi  # the package's top module would read 1.4 MB of generated classes

    return Path(zetasql.wasi.__file__).parent


def _time_zones() -> str:
    import tzdata

    return str(Path(tzdata.__file__).parent / "zoneinfo")


def compiled_module(engine: wasmtime.Engine, cache: Path) -> wasmtime.Module:
    """The compiled module, from ``cache`` when it was compiled before by the same versions; written atomically."""
    source = _package_folder() / "zetasql.wasm"
    key = hashlib.sha256(source.read_bytes() + version("wasmtime").encode()).hexdigest()[:16]
    kept = cache / f"zetasql-{key}.cwasm"
    if kept.exists():
        with contextlib.suppress(wasmtime.WasmtimeError):
            return wasmtime.Module.deserialize_file(engine, str(kept))
    module = wasmtime.Module.from_file(engine, str(source))
    cache.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(module.serialize())
    part.replace(kept)
    return module


class Runtime:
    """One instance of the module. Calls are made one at a time."""

    def __init__(self, cache: Path) -> None:
        config = wasmtime.Config()
        with contextlib.suppress(AttributeError):
            config.shared_memory = True
        self._engine = wasmtime.Engine(config)
        self._module = compiled_module(self._engine, cache)
        self._lock = threading.Lock()
        self.generation = 0
        self._start()

    def _start(self) -> None:
        wasi = wasmtime.WasiConfig()
        wasi.preopen_dir(_time_zones(), "/usr/share/zoneinfo")
        self._store = wasmtime.Store(self._engine)
        self._store.set_wasi(wasi)
        linker = wasmtime.Linker(self._engine)
        linker.define_wasi()
        exports: Any = linker.instantiate(self._store, self._module).exports(self._store)
        self._exports = exports
        with contextlib.suppress(KeyError):
            exports["_initialize"](self._store)
        self._memory: Any = self._exports["memory"]
        self.generation += 1

    def _base(self) -> int:
        address = ctypes.cast(self._memory.data_ptr(), ctypes.c_void_p).value
        assert address is not None
        return address

    def _read(self, pointer: int, size: int) -> bytes:
        return ctypes.string_at(self._base() + pointer, size)

    def call(self, method: str, request: Message, reply: type[REPLY]) -> REPLY:
        """Call a method of the local service, e.g. ``Analyze``.

        Raises AnalyzerError with what it says is wrong, AnalyzerLost when the module trapped.
        """
        data = request.SerializeToString()
        with self._lock:
            try:
                answer = self._call(f"ZetaSqlLocalService_{method}", data)
            except (wasmtime.Trap, wasmtime.WasmtimeError) as trap:
                self._start()
                raise AnalyzerLost(str(trap).split("\n")[0]) from trap
        parsed: REPLY = reply.FromString(answer)
        return parsed

    def _call(self, method: str, data: bytes) -> bytes:
        exports, store = self._exports, self._store
        request = exports["wasm_malloc"](store, max(len(data), 1))
        size = exports["wasm_malloc"](store, 4)
        ctypes.memmove(self._base() + request, data, len(data))
        pointer = exports[method](store, request, len(data), size)
        if pointer == 0:
            said = self._read(
                exports["wasm_get_last_error"](store), exports["wasm_get_last_error_size"](store)
            ).decode("utf-8", "replace")
            exports["wasm_free"](store, request)
            exports["wasm_free"](store, size)
            found = re.match(r"Code: (\d+), Message: (.*)", said, re.DOTALL)
            raise AnalyzerError(int(found[1]), found[2]) if found else AnalyzerError(2, said)
        answer = self._read(pointer, int.from_bytes(self._read(size, 4), "little"))
        for used in (pointer, request, size):
            exports["wasm_free"](store, used)
        return answer
