"""Each contract broken on purpose (mutants.yml) is noticed by the macro's vectors; the score ends the report of the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.macros import contracts, mutation
from tests.macros.engines import Engine
from tests.macros.proof import FAILED, calls_by_macro, judge
from tests.macros.vectors import Vector

pytestmark = pytest.mark.xdist_group("macros")
CLASSES = {"wrong NULL", "off by one", "wrong rounding", "wrong case", "wrong value", mutation.WRONG_REFUSAL}


def test_every_macro__has_mutants_of_known_classes() -> None:
    found = mutation.mutants()
    assert {m.macro for m in found} == {path.stem for path in contracts.macro_files()}
    assert {m.breaks for m in found} == CLASSES


@pytest.mark.parametrize("number", [0, 1, 2], ids=["duckdb", "evaluator", "postgres"])
def test_mutants__are_noticed_by_the_vectors(
    number: int,
    engines: list[Engine],
    mutant_vectors: dict[str, list[Vector]],
    rendered: dict[str, dict[str, tuple[str, ...]]],
    record_property: Callable[[str, object], None],
) -> None:
    engine = engines[number]
    if absence := engine.absence():
        pytest.skip(f"{engine.name} is absent: {absence}")
    given = mutant_vectors[engine.target]
    verdicts = judge(engine, given, calls_by_macro(given), rendered[engine.target])
    noticed = {verdict.vector.macro for verdict in verdicts if verdict.outcome == FAILED}
    mutants = [
        m for m in mutation.mutants() if m.adapter == engine.adapter and m.breaks != mutation.WRONG_REFUSAL
    ]
    tried, caught = (
        Counter(m.breaks for m in mutants),
        Counter(m.breaks for m in mutants if m.name in noticed),
    )
    score = ", ".join(f"{name} {caught[name]}/{tried[name]}" for name in sorted(tried))
    record_property(
        "mutation score", f"{engine.name}: {sum(caught.values())} of {len(mutants)} noticed ({score})"
    )
    assert mutants
    assert [str(m) for m in mutants if m.name not in noticed] == []


def test_a_mutant__whose_text_is_gone_is_told() -> None:
    gone = mutation.Mutant(1, "flag", "wrong value", "no such text", "x")
    with pytest.raises(ValueError, match="stands there 0 times"):
        mutation.source_of(gone)
