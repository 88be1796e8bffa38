"""Every model compiles offline for every warehouse, full and incremental, and its SQL parses in the warehouse's dialect."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

ROOT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).with_name("dbt")
DIALECTS = {"local": "duckdb", "redshift": "redshift", "synapse": "tsql", "bigquery": "bigquery"}
CASES = [(target, shape) for target in DIALECTS for shape in ("full", "incremental")]


@pytest.mark.parametrize(("target", "shape"), CASES)
def test_models__compile_offline_and_parse(target: str, shape: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            str(DBT), "compile", "--target", target, "--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs"),
            "--no-populate-cache", "--no-introspect", "--vars", f"compile_as_incremental: {'true' if shape == 'incremental' else 'false'}",
        ],
        cwd=ROOT,
        env={**os.environ, "CUSTOMER_360_DUCKDB_PATH": str(tmp_path / "none.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    compiled = sorted((tmp_path / "target" / "compiled" / "customer_360" / "models").rglob("*.sql"))
    models = [p for p in compiled if not p.parent.name.endswith(".yml")]
    assert len(models) == len(list((ROOT / "models").rglob("*.sql")))
    if shape == "incremental":
        full = [
            p
            for p in models
            if (source := ROOT / "models" / p.relative_to(tmp_path / "target/compiled/customer_360/models"))
            and "is_incremental()" in source.read_text()
        ]
        models = full
    linter = Linter(config=FluffConfig.from_path(str(ROOT), overrides={"dialect": DIALECTS[target]}))
    # the style of a text does not depend on the warehouse, so one target stands for all
    with_rules = target == "local" and shape == "full"
    faults = {
        path.name: found[:2]
        for path in models
        if (found := violations_of(linter, path, DIALECTS[target], with_rules))
    }
    assert faults == {}


def violations_of(linter: Linter, path: Path, dialect: str, with_rules: bool) -> list[str]:
    """Sections sqlfluff cannot parse and, with rules, what breaks those of .sqlfluff.

    Texts that were right before are known by content, because parsing is slow.
    """
    sql = path.read_text(encoding="utf-8")
    rules = (ROOT / ".sqlfluff").read_text(encoding="utf-8") if with_rules else ""
    known = (
        ROOT / ".pytest_cache" / "parsed" / hashlib.sha256(f"{dialect}\n{rules}\n{sql}".encode()).hexdigest()
    )
    if known.exists():
        return []
    judged = linter.lint_string(sql) if with_rules else linter.parse_string(sql)
    violations = [str(v) for v in judged.violations]
    if not violations:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.touch()
    return violations


def test_adapters__are_known_in_their_rooms_only() -> None:
    rooms = ("macros/portable/", "macros/loading/", "macros/layout.sql", "macros/materializations/")
    words = ("target.type", "adapter.dispatch", "adapter.type(", "target.name")
    guilty = [
        f"{path.relative_to(ROOT)}: {word}"
        for folder in ("models", "macros", "tests/data")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".sql", ".yml"} and not path.relative_to(ROOT).as_posix().startswith(rooms)
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert guilty == []


@pytest.mark.parametrize("path", sorted((ROOT / "models").rglob("*.sql")), ids=lambda p: p.stem)
def test_model__keeps_the_rules_of_portable_sql(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- Grain: ")
    assert max(map(len, text.splitlines())) <= 140
    code = "\n".join(line for line in text.lower().splitlines() if not line.strip().startswith("--"))
    for word in (
        "::",
        " using (",
        "qualify ",
        "limit ",
        " ilike ",
        "group by 1",
        "now()",
        "current_timestamp",
        "dbt.",
        "greatest(",
        "least(",
        "avg(",
    ):
        assert word not in code, f"{word!r} does not mean the same everywhere"


def test_unknown_adapter__is_refused_by_every_dispatched_macro() -> None:
    for path in sorted((ROOT / "macros" / "portable").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.startswith("{% macro default__"):
                body = text.split(line, 1)[1].split("{%- endmacro %}", 1)[0]
                assert "not_written_for_this_adapter" in body, f"{path.name}: a default that guesses"
