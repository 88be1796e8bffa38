"""A warehouse itself, or a stand-in of it, through dbt: the one door that every warehouse of the project has.

Each question is a model of a small dbt project, and one `dbt show` previews them all. The tables go in as literals of the
project's own macros, and the values come back as text of key_text, so on this engine a fault of those shows everywhere.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.macros.engines import Answer, Question, Table
from tests.macros.engines.asking import flat, select_of
from tests.macros.kinds import Kind, Value, text_of, value_of
from tests.macros.rendering import ADAPTERS, run_dbt, write_project

# a variable without which nobody can have meant a real warehouse or a running stand-in
NEEDED = {
    "redshift": (
        "CUSTOMER_360_REDSHIFT_HOST",
        "CUSTOMER_360_REDSHIFT_USER",
        "CUSTOMER_360_REDSHIFT_PASSWORD",
    ),
    "synapse": ("CUSTOMER_360_SYNAPSE_HOST", "CUSTOMER_360_SYNAPSE_USER", "CUSTOMER_360_SYNAPSE_PASSWORD"),
    "bigquery": ("CUSTOMER_360_BIGQUERY_PROJECT", "CUSTOMER_360_BIGQUERY_ENDPOINT"),
    "local": (),
}
TITLES = {"redshift": "Redshift", "synapse": "Synapse", "bigquery": "BigQuery", "local": "DuckDB"}


class ThroughDbt:
    """A target of the project's profile. Types cannot be told this way, and are not judged."""

    def __init__(self, target: str, environment: Mapping[str, str] | None = None) -> None:
        self.name = f"{TITLES[target]} through dbt"
        self.adapter = ADAPTERS[target]
        self.target = target
        self._environment = os.environ if environment is None else environment

    def absence(self) -> str:
        missing = [name for name in NEEDED[self.target] if name not in self._environment]
        if not missing:
            return ""
        return f"{TITLES[self.target]} is not configured; set {', '.join(missing)} to run the vectors there."

    def accepts(self, kind: Kind, type_name: str) -> bool:
        return True

    def evaluate(self, questions: Sequence[Question]) -> list[list[Answer]]:
        """One dbt process for all. `dbt show` ends at the first error, so it is begun again without the question that failed;
        what the warehouse said of that question is the answer to all of its tables."""
        answers: dict[int, list[Answer]] = {}
        while len(answers) < len(questions):
            left = [i for i in range(len(questions)) if i not in answers]
            shown, fault = self._show({i: questions[i] for i in left})
            answers.update(shown)
            if fault:
                named = [i for number in re.findall(r"question_(\d+)", fault) if (i := int(number)) in left]
                for i in named[:1] or left:
                    answers[i] = [Answer(error=fault[:500]) for _ in questions[i].tables]
        return [answers[i] for i in range(len(questions))]

    def close(self) -> None:
        """Nothing is held between two questions."""

    def _show(self, questions: Mapping[int, Question]) -> tuple[dict[int, list[Answer]], str]:
        """Answers by number, or the error with which dbt ended."""
        names = [f"question_{i}" for i in questions]
        with tempfile.TemporaryDirectory(prefix="through-dbt-") as temporary:
            folder = Path(temporary)
            write_project(folder, {})
            for name, question in zip(names, questions.values(), strict=True):
                (folder / "models" / f"{name}.sql").write_text(model_of(question), encoding="utf-8")
            # `dbt show` prints only nodes whose name is part of its first selector, so that one names them all
            done = run_dbt(
                folder, "--log-format", "json", "show", "--select", ".".join(names), "path:models", "--limit", "-1",
                "--output", "json", "--target", self.target, "--no-populate-cache",
            )  # fmt: skip
        previews: dict[str, list[dict[str, str | None]]] = {}
        faults = []
        for line in done.stdout.splitlines():
            event = json.loads(line) if line.startswith("{") else {"info": {}, "data": {}}
            if event["info"].get("name") == "ShowNode":
                previews[event["data"]["node_name"]] = json.loads(event["data"]["preview"])
            elif event["info"].get("level") == "error":
                faults.append(" ".join(event["info"]["msg"].split()))
        if done.returncode:
            return {}, " ".join(faults) or f"dbt show ended with {done.returncode}"
        return {i: _answers(question, previews[f"question_{i}"]) for i, question in questions.items()}, ""


def _answers(question: Question, preview: Sequence[Mapping[str, str | None]]) -> list[Answer]:
    found: dict[int, list[tuple[int, Value]]] = {i: [] for i in range(1, len(question.tables) + 1)}
    for row in preview:
        vector, position, text = row["vector"], row["position"], row["value"]
        if vector and position and int(float(position)):
            value = None if text is None else value_of(question.gives, text[1:])
            found[int(float(vector))].append((int(float(position)), value))
    return [
        Answer(tuple(value for _, value in sorted(rows, key=lambda pair: pair[0]))) for rows in found.values()
    ]


def model_of(question: Question) -> str:
    """A model of vector, position and the value as text with a letter before it, which keeps agate from guessing."""
    given = " union all ".join(_select(question.tables, row) for row in flat(question.tables))
    asked = select_of(question, range(1, len(question.tables) + 1))
    # rendered already; and dbt would read a carriage return in a file as a line feed
    asked = "{% raw %}" + asked.replace("\r", '{% endraw %}{{ "\\r" }}{% raw %}') + "{% endraw %}"
    kind = {"boolean": "text"}.get(question.gives.name, question.gives.name)
    scale = f", {max(question.gives.scale, 1)}" if question.gives.scale is not None else ""
    text = "{{ concatenate([\"'v'\", key_text('value', '" + kind + "'" + scale + ")]) }}"
    return f"with given as ({given}), asked as ({asked}) select vector, position, {text} as value from asked"


def _select(tables: Sequence[Table], row: Sequence[Value]) -> str:
    columns = (("vector", Kind("integer")), ("position", Kind("integer")), *tables[0].columns)
    cells = ", ".join(f"{_literal(kind, v)} as {name}" for (name, kind), v in zip(columns, row, strict=True))
    return f"select {cells}"


def _literal(kind: Kind, value: Value) -> str:
    text = text_of(value)
    size = {"text": ", 2000", "decimal": f", {kind.precision}, {kind.scale}"}.get(kind.name, "")
    if kind.name == "boolean":
        return {None: "(1 = null)", "true": "(1 = 1)", "false": "(1 = 2)"}[text]
    source = "'null'" if text is None else f"text_literal({text!r})"
    return f"{{{{ cast_as({source}, {kind.name!r}{size}) }}}}"
