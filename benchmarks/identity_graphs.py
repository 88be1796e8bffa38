"""Graphs of the sizes and shapes that decide how long identity resolution takes, as tables of edges in DuckDB files.

Node keys are 32 hexadecimal digits, as the models have them, and know nothing of the shape.

- ``realistic``: persons of one to ten identifiers in chains and bushes, one edge in 500 to anybody, one crowd of 20,000 around one node;
- ``path``: one path through all nodes, the shape on which labels travel slowest;
- ``hubs``: stars of 20,000, every tenth of them tied to the next.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

SHAPES = ("realistic", "path", "hubs")
HUB = 20_000


def nodes_of(edges: int) -> int:
    """How many numbers the realistic shape draws from: at least eight in ten of them bring an edge."""
    return edges * 10 // 8 + 10


def edges_of(shape: str, edges: int, seed: int = 0) -> str:
    """SQL that yields ``edges`` rows (a, b) of node numbers below 2**40, a function of its arguments alone."""
    if shape == "path":
        return f"select i as a, i + 1 as b from range({edges}) as r (i)"
    if shape == "hubs":
        return f"""
            select case when i % {HUB} = 0 and (i // {HUB}) % 10 <> 0 then (i - {HUB}) else i end as a,
                (i // {HUB}) * {HUB} + {1 << 39} as b from range({edges}) as r (i)"""
    if shape == "realistic":
        # ten numbers in a row are two persons; each identifier but a person's first was seen with an earlier one of the
        # person, whichever: chains and bushes. One edge in 500 leads to anybody.
        return f"""
            select
                case
                    when i < {HUB} then 0
                    when hash(i, {seed}, 'far') % 500 = 0 then hash(i, {seed}, 'whom') % {nodes_of(edges)}
                    when place < other then i - place + hash(i, {seed}, 'near') % place
                    else i - place + other + hash(i, {seed}, 'near') % (place - other)
                end as a,
                i as b
            from (
                select i, i % 10 as place, hash(i // 10, {seed}, 'other') % 10 as other from range({nodes_of(edges)}) as r (i)
            )
            where place <> 0 and place <> other
            limit {edges}"""
    raise ValueError(f"edges_of: shape is '{shape}'; it must be one of {', '.join(SHAPES)}.")


def write_graph(database: Path, shape: str, edges: int) -> None:
    """A DuckDB file with the table ``given.edges`` (left_node_key, right_node_key); an existing file is kept."""
    if database.exists():
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    partial = database.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with duckdb.connect(str(partial)) as connection:
        connection.execute("create schema given")
        connection.execute(
            f"create table given.edges as select md5(cast(a as varchar)) as left_node_key, md5(cast(b as varchar)) as right_node_key from ({edges_of(shape, edges)})"
        )
    partial.rename(database)


def write_more(database: Path, edges: int, number: int) -> None:
    """A table ``given.more`` of ``number`` further edges: half tie known nodes, half bring new ones (realistic growth)."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            f"""
            create or replace table given.more as
            select md5(cast(hash(i, 'from') % {edges} as varchar)) as left_node_key,
                md5(cast(case when i % 2 = 0 then hash(i, 'to') % {edges} else {1 << 38} + i end as varchar)) as right_node_key
            from range({number}) as r (i)
            """
        )
