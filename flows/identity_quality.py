"""How good identity resolution is against a labelled truth: precision, recall and F1 of pairs and of whole persons,
and per rule what it joined and refused, rightly and wrongly.

A pair is two identifiers of the map. It is right when the truth gives both to one person. Identifiers are matched on
their normalised form; the truth spells them as the sources do. Pairs are counted by group sizes, n(n-1)/2, so
nothing explodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb


def f1_of(precision: float, recall: float) -> float:
    """Harmonic mean of the two; 0 when both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True)
class RuleQuality:
    """One rule alone. Shares from 0 to 1: of the pairs that its edges join, and of all true pairs. Counts of edges between
    identifiers of the truth: joined of one person and of two, refused of two and of one."""

    rule: str
    pairs: int
    precision: float
    recall: float
    f1: float
    joined_right: int
    joined_wrong: int
    refused_right: int
    refused_wrong: int


@dataclass(frozen=True)
class IdentityQuality:
    """Shares from 0 to 1. A person is found when one customer holds all of the person's identifiers and nobody else's.
    ``over_merged``: (customer, persons, identifiers) of all that hold several persons, largest first."""

    identifiers: int
    precision: float
    recall: float
    f1: float
    cluster_precision: float
    cluster_recall: float
    cluster_f1: float
    rules: list[RuleQuality]
    over_merged: list[tuple[str, int, int]]


def measure(identity_map: Path, edges: Path, rejected: Path, truth: Path) -> IdentityQuality:
    """Compare unloaded Parquet of identity_map, int_identity__edges and int_identity__edges_rejected with
    truth/identifiers.parquet (identifier_type, identifier_value, person_id)."""
    with duckdb.connect() as connection:

        def ask(sql: str) -> list[Any]:
            return connection.execute(sql).fetchall()

        connection.execute(
            f"""
            create table matched as
            with truth as (
                select distinct identifier_type, person_id, case identifier_type
                    when 'email' then lower(replace(identifier_value, ' ', ''))
                    when 'phone' then regexp_replace(regexp_replace(identifier_value, '[^0-9+]', '', 'g'), '^([+]|00)', '')
                    else identifier_value end as identifier_value
                from read_parquet('{truth / "identifiers.parquet"}')
            )
            select map.node_key, map.customer_key, min(truth.person_id) as person_id
            from read_parquet('{identity_map}') as map
            join truth on truth.identifier_type = map.identifier_type and truth.identifier_value = map.identifier_value
            where map.is_current = 1 group by all
            """
        )
        together, claimed, true = ask(
            """
            select (select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from matched group by customer_key, person_id)),
                (select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from matched group by customer_key)),
                (select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from matched group by person_id))
            """
        )[0]
        found, customers, persons = ask(
            """
            with customer as (select customer_key, min(person_id) as person_id, count(distinct person_id) as persons, count(*) as n from matched group by customer_key),
                person as (select person_id, count(*) as n from matched group by person_id)
            select (select count(*) from customer join person using (person_id, n) where persons = 1),
                (select count(*) from customer), (select count(*) from person)
            """
        )[0]
        rules = ask(
            f"""
            with edge as (
                select rule_name, priority, true as joined, left_node_key, right_node_key from read_parquet('{edges}')
                union all select rule_name, priority, false, left_node_key, right_node_key from read_parquet('{rejected}')
            )
            select rule_name, count(*) filter (joined and l.person_id = r.person_id), count(*) filter (joined and l.person_id <> r.person_id),
                count(*) filter (not joined and l.person_id <> r.person_id), count(*) filter (not joined and l.person_id = r.person_id)
            from edge join matched as l on l.node_key = left_node_key join matched as r on r.node_key = right_node_key
            where left_node_key <> right_node_key group by rule_name order by min(priority), rule_name
            """
        )
        merged = ask(
            "select customer_key, count(distinct person_id) as persons, count(*) as identifiers from matched group by customer_key having count(distinct person_id) > 1 order by 2 desc, 3 desc, 1"
        )
        identifiers = ask("select count(*) from matched")[0][0]
    precision = float(together / claimed) if claimed else 1.0
    recall = float(together / true) if true else 1.0
    cluster_precision = found / customers if customers else 1.0
    cluster_recall = found / persons if persons else 1.0
    return IdentityQuality(
        identifiers,
        precision,
        recall,
        f1_of(precision, recall),
        cluster_precision,
        cluster_recall,
        f1_of(cluster_precision, cluster_recall),
        [_of_rule(rule, counts, float(true)) for rule, *counts in rules],
        merged,
    )


def _of_rule(rule: str, counts: list[int], true_pairs: float) -> RuleQuality:
    right, wrong = counts[:2]
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / true_pairs if true_pairs else 1.0
    return RuleQuality(rule, right + wrong, precision, recall, f1_of(precision, recall), *counts)
