"""The parity certificate: what was compared, how it came out, and on which code, data and adapters.

It stands as JSON below ``<home>/parity``: ``certificate.json`` is the newest, ``certificates/`` keeps all of them, and
``fingerprints/<side>.json`` is what the next one builds on. Its digest tells whether somebody changed the file by hand.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.comparison import DIFFERENT, EQUAL, INCOMPLETE
from flows.differences import Difference
from flows.errors import InputError
from flows.fingerprints import Fingerprints, Side
from flows.settings import PROJECT, Settings

ADAPTERS = {
    "local": "dbt-duckdb",
    "redshift": "dbt-redshift",
    "synapse": "dbt-synapse",
    "bigquery": "dbt-bigquery",
}


def make_certificate(
    sides: list[Side],
    told: list[Fingerprints],
    ledgers: dict[str, Any],
    marts: list[dict[str, Any]],
    differences: list[Difference],
) -> dict[str, Any]:
    """The certificate as plain data, signed with its digest.

    The verdict is equal only when every side answered, the ledgers stand at one position, and every mart and column
    of every side was compared and equal.
    """
    verdicts = {ledgers["verdict"], *(m["verdict"] for m in marts)}
    incomplete = any(t.fault for t in told) or INCOMPLETE in verdicts or not marts or len(sides) < 2
    verdict = INCOMPLETE if incomplete else DIFFERENT if DIFFERENT in verdicts else EQUAL
    targets = {
        side.name: {
            "target": side.target,
            "schema": side.settings.schema,
            "adapter": f"{ADAPTERS[side.target]} {version(ADAPTERS[side.target])}",
            "manifest": manifest_hash(side),
            "ledger_position": ledgers["positions"].get(side.name),
            "seconds": round(fingerprints.seconds, 1),
            "reused_partitions": fingerprints.reused,
            "fault": fingerprints.fault,
        }
        for side, fingerprints in zip(sides, told, strict=True)
    }
    certificate: dict[str, Any] = {
        "certified_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "verdict": verdict,
        "sentence": _sentence(verdict, told, ledgers, marts),
        "git_revision": git_revision(),
        "dbt": f"dbt-core {version('dbt-core')}",
        "targets": targets,
        "ledgers": ledgers,
        "marts": marts,
        "differences": [asdict(d) for d in differences],
    }
    return certificate | {"digest": digest_of(certificate)}


def _sentence(
    verdict: str, told: list[Fingerprints], ledgers: dict[str, Any], marts: list[dict[str, Any]]
) -> str:
    names = [t.side for t in told]
    for side in told:
        if side.fault:
            return f"not everything was compared: {side.fault}"
    if ledgers["verdict"] == INCOMPLETE:
        return f"not everything was compared: {ledgers['sentence']}"
    for state, words in (
        (INCOMPLETE, "not everything was compared"),
        (DIFFERENT, "the targets are not equal"),
    ):
        found = [m for m in marts if m["verdict"] == state]
        if found and verdict == state:
            more = (
                f" {len(found) - 1} more mart(s): {', '.join(m['mart'] for m in found[1:])}."
                if len(found) > 1
                else ""
            )
            position = f" {_capital(ledgers['sentence'])}" if ledgers["sentence"] else ""
            return f"{words}: {found[0]['sentence']}{more}{position}"
    if verdict == DIFFERENT:
        return f"the targets are not equal: {ledgers['sentence']}"
    if verdict == INCOMPLETE:
        return "not everything was compared: two targets and at least one mart are needed."
    rows = sum(next(iter(m["rows"].values())) for m in marts)
    columns = sum(len(m["columns"]) for m in marts)
    return f"{' = '.join(names)}: {len(marts)} marts, {columns} columns, {rows:,} rows are equal."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def digest_of(certificate: dict[str, Any]) -> str:
    """SHA-256, in hex, over everything but the digest itself."""
    content = {key: value for key, value in certificate.items() if key != "digest"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def git_revision() -> str:
    """The commit, with ``+changes`` when files differ from it; ``unknown`` outside a repository."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        return git("rev-parse", "HEAD") + ("+changes" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def manifest_hash(side: Side) -> str:
    """SHA-256, in hex, of what dbt's manifest says of nodes and macros; '' before dbt has run on the target.

    The text and the columns count, not what the adapter or the clock makes of them, so it is the same on every target.
    """
    path = side.settings.target_path(side.target) / "manifest.json"
    if not path.exists():
        return ""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    nodes = {
        key: [node["checksum"]["checksum"], node.get("raw_code"), {n: c["data_type"] for n, c in node["columns"].items()}]
        for key, node in manifest["nodes"].items()
    }  # fmt: skip
    macros = {
        key: macro["macro_sql"]
        for key, macro in manifest["macros"].items()
        if macro["package_name"] == "customer_360"
    }
    return hashlib.sha256(json.dumps([nodes, macros], sort_keys=True).encode()).hexdigest()


def keep(settings: Settings, certificate: dict[str, Any], told: list[Fingerprints]) -> Path:
    """Write the certificate and the fingerprints it rests on; returns the certificate's file."""
    folder = settings.home / "parity"
    stamp = certificate["certified_at"].replace(":", "").replace("+0000", "Z")
    text = json.dumps(certificate, indent=1)
    for path in (folder / "certificates" / f"{stamp}.json", folder / "certificate.json"):
        _write(path, text)
    for side in told:
        if not side.fault:
            _write(folder / "fingerprints" / f"{side.side}.json", json.dumps(side.marts))
    return folder / "certificate.json"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def earlier_fingerprints(settings: Settings, side: str) -> dict[str, Any]:
    """The marts' fingerprints of the last certificate of a side; empty when there is none."""
    path = settings.home / "parity" / "fingerprints" / f"{side}.json"
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def read_certificate(path: Path) -> dict[str, Any]:
    """A certificate whose digest holds; InputError when the file was changed by hand or is none."""
    try:
        certificate: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        whole = certificate["digest"] == digest_of(certificate)
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"certificate {path} cannot be read; run `make parity` to make one.") from None
    if not whole:
        raise InputError(f"certificate {path} was changed after it was made; run `make parity` again.")
    return certificate


def as_text(certificate: dict[str, Any]) -> str:
    """The certificate for a terminal: one line per target and mart, and the rows that differ."""
    lines = ["", f"PARITY: {certificate['verdict']}", certificate["sentence"], ""]
    for name, target in certificate["targets"].items():
        reused = f", {target['reused_partitions']} partitions known" if target["reused_partitions"] else ""
        lines.append(
            f"  {name:<10} {target['adapter']:<22} batch {target['ledger_position'] or '-'}   {target['seconds']:.1f} s{reused}"
        )
    lines += [f"  revision   {certificate['git_revision'][:12]}, certified {certificate['certified_at']}", ""]
    for mart in certificate["marts"]:
        rows = max(mart["rows"].values(), default=0)
        lines.append(
            f"  {mart['mart']:<24}{rows:>12,} rows {len(mart['columns']):>3} columns  {mart['verdict']}"
        )
        if mart["verdict"] != EQUAL:
            lines.append(f"      {mart['sentence']}")
    for found in certificate["differences"]:
        lines += ["", *_difference_lines(found)]
    return "\n".join(lines)


def _difference_lines(found: dict[str, Any]) -> list[str]:
    left, right = found["sides"]
    more = ", and more" if found["more"] else ""
    lines = [f"  {found['mart']}: {len(found['rows'])} row(s) differ{more} ({found['questions']} questions, {found['read']} fingerprints and rows read)"]  # fmt: skip
    for row in found["rows"]:
        key = ", ".join(f"{column}={value}" for column, value in row["key"].items())
        lines.append(f"    {key}: {row['kind']}" + (f" ({row['counts'][0]} and {row['counts'][1]} times)" if row["kind"] == "repeated" else ""))  # fmt: skip
        for cell in row["cells"]:
            here, there = (_shown(r[cell]) for r in row["rows"])
            lines.append(f"      ≠ {cell:<28} {left}: {here}   {right}: {there}")
    return lines


def _shown(value: str | None) -> str:
    """A text with its blanks and signs beyond ASCII visible, as Python writes it; NULL without quotes."""
    return "NULL" if value is None else ascii(value) if not value.isascii() else repr(value)
