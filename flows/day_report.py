"""What went where on a day: one line per step, as a table for a terminal and for Prefect."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One step: where its outcome lies, files, rows, bytes (None: the step has no such thing) and seconds."""

    step: str
    to: str
    files: int | None
    rows: int | None
    bytes: int | None
    seconds: float
    note: str


class Report:
    """Lines in the order in which steps ended; steps may end in several threads."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.lock = threading.Lock()

    def add(self, step: str, to: str, result: Any, seconds: float) -> Line:
        """Enter what a step returned."""
        files, rows, size, note = counted(result)
        line = Line(step, to, files, rows, size, seconds, note)
        with self.lock:
            self.lines.append(line)
        return line

    def table(self) -> list[dict[str, Any]]:
        """Rows of plain data."""
        return [
            {"step": n.step, "to": n.to, "files": n.files, "rows": n.rows, "bytes": n.bytes, "seconds": round(n.seconds, 1), "note": n.note}
            for n in self.lines
        ]  # fmt: skip

    def text(self) -> str:
        """A table for a terminal."""
        head = f"{'step':<32}{'files':>7}{'rows':>12}{'bytes':>15}{'seconds':>9}  to, note"
        return "\n".join(["", "WHAT WENT WHERE", "=" * 100, head, *(as_text(n) for n in self.lines)])


def as_text(line: Line) -> str:
    numbers = f"{_number(line.files):>7}{_number(line.rows):>12}{_number(line.bytes):>15}"
    told = "; ".join(t for t in (line.to, line.note) if t)
    return f"{line.step:<32}{numbers}{line.seconds:>9.1f}  {told}"


def counted(result: Any) -> tuple[int | None, int | None, int | None, str]:
    """Files, rows, bytes and a note of what a step returns, by the names of its fields."""

    def of(*names: str) -> Any:
        return next((getattr(result, n) for n in names if hasattr(result, n)), None)

    notes = []
    for name, words in (("strays", "strays"), ("dead_letters", "to the dead letters"), ("known_files", "known before"), ("there", "there before"), ("skipped", "loaded before"), ("models_before", "models unloaded before")):  # fmt: skip
        if getattr(result, name, 0):
            notes.append(f"{getattr(result, name):,} {words}")
    if hasattr(result, "tables"):  # a curated batch
        if not result.number:
            return 0, 0, 0, "nothing new"
        size = sum(t.get("bytes", 0) for t in result.tables)
        told = f"batch {result.number}: {result.total('rejected'):,} refused, {result.total('duplicates'):,} repeated"
        return result.total("files"), result.total("rows"), size, told
    if hasattr(result, "marts"):
        return None, sum(m["rows"] for m in result.marts), None, f"{len(result.marts)} marts, totals equal"
    if hasattr(result, "nodes"):
        return (
            None,
            None,
            None,
            ", ".join(f"{n} {s}" for s, n in sorted(result.nodes.items())) or "up to date",
        )
    if getattr(result, "note", ""):
        notes.append(result.note)
    return (
        of("files", "new_files"),
        of("records", "events", "rows", "customers"),
        of("bytes", "new_bytes"),
        ", ".join(notes),
    )


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
