"""Shared by the tests across clouds: one set of services per worker, and a fresh place in each store."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from flows.capture import capture
from flows.curate import curate
from flows.lake import Access, Lake, open_lake
from flows.settings import Settings
from sandbox.azure_storage.__main__ import KEY
from tests.clouds.days import settings_of
from tests.clouds.services import service
from tests.conftest import python

# the AWS libraries look for credentials in the environment, as on any machine of a user
os.environ.update(
    AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_REGION="eu-central-1", AWS_DEFAULT_REGION="eu-central-1",
    AWS_EC2_METADATA_DISABLED="true",
)  # fmt: skip
KMS_KEY = "arn:aws:kms:eu-central-1:000000000000:key/11111111-2222-3333-4444-555555555555"
GCS_KMS_KEY = "projects/p/locations/eu/keyRings/r/cryptoKeys/k"
BRANDS = ("folder", "s3", "azure", "gcs")
_numbers = itertools.count()


@dataclass(frozen=True)
class Clouds:
    """Addresses of the running services, the access settings that reach them, and a lake of each brand."""

    aws: str
    azure: str
    gcs: str
    access: Access

    def root(self, brand: str, folder: Path) -> str:
        """A place of its own in a store, empty."""
        number = f"lake-{os.getpid()}-{next(_numbers)}"
        return {
            "folder": str(folder / number),
            "s3": f"s3://lake/{number}",
            "azure": f"{self.azure}/lake/{number}",
            "gcs": f"gs://lake/{number}",
        }[brand]

    def lake(self, brand: str, folder: Path) -> Lake:
        return open_lake(self.root(brand, folder), self.access)


@pytest.fixture(scope="session")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    home = tmp_path_factory.mktemp("clouds")
    with ExitStack() as stack:
        aws = stack.enter_context(service("aws", home, "--bucket", "lake", "--stream", "events:2"))
        azure = stack.enter_context(service("azure_storage", home, "--container", "lake"))
        gcs = stack.enter_context(service("gcs", home, "--bucket", "lake"))
        access = Access(
            s3_endpoint=aws, s3_region="eu-central-1", s3_kms_key=KMS_KEY, azure_endpoint=azure, azure_key=KEY,
            gcs_endpoint=gcs, gcs_project="customer-360", gcs_kms_key=GCS_KMS_KEY, block_bytes=5 << 20,
        )  # fmt: skip
        yield Clouds(aws, azure, gcs, access)


@pytest.fixture(scope="session")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outboxes of a company of 12 households; copy before changing."""
    out = tmp_path_factory.mktemp("deliveries") / "company"
    done = python("-m", "sandbox.company", "--out", str(out), "--households", "12", "--quiet")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def by_files(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose lake is a folder, captured and curated from files: what every other way must equal."""
    home = tmp_path_factory.mktemp("by_files")
    settings = replace(settings_of(home, Access()), outboxes={"": str(deliveries)})
    capture(settings)
    curate(settings)
    return settings
