"""Wrong arguments do not compile, and the error names the macro and what is allowed; mutants of the checks are noticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.macros import mutation
from tests.macros.rendering import refusals_of
from tests.macros.vectors import Refusal, Vector

pytestmark = pytest.mark.xdist_group("refusals")
Files = dict[str, tuple[list[Vector], list[Refusal]]]


@pytest.fixture(scope="module")
def said(vector_files: Files) -> dict[str, str]:
    """What dbt says to each refused call, and to each again with every mutant that refuses wrongly; one dbt process."""
    mutants = [m for m in mutation.mutants() if m.breaks == mutation.WRONG_REFUSAL]
    calls = [r.call for _, refusals in vector_files.values() for r in refusals]
    calls += [mutation.call_of(m, r) for m in mutants for r in vector_files[m.macro][1]]
    sources = {m.name: mutation.source_of(m) for m in mutants}
    return dict(zip(calls, refusals_of(calls, sources), strict=True))


def is_refused(refusal: Refusal, sentence: str) -> bool:
    """Whether dbt's sentence names the macro and holds the words that the table wants."""
    return f"acro {refusal.macro}" in sentence and all(word in sentence for word in refusal.says)


def test_wrong_arguments__are_compile_errors_that_name_macro_and_allowed_values(
    vector_files: Files, said: dict[str, str]
) -> None:
    refusals = [r for _, found in vector_files.values() for r in found]
    assert len(refusals) >= 150
    wrong = {r.call: said[r.call] for r in refusals if not is_refused(r, said[r.call])}
    assert wrong == {}


def test_sound_arguments__are_not_refused() -> None:
    sound = [
        "truncate_date('week', 'd')",
        "text('x', 4000)",
        "data_type('decimal', 38, 9)",
        "date_literal('2016-02-29')",
    ]
    assert refusals_of(sound) == ["", "", "", ""]


def test_mutants_of_the_checks__are_noticed(
    vector_files: Files, said: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    survived = []
    mutants = [m for m in mutation.mutants() if m.breaks == mutation.WRONG_REFUSAL]
    for mutant in mutants:
        refusals = vector_files[mutant.macro][1]
        assert refusals, f"{mutant.macro} has no refusals"
        if all(
            is_refused(r, said[mutation.call_of(mutant, r)].replace(mutant.name, mutant.macro))
            for r in refusals
        ):
            survived.append(str(mutant))
    record_property("mutation score", f"refusals: {len(mutants) - len(survived)} of {len(mutants)} noticed")
    assert survived == []
