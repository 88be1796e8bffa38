"""Builds the site beside the old one and swaps them: landing page, dbt docs, column lineage,
data contracts, macros, parity certificate."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from docs_site import contracts, macros
from docs_site.odcs import as_odcs
from docs_site.parity_matrix import matrix
from flows.certificate import digest_of
from flows.errors import InputError

HERE = Path(__file__).parent


def build_site(artifacts: Path, home: Path, project: Path) -> Path:
    """Build ``home/site`` from a target's dbt artifacts; returns the landing page.

    Raises InputError when the artifacts are missing.
    """
    for name in ("manifest.json", "catalog.json", "static_index.html"):
        if not (artifacts / name).exists():
            raise InputError(f"docs site: {artifacts / name} is missing; run `make demo` first.")
    manifest = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))
    summary_file = home / "summary.json"
    summary = json.loads(summary_file.read_text(encoding="utf-8")) if summary_file.exists() else {}
    fresh = home / ".site.partial"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "contracts").mkdir(parents=True)
    (fresh / "macros").mkdir()
    shutil.copyfile(artifacts / "static_index.html", fresh / "dbt.html")
    has_lineage = _column_lineage(artifacts, fresh / "columns")
    rows = {m["mart"]: m["rows"] for built in summary.get("marts", {}).values() for m in built}
    marts, sources = contracts.marts(manifest, rows), contracts.sources(manifest)
    pages = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text_file = home / "summary.txt"
    reference = macros.reference(project, home)

    def page(path: str, template: str, **values: Any) -> None:
        up = "../" * path.count("/")
        (fresh / path).write_text(pages.get_template(template).render(up=up, **values), encoding="utf-8")

    certificate_file = home / "parity" / "certificate.json"
    if certificate_file.exists():
        certificate = json.loads(certificate_file.read_text(encoding="utf-8"))
        page(
            "parity.html",
            "parity.html",
            certificate=certificate,
            matrix=matrix(certificate),
            largest=max((e["rows"] for e in matrix(certificate)), default=1) or 1,
            is_whole=certificate.get("digest") == digest_of(certificate),
        )
    page(
        "index.html",
        "index.html",
        areas={contracts.AREAS[area]: found for area, found in marts.items()},
        sources=sources,
        summary=summary,
        text=text_file.read_text(encoding="utf-8") if text_file.exists() else "",
        has_lineage=has_lineage,
        has_certificate=certificate_file.exists(),
        reference=reference,
        revenue=_revenue(summary),
        largest=max(rows.values(), default=1) or 1,
    )
    for contract in [*itertools.chain(*marts.values()), *itertools.chain(*(s.tables for s in sources))]:
        page(f"contracts/{contract.name}.html", "contract.html", entry=contract)
        document = as_odcs(contract, version=_version(project))
        (fresh / "contracts" / f"{contract.name}.odcs.yaml").write_text(document, encoding="utf-8")
    for macro in reference["macros"]:
        page(f"macros/{macro['name']}.html", "macro.html", macro=macro, absent=reference["absent"])
    site, old = home / "site", home / ".site.old"
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    fresh.rename(site)
    shutil.rmtree(old, ignore_errors=True)
    return site / "index.html"


def _column_lineage(artifacts: Path, folder: Path) -> bool:
    """Column lineage by dbt-colibri; False, and no page, when it cannot read the project."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("colibri")), "generate", "--manifest", str(artifacts / "manifest.json"),
         "--catalog", str(artifacts / "catalog.json"), "--output-dir", str(folder)],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    return done.returncode == 0 and (folder / "index.html").exists()


def _version(project: Path) -> str:
    return str(tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def _revenue(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Points of the chart: the months of the first target that was built."""
    months: list[dict[str, str]] = next(iter(summary.get("revenue_by_month", {}).values()), [])
    return [{"label": m["month"][:7], "value": float(m["net_revenue"])} for m in months]
