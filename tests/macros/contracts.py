"""The contract that heads each file of macros/portable, and the examples in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.macros.rendering import PORTABLE

LABELS = ("Arguments", "Gives", "NULL", "Edges", "Example", "Made of")
VENDORS = ("Redshift", "Synapse", "BigQuery", "DuckDB")


@dataclass(frozen=True)
class Contract:
    """The meaning in words, and what stands behind each label; vendors holds the page of each warehouse."""

    name: str
    meaning: str
    labels: dict[str, str] = field(default_factory=dict)


def macro_files() -> list[Path]:
    return sorted(PORTABLE.glob("*.sql"))


def contract_of(path: Path) -> Contract:
    """Read the comment that heads the file; ValueError when there is none."""
    found = re.match(r"\{#-?(.*?)-?#\}", path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise ValueError(f"{path.name} has no contract: begin it with a comment, see docs/macros.md.")
    pattern = rf"^\s*({'|'.join(LABELS + VENDORS)}): "
    parts = re.split(pattern, found[1], flags=re.MULTILINE)
    labels = {label: " ".join(text.split()) for label, text in zip(parts[1::2], parts[2::2], strict=True)}
    return Contract(path.stem, " ".join(parts[0].split()), labels)


def example_of(contract: Contract) -> tuple[str, str] | None:
    """The call, or SQL around one, and the text that it gives, from ``Example: ... gives ....``; None for a refusal."""
    found = re.fullmatch(r"(.+) gives (.+?)\.?", contract.labels.get("Example", ""), re.DOTALL)
    return (found[1], found[2]) if found else None


def with_example() -> list[Contract]:
    """The contracts whose example gives a value."""
    return [contract for path in macro_files() if example_of(contract := contract_of(path))]


def example_call(contract: Contract) -> str:
    """The example as Jinja; one that is a bare call gets its braces."""
    example = example_of(contract)
    assert example is not None
    return example[0] if "{{" in example[0] else "{{ " + example[0] + " }}"
