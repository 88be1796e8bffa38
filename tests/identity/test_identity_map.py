"""The identity map over many runs: random small worlds that grow, lose edges, learn late and forget persons.

All worlds live side by side in one graph, each with node keys of its own, so one ``dbt run`` advances them all.
The oracle keeps the map as Python dictionaries and follows the rules in words: a key goes with the oldest
identifier that carries it; of several keys in one component the oldest lives on (of two minted at one time, the
smaller, so the oracle looks up how a key was published); else a key is minted.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import networkx
import pytest

from tests.workbench import Workbench, model

WORLDS, NODES, RUNS = 100, 8, 6
TIMESTAMP = "timestamp"
START = dt.datetime(2017, 1, 1)
GIVEN = {
    "int_identity__nodes": "select node_key, 'email' as identifier_type, node_key as identifier_value, first_seen_at from given.nodes",
    "int_identity__components": """{{ config(materialized='connected_components') }}
        select left_node_key, right_node_key from given.edges union all select node_key, node_key from given.nodes""",
    "int_identity__erased_nodes": "select node_key from given.erased",
    "int_data_clock": "select as_of_at from given.clock",
}  # fmt: skip
PROJECT = ("identity_map", "identity_merge_log")
# the clock stands still between runs 3 and 4: new facts about the same time
CLOCK = [START + dt.timedelta(days=30 * (run if run < 4 else run - 1) + 1) for run in range(RUNS)]


@dataclass
class World:
    """What one world's sources show at one run, and what the oracle makes of it."""

    prefix: str
    draw: random.Random
    nodes: dict[str, dt.datetime] = field(default_factory=dict)
    edges: set[tuple[str, str]] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    key_of: dict[str, int] = field(default_factory=dict)
    minted_at: dict[int, dt.datetime] = field(default_factory=dict)
    published_as: dict[int, str] = field(default_factory=dict)

    def advance(self, now: dt.datetime) -> None:
        """New identifiers, some of them older than all known ones; edges that come and go; at times an erasure."""
        for i in range(NODES):
            node = f"{self.prefix}{i}"
            if node not in self.nodes and self.draw.random() < 0.4:
                self.nodes[node] = START + dt.timedelta(
                    minutes=self.draw.randrange(30 * 24 * 60 * len(CLOCK))
                )
                self.nodes[node] = min(self.nodes[node], now - dt.timedelta(minutes=self.draw.randrange(9)))
        self.edges = {edge for edge in sorted(self.edges) if self.draw.random() > 0.25}
        known = sorted(self.nodes)
        for _ in range(self.draw.randrange(4)):
            if len(known) > 1:
                left, right = self.draw.sample(known, 2)
                self.edges.add((left, right))
        if self.draw.random() < 0.04 and known:
            self.erased |= self.component_of(self.draw.choice(known))

    def components(self) -> list[set[str]]:
        graph = networkx.Graph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from(self.edges)
        return list(networkx.connected_components(graph))

    def component_of(self, node: str) -> set[str]:
        return next(component for component in self.components() if node in component)

    def resolve(self, now: dt.datetime, fresh: Iterator[int]) -> None:
        """The rules in words: who holds which key after this run."""
        age = lambda node: (self.nodes[node], node)  # noqa: E731
        alive = [component - self.erased for component in self.components() if component - self.erased]
        before = {node: key for node, key in self.key_of.items() if node not in self.erased}
        claims: dict[str, list[int]] = {}
        for key in set(before.values()):
            oldest = min((node for node in before if before[node] == key), key=age)
            claims.setdefault(oldest, []).append(key)
        self.key_of = {}
        for component in alive:
            held = [key for node in component for key in claims.get(node, [])]
            if held:
                key = min(held, key=lambda k: (self.minted_at[k], self.published_as[k]))
            else:
                key = next(fresh)
                seen = min(self.nodes[node] for node in component)
                self.minted_at[key] = now if component & set(before) else seen
            self.key_of |= dict.fromkeys(component, key)


@dataclass
class Story:
    """Every run's build and what the oracle said then."""

    bench: Workbench
    worlds: list[World]
    assignments: list[dict[str, int]]
    snapshots: list[list[tuple[object, ...]]]


def give(bench: Workbench, worlds: list[World], now: dt.datetime) -> None:
    text = {"node_key": "varchar"}
    nodes = [(node, seen) for world in worlds for node, seen in world.nodes.items()]
    bench.write("nodes", text | {"first_seen_at": TIMESTAMP}, list(nodes))
    edges = [edge for world in worlds for edge in sorted(world.edges)]
    bench.write("edges", {"left_node_key": "varchar", "right_node_key": "varchar"}, list(edges))
    bench.write("erased", text, [(node,) for world in worlds for node in sorted(world.erased)])
    bench.write("clock", {"as_of_at": TIMESTAMP}, [(now,)])


def read_map(bench: Workbench) -> list[tuple[object, ...]]:
    return bench.rows(
        "select map_key, node_key, customer_key, key_minted_at, valid_from, valid_to, is_current from built.identity_map order by all"
    )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("identity_map")
    bench = Workbench(folder, GIVEN | {name: model("identity", name) for name in PROJECT})
    worlds = [World(f"w{number:03d}n", random.Random(number)) for number in range(WORLDS)]
    fresh = iter(range(10**9))
    told = Story(bench, worlds, [], [])
    for now in CLOCK:
        for world in worlds:
            world.advance(now)
            world.resolve(now, fresh)
        give(bench, worlds, now)
        bench.build()
        told.assignments.append({node: key for world in worlds for node, key in world.key_of.items()})
        told.snapshots.append(read_map(bench))
        built = current(told.snapshots[-1])
        for world in worlds:
            world.published_as |= {key: built[node] for node, key in world.key_of.items() if node in built}
    return told


def current(snapshot: list[tuple[object, ...]]) -> dict[str, str]:
    rows = [(str(node), str(key)) for _, node, key, _, _, _, is_current in snapshot if is_current == 1]
    assert len(rows) == len(dict(rows)), "an identifier has two live keys"
    return dict(rows)


@pytest.mark.parametrize("run", range(RUNS))
def test_live_keys__group_identifiers_as_the_oracle_does(story: Story, run: int) -> None:
    built, expected = current(story.snapshots[run]), story.assignments[run]
    assert built.keys() == expected.keys()
    pairs = {(built[node], expected[node]) for node in built}
    assert len(pairs) == len({key for key, _ in pairs}) == len({key for _, key in pairs})


def test_keys__are_kept_from_run_to_run_as_the_oracle_keeps_them(story: Story) -> None:
    stayed = moved = 0
    for run in range(1, RUNS):
        before, now = current(story.snapshots[run - 1]), current(story.snapshots[run])
        for node in before.keys() & now.keys():
            kept = story.assignments[run - 1][node] == story.assignments[run][node]
            assert (before[node] == now[node]) == kept, f"{node} at run {run}"
            stayed, moved = stayed + kept, moved + (not kept)
    assert stayed > 1_000
    assert moved > 200, "the worlds never merge or split, so this test proves nothing"


def test_versions__have_one_key_each_and_abut(story: Story) -> None:
    rows = story.snapshots[-1]
    assert len({row[0] for row in rows}) == len(rows)
    by_node: dict[object, list[tuple[object, ...]]] = {}
    for row in sorted(rows, key=lambda row: (row[1], row[4])):
        by_node.setdefault(row[1], []).append(row)
    for versions in by_node.values():
        for earlier, later in itertools.pairwise(versions):
            assert earlier[5] == later[4], f"{later[1]} has a gap or an overlap"
            assert earlier[6] == 0
        assert versions[-1][5] is None
        assert versions[-1][6] == 1


def test_history__tells_what_each_run_said(story: Story) -> None:
    last = story.snapshots[-1]
    erased = {node for world in story.worlds for node in world.erased}
    asked = 0
    for run, now in enumerate(CLOCK):
        if run + 1 < RUNS and CLOCK[run + 1] == now:
            continue  # the next run of the same time replaced what this one said
        then = {node: key for node, key in current(story.snapshots[run]).items() if node not in erased}
        told = {row[1]: row[2] for row in last if row[4] <= now and (row[5] is None or row[5] > now)}
        assert {node: told.get(node) for node in then} == then
        asked += len(then)
    assert asked > 1_000


def test_erased_identifiers__leave_with_their_history(story: Story) -> None:
    erased = {node for world in story.worlds for node in world.erased}
    assert len(erased) > 20
    assert not erased & {row[1] for row in story.snapshots[-1]}


def test_merge_log__names_each_move_by_what_became_of_the_old_key(story: Story) -> None:
    log = story.bench.rows(
        "select old_customer_key, new_customer_key, occurred_at, event_type from built.identity_merge_log"
    )
    last = story.snapshots[-1]
    for old, _, occurred_at, event_type in log:
        lives = any(
            row[2] == old and row[4] <= occurred_at and (row[5] is None or row[5] > occurred_at)
            for row in last
        )
        assert event_type == ("split" if lives else "merge")
    kinds = [row[3] for row in log]
    assert min(kinds.count("split"), kinds.count("merge")) > 20


def test_another_run_and_a_full_refresh__change_nothing(story: Story) -> None:
    story.bench.build()
    assert read_map(story.bench) == story.snapshots[-1]
    story.bench.build("--full-refresh")
    assert read_map(story.bench) == story.snapshots[-1]
