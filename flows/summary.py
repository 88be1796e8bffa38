"""The summary that a run ends with: plain text, short, aligned; also Markdown for Prefect and JSON for the site."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from flows.identity_quality import IdentityQuality
from flows.reconcile import Reconciled


@dataclass
class Summary:
    """What one run did. ``batches`` are the manifests committed in it, ``steps`` (name, seconds, note)."""

    targets: tuple[str, ...]
    batches: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[str, float, str]] = field(default_factory=list)
    reconciled: dict[str, Reconciled] = field(default_factory=dict)
    quality: IdentityQuality | None = None
    site: str = ""

    def data(self) -> dict[str, Any]:
        """The summary as plain data."""
        return {
            "targets": list(self.targets),
            "steps": [{"step": n, "seconds": round(s, 1), "note": t} for n, s, t in self.steps],
            "read": [
                {k: v for k, v in t.items() if k not in ("inputs",)} | {"files": len(t["inputs"])}
                for b in self.batches
                for t in b["tables"]
            ],
            "marts": {t: r.marts for t, r in self.reconciled.items()},
            "totals": {t: r.totals for t, r in self.reconciled.items()},
            "revenue_by_month": {t: r.revenue_by_month for t, r in self.reconciled.items()},
            "identity": None if self.quality is None else asdict(self.quality),
        }

    def text(self) -> str:
        """About sixty lines for a terminal."""
        lines = ["", "CUSTOMER 360", "=" * 78]
        lines += self._read() + self._marts() + self._totals() + self._identity()
        lines += ["", "Steps"]
        lines += [f"  {name:<34}{seconds:>8.1f} s   {note}" for name, seconds, note in self.steps]
        lines += [f"  {'together':<34}{sum(s for _, s, _ in self.steps):>8.1f} s"]
        if self.site:
            lines += ["", f"Docs site: {self.site}  (make docs-serve opens it)"]
        return "\n".join(lines)

    def _read(self) -> list[str]:
        tables = [t for b in self.batches for t in b["tables"]]
        if not tables:
            return ["", "Read: nothing new; every file is in a batch already."]
        lines = ["", f"Read: {sum(len(t['inputs']) for t in tables):,} files, {sum(t['read'] for t in tables):,} records, "
                 f"{sum(t['duplicates'] for t in tables):,} repeated deliveries dropped, {sum(t['rejected'] for t in tables):,} records refused"]  # fmt: skip
        for table in tables:
            for reason, count in sorted(table["reasons"].items()):
                lines.append(f"  refused   {table['source'] + '.' + table['table']:<24}{count:>6}  {reason}")
        return lines

    def _marts(self) -> list[str]:
        lines = []
        for target, reconciled in self.reconciled.items():
            lines += ["", f"Built on {target}"]
            cells = [f"{m['mart']:<24}{m['rows']:>11,}" for m in reconciled.marts]
            half = (len(cells) + 1) // 2
            lines += [
                f"  {left}    {right}".rstrip()
                for left, right in zip(cells[:half], [*cells[half:], ""], strict=False)
            ]
        return lines

    def _totals(self) -> list[str]:
        lines = []
        for target, reconciled in self.reconciled.items():
            lines += ["", f"Totals on {target}{'source':>33}{'marts':>18}"]
            for name, source, _, built in reconciled.totals:
                shown = "(not stated)" if source is None else _number(source)
                lines.append(
                    f"  {name:<30}{shown:>18}{_number(built):>18}  {'equal' if source is not None else 'equal to staging'}"
                )
        return lines

    def _identity(self) -> list[str]:
        quality = self.quality
        if quality is None:
            return []
        lines = ["", *quality_lines("Identity against the truth", quality)]
        lines.append(
            f"  over-merged customers: {len(quality.over_merged):,}, all in summary.json; the largest:"
        )
        lines += [
            f"    {customer}  {persons} persons, {identifiers} identifiers"
            for customer, persons, identifiers in quality.over_merged[:10]
        ]
        return lines


def quality_lines(title: str, quality: IdentityQuality) -> list[str]:
    """Pairs, whole persons, and the confusion per rule, as lines of text."""
    lines = [
        f"{title} ({quality.identifiers:,} identifiers): precision {quality.precision:.4f}, recall {quality.recall:.4f}, F1 {quality.f1:.4f}",
        f"  persons found whole: precision {quality.cluster_precision:.4f}, recall {quality.cluster_recall:.4f}, F1 {quality.cluster_f1:.4f}",
    ]
    if quality.rules:
        lines.append(
            f"  {'edges by rule':<28}{'joined: right':>14}{'wrong':>7}{'refused: right':>16}{'wrong':>7}{'precision':>11}{'recall':>8}"
        )
    lines += [
        f"  {r.rule:<28}{r.joined_right:>14,}{r.joined_wrong:>7,}{r.refused_right:>16,}{r.refused_wrong:>7,}{r.precision:>11.4f}{r.recall:>8.4f}"
        for r in quality.rules
    ]
    return lines


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.2f}"
