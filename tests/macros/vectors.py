"""Reads the tables of vectors: tests/macros/vectors/<macro>.yml. docs/macros.md explains how to add a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.macros.engines import Table
from tests.macros.kinds import Kind, Value, kind_of, value_of

FOLDER = Path(__file__).parent / "vectors"


class Sql(str):
    """A cell ``!sql text``: the SQL itself goes into the macro, instead of a column that holds a value."""


class Reader(yaml.SafeLoader):
    """YAML in which dates and decimals stay text (their kind is declared), with !repeat [text, times] and !sql text."""


Reader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _repeat(reader: yaml.SafeLoader, node: yaml.Node) -> str:
    assert isinstance(node, yaml.SequenceNode)
    text, times = reader.construct_sequence(node)
    return str(text) * int(times)


Reader.add_constructor("!repeat", _repeat)
Reader.add_constructor("!sql", lambda reader, node: Sql(node.value))


@dataclass(frozen=True)
class Vector:
    """One row of a table: what goes in and what must come out.

    call is Jinja; expected has a value per answered row (one for the shapes row and query); for the shape ``rendered``
    it is the text that dbt must write, by adapter. not_on gives the reason why an adapter cannot hold the contract here.
    """

    macro: str
    where: str
    call: str
    shape: str
    gives: Kind
    table: Table
    expected: tuple[Value, ...]
    rendered: dict[str, str] = field(default_factory=dict)
    not_on: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """A call that must not compile, and words that the error must hold."""

    macro: str
    call: str
    says: tuple[str, ...]


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.yml"))


def read(path: Path) -> tuple[list[Vector], list[Refusal]]:
    """The vectors and refusals of a file. Raises ValueError that names file and row when a cell is not of its kind."""
    vectors: list[Vector] = []
    refusals: list[Refusal] = []
    for number, document in enumerate(yaml.load_all(path.read_text(encoding="utf-8"), Reader), start=1):
        if "rows" in document:
            vectors += _vectors(path.stem, number, document)
        refusals += [
            Refusal(path.stem, r["call"], tuple([r["says"]] if isinstance(r["says"], str) else r["says"]))
            for r in document.get("refuses", [])
        ]
    return vectors, refusals


def _vectors(macro: str, number: int, document: dict[str, Any]) -> Iterator[Vector]:
    for i, cells in enumerate(document["rows"], start=1):
        where = f"{macro}.yml, table {number}, row {i}"
        if len(cells) != len(document["columns"]):
            raise ValueError(f"{where}: {len(cells)} cells, but {len(document['columns'])} columns.")
        try:
            yield _vector(macro, where, document, dict(zip(document["columns"], cells, strict=True)))
        except (ValueError, ArithmeticError) as fault:
            raise ValueError(f"{where}: {fault}") from fault


def _vector(macro: str, where: str, document: dict[str, Any], cells: dict[str, Any]) -> Vector:
    shape = document.get("shape", "row")
    expected, not_on = cells.pop("gives"), cells.pop("not_on", None) or {}
    inputs: dict[str, Any] = document.get("inputs", {})
    if shape in ("rows", "query"):
        rows = cells.pop("given")
        columns = tuple((f"given_{name}", kind_of(kind)) for name, kind in inputs.items())
        table = Table(
            columns,
            tuple(
                tuple(value_of(kind, cell) for (_, kind), cell in zip(columns, row, strict=True))
                for row in rows
            ),
        )
        arguments = {name: repr(f"given_{name}") for name in inputs} | {n: repr(c) for n, c in cells.items()}
    else:
        table, arguments = _one_row(inputs, cells)
    gives = kind_of(str(document["gives"]).format(**cells))
    call = _call(macro, document, arguments)
    if shape == "rendered":
        texts = (
            expected
            if isinstance(expected, dict)
            else dict.fromkeys(("duckdb", "redshift", "synapse", "bigquery"), expected)
        )
        return Vector(
            macro, where, call, shape, gives, table, (), {a: str(t) for a, t in texts.items()}, not_on
        )
    values = tuple(value_of(gives, cell) for cell in (expected if shape == "rows" else [expected]))
    return Vector(macro, where, call, shape, gives, table, values, {}, not_on)


def _one_row(inputs: dict[str, Any], cells: dict[str, Any]) -> tuple[Table, dict[str, str]]:
    columns: list[tuple[str, Kind]] = []
    values: list[Value] = []
    arguments: dict[str, str] = {}
    for name, cell in cells.items():
        kind = inputs.get(name)
        if kind is None or isinstance(cell, Sql):
            arguments[name] = repr(str(cell)) if isinstance(cell, Sql) else repr(cell)
        elif isinstance(kind, list):
            names = [f"given_{name}_{i}" for i in range(1, len(cell) + 1)]
            columns += [(n, kind_of(kind[0])) for n in names]
            values += [value_of(kind_of(kind[0]), c) for c in cell]
            arguments[name] = repr(names)
        else:
            columns.append((f"given_{name}", kind_of(kind)))
            values.append(value_of(kind_of(kind), cell))
            arguments[name] = repr(f"given_{name}")
    return Table(tuple(columns), (tuple(values),)), arguments


def _call(macro: str, document: dict[str, Any], arguments: dict[str, str]) -> str:
    """The Jinja text: {name} stands for an argument as Jinja writes it, <name> for a column's bare name."""
    if "sql" in document:
        text: str = document["sql"]
    else:
        call = document.get("call")
        inner = call or f"{macro}({', '.join(f'{n}={{{n}}}' for n in arguments)})"
        text = "{{ " + inner + " }}"
        if document.get("shape") == "query":
            text = f"select {text} from {{rows}}"
    for name, literal in arguments.items():
        text = text.replace("{" + name + "}", literal)
        text = text.replace(f"<{name}>", literal.strip("'"))
    if left := re.search(r"(?<!\{)\{(?!rows\b)[a-z_]+\}|<[a-z_]+>", text):
        raise ValueError(f"{left.group()} stands for no column of the table.")
    return text
