"""The Glue catalog says what the lake holds, is asked no more than needed, and comes back after any loss."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows import glue_catalog
from flows.contracts import read_contracts
from flows.curate import curate, manifests
from flows.errors import SettingsError
from flows.glue_catalog import Registered, register
from flows.lake import Access, open_lake
from flows.settings import PROJECT, Settings
from tests.clouds.conftest import Clouds
from tests.clouds.days import settings_of

_numbers = itertools.count()


@pytest.fixture
def settings(clouds: Clouds, tmp_path: Path, by_files: Settings) -> Settings:
    """A lake in S3 that a company of 12 households was curated in, and a database that is not there yet."""
    root = clouds.root("s3", tmp_path)
    place = settings_of(tmp_path / "home", clouds.access, lake=root)
    ours, theirs = (open_lake(s.curated, s.access) for s in (by_files, place))
    for stored in ours.list():
        theirs.write_new(stored.name, ours.read(stored.name))
    return replace(place, glue_database=f"curated_{next(_numbers)}", glue_endpoint=clouds.aws)


@pytest.fixture
def glue(clouds: Clouds) -> Any:
    return boto3.client("glue", endpoint_url=clouds.aws, region_name="eu-central-1")


def hive(kind: pa.DataType) -> str:
    """Type of a Parquet column as Hive reads it."""
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    return {pa.string(): "string", pa.int64(): "bigint", pa.int32(): "int", pa.date32(): "date"}[kind]


def test_catalog__has_the_schema_that_parquet_has(settings: Settings, glue: Any) -> None:
    batches = manifests(settings)
    told = register(settings, batches)
    assert (told.tables, told.partitions) == (len(batches[0]["tables"]),) * 2
    lake = open_lake(settings.curated, settings.access)
    tables = {t["Name"]: t for t in glue.get_tables(DatabaseName=settings.glue_database)["TableList"]}
    assert set(tables) == {f"{t['source']}__{t['table']}" for t in batches[0]["tables"]}
    for entry in batches[0]["tables"]:
        table = tables[f"{entry['source']}__{entry['table']}"]
        with lake.open(entry["file"]) as content:
            schema = pq.read_schema(content)
        columns = table["StorageDescriptor"]["Columns"]
        assert [(c["Name"], c["Type"]) for c in columns] == [(f.name, hive(f.type)) for f in schema]
        assert [k["Name"] for k in table["PartitionKeys"]] == ["batch"]
        found = glue.get_partitions(DatabaseName=settings.glue_database, TableName=table["Name"])[
            "Partitions"
        ]
        assert [(p["Values"], p["StorageDescriptor"]["Location"] + "/part-0.parquet") for p in found] == [
            (["000001"], lake.uri(entry["file"]))
        ]


def test_again__asks_one_question_and_changes_nothing(settings: Settings) -> None:
    register(settings, manifests(settings))
    assert register(settings, manifests(settings)) == Registered(tables=0, partitions=0, requests=1)


def test_new_batch__costs_two_requests_per_table(settings: Settings, glue: Any) -> None:
    first = manifests(settings)
    register(settings, first)
    entry = next(t for t in first[0]["tables"] if t["table"] == "orders")
    more = {"batch_number": 2, "tables": [{**entry, "file": entry["file"].replace("000001", "000002")}]}
    assert register(settings, [*first, more]) == Registered(tables=1, partitions=1, requests=3)
    found = glue.get_partitions(DatabaseName=settings.glue_database, TableName="shop__orders")["Partitions"]
    assert sorted(p["Values"] for p in found) == [["000001"], ["000002"]]


def test_many_batches__go_by_the_hundred(settings: Settings, glue: Any) -> None:
    (first,) = manifests(settings)
    entry = next(t for t in first["tables"] if t["table"] == "orders")
    many = [
        {"batch_number": n, "tables": [{**entry, "file": f"shop/orders/batch={n:06d}/part-0.parquet"}]}
        for n in range(1, 251)
    ]
    told = register(settings, many)
    assert (told.partitions, told.requests) == (250, 2 + 1 + 3 + 1)


@pytest.mark.parametrize("moment", ["create_table", "batch_create_partition", "update_table"])
def test_killed_on_the_way__the_next_run_completes_it(
    settings: Settings, glue: Any, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    ask = glue_catalog._Catalog.ask

    def dying(catalog: Any, operation: str, *positional: Any, **named: Any) -> Any:
        if operation == moment:
            raise KeyboardInterrupt
        return ask(catalog, operation, *positional, **named)

    monkeypatch.setattr(glue_catalog._Catalog, "ask", dying)
    with pytest.raises(KeyboardInterrupt):
        register(settings, manifests(settings))
    monkeypatch.undo()
    register(settings, manifests(settings))
    assert register(settings, manifests(settings)).requests == 1
    for entry in manifests(settings)[0]["tables"]:
        name = f"{entry['source']}__{entry['table']}"
        assert (
            len(glue.get_partitions(DatabaseName=settings.glue_database, TableName=name)["Partitions"]) == 1
        )


def test_contract_widened__the_table_follows(
    settings: Settings, glue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(settings, manifests(settings))
    wider = tuple(
        replace(t, columns=tuple(replace(c, size=(20, 4)) if c.kind == "decimal" else c for c in t.columns))
        if t.name == "payments"
        else t
        for t in read_contracts(PROJECT)
    )
    monkeypatch.setattr(glue_catalog, "read_contracts", lambda _: wider)
    assert register(settings, manifests(settings)) == Registered(tables=1, partitions=0, requests=2)
    table = glue.get_table(DatabaseName=settings.glue_database, Name="shop__payments")["Table"]
    types = {c["Name"]: c["Type"] for c in table["StorageDescriptor"]["Columns"]}
    assert types["amount"] == "decimal(20,4)"


def test_curation__registers_even_what_an_earlier_run_left_out(settings: Settings, glue: Any) -> None:
    """Nothing new is in the raw zone: the batch was committed by a run that died."""
    assert curate(settings).number == 0
    assert glue.get_tables(DatabaseName=settings.glue_database)["TableList"]


def test_lake_outside_of_s3__is_refused(tmp_path: Path) -> None:
    place = replace(settings_of(tmp_path, Access()), glue_database="curated")
    with pytest.raises(SettingsError, match=re.escape(f"{place.curated} is not in Amazon S3")):
        register(place, [])
