"""Builds the site beside the old one and swaps them: landing page, dbt docs, column lineage, data contracts, macros."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from docs_site import macros
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
    marts, sources = _marts(manifest, summary), _sources(manifest)
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

    page(
        "index.html",
        "index.html",
        areas=_by_area(marts),
        sources=sources,
        summary=summary,
        text=text_file.read_text(encoding="utf-8") if text_file.exists() else "",
        has_lineage=has_lineage,
        reference=reference,
        revenue=_revenue(summary),
        largest=max([m["rows"] or 0 for m in marts] or [1]) or 1,
    )
    for mart in marts:
        page(f"contracts/{mart['name']}.html", "contract.html", entry=mart)
    for source in sources:
        for table in source["tables"]:
            page(f"contracts/{source['name']}__{table['name']}.html", "contract.html", entry=table)
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


def _tests(manifest: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    """Names of the data tests by (unique id of the model or source, column)."""
    found: dict[tuple[str, str], list[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node"):
            found.setdefault((node["attached_node"], node.get("column_name") or ""), []).append(
                node["test_metadata"]["name"]
            )
    return found


def _columns(entry: dict[str, Any], tests: dict[tuple[str, str], list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": c["name"], "type": c.get("data_type") or "", "description": c.get("description") or "",
            "rules": [k if v is True else f"{k}: {', '.join(v) if isinstance(v, list) else v}" for k, v in c.get("config", {}).get("meta", {}).items()],
            "tests": tests.get((entry["unique_id"], c["name"]), []),
        }
        for c in entry["columns"].values()
    ]  # fmt: skip


def _marts(manifest: dict[str, Any], summary: dict[str, Any]) -> list[dict[str, Any]]:
    tests = _tests(manifest)
    rows = {m["mart"]: m["rows"] for marts in summary.get("marts", {}).values() for m in marts}
    return [
        {
            "name": n["name"], "area": n["fqn"][-2], "description": n["description"], "rows": rows.get(n["name"]),
            "columns": _columns(n, tests), "tests": tests.get((n["unique_id"], ""), []), "kind": "mart", "key": [],
        }
        for n in sorted(manifest["nodes"].values(), key=lambda n: n["name"])
        if n["resource_type"] == "model" and "marts" in n["fqn"]
    ]  # fmt: skip


def _revenue(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Points of the chart: the months of the first target that was built."""
    months: list[dict[str, str]] = next(iter(summary.get("revenue_by_month", {}).values()), [])
    return [{"label": m["month"][:7], "value": float(m["net_revenue"])} for m in months]


def _by_area(marts: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    areas: dict[str, list[dict[str, Any]]] = {}
    for mart in marts:
        areas.setdefault(mart["area"], []).append(mart)
    return areas


def _sources(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    tests = _tests(manifest)
    sources: dict[str, dict[str, Any]] = {}
    for node in sorted(manifest["sources"].values(), key=lambda n: (n["source_name"], n["name"])):
        source = sources.setdefault(
            node["source_name"],
            {"name": node["source_name"], "description": node["source_description"], "tables": []},
        )
        source["tables"].append(
            {
                "name": node["name"], "title": f"{node['source_name']}.{node['name']}", "description": node["description"], "kind": "source",
                "columns": _columns(node, tests), "tests": [], "key": node.get("config", {}).get("meta", {}).get("key", []), "rows": None,
            }
        )  # fmt: skip
    return list(sources.values())
