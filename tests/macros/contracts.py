"""The contract that heads each file of macros/portable, and the examples in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.macros.rendering import PORTABLE

LABELS = ("Arguments", "Gives", "NULL", "Edges", "Example")
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
    """The call and the text that it gives, from ``Example: call gives value.``; None when there is no such sentence."""
    found = re.fullmatch(r"(\w+\(.*\)) gives (.+?)\.?", contract.labels.get("Example", ""), re.DOTALL)
    return (found[1], found[2]) if found else None
