"""The data contracts that the site shows: sources and marts, read from dbt's manifest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

# how the site names an area, and in which order it shows them
AREAS = {
    "core": "Core",
    "identity": "Identity",
    "marketing": "Marketing",
    "finance": "Finance",
    "ml": "Machine learning",
}


@dataclass(frozen=True)
class Test:
    """One data test: its name, and its arguments without the column."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a contract; ``type`` as contracts write it, ``rules`` what curation checks (sources only)."""

    name: str
    type: str
    description: str
    rules: dict[str, Any]
    tests: list[Test]
    is_required: bool

    @property
    def checks(self) -> list[str]:
        """Rules and tests in words."""
        rules = {"required": True} if self.is_required else {}
        rules |= {name: value for name, value in self.rules.items() if name != "required"}
        tests = [t.name for t in self.tests if t.name != "not_null"]
        return [_in_words(name, value) for name, value in rules.items()] + tests


@dataclass(frozen=True)
class Contract:
    """One table with its promise. ``area`` is a key of AREAS for a mart and the source's name for a source."""

    name: str
    title: str
    area: str
    owner: str
    description: str
    grain: str
    key: list[str]
    columns: list[Column]
    tests: list[Test]
    relation: str
    freshness: dict[str, Any] = field(default_factory=dict)
    rows: int | None = None


@dataclass(frozen=True)
class Source:
    """One source with the contracts of its tables."""

    name: str
    description: str
    tables: list[Contract]


def marts(manifest: dict[str, Any], rows: dict[str, int]) -> dict[str, list[Contract]]:
    """Every model with an enforced contract, by area in the order of AREAS; ``rows`` by name of the model."""
    tests = _tests(manifest)
    by_area: dict[str, list[Contract]] = {area: [] for area in AREAS}
    for node in sorted(manifest["nodes"].values(), key=lambda n: n["name"]):
        if node["resource_type"] != "model" or not node["contract"]["enforced"]:
            continue
        area = node["fqn"][-2]
        by_area[area].append(
            Contract(
                name=node["name"],
                title=node["name"],
                area=area,
                owner="analytics engineering",
                description=_one_line(node["description"]),
                grain=_grain(node["raw_code"]),
                key=_key_of(node, tests),
                columns=_columns(node, tests),
                tests=tests.get((node["unique_id"], ""), []),
                relation=node["relation_name"],
                rows=rows.get(node["name"]),
            )
        )
    return {area: found for area, found in by_area.items() if found}


def sources(manifest: dict[str, Any]) -> list[Source]:
    """Every source with its tables, by name."""
    tests = _tests(manifest)
    found: dict[str, Source] = {}
    for node in sorted(manifest["sources"].values(), key=lambda n: (n["source_name"], n["name"])):
        name = node["source_name"]
        source = found.setdefault(name, Source(name, _one_line(node["source_description"]), []))
        meta = node["config"]["meta"]
        source.tables.append(
            Contract(
                name=f"{name}__{node['name']}",
                title=f"{name}.{node['name']}",
                area=name,
                owner=node["source_meta"].get("owner", meta.get("owner", "")),
                description=_one_line(node["description"]),
                grain="",
                key=list(meta.get("key", [])),
                columns=_columns(node, tests),
                tests=[],
                relation=node["relation_name"],
                freshness=node["config"].get("freshness") or node.get("freshness") or {},
            )
        )
    return list(found.values())


def _tests(manifest: dict[str, Any]) -> dict[tuple[str, str], list[Test]]:
    """Data tests by (unique id of the model, column; '' for the whole table)."""
    found: dict[tuple[str, str], list[Test]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node"):
            arguments = {
                k: v for k, v in node["test_metadata"]["kwargs"].items() if k not in ("model", "column_name")
            }
            test = Test(node["test_metadata"]["name"], arguments)
            found.setdefault((node["attached_node"], node.get("column_name") or ""), []).append(test)
    return found


def _columns(node: dict[str, Any], tests: dict[tuple[str, str], list[Test]]) -> list[Column]:
    return [
        Column(
            name=c["name"],
            type=c.get("data_type") or "",
            description=_one_line(c.get("description") or ""),
            rules=c.get("config", {}).get("meta", {}),
            tests=tests.get((node["unique_id"], c["name"]), []),
            is_required=_is_required(c, tests.get((node["unique_id"], c["name"]), [])),
        )
        for c in node["columns"].values()
    ]


def _is_required(column: dict[str, Any], tests: list[Test]) -> bool:
    """True when a source promises a value, a mart's constraint demands one, or a test looks for it."""
    promised = column.get("config", {}).get("meta", {}).get("required", False)
    constrained = any(c["type"] == "not_null" for c in column.get("constraints", []))
    return bool(promised or constrained or any(t.name == "not_null" for t in tests))


def _key_of(node: dict[str, Any], tests: dict[tuple[str, str], list[Test]]) -> list[str]:
    """The columns that a test says are unique; the first such test counts."""
    for test in tests.get((node["unique_id"], ""), []):
        if test.name == "unique_combination_of":
            return list(test.arguments["columns"])
    for column in node["columns"]:
        if any(t.name == "unique" for t in tests.get((node["unique_id"], column), [])):
            return [column]
    return []


def _grain(sql: str) -> str:
    """The grain that a model begins with, to the end of its sentence."""
    match = re.match(r"-- Grain: ((?:[^\n]|\n-- )*)", sql)
    return re.split(r"(?<=[^.])\.\s", match.group(1).replace("\n-- ", " ") + " ")[0] if match else ""


def _in_words(name: str, value: Any) -> str:
    if value is True:
        return name
    return f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
