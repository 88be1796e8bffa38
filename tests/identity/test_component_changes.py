"""Components that are kept: after any stream of added and removed edges, and after a kill at any statement, they are
those of the graph as it stands."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import duckdb
import networkx
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from benchmarks.statements import statements_of
from tests.workbench import Workbench

TEXT = "varchar"
EDGE = {"left_node_key": TEXT, "right_node_key": TEXT}
RUNS, STREAMS = 3, 200
CUTS = [f"cut_{number}" for number in range(9)]
COMPARED = (
    "{{ config(materialized='connected_components') }}\nselect left_node_key, right_node_key from given.edges"
)
# the first build sees everything, later ones only what changed, some of it told twice or never heard of
GIVEN = """{{ config(materialized='connected_components', changes_only=true) }}
{% if components_are_kept() -%}
select left_node_key, right_node_key, is_removed from given.changes
{%- else -%}
select left_node_key, right_node_key, 0 as is_removed from given.edges
{%- endif %}"""

node = st.integers(min_value=0, max_value=11)
edge = st.tuples(node, node)
batch = st.tuples(st.lists(edge, max_size=6), st.lists(st.integers(0, 10**6), max_size=4), st.booleans())
streams = st.lists(batch, min_size=RUNS, max_size=RUNS)


@dataclass
class Stream:
    """One graph's life: batches of (edges to add, picks of edges to remove, whether everything goes first)."""

    name: str
    batches: list[tuple[list[tuple[int, int]], list[int], bool]]
    edges: set[tuple[str, str]] = field(default_factory=set)

    def advance(self, run: int) -> list[tuple[str, str, int]]:
        """Take the run's batch; returns the changes as (left, right, is_removed)."""
        added, picks, _ = self.batches[run]
        known = sorted(self.edges)
        gone = {known[pick % len(known)] for pick in picks} if known else set()
        # either way round, as records come
        new = {(f"{self.name}-{a:02d}", f"{self.name}-{b:02d}") for a, b in added}
        there = {tuple(sorted(e)) for e in new}
        self.edges = {e for e in self.edges - gone if tuple(sorted(e)) not in there} | new
        still = {tuple(sorted(e)) for e in self.edges}
        changes = [(*e, 0) for e in sorted(new)] + [
            (*e, 1) for e in sorted(gone) if tuple(sorted(e)) not in still
        ]
        return [*changes, (f"{self.name}-98", f"{self.name}-99", 1)]


def drawn_streams() -> list[Stream]:
    """What hypothesis draws, all of it side by side in one graph, because a dbt run costs seconds."""
    found: list[Stream] = []

    @seed(9)
    @settings(max_examples=STREAMS, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(streams)
    def collect(batches: list[tuple[list[tuple[int, int]], list[int], bool]]) -> None:
        found.append(Stream(f"s{len(found):04d}", batches))

    collect()
    return found


def components_of(edges: set[tuple[str, str]]) -> dict[str, str]:
    graph = networkx.Graph(list(edges))
    return {node: min(component) for component in networkx.connected_components(graph) for node in component}


@dataclass
class Life:
    """What the runs left: per run the edges of all streams and the components found; and the killed models' outcome."""

    bench: Workbench
    edges: list[set[tuple[str, str]]] = field(default_factory=list)
    found: list[dict[str, list[tuple[object, ...]]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    removed: int = 0
    kill_edges: set[tuple[str, str]] = field(default_factory=set)
    places: list[int] = field(default_factory=list)


def write_kill_edges(life: Life, run: int) -> None:
    """The killed models' graph: built in the first run, a quarter of its edges exchanged in the second."""
    draw = random.Random(run)
    if run == 0:
        life.kill_edges = {(f"n{draw.randrange(60):03d}", f"n{draw.randrange(60):03d}") for _ in range(60)}
    elif run == 1:
        life.kill_edges -= set(sorted(life.kill_edges)[::4])
        life.kill_edges |= {(f"n{draw.randrange(90):03d}", f"n{draw.randrange(90):03d}") for _ in range(20)}
    life.bench.write("kill_edges", EDGE, sorted(life.kill_edges))


def kill(life: Life) -> None:
    """Replay what the second build of ``whole`` sent, statement by statement, up to a kill, once per cut."""
    sent = [sql for sql in statements_of(life.bench.folder / "logs" / "dbt.log") if '"whole' in sql]
    first_lasting = next(i for i, sql in enumerate(sent) if "delete from" in sql)
    before = list(range(3, first_lasting, max(1, first_lasting // 3)))[:3]
    life.places = [*range(first_lasting - 1, first_lasting + 5), *before]
    with duckdb.connect(str(life.bench.database)) as connection:
        for name, place in zip(CUTS, life.places, strict=True):
            for sql in sent[:place]:
                connection.execute(sql.replace('"whole', f'"{name}'))


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    models = {"compared": COMPARED, "informed": GIVEN} | {
        name: COMPARED.replace("given.edges", "given.kill_edges") for name in ["whole", *CUTS]
    }
    life = Life(Workbench(tmp_path_factory.mktemp("streams"), models))
    worlds = drawn_streams()
    for run in range(RUNS):
        changes = [change for world in worlds for change in world.advance(run)]
        edges = {edge for world in worlds for edge in world.edges}
        life.bench.write("edges", EDGE, list(random.Random(run).sample(sorted(edges), len(edges))))
        life.bench.write("changes", EDGE | {"is_removed": "integer"}, list(changes))
        life.removed += sum(change[2] for change in changes) - len(worlds)
        life.edges.append(edges)
        write_kill_edges(life, run)
        if run == 1:
            (life.bench.folder / "logs" / "dbt.log").unlink()
        log = ("--log-format-file", "json", "--log-level-file", "debug") if run == 1 else ()
        left_out = ("--exclude", *CUTS) if run < 2 else ()
        life.said.append(life.bench.build(*log, *left_out))
        life.found.append(
            {
                name: life.bench.rows(f"select node_key, component_node_key from built.{name}")
                for name in ("compared", "informed")
            }
        )
        if run == 0:
            with duckdb.connect(str(life.bench.database)) as connection:
                for name in CUTS:
                    for part in ("", "__applied"):
                        connection.execute(f"create table built.{name}{part} as from built.whole{part}")
        if run == 1:
            kill(life)
    return life


@pytest.mark.parametrize("name", ["compared", "informed"])
@pytest.mark.parametrize("run", range(RUNS))
def test_streams__leave_the_components_of_a_full_recompute(life: Life, run: int, name: str) -> None:
    rows, expected = life.found[run][name], components_of(life.edges[run])
    assert len(rows) == len(dict(rows))
    wrong = dict(rows).items() ^ expected.items()
    assert not wrong, sorted(wrong)[:6]


def test_streams__are_worth_the_name(life: Life) -> None:
    assert life.removed > 150
    assert sum(map(len, life.edges)) > 1_500
    assert ["edges added" in said for said in life.said] == [False, True, True]


@pytest.mark.parametrize("name", ["whole", *CUTS])
def test_kill__at_any_statement_is_made_good_by_the_next_build(life: Life, name: str) -> None:
    """Statements that commit one by one, as on most warehouses; the places of the kills are around the lasting changes."""
    assert len(set(life.places)) == len(CUTS)
    rows = life.bench.rows(f"select node_key, component_node_key from built.{name}")
    assert len(rows) == len(dict(rows))
    assert dict(rows) == components_of(life.kill_edges)
    applied = life.bench.rows(f"select left_node_key, right_node_key from built.{name}__applied")
    assert sorted(applied) == sorted({tuple(sorted(e)) for e in life.kill_edges})
