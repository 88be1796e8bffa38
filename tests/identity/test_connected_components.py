"""The materialization against networkx, on the shapes that break label propagation, in one dbt run."""

from __future__ import annotations

import functools
import hashlib
import math
import random
import re

import duckdb
import networkx
import pytest

from tests.workbench import Workbench

Edge = tuple[int, int]


def path(length: int) -> list[Edge]:
    return [(i, i + 1) for i in range(length - 1)]


def star(leaves: int) -> list[Edge]:
    return [(0, i + 1) for i in range(leaves)]


def sparse(nodes: int, edges: int, seed: int) -> list[Edge]:
    draw = random.Random(seed)
    return [(draw.randrange(nodes), draw.randrange(nodes)) for _ in range(edges)]


def cliques(count: int, size: int) -> list[Edge]:
    inside = [(c * size + a, c * size + b) for c in range(count) for a in range(size) for b in range(a)]
    return inside + [(c * size, (c + 1) * size) for c in range(0, count - 1, 2)]


GRAPHS: dict[str, list[Edge]] = {
    "empty": [],
    "lonely": [(7, 7), (8, 8)],
    "pair_said_four_times": [(1, 2), (2, 1), (1, 2), (2, 2)],
    "path": path(5_000),
    "star": star(5_000),
    "cycle": [*path(999), (998, 0)],
    "binary_tree": [(i, (i - 1) // 2) for i in range(1, 8_191)],
    "caterpillar": path(2_000) + [(i, 2_000 + i) for i in range(2_000)],
    "cliques_in_pairs": cliques(40, 12),
    "grid": [(60 * y + x, 60 * (y + dy) + x + dx) for y in range(59) for x in range(59) for dx, dy in ((0, 1), (1, 0))],
    **{f"sparse_{seed}": sparse(3_000, 900 + 700 * seed, seed) for seed in (0, 1, 3)},
}  # fmt: skip
# ids that follow the shape, that oppose it, and that know nothing of it: the algorithm sees only their order
NAMINGS = {
    "rising": lambda node: f"{node:032d}",
    "falling": lambda node: f"{10**9 - node:032d}",
    "shuffled": lambda node: hashlib.md5(str(node).encode(), usedforsecurity=False).hexdigest(),
}
CASES = [f"{graph}__shuffled" for graph in GRAPHS]
CASES += [
    f"{graph}__{naming}" for graph in ("path", "star", "binary_tree") for naming in ("rising", "falling")
]


@functools.cache
def edges_of(case: str) -> list[tuple[str, str]]:
    graph, naming = case.split("__")
    names = {node: NAMINGS[naming](node) for edge in GRAPHS[graph] for node in edge}
    return [(names[a], names[b]) for a, b in GRAPHS[graph]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbench, str]:
    """Every case as a model of one project, built once, over the garbage that a killed run might have left."""
    sql = "{{{{ config(materialized='connected_components') }}}}\nselect left_node_key, right_node_key from given.{}"
    bench = Workbench(tmp_path_factory.mktemp("components"), {case: sql.format(case) for case in CASES})
    for case in CASES:
        bench.write(case, {"left_node_key": "varchar", "right_node_key": "varchar"}, list(edges_of(case)))
    with duckdb.connect(str(bench.database)) as connection:
        connection.execute("create schema built")
        # scratch tables go with a killed connection on DuckDB; only these can be left
        for part in ("found", "moved", "added", "finished"):
            connection.execute(
                f"create table built.path__shuffled__{part} as select 'left by a killed run' as node_key"
            )
    return bench, bench.build()


@pytest.mark.parametrize("case", CASES)
def test_components__are_those_of_networkx(built: tuple[Workbench, str], case: str) -> None:
    graph = networkx.Graph(edges_of(case))
    expected = {
        node: min(component) for component in networkx.connected_components(graph) for node in component
    }
    rows = built[0].rows(f"select node_key, component_node_key from built.{case}")
    assert len(rows) == len(expected)
    assert dict(rows) == expected


@pytest.mark.parametrize("case", CASES)
def test_rounds__are_at_most_log2_of_the_nodes(built: tuple[Workbench, str], case: str) -> None:
    said = re.search(rf"{case}: converged after (\d+) rounds", built[1])
    assert said, f"{case} printed no rounds"
    nodes = max(len({node for edge in edges_of(case) for node in edge}), 1)
    assert int(said[1]) <= math.ceil(math.log2(nodes)) + (nodes == 1)


def test_working_tables__are_gone(built: tuple[Workbench, str]) -> None:
    tables = {
        name
        for (name,) in built[0].rows(
            "select table_name from information_schema.tables where table_schema = 'built'"
        )
    }
    assert tables == {name for case in CASES for name in (case, f"{case}__applied")}
