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
RUNS, STREAMS = 4, 150
COMPARED = "{{ config(materialized='connected_components') }}\nselect left_node_key, right_node_key from given.edges"
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
        return changes + [(f"{self.name}-98", f"{self.name}-99", 1)]


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


def test_streams__leave_the_components_of_a_full_recompute(tmp_path_factory: pytest.TempPathFactory) -> None:
    bench = Workbench(tmp_path_factory.mktemp("streams"), {"compared": COMPARED, "informed": GIVEN})
    worlds = drawn_streams()
    assert len(worlds) >= STREAMS
    removed = written = 0
    for run in range(RUNS):
        changes = [change for world in worlds for change in world.advance(run)]
        edges = {edge for world in worlds for edge in world.edges}
        bench.write("edges", EDGE, list(random.Random(run).sample(sorted(edges), len(edges))))
        bench.write("changes", EDGE | {"is_removed": "integer"}, list(changes))
        said = bench.build()
        assert ("edges added" in said) == (run > 0), "a later run must go on from the one before"
        expected = components_of(edges)
        for name in ("compared", "informed"):
            rows = bench.rows(f"select node_key, component_node_key from built.{name}")
            assert len(rows) == len(dict(rows))
            wrong = dict(rows).items() ^ expected.items()
            assert not wrong, f"{name}, run {run}: {sorted(wrong)[:6]}"
        removed += sum(change[2] for change in changes) - len(worlds)
        written += len(edges)
    assert removed > 150
    assert written > 1_500


def test_kill__at_any_statement_is_made_good_by_the_next_build(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Statements that commit one by one, as on most warehouses, replayed up to the kill."""
    cuts = [f"cut_{number:02d}" for number in range(9)]
    bench = Workbench(
        tmp_path_factory.mktemp("kill"), {name: COMPARED for name in ["whole", "calm", *cuts]}
    )
    draw = random.Random(5)
    edges = {(f"n{draw.randrange(60):03d}", f"n{draw.randrange(60):03d}") for _ in range(60)}
    bench.write("edges", EDGE, list(sorted(edges)))
    bench.build("--select", "whole")
    with duckdb.connect(str(bench.database)) as connection:
        for name in cuts:
            for part in ("", "__applied"):
                connection.execute(f"create table built.{name}{part} as from built.whole{part}")
    edges = (edges - set(sorted(edges)[::4])) | {(f"n{draw.randrange(90):03d}", f"n{draw.randrange(90):03d}") for _ in range(20)}
    bench.write("edges", EDGE, list(sorted(edges)))
    (bench.folder / "logs" / "dbt.log").unlink()
    bench.build("--select", "whole", "--log-format-file", "json", "--log-level-file", "debug")
    sent = statements_of(bench.folder / "logs" / "dbt.log")
    first_lasting = next(i for i, sql in enumerate(sent) if "delete from" in sql)
    lasting = list(range(first_lasting - 2, len(sent)))
    before = list(range(3, first_lasting, max(1, first_lasting // 3)))
    places = (lasting[:6] + before)[: len(cuts)]
    assert len(places) == len(cuts)
    with duckdb.connect(str(bench.database)) as connection:
        for name, place in zip(cuts, places, strict=True):
            for sql in sent[:place]:
                connection.execute(sql.replace('"whole', f'"{name}'))
    bench.build("--select", "calm", *cuts)
    expected = components_of(edges)
    for name in ["whole", "calm", *cuts]:
        rows = bench.rows(f"select node_key, component_node_key from built.{name}")
        assert len(rows) == len(dict(rows))
        assert dict(rows) == expected, name
        applied = bench.rows(f"select left_node_key, right_node_key from built.{name}__applied")
        assert sorted(applied) == sorted({tuple(sorted(e)) for e in edges}), name
