"""The rules of the house (docs/architecture.md), held by test: knowledge has one place."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks, or would track, below the project root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def imports(path: Path) -> set[str]:
    """Top-level packages that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def code(path: Path) -> str:
    """A module's text without comments and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            node.value.value = ""
    return ast.unparse(tree)


def reads_the_environment(path: Path) -> bool:
    return bool(re.search(r"\bos\.(environ|getenv)\b|\bfrom os import .*\b(environ|getenv)\b", code(path)))


def test_environment__is_read_by_settings_only() -> None:
    readers = [
        p for p in tracked("flows/**.py", "docs_site/**.py", "sandbox/**.py") if reads_the_environment(p)
    ]
    assert [p.relative_to(ROOT).as_posix() for p in readers] == ["flows/settings.py"]


def modules(path: Path) -> set[str]:
    """Modules that a file imports, in full, wherever in it: 'google.cloud.storage' for `from google.cloud import storage`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def within(package: str, found: set[str]) -> bool:
    return any(module == package or module.startswith(package + ".") for module in found)


def test_object_stores__are_known_by_the_lake_only() -> None:
    """By name or by library. boto3 also speaks to Kinesis and Secrets Manager: for S3 its client is named."""
    brands = re.compile(r"['\"](?:s3|s3a|az|abfss?|wasbs?|gs|gcs)(?:://|['\"])")
    vendors = ("azure.storage", "google.cloud.storage", "adlfs", "s3fs", "gcsfs")
    guilty = [
        p.relative_to(ROOT).as_posix()
        for p in tracked("flows/**.py")
        if p.parent != ROOT / "flows/lake"
        and (brands.search(code(p)) or any(within(v, modules(p)) for v in vendors))
    ]
    assert guilty == []


def test_vendors_of_clouds__are_met_in_their_own_modules() -> None:
    """Streams, topics and secrets have one module per vendor and service."""
    homes = {
        "boto3": {
            "flows/lake/s3.py",
            "flows/streams/kinesis.py",
            "flows/secret_references.py",
            "flows/glue_catalog.py",
        },
        "confluent_kafka": {"flows/streams/kafka.py"},
        "google.cloud.pubsub_v1": {"flows/streams/topic.py"},
        "azure.keyvault": {"flows/secret_references.py"},
        "google.cloud.secretmanager": {"flows/secret_references.py"},
    }
    for vendor, allowed in homes.items():
        users = {p.relative_to(ROOT).as_posix() for p in tracked("flows/**.py") if within(vendor, modules(p))}
        assert users == allowed, vendor


def test_sandbox_and_flows__do_not_know_each_other() -> None:
    assert [p for p in tracked("flows/**.py") if "sandbox" in imports(p)] == []
    assert [p for p in tracked("sandbox/**.py") if "flows" in imports(p)] == []


def test_warehouses__are_reached_through_dbt_only() -> None:
    clients = ("redshift_connector", "pyodbc", "psycopg2", "google.cloud.bigquery")
    assert [p for p in tracked("flows/**.py") if any(within(c, modules(p)) for c in clients)] == []


def test_one_subject__per_file() -> None:
    long = {
        p.relative_to(ROOT).as_posix(): n
        for p in tracked("*.py", "*.sql")
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}
    assert [p for p in tracked("*.py") if p.name in ("utils.py", "helpers.py", "common.py", "misc.py")] == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an address of a package registry", r"https?://[^ ]*(?:pypi|pythonhosted|npmjs|debian)\.\w+"),
        ("a path of one machine", r"(?<![\w.])/(?:home|Users|root)/\w+"),
    ],
)
def test_repository__holds_no(what: str, pattern: str) -> None:
    own = Path(__file__)
    found = [
        f"{p.relative_to(ROOT)}: {m.group()}"
        for p in tracked()
        if p != own and p.suffix not in {".png", ".svg", ".parquet"}
        for m in re.finditer(pattern, p.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == [], f"{what} does not belong in the repository"


def test_lock__pins_exact_versions_with_hashes() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if re.match(r"[a-zA-Z]", line)]
    assert len(pins) > 100
    assert all(re.match(r"[\w.\[\]-]+==[\w.!+]+", pin) for pin in pins)
    assert all("--hash=sha256:" in lines[i + 1] for i, line in enumerate(lines) if line in pins)


def test_makefile__explains_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    explained = set(re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE))
    assert explained == set(phony.group(1).split())


def test_env_example__lists_every_variable_that_is_read() -> None:
    name = re.compile(r"\bCUSTOMER_360_[A-Z0-9_]*[A-Z0-9]\b")
    sources = [
        ROOT / "flows/settings.py",
        ROOT / "profiles/profiles.yml",
        ROOT / "dbt_project.yml",
        *tracked("macros/**", "models/**"),
    ]
    read = {n for p in sources for n in name.findall(p.read_text(encoding="utf-8"))}
    listed = set(
        re.findall(
            r"^(?:# )?(CUSTOMER_360_[A-Z0-9_]+)=",
            (ROOT / ".env.example").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert read == listed
