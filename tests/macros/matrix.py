"""The matrix macro x engine x passed: runs every vector on every engine, prints it, and keeps it for the docs site."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.macros import contracts, vectors
from tests.macros.engines import Engine
from tests.macros.proof import FAILED, NOT_SUPPORTED, PASSED, Verdict, calls_by_macro, judge
from tests.macros.rendering import ADAPTERS, TARGETS, render


@dataclass
class Matrix:
    """Verdicts by engine; absent engines with the sentence why; the SQL of each macro's first call by adapter."""

    macros: list[str]
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    sql: dict[str, dict[str, str]] = field(default_factory=dict)

    def counts(self, macro: str, engine: str) -> dict[str, int]:
        """Vectors of the macro on the engine by outcome."""
        outcomes = [v.outcome for v in self.verdicts.get(engine, []) if v.vector.macro == macro]
        return {outcome: outcomes.count(outcome) for outcome in (PASSED, FAILED, NOT_SUPPORTED)}

    def failures(self, engine: str) -> list[str]:
        return [v.reason for v in self.verdicts[engine] if v.outcome == FAILED]


def all_vectors() -> list[vectors.Vector]:
    return [vector for path in vectors.files() for vector in vectors.read(path)[0]]


def run(engines: Sequence[Engine]) -> Matrix:
    """Every vector on every engine that is there. Raises RenderingFailed when a call does not compile."""
    given = all_vectors()
    calls = calls_by_macro(given)
    matrix = Matrix([path.stem for path in contracts.macro_files()])
    for target in TARGETS:
        rendered = render(target, calls)
        for macro, texts in rendered.items():
            matrix.sql.setdefault(macro, {})[ADAPTERS[target]] = texts[0]
        for engine in (e for e in engines if e.target == target):
            if absence := engine.absence():
                matrix.absent[engine.name] = absence
                continue
            matrix.verdicts[engine.name] = judge(engine, given, calls, rendered)
            engine.close()
    return matrix


def as_text(matrix: Matrix, engines: Sequence[Engine]) -> str:
    """The matrix for a terminal; each failure and each absence in a sentence below it."""
    there = [e.name for e in engines if e.name in matrix.verdicts]
    lines = [f"{'macro':<30}" + "".join(f"{name:>24}" for name in there)]
    for macro in matrix.macros:
        lines.append(f"{macro:<30}" + "".join(f"{_cell(matrix.counts(macro, name)):>24}" for name in there))
    totals = [_total(matrix, name) for name in there]
    lines += ["", f"{'together':<30}" + "".join(f"{_cell(total):>24}" for total in totals)]
    lines += [f"{name}: {sum(t.values())} vectors, {t[PASSED]} passed, {t[FAILED]} failed, {t[NOT_SUPPORTED]} not supported."
              for name, t in zip(there, totals, strict=True)]  # fmt: skip
    lines += [f"{e.name}: absent. {matrix.absent[e.name]}" for e in engines if e.name in matrix.absent]
    for name in there:
        lines += [f"{name} FAILED: {reason}" for reason in matrix.failures(name)]
    return "\n".join(lines)


def _total(matrix: Matrix, engine: str) -> dict[str, int]:
    counts = [matrix.counts(macro, engine) for macro in matrix.macros]
    return {outcome: sum(c[outcome] for c in counts) for outcome in (PASSED, FAILED, NOT_SUPPORTED)}


def _cell(counts: dict[str, int]) -> str:
    asked = counts[PASSED] + counts[FAILED]
    if not asked:
        return "-" if not counts[NOT_SUPPORTED] else "not supported"
    return f"{counts[PASSED]}/{asked}" + (" FAILED" if counts[FAILED] else "")


def as_json(matrix: Matrix, engines: Sequence[Engine]) -> dict[str, Any]:
    """What the docs site shows: per macro the SQL by adapter and the outcomes by engine; absent engines with a reason."""
    return {
        "engines": [
            {"name": e.name, "adapter": e.adapter, "absent": matrix.absent.get(e.name, "")} for e in engines
        ],
        "macros": {
            macro: {
                "sql": matrix.sql.get(macro, {}),
                "outcomes": {name: matrix.counts(macro, name) for name in matrix.verdicts},
            }
            for macro in matrix.macros
        },
    }


def keep(matrix: Matrix, engines: Sequence[Engine], file: Path) -> None:
    """Write the matrix beside the file and swap, so that a reader never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(as_json(matrix, engines), indent=1, ensure_ascii=False), encoding="utf-8")
    partial.replace(file)
