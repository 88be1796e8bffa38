"""Parity between two DuckDB files built from the same company: equal when equal, and every injected difference found and named."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.certificate import as_text, make_certificate, read_certificate
from flows.comparison import compare_ledgers, compare_marts
from flows.errors import InputError, NotEqual
from flows.fingerprints import Fingerprints, Side
from flows.parity import certify, require_equal
from flows.settings import Settings
from flows.state import State

pytestmark = [pytest.mark.xdist_group("pipeline"), pytest.mark.long]
DATABASE = Path("warehouse") / "customer_360.duckdb"

# what is done to the copy: the mart, the statement that changes it, and the columns in which its rows then differ; none
# where rows are missing or added
INJECTED: dict[str, tuple[str, str, set[str]]] = {
    "one cent": (
        "fct_order_line",
        "update customer_360_core.fct_order_line set sales_amount = sales_amount + 0.01 where order_line_id = (select max(order_line_id) from customer_360_core.fct_order_line)",
        {"sales_amount"},
    ),
    "one trailing blank": (
        "dim_store",
        "update customer_360_core.dim_store set city = city || ' ' where store_key = (select min(store_key) from customer_360_core.dim_store where city is not null)",
        {"city"},
    ),
    "case": (
        "dim_customer_history",
        "update customer_360_core.dim_customer_history set first_name = upper(first_name) where customer_version_key = (select min(customer_version_key) from customer_360_core.dim_customer_history where first_name <> upper(first_name))",
        {"first_name"},
    ),
    "NULL against ''": (
        "fct_event",
        "update customer_360_core.fct_event set user_id = '' where event_id = (select min(event_id) from customer_360_core.fct_event where user_id is null)",
        {"user_id"},
    ),
    "a swapped row": (
        "identity_map",
        "update customer_360_identity.identity_map as m set identifier_value = case when m.map_key = pair.a then pair.second else pair.first end"
        " from (select min(map_key) as a, max(map_key) as b, min_by(identifier_value, map_key) as first, max_by(identifier_value, map_key) as second from customer_360_identity.identity_map) as pair"
        " where m.map_key in (pair.a, pair.b)",
        {"identifier_value"},
    ),
    "one microsecond": (
        "fct_payment",
        "update customer_360_core.fct_payment set paid_at = paid_at + interval 1 microsecond where payment_id = (select min(payment_id) from customer_360_core.fct_payment)",
        {"paid_at"},
    ),
    "a missing partition": (
        "daily_revenue",
        "delete from customer_360_finance.daily_revenue where revenue_date between '2017-05-01' and '2017-05-31'",
        set(),
    ),
    "equal counts with different values": (
        "customer_segments",
        "update customer_360_marketing.customer_segments set segment = 'somewhere else' where customer_key = (select max(customer_key) from customer_360_marketing.customer_segments)",
        {"segment"},
    ),
    "a unicode normal form": (
        "dim_customer",
        "update customer_360_core.dim_customer set city = nfc_normalize('Zu\u0308rich') where customer_key = (select max(customer_key) from customer_360_core.dim_customer)",
        {"city"},
    ),
    "values that changed places between two rows": (
        "fct_refund",
        "update customer_360_core.fct_refund as r set amount = case when r.refund_id = pair.a then pair.second else pair.first end"
        " from (select min(refund_id) as a, max(refund_id) as b, min_by(amount, refund_id) as first, max_by(amount, refund_id) as second from customer_360_core.fct_refund) as pair"
        " where r.refund_id in (pair.a, pair.b)",
        {"amount"},
    ),
}  # fmt: skip
# the decomposed form stands on both sides before the injection, so that only the normal form differs
ON_BOTH = "update customer_360_core.dim_customer set city = 'Zu\u0308rich' where customer_key = (select max(customer_key) from customer_360_core.dim_customer)"


def side(home: Path, name: str, folder: Path) -> Side:
    """A copy of the built home as a side of its own; dbt's parsed project comes with it."""
    (folder / "warehouse").mkdir(parents=True)
    shutil.copyfile(home / DATABASE, folder / DATABASE)
    shutil.copytree(home / "target", folder / "target")
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(folder)})
    return Side(name, settings, "local")


@pytest.fixture(scope="module")
def sides(home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Side]:
    return [side(home, name, tmp_path_factory.mktemp("parity") / name) for name in ("left", "right")]


@pytest.fixture(scope="module")
def equal(sides: list[Side], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The certificate of two equal sides, kept in both; the home that remembers it is the left one's."""
    for s in sides:
        with duckdb.connect(str(s.settings.duckdb_path)) as connection:
            connection.execute(ON_BOTH)
    return certify(sides[0].settings, sides)


@pytest.fixture(scope="module")
def different(equal: dict[str, Any], sides: list[Side]) -> dict[str, Any]:
    """The certificate after everything was injected into the right side, resting on the equal one before."""
    with duckdb.connect(str(sides[1].settings.duckdb_path)) as connection:
        for _, statement, _ in INJECTED.values():
            connection.execute(statement)
    return certify(sides[0].settings, sides, in_warehouses=False)


@pytest.fixture(scope="module")
def told(equal: dict[str, Any], sides: list[Side]) -> list[Fingerprints]:
    """Real fingerprints of the equal sides, as the certificate kept them."""
    folder = sides[0].settings.home / "parity" / "fingerprints"
    ledger = {"schema": "customer_360_landing", "batches": {"1": {"files": 2, "rows": 9, "digest": "a"}}}
    return [
        Fingerprints(s.name, ledger=ledger, marts=json.loads((folder / f"{s.name}.json").read_text()))
        for s in sides
    ]


def contracts(side: Side) -> dict[str, int]:
    """Columns of every model whose contract is enforced, which is what a mart is."""
    manifest = json.loads(
        (side.settings.target_path(side.target) / "manifest.json").read_text(encoding="utf-8")
    )
    models = [
        n for n in manifest["nodes"].values() if n["resource_type"] == "model" and n["contract"]["enforced"]
    ]
    return {model["name"]: len(model["columns"]) for model in models}


def test_equal_sides__are_equal_and_everything_was_compared(equal: dict[str, Any], sides: list[Side]) -> None:
    assert equal["verdict"] == "equal"
    assert {m["mart"]: len(m["columns"]) for m in equal["marts"]} == contracts(sides[0])
    assert sum(m["rows"]["left"] for m in equal["marts"]) > 100_000
    assert require_equal(equal) is equal
    assert equal["targets"]["left"]["manifest"] == equal["targets"]["right"]["manifest"] != ""


def test_certificate__is_a_table_in_each_warehouse(equal: dict[str, Any], sides: list[Side]) -> None:
    for s in sides:
        with duckdb.connect(str(s.settings.duckdb_path), read_only=True) as connection:
            found = connection.execute(
                "select certificate_id, verdict, count(*), count(distinct mart_name) from customer_360_parity.certificate group by all"
            ).fetchall()
        columns = contracts(s)
        assert found == [(equal["digest"], "equal", sum(columns.values()) + len(columns), len(columns))]


def test_certificate__tells_when_it_was_changed(
    equal: dict[str, Any], sides: list[Side], tmp_path: Path
) -> None:
    stamp = equal["certified_at"].replace(":", "").replace("+0000", "Z")
    kept = sides[0].settings.home / "parity" / "certificates" / f"{stamp}.json"
    assert read_certificate(kept) == equal
    forged = tmp_path / "certificate.json"
    forged.write_text(kept.read_text().replace('"left": 5844', '"left": 5845'))
    with pytest.raises(InputError, match="was changed after it was made"):
        read_certificate(forged)


@pytest.mark.fault(16)
@pytest.mark.parametrize("name", list(INJECTED))
def test_injected_difference__is_found_and_named(name: str, different: dict[str, Any]) -> None:
    mart, _, columns = INJECTED[name]
    entry = next(m for m in different["marts"] if m["mart"] == mart)
    assert entry["verdict"] == "different"
    assert different["verdict"] == "different"
    search = next(d for d in different["differences"] if d["mart"] == mart)
    assert search["rows"], "no row was named"
    assert {cell for row in search["rows"] for cell in row["cells"]} == columns
    if not columns:
        assert {row["kind"] for row in search["rows"]} == {"only on left"}
        assert {row["key"]["revenue_date"][:7] for row in search["rows"]} == {"2017-05"}
        assert "has not the same number of rows" in entry["sentence"]
    assert not search["more"] or not columns


def test_marts_without_difference__stay_equal(different: dict[str, Any]) -> None:
    touched = {mart for mart, _, _ in INJECTED.values()}
    # a view over two facts shows what was done to one of them
    touched.add("revenue_schedule")
    assert {m["mart"] for m in different["marts"] if m["verdict"] != "equal"} == touched


def test_difference__shows_both_values(different: dict[str, Any]) -> None:
    text = as_text(different)
    assert "≠ user_id" in text
    assert "left: NULL   right: ''" in text
    assert r"left: 'Zu\u0308rich'   right: 'Z\xfcrich'" in text


def test_partitions_untouched_since__are_not_read_again(
    equal: dict[str, Any], different: dict[str, Any]
) -> None:
    partitions = (
        equal["targets"]["left"]["reused_partitions"],
        different["targets"]["left"]["reused_partitions"],
    )
    assert partitions[0] == 0
    assert partitions[1] > 60
    assert partitions[1] - 12 <= different["targets"]["right"]["reused_partitions"] < partitions[1]


def test_not_equal__is_an_error_of_one_sentence(different: dict[str, Any]) -> None:
    with pytest.raises(NotEqual, match=r"^parity: the targets are not equal: customer_segments differs in segment\.") as raised:  # fmt: skip
        require_equal(different)
    assert raised.value.exit_code == 8


def _absent(told: Fingerprints) -> None:
    told.marts["fct_order"] = {"mart": "fct_order", "absent": True}


def _renamed(told: Fingerprints) -> None:
    told.marts["fct_order"] = {"mart": "fct_order", "absent": False, "missing": ["channel"], "unknown": ["kanal"]}  # fmt: skip


def _no_ledger(told: Fingerprints) -> None:
    told.ledger = {"schema": "customer_360_landing", "batches": None}


def _down(told: Fingerprints) -> None:
    told.fault = "target right could not be asked: connection refused"
    told.marts = {}
    told.ledger = {}


def _behind(told: Fingerprints) -> None:
    told.ledger = {"schema": "customer_360_landing", "batches": {}}


@pytest.mark.parametrize(
    ("wrong", "verdict", "says"),
    [
        (_absent, "incomplete", "target right has no fct_order, so it is half-built"),
        (_renamed, "incomplete", "lacks column channel and has column kanal that its contract does not know"),
        (_no_ledger, "incomplete", "holds no load ledger of this project, so it is somebody else's"),
        (_down, "incomplete", "target right could not be asked: connection refused"),
        (_behind, "different", "different positions (left at batch 1, right at batch 0)"),
    ],
    ids=["missing model", "renamed column", "schema of somebody else", "target down", "behind"],
)
def test_bad_input__is_one_sentence_and_never_equal(
    wrong: Callable[[Fingerprints], None],
    verdict: str,
    says: str,
    told: list[Fingerprints],
    sides: list[Side],
) -> None:
    left, right = copy.deepcopy(told)
    wrong(right)
    marts = compare_marts([left, right], sorted(left.marts))
    certificate = make_certificate(sides, [left, right], compare_ledgers([left, right]), marts, [])
    assert certificate["verdict"] == verdict
    assert says in certificate["sentence"]


def test_one_target__proves_nothing(told: list[Fingerprints], sides: list[Side]) -> None:
    marts = compare_marts(told[:1], sorted(told[0].marts))
    assert make_certificate(sides[:1], told[:1], compare_ledgers(told[:1]), marts, [])["verdict"] == "incomplete"  # fmt: skip


def test_half_built_target__is_not_asked(sides: list[Side], tmp_path: Path) -> None:
    halves = [replace(s, settings=replace(s.settings, home=tmp_path / s.name)) for s in sides]
    for half in halves:
        State(half.settings, False).begin("build-local")
    certificate = certify(replace(sides[0].settings, home=tmp_path), halves, in_warehouses=False)
    assert certificate["verdict"] == "incomplete"
    assert "target left is half-built, because its last build did not end well" in certificate["sentence"]
