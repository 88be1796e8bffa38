"""What the tests of the macros share: one rendering per target and one engine per kind, for the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.macros import contracts, mutation, properties, vectors
from tests.macros.engines import Engine
from tests.macros.engines.known import laptop_engines
from tests.macros.proof import calls_by_macro
from tests.macros.rendering import ADAPTERS, ROOT, TARGETS, render
from tests.macros.vectors import Refusal, Vector

Files = dict[str, tuple[list[Vector], list[Refusal]]]
Renderings = dict[str, dict[str, tuple[str, ...]]]


@pytest.fixture(scope="session")
def vector_files() -> Files:
    """Vectors and refusals by macro."""
    return {path.stem: vectors.read(path) for path in vectors.files()}


@pytest.fixture(scope="session")
def all_vectors(vector_files: Files) -> list[Vector]:
    return [vector for found, _ in vector_files.values() for vector in found]


@pytest.fixture(scope="session")
def calls(all_vectors: list[Vector]) -> dict[str, list[str]]:
    """The distinct calls of the vectors by macro, in the order in which ``rendered`` has their SQL."""
    return calls_by_macro(all_vectors)


@pytest.fixture(scope="session")
def mutant_vectors(vector_files: Files) -> dict[str, list[Vector]]:
    """By target: every vector of a macro, once more for each of its mutants there that answers wrongly."""
    found: dict[str, list[Vector]] = {target: [] for target in TARGETS}
    targets = {adapter: target for target, adapter in ADAPTERS.items()}
    for mutant in mutation.mutants():
        if mutant.breaks != mutation.WRONG_REFUSAL:
            found[targets[mutant.adapter]] += [
                mutation.vector_of(mutant, v) for v in vector_files[mutant.macro][0]
            ]
    return found


@pytest.fixture(scope="session")
def rendered(calls: dict[str, list[str]], mutant_vectors: dict[str, list[Vector]]) -> Renderings:
    """SQL by target and macro: of the vectors, of the properties (``properties``), of the mutants, on DuckDB of the examples."""
    examples = [contracts.example_call(contract) for contract in contracts.with_example()]
    found = {}
    for target in TARGETS:
        groups = {**calls, "properties": properties.calls(), **calls_by_macro(mutant_vectors[target])}
        if target == "local":
            groups["examples"] = examples
        sources = {m.name: mutation.source_of(m) for m in mutation.mutants() if m.adapter == ADAPTERS[target]}
        found[target] = render(target, groups, sources)
    return found


@pytest.fixture(scope="session")
def engines() -> Iterator[list[Engine]]:
    """The engines of the laptop, DuckDB first; absent ones too, which say so."""
    found = laptop_engines(ROOT / ".customer360")
    yield found
    for engine in found:
        engine.close()
