"""The peers of our connected components, each in a process of its own: from a table of edges to a table of components.

Usage: python -m benchmarks.identity_contestants NAME DATABASE

Each reads ``given.edges`` of the DuckDB file and leaves ``result.components`` (node_key, component) there. The last
line printed is the seconds between the two, without the start of Python.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb


def scipy_components(connection: duckdb.DuckDBPyConnection) -> None:
    """scipy's connected_components in memory, around it what it takes to get text keys in and out (Arrow dictionaries)."""
    import numpy
    import pyarrow as arrow
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    table: Any = connection.execute("select left_node_key, right_node_key from given.edges").to_arrow_table()
    count = table.num_rows
    keys = arrow.chunked_array(
        table.column("left_node_key").chunks + table.column("right_node_key").chunks
    ).combine_chunks()
    coded = keys.dictionary_encode()
    ends = coded.indices.to_numpy()
    nodes = len(coded.dictionary)
    inner = time.perf_counter()
    graph = coo_matrix(
        (numpy.ones(count, dtype=numpy.int8), (ends[:count], ends[count:])), shape=(nodes, nodes)
    )
    _, labels = connected_components(graph, directed=False)
    print(f"inner {time.perf_counter() - inner:.3f}")
    found = arrow.table({"node_key": coded.dictionary, "component": labels})
    connection.register("found", found)
    connection.execute("create or replace table result.components as select node_key, component from found")


def splink_components(connection: duckdb.DuckDBPyConnection) -> None:
    """Splink's clustering on its own DuckDB backend."""
    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    connection.execute(
        "create or replace table result.nodes as select left_node_key as node_key from given.edges union select right_node_key from given.edges"
    )
    connection.execute(
        "create or replace table result.edges as select left_node_key as node_key_l, right_node_key as node_key_r from given.edges"
    )
    connection.execute("set search_path = 'main,result'")
    found = cluster_pairwise_predictions_at_threshold(
        connection.table("result.nodes"),
        connection.table("result.edges"),
        DuckDBAPI(connection=connection),
        node_id_column_name="node_key",
    )
    connection.execute(
        f"create or replace table result.components as select node_key, cluster_id as component from {found.physical_name}"
    )


def recursive_components(connection: duckdb.DuckDBPyConnection) -> None:
    """DuckDB's recursive CTE with USING KEY: labels travel along the edges until none changes."""
    connection.execute(
        """
        create or replace table result.components as
        with recursive neighbours as materialized (
            select left_node_key as a, right_node_key as b from given.edges
            union select right_node_key, left_node_key from given.edges
        ), labels (node_key, component) using key (node_key) as (
            select a, min(least(a, b)) from neighbours group by a
            union
            select neighbours.b, min(labels.component)
            from labels join neighbours on neighbours.a = labels.node_key
            join recurring.labels as known on known.node_key = neighbours.b
            where labels.component < known.component group by neighbours.b
        )
        select node_key, component from labels
        """
    )


CONTESTANTS: dict[str, Callable[[duckdb.DuckDBPyConnection], None]] = {
    "scipy": scipy_components,
    "splink": splink_components,
    "recursive": recursive_components,
}


def main(name: str, database: str) -> None:
    """Run one contestant and print its seconds."""
    with duckdb.connect(database) as connection:
        connection.execute("create schema if not exists result")
        began = time.perf_counter()
        CONTESTANTS[name](connection)
        print(f"seconds {time.perf_counter() - began:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
