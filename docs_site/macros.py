"""Pages of the portable macros: the contract that heads each file, the SQL of each adapter, and the last run of `make macros`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VENDORS = ("Redshift", "Synapse", "BigQuery", "DuckDB")
LABELS = ("Arguments", "Gives", "NULL", "Edges", "Example", "Made of")


@dataclass(frozen=True)
class Contract:
    """The meaning in words, and what stands behind each label; a vendor's label holds the page of its documentation."""

    name: str
    meaning: str
    labels: dict[str, str] = field(default_factory=dict)


def contract_of(path: Path) -> Contract:
    """Read the comment that heads the file; ValueError when there is none."""
    found = re.match(r"\{#-?(.*?)-?#\}", path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise ValueError(f"{path.name} has no contract: begin it with a comment, see docs/macros.md.")
    pattern = rf"^\s*({'|'.join(LABELS + VENDORS)}): "
    parts = re.split(pattern, found[1], flags=re.MULTILINE)
    labels = {label: " ".join(text.split()) for label, text in zip(parts[1::2], parts[2::2], strict=True)}
    return Contract(path.stem, " ".join(parts[0].split()), labels)


def reference(project: Path, home: Path) -> dict[str, Any]:
    """What the templates show: every file of macros/portable, and the engines of the last matrix.

    Without a matrix (``home/macros.json``) the contracts still stand; engines and SQL are empty.
    """
    file = home / "macros.json"
    matrix = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"engines": [], "macros": {}}
    ran = [engine["name"] for engine in matrix["engines"] if not engine["absent"]]
    return {
        "engines": ran,
        "absent": [engine for engine in matrix["engines"] if engine["absent"]],
        "macros": [
            _page(path, matrix["macros"].get(path.stem, {}), ran)
            for path in sorted((project / "macros" / "portable").glob("*.sql"))
        ],
    }


def _page(path: Path, kept: dict[str, Any], ran: list[str]) -> dict[str, Any]:
    contract = contract_of(path)
    outcomes = kept.get("outcomes", {})
    return {
        "name": contract.name,
        "contract": contract.meaning,
        "labels": {label: contract.labels[label] for label in LABELS if label in contract.labels},
        "vendors": {vendor: contract.labels[vendor] for vendor in VENDORS if vendor in contract.labels},
        "sql": kept.get("sql", {}),
        "matrix": {name: outcomes[name] for name in ran if name in outcomes},
        "source": path.read_text(encoding="utf-8"),
    }
