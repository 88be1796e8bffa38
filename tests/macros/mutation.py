"""Macros broken on purpose (mutants.yml): each mutant is a copy of the macro under a name of its own, so that one dbt process
renders them all beside the sound ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from tests.macros.rendering import PORTABLE
from tests.macros.vectors import Refusal, Vector

FILE = Path(__file__).parent / "mutants.yml"
KEPT = ("duckdb", "redshift", "synapse", "bigquery")
WRONG_REFUSAL = "wrong refusal"


@dataclass(frozen=True)
class Mutant:
    """number makes its name; breaks is the class of the fault; the text ``replace`` of the macro becomes ``by``.

    adapter is the one whose part is broken, and on whose engine the vectors must notice.
    """

    number: int
    macro: str
    breaks: str
    replace: str
    by: str
    adapter: str = "duckdb"

    @property
    def name(self) -> str:
        return f"{self.macro}__mutant_{self.number}"

    def __str__(self) -> str:
        return f"{self.macro} ({self.breaks}): {self.replace!r} becomes {self.by!r}"


def mutants() -> list[Mutant]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Mutant(i, **row) for i, row in enumerate(rows, start=1)]


def source_of(mutant: Mutant) -> str:
    """The file of the mutant. Raises ValueError when the text to replace does not stand there exactly once."""
    text = (PORTABLE / f"{mutant.macro}.sql").read_text(encoding="utf-8")
    for adapter in (a for a in KEPT if a != mutant.adapter):
        text = re.sub(rf"\{{% macro {adapter}__.*?\{{%- endmacro %\}}\n?", "", text, flags=re.DOTALL)
    text = re.sub(r"\A\{#-.*?-#\}\n", "", text, flags=re.DOTALL)
    if (found := text.count(mutant.replace)) != 1:
        raise ValueError(f"mutants.yml: {mutant}: the text stands there {found} times, not once.")
    text = text.replace(mutant.replace, mutant.by)
    text = re.sub(rf"(macro (?:\w+?__)?){mutant.macro}\(", rf"\1{mutant.name}(", text)
    return text.replace(f"adapter.dispatch('{mutant.macro}',", f"adapter.dispatch('{mutant.name}',")


def call_of(mutant: Mutant, case: Vector | Refusal) -> str:
    """The Jinja call of a vector or refusal, with the mutant in place of the macro."""
    return re.sub(rf"(?<![\w']){mutant.macro}\(", f"{mutant.name}(", case.call)


def vector_of(mutant: Mutant, vector: Vector) -> Vector:
    """The vector, put to the mutant; its macro is the mutant's name."""
    return replace(vector, macro=mutant.name, call=call_of(mutant, vector))
