"""A warehouse itself, or a stand-in of it, through dbt: the one door that every warehouse of the project has.

Each question is a model of a small dbt project, and one `dbt show` previews them all. The tables go in as literals of the
project's own macros, and the values come back as text of key_text, so on this engine a fault of those shows everywhere.
"""

from __future__ import annotations

import json
import os
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
        """One dbt process for all; what it says of a question that failed is the answer to each of its tables."""
        answers = self._show(questions)
        # a question that failed as a whole is asked again table by table, so that one table speaks for itself only
        failed = [
            (i, j)
            for i, given in enumerate(answers)
            for j, a in enumerate(given)
            if a.error and len(given) > 1
        ]
        if failed:
            alone = [
                Question(q.sql, q.shape, q.gives, (q.tables[j],)) for i, j in failed for q in [questions[i]]
            ]
            for (i, j), given in zip(failed, self._show(alone), strict=True):
                answers[i][j] = given[0]
        return answers

    def close(self) -> None:
        """Nothing is held between two questions."""

    def _show(self, questions: Sequence[Question]) -> list[list[Answer]]:
        with tempfile.TemporaryDirectory(prefix="through-dbt-") as temporary:
            folder = Path(temporary)
            write_project(folder, {})
            for i, question in enumerate(questions):
                (folder / "models" / f"question_{i}.sql").write_text(model_of(question), encoding="utf-8")
            done = run_dbt(
                folder, "--log-format", "json", "show", "--select", "path:models", "--limit", "-1",
                "--output", "json", "--target", self.target, "--no-populate-cache",
            )  # fmt: skip
        previews: dict[str, list[dict[str, str]]] = {}
        faults = []
        for line in done.stdout.splitlines():
            event = json.loads(line) if line.startswith("{") else {"info": {}, "data": {}}
            if event["info"].get("name") == "ShowNode":
                previews[event["data"]["node_name"]] = json.loads(event["data"]["preview"])
            elif event["info"].get("level") == "error":
                faults.append(" ".join(event["info"]["msg"].split()))
        return [
            self._answers(question, previews.get(f"question_{i}"), faults)
            for i, question in enumerate(questions)
        ]

    def _answers(
        self, question: Question, preview: list[dict[str, str]] | None, faults: Sequence[str]
    ) -> list[Answer]:
        if preview is None:
            said = " ".join(faults)[:500] or "dbt gave no rows and no reason"
            return [Answer(error=said) for _ in question.tables]
        found: dict[int, list[tuple[int, Value]]] = {i: [] for i in range(1, len(question.tables) + 1)}
        for row in preview:
            vector, position, text = (
                row[name] if name in row else row[name.upper()] for name in ("vector", "position", "value")
            )
            if int(position):
                value = None if text is None else value_of(question.gives, text[1:])
                found[int(vector)].append((int(position), value))
        return [
            Answer(tuple(value for _, value in sorted(rows, key=lambda p: p[0]))) for rows in found.values()
        ]


def model_of(question: Question) -> str:
    """A model of vector, position and the value as text with a letter before it, which keeps agate from guessing."""
    given = " union all ".join(_select(question.tables, row) for row in flat(question.tables))
    asked = select_of(question, range(1, len(question.tables) + 1))
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
