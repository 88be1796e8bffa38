"""The pages of the macros on the docs site: contract, example, SQL of each adapter, and the last matrix."""

from __future__ import annotations

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from docs_site import macros
from docs_site.build import HERE
from tests.macros.rendering import ROOT

KEPT = {
    "engines": [{"name": "DuckDB", "adapter": "duckdb", "absent": ""}, {"name": "Synapse through dbt", "adapter": "synapse", "absent": "Not configured."}],
    "macros": {"md5_hex": {"sql": {"synapse": "lower(convert(x))"}, "outcomes": {"DuckDB": {"passed": 48, "failed": 1, "not supported": 3}}}},
}  # fmt: skip


def test_page__shows_contract_example_sql_and_matrix(tmp_path: Path) -> None:
    (tmp_path / "macros.json").write_text(json.dumps(KEPT), encoding="utf-8")
    reference = macros.reference(ROOT, tmp_path)
    macro = next(m for m in reference["macros"] if m["name"] == "md5_hex")
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    page = templates.get_template("macro.html").render(macro=macro, absent=reference["absent"], up="../")
    for words in (
        "the same key on every warehouse", "900150983cd24fb0d6963f7d28e17f72", "hashbytes-transact-sql", "lower(convert(x))",
        '<td class="n">48</td><td class="n">1</td><td class="n">3</td>', "Synapse through dbt: absent. Not configured.",
    ):  # fmt: skip
        assert words in page


def test_reference__stands_without_a_matrix(tmp_path: Path) -> None:
    reference = macros.reference(ROOT, tmp_path)
    assert reference["engines"] == []
    assert len(reference["macros"]) == len(list((ROOT / "macros" / "portable").glob("*.sql")))
