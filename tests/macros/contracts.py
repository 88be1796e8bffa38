"""The macros, and the examples in the contracts that head their files (docs_site/macros.py reads those)."""

from __future__ import annotations

import re
from pathlib import Path

from docs_site.macros import Contract, contract_of
from tests.macros.rendering import PORTABLE


def macro_files() -> list[Path]:
    return sorted(PORTABLE.glob("*.sql"))


def example_of(contract: Contract) -> tuple[str, str] | None:
    """The call, or SQL around one, and the text that it gives, from ``Example: ... gives ....``; None for a refusal."""
    found = re.fullmatch(r"(.+) gives (.+?)\.?", contract.labels.get("Example", ""), re.DOTALL)
    return (found[1], found[2]) if found else None


def with_example() -> list[Contract]:
    """The contracts whose example gives a value."""
    return [contract for path in macro_files() if example_of(contract := contract_of(path))]


def example_call(contract: Contract) -> str:
    """The example as Jinja; one that is a bare call gets its braces."""
    example = example_of(contract)
    assert example is not None
    return example[0] if "{{" in example[0] else "{{ " + example[0] + " }}"
