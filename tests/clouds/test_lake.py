"""One interface, the same answers: a lake in a folder, in S3, in Azure and in Google Cloud Storage."""

from __future__ import annotations

import hashlib
import random
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.errors import InputError, SettingsError
from flows.lake import Access, Lake, copy_object, open_lake
from flows.lake.access import parse
from tests.clouds.conftest import BRANDS, Clouds

MB = 1 << 20
LARGE = random.Random(1).randbytes(10 * MB + 345)  # three parts of five MB, the last one short


@pytest.fixture(params=BRANDS)
def lake(request: pytest.FixtureRequest, clouds: Clouds, tmp_path: Path) -> Lake:
    return clouds.lake(request.param, tmp_path)


def test_write_new__creates_once_and_refuses_other_content(lake: Lake) -> None:
    stored = lake.write_new("a/b=1/x.txt", b"one")
    assert (stored.size, stored.sha256) == (3, hashlib.sha256(b"one").hexdigest())
    assert lake.write_new("a/b=1/x.txt", b"one") == stored, "the same again is no fault"
    with pytest.raises(InputError, match=r"x\.txt exists with other content"):
        lake.write_new("a/b=1/x.txt", b"two")
    assert lake.read("a/b=1/x.txt") == b"one"


def test_write_new__one_of_many_wins(lake: Lake) -> None:
    outcomes: list[str] = []

    def write(content: bytes) -> None:
        try:
            lake.write_new("race", content)
            outcomes.append("won")
        except InputError:
            outcomes.append("lost")

    threads = [threading.Thread(target=write, args=(str(n).encode(),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost"] * 5 + ["won"]


def test_list__is_by_name_below_a_folder_and_hides_what_is_being_written(lake: Lake) -> None:
    for name in ("a/2", "a/1", "ab/1", "a/.hidden/3", "b", "a/é ü+&#=%2F"):
        lake.write_new(name, name.encode())
    assert [s.name for s in lake.list("a")] == ["a/1", "a/2", "a/é ü+&#=%2F"]
    assert [(s.name, s.size) for s in lake.list()][-2:] == [("ab/1", 4), ("b", 1)]
    assert list(lake.list("nothing")) == []
    assert lake.read("a/é ü+&#=%2F") == "a/é ü+&#=%2F".encode()


def test_missing_object__is_told(lake: Lake) -> None:
    assert lake.stat("no/such") is None
    assert not lake.exists("no/such")
    for read in (lake.open, lambda name: list(lake.stream(name)), lake.sha256):
        with pytest.raises(InputError, match="no/such is missing"):
            read("no/such")


def test_empty_object__is_an_object(lake: Lake) -> None:
    lake.write_new("empty", b"")
    assert lake.read("empty") == b""
    assert [(s.name, s.size) for s in lake.list()] == [("empty", 0)]


def test_large_object__goes_in_parts_and_comes_back(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(LARGE)
    stored = lake.copy_in(tmp_path / "large", "large")
    assert stored.sha256 == hashlib.sha256(LARGE).hexdigest() == lake.sha256("large")
    assert [(s.name, s.size) for s in lake.list()] == [("large", len(LARGE))], "parts are gone"
    with lake.open("large") as content:
        content.seek(-10, 2)
        assert content.read() == LARGE[-10:]
        content.seek(6 * MB)
        assert content.read(100) == LARGE[6 * MB : 6 * MB + 100]
    assert lake.copy_in(tmp_path / "large", "large") == stored, "the same again is no fault"
    (tmp_path / "large").write_bytes(LARGE[:-1] + b"!")
    with pytest.raises(InputError, match="exists with other content"):
        lake.copy_in(tmp_path / "large", "large")
    assert lake.sha256("large") == stored.sha256


def test_adopt__replaces_what_a_dead_run_left(lake: Lake, tmp_path: Path) -> None:
    for content in (b"left over", LARGE, LARGE[::-1]):
        (tmp_path / "file").write_bytes(content)
        stored = lake.adopt(tmp_path / "file", "adopted")
        assert not (tmp_path / "file").exists()
        assert stored.sha256 == hashlib.sha256(content).hexdigest() == lake.sha256("adopted")


def test_open__reads_a_parquet_footer(lake: Lake, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": range(1000)}), tmp_path / "t.parquet")
    lake.copy_in(tmp_path / "t.parquet", "t.parquet")
    with lake.open("t.parquet") as content:
        assert pq.ParquetFile(content).metadata.num_rows == 1000


def test_at_hand__gives_files_to_engines(lake: Lake, tmp_path: Path) -> None:
    lake.write_new("x/1", b"one")
    near = lake.at_hand(["x/1"], tmp_path / "near")
    assert Path(near.uri("x/1")).read_bytes() == b"one"
    with pytest.raises(InputError, match="x/2 is missing"):
        Path(lake.at_hand(["x/2"], tmp_path / "near").open("x/2").name)


@pytest.mark.parametrize(
    ("source", "target"),
    [("s3", "azure"), ("s3", "gcs"), ("azure", "s3"), ("gcs", "azure"), ("gcs", "folder")],
)
def test_copy__between_brands(clouds: Clouds, tmp_path: Path, source: str, target: str) -> None:
    from_lake, to_lake = clouds.lake(source, tmp_path), clouds.lake(target, tmp_path)
    (tmp_path / "large").write_bytes(LARGE)
    from_lake.copy_in(tmp_path / "large", "large")
    from_lake.write_new("small", b"small")
    for name, content in (("large", LARGE), ("small", b"small")):
        stored = copy_object(
            from_lake, name, to_lake, f"copied/{name}", sha256=hashlib.sha256(content).hexdigest()
        )
        assert to_lake.sha256(f"copied/{name}") == stored.sha256 == hashlib.sha256(content).hexdigest()


def test_copy__of_damaged_source_is_refused_and_leaves_nothing(lake: Lake, tmp_path: Path) -> None:
    source = open_lake(str(tmp_path / "source"))
    for name, content in (("small", b"small"), ("large", LARGE)):
        source.write_new(name, content)
        with pytest.raises(InputError, match=f"{name} is damaged: its SHA-256 is"):
            copy_object(source, name, lake, name, sha256="0" * 64)
    assert list(lake.list()) == []


@pytest.mark.parametrize(
    ("root", "uri"),
    [
        ("abfss://lake@account.dfs.core.windows.net/a/b", "https://account.blob.core.windows.net"),
        ("https://account.blob.core.windows.net/lake/a/b", "https://account.blob.core.windows.net"),
        ("http://127.0.0.1:10000/account/lake/a/b", "http://127.0.0.1:10000/account"),
    ],
)
def test_azure_location__has_several_spellings(root: str, uri: str) -> None:
    place = parse(root, Access())
    assert place is not None
    assert (place.service, place.host, place.bucket, place.prefix) == ("Azure", uri, "lake", "a/b")


@pytest.mark.parametrize(
    "root",
    ["s3://", "ftp://host/x", "gs://", "abfss://account.dfs.core.windows.net/x", "https://host.example/lake"],
)
def test_unknown_location__is_refused_with_the_known_forms(root: str) -> None:
    with pytest.raises(SettingsError, match="write s3://bucket/prefix"):
        open_lake(root)


@pytest.mark.parametrize("endpoint", ["http://stores.example:9000", "stores.example"])
def test_endpoint_in_clear_text__is_refused_beyond_this_machine(endpoint: str) -> None:
    with pytest.raises(SettingsError, match="https"):
        Access(s3_endpoint=endpoint)
    with pytest.raises(SettingsError, match="https"):
        open_lake("http://account.blob.stores.example/lake/x")
    Access(
        s3_endpoint="http://localhost:1",
        gcs_endpoint="http://[::1]:1",
        azure_endpoint="https://stores.example",
    )
