"""Every macro of macros/portable heads its file with a whole contract, whose example is true; none leans on dbt's built-ins."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment, nodes

from docs_site.macros import LABELS, VENDORS, Contract, contract_of
from tests.macros import contracts

PATHS = contracts.macro_files()
MACROS = {path.stem for path in PATHS}
# what Jinja and dbt's context bring; none of them writes SQL
OF_THE_CONTEXT = {"return", "range", "namespace"}


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_contract__is_whole(path: Path) -> None:
    contract = contract_of(path)
    assert contract.meaning
    assert [label for label in LABELS[:5] if not contract.labels.get(label)] == []
    if "adapter.dispatch(" in path.read_text(encoding="utf-8") or "Made of" not in contract.labels:
        addresses = {vendor: contract.labels.get(vendor, "") for vendor in VENDORS}
        assert [v for v, address in addresses.items() if not address.startswith("https://")] == []
    else:
        assert set(re.findall(r"\w+", contract.labels["Made of"])) <= MACROS | {"Jinja"}


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_macro__has_its_files_name_and_stands_alone(path: Path) -> None:
    defined = re.findall(r"\{% macro (\w+)\(", path.read_text(encoding="utf-8"))
    assert defined[0] == path.stem
    expected = [f"{a}__{path.stem}" for a in ("default", "duckdb", "redshift", "synapse", "bigquery")]
    assert defined[1:] in ([], expected)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_macro__calls_none_of_dbts_built_ins(path: Path) -> None:
    tree = Environment(extensions=["jinja2.ext.do"]).parse(path.read_text(encoding="utf-8"))
    called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
    assert called - MACROS - OF_THE_CONTEXT == set(), "semantics.md shows where dbt's own macros differ"
    attributes = {
        call.node.node.name
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Getattr) and isinstance(call.node.node, nodes.Name)
    }
    assert "dbt" not in attributes


@pytest.mark.xdist_group("macros")
def test_examples__give_what_they_say(rendered: dict[str, dict[str, tuple[str, ...]]]) -> None:
    wrong = {}
    with duckdb.connect(":memory:") as connection:
        for contract, sql in zip(contracts.with_example(), rendered["local"]["examples"], strict=True):
            example = contracts.example_of(contract)
            assert example is not None
            given = sql if _is_jinja_only(contract) else _text(connection, sql)
            if given != example[1]:
                wrong[contract.name] = (given, example[1])
    assert wrong == {}
    assert {path.stem for path in PATHS} - {c.name for c in contracts.with_example()} == {
        "not_written_for_this_adapter"
    }


def _is_jinja_only(contract: Contract) -> bool:
    return "in Jinja" in contract.labels["Gives"] and "{{" not in contract.labels["Example"]


def _text(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    row = connection.execute(f"select cast({sql} as varchar)").fetchone()
    assert row is not None
    return str(row[0])
