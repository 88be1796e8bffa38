"""Two certificates side by side: what changed between two proofs, in code, data, adapters and rows.

A certificate compares targets at one moment; this compares moments. Sums of one column are the same on every target,
so a target of the one certificate can even be held against another target of the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.certificate import read_certificate
from flows.errors import InputError


def compare_certificates(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs between two certificates, as plain data.

    ``signatures``: lines (what, before, after) for the git revision, dbt, and manifest, adapter and ledger position of
    each target, those that differ only. ``targets``: names that only one of them has. ``marts``: one entry per mart of
    either, {mart, change, rows, columns}; ``change`` is ``same``, ``changed``, ``new``, ``gone`` or ``unknown``, when
    neither was read on a target that both have. ``is_same``: the rows of all marts of every common target are proven the same.
    """
    common = [name for name in before["targets"] if name in after["targets"]]
    if not common:
        raise InputError(
            f"parity compare: the certificates have no target in common ({', '.join(before['targets'])}; {', '.join(after['targets'])}); choose two of one warehouse."
        )
    signatures = [
        (what, old, new)
        for what, old, new in (
            ("git revision", before["git_revision"], after["git_revision"]),
            ("dbt", before["dbt"], after["dbt"]),
            *(
                (
                    f"{key.replace('_', ' ')} of {name}",
                    before["targets"][name][key],
                    after["targets"][name][key],
                )
                for name in common
                for key in ("manifest", "adapter", "schema", "ledger_position")
            ),
        )
        if old != new
    ]
    old_marts, new_marts = ({m["mart"]: m for m in c["marts"]} for c in (before, after))
    marts = [
        _compare_mart(name, old_marts.get(name), new_marts.get(name), common)
        for name in sorted(old_marts.keys() | new_marts.keys())
    ]
    return {
        "common": common,
        "targets": sorted(before["targets"].keys() ^ after["targets"].keys()),
        "verdicts": (before["verdict"], after["verdict"]),
        "certified_at": (before["certified_at"], after["certified_at"]),
        "signatures": signatures,
        "marts": marts,
        "is_same": bool(marts) and all(m["change"] == "same" for m in marts),
    }


def _compare_mart(
    name: str, old: dict[str, Any] | None, new: dict[str, Any] | None, targets: list[str]
) -> dict[str, Any]:
    entry: dict[str, Any] = {"mart": name, "change": "same", "rows": {}, "columns": []}
    if old is None or new is None:
        return entry | {"change": "new" if old is None else "gone"}
    if any(t not in m["rows"] for t in targets for m in (old, new)):
        return entry | {"change": "unknown"}
    entry["rows"] = {t: (old["rows"][t], new["rows"][t]) for t in targets if old["rows"][t] != new["rows"][t]}
    sums = [{c["column"]: c["sums"] for c in m["columns"]} for m in (old, new)]
    entry["columns"] = [
        column
        for column in sums[1] | sums[0]
        if any(sums[0].get(column, {}).get(t) != sums[1].get(column, {}).get(t) for t in targets)
    ]
    moved = any(old["bound"].get(t) != new["bound"].get(t) for t in targets)
    if entry["rows"] or entry["columns"] or moved:
        entry["change"] = "changed"
    return entry


def comparison_as_text(found: dict[str, Any]) -> str:
    """The comparison for a terminal: the sentence, then signatures and marts that differ."""
    marts = [m for m in found["marts"] if m["change"] != "same"]
    held = f"{len(found['marts'])} marts on {', '.join(found['common'])}"
    same = (
        f"the same rows: {held}."
        if found["is_same"]
        else f"not the same rows: {len(marts)} of {held} differ."
    )
    lines = ["", f"PARITY of two certificates: {same}"]
    lines += [
        f"  {word}: {when}, {verdict}"
        for word, when, verdict in zip(
            ("before", "after "), found["certified_at"], found["verdicts"], strict=True
        )
    ]
    if found["targets"]:
        lines.append(f"  only in one of them: {', '.join(found['targets'])}")
    if found["signatures"]:
        lines.append("")
    lines += [f"  {what:<30} {_short(old)} -> {_short(new)}" for what, old, new in found["signatures"]]
    if marts:
        lines.append("")
    for mart in marts:
        rows = ", ".join(f"{t}: {old:,} -> {new:,} rows" for t, (old, new) in mart["rows"].items())
        columns = ", ".join(mart["columns"]) or (
            "the same values in other rows" if mart["change"] == "changed" else ""
        )
        lines.append(
            f"  {mart['mart']:<24} {mart['change']:<8} {rows}{'; ' if rows and columns else ''}{columns}"
        )
    return "\n".join(lines)


def _short(value: Any) -> str:
    return str(value)[:24] if value not in (None, "") else "unknown"


def read_both(before: Path, after: Path) -> dict[str, Any]:
    """The comparison of two certificate files. InputError when one cannot be read or was changed by hand."""
    return compare_certificates(read_certificate(before), read_certificate(after))
