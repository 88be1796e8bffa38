"""COPY and UNLOAD where s3:// is a server of S3's interface and not a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.clouds.services import service
from tests.sandbox.redshift.conftest import Client, Running

OUT = "s3://lake/out/"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """The address of an S3 with the bucket lake, and boto3's client of it."""
    with service("aws", tmp_path_factory.mktemp("aws"), "--bucket", "lake") as url:
        client = boto3.client(
            "s3", endpoint_url=url, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test"
        )  # fmt: skip
        yield url, client


@pytest.fixture(scope="module")
def warehouse(
    store: tuple[str, Any], start: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory
) -> Client:
    home: Path = tmp_path_factory.mktemp("redshift-s3")
    running = start(home, "--memory", "--s3-endpoint", store[0])
    client = Client(running.connect(), "public")
    client.ask("create table t (id int, name varchar(10), amount numeric(9,2), day date)")
    client.ask(
        "insert into t values (1, 'a,\"b\"', 1.50, '2024-01-02'), (2, null, null, null), (3, 'č', -2, '2024-02-29')"
    )
    client.ask("create table back (like t)")
    return client


def keys(store: tuple[str, Any], prefix: str) -> list[str]:
    listed = store[1].list_objects_v2(Bucket="lake", Prefix=prefix).get("Contents", [])
    return sorted(found["Key"].removeprefix(prefix) for found in listed)


@pytest.mark.parametrize(
    ("form", "loading"),
    [("parquet", "parquet"), ("csv gzip", "csv gzip emptyasnull"), ("json", "json 'auto'")],
)
def test_rows__go_there_and_come_back(
    warehouse: Client, store: tuple[str, Any], form: str, loading: str
) -> None:
    name = form.split()[0]
    warehouse.ask(f"unload ('select * from t') to '{OUT}{name}/' iam_role default format as {form} manifest")
    (data, manifest) = keys(store, f"out/{name}/")
    assert manifest == "manifest"
    told = json.loads(store[1].get_object(Bucket="lake", Key=f"out/{name}/manifest")["Body"].read())
    (entry,) = told["entries"]
    assert (entry["url"], entry["meta"]["record_count"]) == (f"{OUT}{name}/{data}", 3)
    warehouse.ask("truncate back")
    warehouse.ask(f"copy back from '{OUT}{name}/manifest' iam_role default format as {loading} manifest")
    assert warehouse.ask("select * from back order by id") == warehouse.ask("select * from t order by id")
    assert "is not empty" in warehouse.refused(f"unload ('select 1') to '{OUT}{name}/' iam_role default")["M"]


def test_partitions__are_prefixes(warehouse: Client, store: tuple[str, Any]) -> None:
    unload = f"unload ('select id, day from t') to '{OUT}days/' iam_role default csv partition by (day)"
    warehouse.ask(unload)
    assert keys(store, "out/days/") == [
        f"day={day}/0000_part_00" for day in ("2024-01-02", "2024-02-29", "__HIVE_DEFAULT_PARTITION__")
    ]
    warehouse.ask(f"{unload.replace('from t', 'from t where id = 1')} parallel off cleanpath")
    assert "day=2024-01-02/000" in keys(store, "out/days/")
    assert len(keys(store, "out/days/")) == 3


def test_what_is_not_there__loads_nothing(warehouse: Client, store: tuple[str, Any]) -> None:
    warehouse.ask("truncate back")
    assert "The specified S3 prefix 'nothing' does not exist" in warehouse.refused(
        "copy back from 's3://lake/nothing' iam_role default csv"
    )["M"]  # fmt: skip
    assert "NoSuchBucket" in warehouse.refused("copy back from 's3://nowhere/x' iam_role default csv")["M"]
    assert (
        "NoSuchBucket" in warehouse.refused("unload ('select 1') to 's3://nowhere/x' iam_role default")["M"]
    )
    for name, text in (("a", "1,x,1.00,2024-01-01\n"), ("b", "2,x,1.00,2024-13-01\n")):
        store[1].put_object(Bucket="lake", Key=f"bad/{name}", Body=text.encode())
    assert "stl_load_errors" in warehouse.refused("copy back from 's3://lake/bad/' iam_role default csv")["M"]
    assert warehouse.ask("select count(*) from back") == [[0]]
    assert [row[0].strip() for row in warehouse.ask("select filename from stl_load_errors")] == [
        "s3://lake/bad/b"
    ]
