"""How good identity resolution is against a labelled truth: pairwise precision, recall and F1, overall and per rule.

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
    """One rule alone: the pairs that its edges join, as shares from 0 to 1 of those pairs and of all true pairs."""

    rule: str
    pairs: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class IdentityQuality:
    """Shares from 0 to 1. ``over_merged``: (customer, persons, identifiers) of all that hold several persons, largest first."""

    identifiers: int
    precision: float
    recall: float
    f1: float
    rules: list[RuleQuality]
    over_merged: list[tuple[str, int, int]]


def measure(identity_map: Path, edges: Path, truth: Path) -> IdentityQuality:
    """Compare unloaded Parquet of identity_map and int_identity__edges with truth/identifiers.parquet."""
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
        rules = ask(
            f"""
            select rule_name, count(*), count(*) filter (l.person_id = r.person_id)
            from read_parquet('{edges}') as e join matched as l on l.node_key = e.left_node_key join matched as r on r.node_key = e.right_node_key
            group by rule_name order by min(priority), rule_name
            """
        )
        merged = ask(
            "select customer_key, count(distinct person_id) as persons, count(*) as identifiers from matched group by customer_key having count(distinct person_id) > 1 order by 2 desc, 3 desc, 1"
        )
        identifiers = ask("select count(*) from matched")[0][0]
    precision = float(together / claimed) if claimed else 1.0
    recall = float(together / true) if true else 1.0
    by_rule = [
        RuleQuality(
            rule, pairs, right / pairs, float(right / true), f1_of(right / pairs, float(right / true))
        )
        for rule, pairs, right in rules
    ]
    return IdentityQuality(identifiers, precision, recall, f1_of(precision, recall), by_rule, merged)
