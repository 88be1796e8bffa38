"""What the stand-ins of the warehouses see of the stand-ins of the stores, and the reverse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from flows.errors import InputError
from flows.lake import Access, open_lake
from flows.unload import Unloaded, unload
from sandbox.services import ACCOUNT
from sandbox.synapse.errors import SqlError
from sandbox.synapse.files.azure_lake import AzureLake
from sandbox.synapse.files.lake import read_address
from tests.clouds.conftest import Clouds
from tests.clouds.days import curated_batch, settings_of
from tests.clouds.services import service


@pytest.fixture
def blobs(clouds: Clouds) -> Iterator[AzureLake]:
    with closing(AzureLake(clouds.azure)) as lake:
        yield lake


def test_synapse__reads_what_the_flows_wrote_by_the_address_that_they_tell_it(
    clouds: Clouds, blobs: AzureLake, tmp_path: Path
) -> None:
    place = clouds.root("azure", tmp_path).rsplit("/", 1)[-1]
    lake = open_lake(f"abfss://lake@{ACCOUNT}.dfs.core.windows.net/{place}", clouds.access)
    for name in ("t/a.parquet", "t/deep/b.parquet", "t/_hidden.parquet", "tt/c.parquet"):
        lake.write_new(name, name.encode())
    assert lake.uri("t/a.parquet") == f"https://{ACCOUNT}.blob.core.windows.net/lake/{place}/t/a.parquet"

    def read(uri: str) -> list[str]:
        return [path.read_text() for _, path in blobs.find(read_address(uri))]

    assert read(lake.uri("t/a.parquet")) == ["t/a.parquet"]
    assert read(lake.uri("t/")) == ["t/a.parquet", "t/deep/b.parquet"]
    assert read(lake.uri("t/*.parquet")) == ["t/a.parquet", "t/deep/b.parquet"]
    assert read(lake.uri("nothing")) == []


def test_synapse__writes_what_the_flows_read_and_sees_a_new_version(
    clouds: Clouds, blobs: AzureLake, tmp_path: Path
) -> None:
    place = clouds.root("azure", tmp_path).rsplit("/", 1)[-1]
    lake = open_lake(f"abfss://lake@{ACCOUNT}.dfs.core.windows.net/{place}", clouds.access)
    for content in ("one", "two"):
        (tmp_path / "file").write_text(content)
        blobs.write(read_address(lake.uri("out/file.parq")), tmp_path / "file")
        assert lake.read("out/file.parq") == content.encode()
        assert [p.read_text() for _, p in blobs.find(read_address(lake.uri("out/")))] == [content]


def test_synapse__cannot_list_a_container_that_is_not_there(blobs: AzureLake) -> None:
    with pytest.raises(SqlError, match="cannot be listed"):
        blobs.find(read_address(f"https://{ACCOUNT}.blob.core.windows.net/none/x/"))


def test_google__shows_what_bigquery_exported_into_the_shared_folder(clouds: Clouds, tmp_path: Path) -> None:
    with service("gcs", tmp_path, "--bucket", "shared", keep=True) as url:
        folder = tmp_path / "sandbox" / "gcs" / "shared" / "out"
        folder.mkdir()
        (folder / "000000000000.parquet").write_bytes(b"rows")
        (folder / ".000000000001.parquet.7.part").write_bytes(b"half")
        lake = open_lake("gs://shared", replace(clouds.access, gcs_endpoint=url))
        assert [(s.name, s.size) for s in lake.list("out")] == [("out/000000000000.parquet", 4)]
        assert lake.read("out/000000000000.parquet") == b"rows"


@pytest.mark.fault(15)
def test_unload__has_its_manifest_last_and_only_when_the_rows_are_all_there(
    tmp_path: Path,
) -> None:
    """On DuckDB, from a table of three rows in the place of a model; what a dead run left stays and does not count."""
    settings = settings_of(tmp_path / "home", Access(), lake=str(tmp_path / "lake"))
    curated_batch(settings, 1, {"shop/orders": 3})
    settings.duckdb_path.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.duckdb_path)) as connection:
        connection.execute("create schema customer_360_core")
        connection.execute("create table customer_360_core.dim_store as select 1 as store_key from range(3)")
    lake = open_lake(settings.zone("analytics", "local"), settings.access)
    with pytest.raises(InputError, match=r"has 4 rows, but what was unloaded to .* has 3"):
        unload(settings, "local", {"dim_store": 4})
    assert [s.name.rsplit("/", 2)[1] for s in lake.list()] == ["try=1"]
    found = unload(settings, "local", {"dim_store": 3})
    assert (found.files, found.rows, found.models_before) == (1, 3, 0)
    assert unload(settings, "local", {"dim_store": 3}) == Unloaded(0, 0, 0, 1)
    (manifest,) = [s.name for s in lake.list("local/dim_store/_manifests")]
    told = json.loads(lake.read(manifest))
    assert (told["rows"], told["batch_number"]) == (3, 1)
    assert [f["name"].rsplit("/", 2)[1] for f in told["files"]] == ["try=2"]
    assert [f["sha256"] for f in told["files"]] == [lake.sha256(f["name"]) for f in told["files"]]
