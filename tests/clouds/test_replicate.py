"""Copies of the curated zone in other clouds: the same bytes, proven, once, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from flows.errors import InputError
from flows.lake import open_lake
from flows.replicate import Replicated, manifest_of, replicate
from flows.settings import Settings
from tests.clouds import kill
from tests.clouds.conftest import Clouds
from tests.clouds.days import curated_batch, settings_of
from tests.conftest import ROOT

FILES = {"shop/orders": 2000, "shop/order_lines": 70_000, "web/events": 10, "shop/stores": 0}
LARGEST = "shop/order_lines/batch=000001/part-0.parquet"


@pytest.fixture
def settings(clouds: Clouds, tmp_path: Path) -> Settings:
    """The main lake in S3 with one batch, copies in Azure and Google."""
    found = settings_of(
        tmp_path / "home", replace(clouds.access, block_bytes=1 << 20), lake=clouds.root("s3", tmp_path),
        synapse=clouds.root("azure", tmp_path), bigquery=clouds.root("gcs", tmp_path),
    )  # fmt: skip
    # the parts of S3 are of five MB at least, so its files are larger than a block of the others
    curated_batch(found, 1, FILES)
    return found


def names(settings: Settings, target: str) -> list[str]:
    return [s.name for s in open_lake(settings.zone("curated", target), settings.access).list()]


@pytest.mark.parametrize("target", ["synapse", "bigquery"])
def test_replicate__brings_what_is_new_once(settings: Settings, target: str) -> None:
    first = replicate(settings, target)
    assert (first.files, first.there, first.batches_before) == (4, 0, 0)
    assert names(settings, target) == names(settings, "")
    assert replicate(settings, target) == Replicated(0, 0, 0, 1)
    curated_batch(settings, 2, {"shop/orders": 5})
    assert replicate(settings, target) == Replicated(1, replicate_bytes(settings, 2), 0, 1)
    source, copy = (open_lake(settings.zone("curated", t), settings.access) for t in ("", target))
    assert manifest_of(copy, "shop") == manifest_of(source, "shop")
    assert replicate(settings, "local") == Replicated(0, 0, 0, 0), "shares the main lake"


def replicate_bytes(settings: Settings, batch: int) -> int:
    lake = open_lake(settings.curated, settings.access)
    return sum(s.size for s in lake.list() if f"batch={batch:06d}" in s.name)


@pytest.mark.fault(15)
@pytest.mark.fault(16)
@pytest.mark.parametrize("wrong", ["content", "size", "rows"])
def test_difference__blocks_publication(settings: Settings, wrong: str) -> None:
    """A file of the copy that is not what the manifest says, of the same size or not; or a manifest that is wrong itself."""
    source, copy = (open_lake(settings.zone("curated", t), settings.access) for t in ("", "synapse"))
    name = "web/events/batch=000001/part-0.parquet"
    content = source.read(name)
    if wrong == "rows":
        manifest = source.read("_batches/000001.json").replace(b'"rows": 10,', b'"rows": 11,')
        source.put("_batches/000001.json", manifest, "", create_only=False)
    else:
        copy.write_new(name, content[:-1] + (b"!" if wrong == "content" else b""))
    with pytest.raises(
        InputError, match=r"its manifest says .*; nothing of its batch is published"
    ) as raised:
        replicate(settings, "synapse")
    assert {"content": "SHA-256", "size": "size in bytes", "rows": "number of rows of 10"}[wrong] in str(
        raised.value
    )
    assert "_batches/000001.json" not in names(settings, "synapse")


@pytest.mark.fault(7)
def test_source_that_is_damaged__is_not_carried(settings: Settings) -> None:
    source = open_lake(settings.curated, settings.access)
    name = "shop/orders/batch=000001/part-0.parquet"
    content = source.read(name)
    source.put(name, content[:-1] + b"!", "", create_only=False)
    with pytest.raises(InputError, match="is damaged: its SHA-256"):
        replicate(settings, "bigquery")
    assert name not in names(settings, "bigquery")


def test_changed_manifest__is_noticed(settings: Settings) -> None:
    replicate(settings, "synapse")
    copy = open_lake(settings.zone("curated", "synapse"), settings.access)
    copy.put("_batches/000001.json", b"{}", "", create_only=False)
    with pytest.raises(InputError, match="changed by hand"):
        replicate(settings, "synapse")


PROGRAM = """
from dataclasses import replace
from flows.replicate import replicate
from flows.settings import Settings
replicate(Settings.from_environment(), "synapse")
"""


@pytest.mark.fault(1)
def test_killed_at_any_moment__the_next_run_completes_it(
    clouds: Clouds, settings: Settings, tmp_path: Path
) -> None:
    """kill -9 among the small files, then in the middle of the large one; run by settings alone, as a user would."""
    environment = {
        **os.environ,
        "CUSTOMER_360_HOME": str(settings.home),
        "CUSTOMER_360_LAKE": settings.lake,
        "CUSTOMER_360_LAKE_SYNAPSE": settings.replicas["synapse"],
        "CUSTOMER_360_S3_ENDPOINT": clouds.aws,
        "CUSTOMER_360_AZURE_STORAGE_ENDPOINT": clouds.azure,
        "CUSTOMER_360_AZURE_STORAGE_KEY": clouds.access.azure_key,
        "CUSTOMER_360_COPY_BLOCK_MB": "1",
        "CUSTOMER_360_COPY_WORKERS": "1",
        "CUSTOMER_360_COPY_MB_PER_SECOND": "2",
    }
    copy = open_lake(settings.zone("curated", "synapse"), settings.access)
    moments = (lambda: len(list(copy.list())) >= 1, lambda: kill.parts_there(copy, LARGEST))
    for reached in moments:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment)
        while process.poll() is None and not reached():
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "the run ended before it was killed"
    assert "_batches/000001.json" not in names(settings, "synapse")
    done = replicate(settings, "synapse")
    assert done.there >= 1, "what was whole is not sent again"
    assert names(settings, "synapse") == names(settings, "")
