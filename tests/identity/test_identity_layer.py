"""The identity layer as a whole, over four runs of one small world: guard rails, decisions, keys, erasure, explanations.

The models and seeds are the project's own; only what they read is given: records, accounts' attributes, requests.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from dataclasses import dataclass

import duckdb
import pytest

from tests.conftest import ROOT
from tests.workbench import Workbench, model

TYPES = ("customer_id", "email", "phone", "loyalty_card_id", "anonymous_id", "device_id", "card_fingerprint")
GIVEN = ("int_identity__records", "int_identity__profiles", "stg_privacy__erasure_requests", "int_data_clock")
SEEDS = sorted(path.stem for path in (ROOT / "seeds").glob("identity_*.csv"))
NEITHER = {*GIVEN, "int_identity__order_customers"}
MODELS = [p.stem for p in sorted((ROOT / "models" / "identity").glob("*.sql")) if p.stem not in NEITHER]
CLOCK = [dt.datetime(2017, month, 1) for month in (2, 3, 4, 5)]
CROWD = 60
SHARERS = 500
Record = dict[str, str]


def node_key(identifier: str) -> str:
    """The key of kind:value, as surrogate_key makes it."""
    kind, value = identifier.split(":", 1)
    text = f"s{len(kind)}:{kind}|s{len(value)}:{value}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def first_records() -> list[Record]:
    """What the first run sees; day is the day of January on which it was seen."""

    def account(customer: str, day: int, **more: str) -> Record:
        return {"told_by": "accounts", "customer_id": customer, "day": str(day)} | more

    known = [
        account("ANNA", 1, email="Anna@Example.com", phone="+49 30 1234567"),
        account("BEN", 2, email="ben@example.com"),
        {"told_by": "orders", "customer_id": "BEN", "anonymous_id": "cookie-ben", "day": "3"},
        account("CARL", 4, email="carl@example.com", loyalty_card_id="CARD-CARL"),
        # one phone, two birth dates, two addresses: a family, not a person
        account("DORA", 5, email="dora@example.com", phone="5550001"),
        account("EMIL", 6, email="emil@example.com", phone="5550001"),
        # one phone, two birth dates, but one mailbox: a typing error, one person
        account("FRED", 7, email="fred@example.com", phone="5550002"),
        account("FRED-2", 8, email="fred+shop@example.com", phone="5550002"),
        # a functional mailbox and a shared device
        account("GINA", 9, email="info@company.example"),
        account("HUGO", 10, email="info@company.example"),
        {"told_by": "events", "customer_id": "GINA", "device_id": "tablet", "day": "11"},
        {"told_by": "events", "customer_id": "HUGO", "device_id": "tablet", "day": "12"},
        # only a rule that does not exist yet would join these two
        {"told_by": "orders", "phone": "5550003", "anonymous_id": "cookie-rule", "day": "13"},
    ]
    # blanks are no identifiers, whatever a source thinks of them
    for number, blank in enumerate(("", " ", "\t", "\u00a0")):
        known.append(account(f"BLANK-{number}", 15, loyalty_card_id=blank, phone=blank, email=blank))
        known.append({"told_by": "events", "customer_id": "", "anonymous_id": blank, "day": "15"})
    # one card of everybody, and one account that tries every address
    known += [account(f"SHARED-{number}", 16, loyalty_card_id="CARD-ALL") for number in range(SHARERS)]
    known += [account("GREEDY", 17, email=f"greedy{number}@example.com") for number in range(SHARERS)]
    # a Cyrillic letter that looks like Anna's
    known.append(account("CONFUSED", 18, email="\u0430nna@example.com"))
    # accounts in a row, each sharing a phone with the next: more identifiers than any person has
    for number in range(CROWD):
        known.append(account(f"ROW-{number:02d}", 14, phone=f"66600{number:02d}"))
        known.append(account(f"ROW-{number:02d}", 14, phone=f"66600{(number + 1) % CROWD:02d}"))
    return known


MEETING = {"told_by": "orders", "email": "anna@example.com", "anonymous_id": "cookie-ben", "day": "40"}
COMEBACK = [
    {"told_by": "orders", "email": "carl@example.com", "anonymous_id": "cookie-new", "day": "100"},
    {"told_by": "orders", "customer_id": "NEW", "loyalty_card_id": "CARD-CARL", "day": "101"},
]
PROFILES = [
    ("DORA", "birth_date", "1980-01-01"), ("DORA", "email", "dora@example.com"),
    ("EMIL", "birth_date", "1990-01-01"), ("EMIL", "email", "emil@example.com"),
    ("FRED", "birth_date", "1970-01-01"), ("FRED", "email", "fred@example.com"),
    ("FRED-2", "birth_date", "1971-01-01"), ("FRED-2", "email", "fred@example.com"),
]  # fmt: skip


class World:
    """The workbench with what the models read."""

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.records, self.requests = bench, first_records(), []
        self.seeds: dict[str, list[Record]] = {}
        for name in SEEDS:
            with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
                self.seeds[name] = list(csv.DictReader(lines))
        self.requests: list[tuple[str, str, str, dt.datetime]] = []

    def give(self, now: dt.datetime) -> None:
        """Write everything that the next run reads."""
        start = dt.datetime(2017, 1, 1)
        rows = []
        for record in self.records:
            seen = start + dt.timedelta(days=int(record["day"]))
            rows.append((record["told_by"], *(record.get(t) for t in TYPES), seen, seen, 1))
        columns = {"told_by": "varchar", **dict.fromkeys(TYPES, "varchar")}
        self.bench.write(
            "int_identity__records",
            columns | {"first_seen_at": "timestamp", "last_seen_at": "timestamp", "record_count": "bigint"},
            list(rows),
        )
        self.bench.write(
            "int_identity__profiles",
            dict.fromkeys(("node_key", "customer_id", "attribute_name", "attribute_value"), "varchar"),
            [(node_key(f"customer_id:{c}"), c, name, value) for c, name, value in PROFILES],
        )
        self.bench.write(
            "stg_privacy__erasure_requests",
            dict.fromkeys(("request_id", "identifier_type", "identifier_value"), "varchar")
            | {"requested_at": "timestamp"},
            list(self.requests),
        )
        self.bench.write("int_data_clock", {"as_of_at": "timestamp"}, [(now,)])
        for name, lines in self.seeds.items():
            kinds = {
                c: "bigint" if all(line[c].lstrip("-").isdigit() for line in lines) else "varchar"
                for c in lines[0]
            }
            self.bench.write(name, kinds, [tuple(line[c] or None for c in kinds) for line in lines])

    def decide(self, decision: str, left: str, right: str) -> Record:
        row = {"decision": decision, "left_node_key": node_key(left), "right_node_key": node_key(right)}
        row |= {"rule_name": "any", "decided_by": "analyst", "decided_on": "2017-04-01", "reason": "shared browser"}  # fmt: skip
        self.seeds["identity_decisions"].append(row)
        return row

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.bench.rows(sql)

    def keys(self) -> dict[str, str]:
        """Customer of each identifier now."""
        return {
            str(i): str(k)
            for i, k in self.rows(
                "select identifier_type || ':' || identifier_value, customer_key from built.identity_map where is_current = 1"
            )
        }


@dataclass
class Told:
    """What was current after each run, and what the explanations said along the way."""

    world: World
    keys: list[dict[str, str]]
    path: dict[str, object]
    path_lines: str
    separate: dict[str, object]


def explain(bench: Workbench, a: str, b: str) -> tuple[dict[str, object], str]:
    said = bench.dbt("run-operation", "explain_identity", "--args", json.dumps({"a": a, "b": b}))
    told = next(line for line in said.splitlines() if "CUSTOMER_360 {" in line)
    return json.loads(told.split("CUSTOMER_360 ", 1)[1])["result"], said


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    models = {name: model("identity", name) for name in MODELS}
    models |= {name: f"select * from given.{name}" for name in (*GIVEN, *SEEDS)}
    world = World(Workbench(tmp_path_factory.mktemp("layer"), models, materialized="table"))
    keys = []

    def run(number: int) -> None:
        world.give(CLOCK[number])
        world.bench.build()
        keys.append(world.keys())

    run(0)
    world.records.append(MEETING)
    run(1)
    path, path_lines = explain(world.bench, "phone:0049 30 1234567", "cookie-ben")
    withdrawn = world.decide("withdraw", "anonymous_id:cookie-ben", "email:anna@example.com")
    world.requests.append(("R-1", "email", " Carl@example.com ", CLOCK[2]))
    run(2)
    separate, _ = explain(world.bench, "customer_id:ANNA", "customer_id:BEN")
    world.seeds["identity_decisions"].remove(withdrawn)
    world.decide("confirm", "customer_id:GINA", "customer_id:HUGO")
    world.seeds["identity_rules"].append(
        {"rule_name": "order_phone_cookie", "priority": "6", "told_by": "orders", "left_type": "phone", "right_type": "anonymous_id",
         "most_left_per_right": "1", "most_right_per_left": "9", "over_cap": "refuse_all", "is_enabled": "1", "meaning": "new"}
    )  # fmt: skip
    world.records += COMEBACK
    run(3)
    return Told(world, keys, path, path_lines, separate)


def rejected(told: Told, left: str, right: str) -> list[str]:
    ends = f"'{node_key(left)}', '{node_key(right)}'"
    return [
        str(reason)
        for (reason,) in told.world.rows(
            f"select refused_because from built.int_identity__edges_rejected where left_node_key in ({ends}) and right_node_key in ({ends})"
        )
    ]


# ---------- guard rails


def test_contradiction__keeps_two_persons_of_one_phone_apart(told: Told) -> None:
    keys = told.keys[0]
    assert keys["customer_id:DORA"] != keys["customer_id:EMIL"]
    assert keys["phone:5550001"] not in (keys["customer_id:DORA"], keys["customer_id:EMIL"])
    reasons = rejected(told, "customer_id:DORA", "phone:5550001")
    assert reasons == ["it would join what cannot be one person: other_email_and_birth_date"]


def test_contradiction__needs_both_attributes_to_differ(told: Told) -> None:
    assert told.keys[0]["customer_id:FRED"] == told.keys[0]["customer_id:FRED-2"]


def test_crowd__is_quarantined_and_nobody_in_it_is_joined(told: Told) -> None:
    crowd = {told.keys[0][f"customer_id:ROW-{number:02d}"] for number in range(CROWD)}
    assert len(crowd) == CROWD
    found = told.world.rows(
        "select reason, identifier_count, person_count, refused_edge_count, strongest_refused_priority from built.identity_quarantine order by 1"
    )
    assert found == [
        ("other_email_and_birth_date", 5, 3, 2, 3),
        ("too_large", 2 * CROWD, 2 * CROWD, 2 * CROWD, 3),
    ]


def test_functional_mailbox_and_shared_device__join_nobody(told: Told) -> None:
    assert told.keys[0]["customer_id:GINA"] != told.keys[0]["customer_id:HUGO"]
    assert "email:info@company.example" not in told.keys[0]
    assert rejected(told, "customer_id:GINA", "email:info@company.example") == ["functional mailbox"]
    assert rejected(told, "customer_id:GINA", "device_id:tablet") == [
        "the right identifier is shared by more left ones than the rule allows"
    ]


def test_every_candidate__is_an_edge_or_rejected_with_a_reason(told: Told) -> None:
    sql = """
        select (select count(*) from built.int_identity__edge_candidates),
            (select count(*) from built.int_identity__edges) + (select count(*) from built.int_identity__edges_rejected),
            (select count(*) from built.int_identity__edges_rejected where refused_because is null)"""
    ((candidates, accounted, without_reason),) = told.world.rows(sql)
    assert candidates == accounted
    assert without_reason == 0


def test_blank__is_no_identifier(told: Told) -> None:
    assert not [i for i in told.keys[0] if not i.split(":", 1)[1].strip()]
    assert len({told.keys[0][f"customer_id:BLANK-{number}"] for number in range(4)}) == 4


def test_card_of_everybody__joins_nobody(told: Told) -> None:
    holders = {told.keys[0][f"customer_id:SHARED-{number}"] for number in range(SHARERS)}
    assert len(holders) == SHARERS
    assert told.keys[0]["loyalty_card_id:CARD-ALL"] not in holders
    assert len(rejected(told, "customer_id:SHARED-7", "loyalty_card_id:CARD-ALL")) == 1


def test_account_with_every_address__gets_none(told: Told) -> None:
    greedy = [told.keys[0][f"email:greedy{number}@example.com"] for number in range(SHARERS)]
    assert len({*greedy, told.keys[0]["customer_id:GREEDY"]}) == SHARERS + 1
    assert rejected(told, "customer_id:GREEDY", "email:greedy3@example.com") == [
        "the left identifier is tied to more right ones than the rule allows"
    ]


def test_confusable_letter__is_another_address(told: Told) -> None:
    assert told.keys[0]["customer_id:CONFUSED"] != told.keys[0]["customer_id:ANNA"]
    assert "email:\u0430nna@example.com" not in told.keys[0]


# ---------- rules as data


def test_rule__is_added_by_a_row(told: Told) -> None:
    before, after = told.keys[2], told.keys[3]
    assert before["phone:5550003"] != before["anonymous_id:cookie-rule"]
    assert after["phone:5550003"] == after["anonymous_id:cookie-rule"]


def test_decision__joins_what_no_rule_joins(told: Told) -> None:
    assert told.keys[3]["customer_id:GINA"] == told.keys[3]["customer_id:HUGO"]


# ---------- lasting keys


def test_merge__keeps_the_oldest_key_and_split_gives_the_former_one_back(told: Told) -> None:
    anna = [keys["customer_id:ANNA"] for keys in told.keys]
    ben = [keys["customer_id:BEN"] for keys in told.keys]
    assert len(set(anna)) == 1
    assert ben[0] != anna[0]
    assert ben[1] == anna[1]
    assert ben[2] == ben[0], "who was a customer before is that customer again"
    assert ben[3] == anna[3], "the reinstated edge joins them again"


def test_log__tells_merge_split_and_merge(told: Told) -> None:
    anna, ben = told.keys[0]["customer_id:ANNA"], [keys["customer_id:BEN"] for keys in told.keys]
    log = told.world.rows(
        f"select occurred_at, event_type, old_customer_key, new_customer_key, node_count from built.identity_merge_log where '{anna}' in (old_customer_key, new_customer_key) order by 1"
    )
    assert log == [
        (CLOCK[1], "merge", ben[0], anna, 3),
        (CLOCK[2], "split", anna, ben[2], 3),
        (CLOCK[3], "merge", ben[2], anna, 3),
    ]


@pytest.mark.parametrize("run", range(4))
def test_as_of__answers_who_it_was_then(told: Told, run: int) -> None:
    sql = f"""
        select identifier_type || ':' || identifier_value, customer_key from built.identity_map
        where valid_from <= timestamp '{CLOCK[run]}' and (valid_to is null or valid_to > timestamp '{CLOCK[run]}')"""
    then = {i: k for i, k in told.keys[run].items() if "carl" not in i.lower()}
    answered = dict(told.world.rows(sql))
    assert {i: answered.get(i) for i in then} == then


# ---------- erasure


def test_erasure__proof_no_trace_but_salted_hashes(told: Told) -> None:
    """The proof query: every text of every published table, searched for the person."""
    with duckdb.connect(str(told.world.bench.database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'built' and data_type = 'VARCHAR'"
            " and table_name in ('identity_map', 'identity_merge_log', 'identity_tombstones', 'identity_quarantine', 'identity_review_queue')"
        ).fetchall()
        assert len(columns) > 10
        traces = ["CARL", "carl@example.com", "CARD-CARL"]
        keys = [node_key(f"{t}:{v}") for t, v in zip(("customer_id", "email", "loyalty_card_id"), traces, strict=True)]  # fmt: skip
        wanted = ", ".join(f"'{w}'" for w in [*traces, *keys, told.keys[0]["customer_id:CARL"]])
        for table, column in columns:
            found = connection.execute(
                f"select count(*) from built.{table} where {column} in ({wanted})"
            ).fetchall()
            assert found == [(0,)], f"{table}.{column}"
    salted = "sandbox-salt" + "email:carl@example.com"
    assert (hashlib.md5(salted.encode(), usedforsecurity=False).hexdigest(),) in told.world.rows(
        "select identifier_hash from built.identity_tombstones"
    )


def test_tombstone__blocks_rematching(told: Told) -> None:
    keys = told.keys[3]
    assert "email:carl@example.com" not in keys
    assert keys["anonymous_id:cookie-new"] != keys["customer_id:NEW"], "joined through an erased identifier"
    assert rejected(told, "email:carl@example.com", "anonymous_id:cookie-new") == ["the person was erased"]
    assert told.keys[0]["customer_id:CARL"] not in keys.values()


# ---------- explanations


def test_explanation__tells_path_rules_sources_dates_and_what_would_split(told: Told) -> None:
    path = told.path["path"]
    assert told.path["is_one_person"] is True
    assert [(step["left"], step["right"]) for step in path] == [
        ("phone:49301234567", "customer_id:ANNA"),
        ("customer_id:ANNA", "email:anna@example.com"),
        ("email:anna@example.com", "anonymous_id:cookie-ben"),
    ]
    assert path[2]["edges"] == [
        {"rule": "guest_email_cookie", "priority": 6, "told_by": "orders", "first_seen": "2017-02-10", "last_seen": "2017-02-10", "records": 1}
    ]  # fmt: skip
    assert path[2]["would_split_off"] == [
        "anonymous_id:cookie-ben",
        "customer_id:BEN",
        "email:ben@example.com",
    ]
    assert "3 identifier(s) would be another person" in told.path_lines


def test_withdrawal__splits_off_what_the_explanation_said(told: Told) -> None:
    before, after = told.keys[1], told.keys[2]
    moved = sorted(i for i in before if i in after and before[i] != after[i])
    assert moved == told.path["path"][2]["would_split_off"]


def test_explanation__of_two_persons_names_the_refused_evidence(told: Told) -> None:
    assert told.separate["is_one_person"] is False
    assert told.separate["refused"] == [
        {"left": "email:anna@example.com", "right": "anonymous_id:cookie-ben", "rule": "guest_email_cookie", "refused_because": "withdrawn by an analyst: shared browser"}
    ]  # fmt: skip
