"""What networks, stores and operators do to a lake: throttling, lost answers, cut bodies, damage, kill -9 in mid-copy.

The service is the real stand-in; a proxy before it injects the fault.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from flows.errors import InputError, SettingsError, Unreachable
from flows.lake import Access, Lake, Throttle, copy_object, open_lake
from flows.task import may_pass
from tests.clouds.conftest import GCS_KMS_KEY, KMS_KEY, Clouds
from tests.clouds.proxy import Proxy, Seen, proxy
from tests.conftest import ROOT

MB = 1 << 20
LARGE = random.Random(2).randbytes(17 * MB)
SHA256 = hashlib.sha256(LARGE).hexdigest()
STORES = ("s3", "azure", "gcs")


@pytest.fixture(params=STORES)
def brand(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def between(brand: str, clouds: Clouds) -> Iterator[Proxy]:
    with proxy({"s3": clouds.aws, "azure": clouds.azure, "gcs": clouds.gcs}[brand]) as found:
        yield found


def access_through(clouds: Clouds, brand: str, between: Proxy) -> Access:
    return replace(clouds.access, **{f"{brand}_endpoint": between.url})


@pytest.fixture
def lake(clouds: Clouds, brand: str, between: Proxy, tmp_path: Path) -> Lake:
    root = clouds.root(brand, tmp_path).replace(clouds.azure, between.url)
    return open_lake(root, access_through(clouds, brand, between))


def writes(request: Seen) -> bool:
    """True for a request that stores bytes or lets an object appear."""
    return (
        request.method in ("PUT", "POST")
        and "uploads/" not in request.path.split("?")[0].rsplit("lake-", 1)[-1]
    )


def test_every_write__asks_for_encryption_with_the_customers_key(
    clouds: Clouds, brand: str, between: Proxy, tmp_path: Path
) -> None:
    """Small objects, parts, their marks and the commit: none goes without, except the requests that may not carry it."""
    access = replace(access_through(clouds, brand, between), azure_encryption_scope="customer-key")
    lake = open_lake(clouds.root(brand, tmp_path).replace(clouds.azure, between.url), access)
    (tmp_path / "large").write_bytes(LARGE)
    lake.write_new("small", b"small")
    lake.copy_in(tmp_path / "large", "large")
    storing = [r for r in between.seen if r.method in ("PUT", "POST")]
    assert len(storing) >= 5
    for request in storing:
        if brand == "s3" and (
            "partNumber=" in request.path or (request.method == "POST" and "uploadId=" in request.path)
        ):
            continue  # S3 takes the key from the upload's beginning, and refuses it on its parts
        if brand == "s3":
            assert request.headers["x-amz-server-side-encryption"] == "aws:kms", request
            assert request.headers["x-amz-server-side-encryption-aws-kms-key-id"] == KMS_KEY
        elif brand == "azure":
            assert request.headers["x-ms-encryption-scope"] == "customer-key", request
        else:
            assert f"kmsKeyName={GCS_KMS_KEY}" in unquote(request.path), request


def test_s3_object__is_encrypted_with_the_key(clouds: Clouds, tmp_path: Path) -> None:
    lake = clouds.lake("s3", tmp_path)
    lake.write_new("small", b"small")
    (tmp_path / "large").write_bytes(LARGE)
    lake.copy_in(tmp_path / "large", "large")
    for name in ("small", "large"):
        head = lake.client.head_object(Bucket="lake", Key=lake.key(name))  # type: ignore[attr-defined]
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", KMS_KEY)


@pytest.mark.fault(9)
@pytest.mark.parametrize("fault", ["503", "lost"])
def test_fault_while_listing__leaves_nothing_out(lake: Lake, between: Proxy, fault: str) -> None:
    """A page that fails is asked for again; the libraries' own iterators would end there, as if they had told all."""
    names = [f"t/{n}" for n in range(3)]
    for name in names:
        lake.write_new(name, b"x")
    failed: list[Seen] = []

    def first(request: Seen, _: int) -> str | None:
        if failed:
            return None
        failed.append(request)
        return fault

    between.fault = first
    assert [found.name for found in lake.list("t")] == names
    assert len(failed) == 1


@pytest.mark.fault(9)
@pytest.mark.fault(10)
@pytest.mark.parametrize("fault", ["503", "429", "lost", "cut"])
def test_passing_fault__is_survived_without_a_trace(
    lake: Lake, between: Proxy, fault: str, tmp_path: Path
) -> None:
    """The first answer to every kind of request fails; a lost answer to a conditional write is the ambiguous commit."""
    met: set[str] = set()

    def first_of_each(request: Seen, _: int) -> str | None:
        kind = f"{request.method} {request.path.split('?')[1:]}" if "?" in request.path else request.method
        if kind in met or len(met) >= 4 or (fault == "cut" and request.method != "GET"):
            return None
        met.add(kind)
        return fault

    between.fault = first_of_each
    (tmp_path / "large").write_bytes(LARGE)
    lake.write_new("small", b"small")
    lake.copy_in(tmp_path / "large", "large")
    assert between.faults >= 1
    between.fault = lambda request, number: None
    assert lake.read("small") == b"small"
    assert lake.sha256("large") == SHA256
    assert [s.name for s in lake.list()] == ["large", "small"]


@pytest.mark.fault(9)
def test_token_that_expires_in_mid_copy__is_told_and_the_next_try_goes_on(
    lake: Lake, between: Proxy, clouds: Clouds, tmp_path: Path
) -> None:
    source = clouds.lake("folder", tmp_path)
    source.write_new("large", LARGE)
    parts = [0]

    def expired(request: Seen, _: int) -> str | None:
        parts[0] += request.size >= MB
        return "403" if parts[0] > 2 else None

    between.fault = expired
    with pytest.raises(SettingsError, match="refused"):
        copy_object(source, "large", lake, "large")
    between.fault = lambda request, number: None
    assert list(lake.list()) == []
    before = len(between.seen)
    copy_object(source, "large", lake, "large")
    assert lake.sha256("large") == SHA256
    assert sum(r.size for r in between.seen[before:]) < len(LARGE), "what had arrived is not sent again"


@pytest.mark.fault(9)
def test_damage_on_the_way__is_noticed_by_the_server(lake: Lake, between: Proxy, brand: str) -> None:
    """Checksums go with each write, so what arrives otherwise is refused and nothing appears."""
    lake.patience_seconds = 0.5
    between.fault = lambda request, number: "damage" if writes(request) and request.size > 1000 else None
    with pytest.raises((Unreachable, InputError)):
        lake.write_new("small", b"x" * 2000)
    between.fault = lambda request, number: None
    assert list(lake.list()) == []


def test_store_that_stays_away__is_worth_another_try(clouds: Clouds, brand: str, tmp_path: Path) -> None:
    root = clouds.root(brand, tmp_path).replace(clouds.azure, "http://127.0.0.1:9/devstoreaccount1")
    access = replace(clouds.access, patience_seconds=0.5, **{f"{brand}_endpoint": "http://127.0.0.1:9"})
    lake = open_lake(root, access)
    with pytest.raises(Unreachable, match="run again") as raised:
        lake.write_new("x", b"x")
    assert may_pass(raised.value)


@pytest.mark.parametrize("missing", ["bucket", "rights"])
def test_wrong_settings__are_told_as_such(
    clouds: Clouds, brand: str, between: Proxy, missing: str, tmp_path: Path
) -> None:
    root = clouds.root(brand, tmp_path).replace(clouds.azure, between.url)
    if missing == "bucket":
        root = root.replace("/lake/", "/no-such/").replace("://lake/", "://no-such/")
    else:
        between.fault = lambda request, number: "403"
    with pytest.raises(SettingsError, match=r"check|does not exist"):
        open_lake(root, access_through(clouds, brand, between)).write_new("x", b"x")


def test_source_changed_in_mid_copy__is_noticed(
    clouds: Clouds, brand: str, between: Proxy, lake: Lake, tmp_path: Path
) -> None:
    (tmp_path / "first").write_bytes(LARGE)
    lake.copy_in(tmp_path / "first", "large")
    other = open_lake(str(tmp_path / "other"), clouds.access)
    (tmp_path / "second").write_bytes(LARGE[::-1])
    reads = 0

    def change(request: Seen, _: int) -> str | None:
        nonlocal reads
        if request.method == "GET" and (request.headers.get("range") or request.headers.get("x-ms-range")):
            reads += 1
            if reads == 2:
                between.fault = lambda request, number: None
                lake.adopt(tmp_path / "second", "large")
        return None

    between.fault = change
    with pytest.raises(InputError, match="was changed while it was read"):
        copy_object(lake, "large", other, "large")
    assert list(other.list()) == []


@pytest.mark.fault(9)
@pytest.mark.fault(22)
@pytest.mark.parametrize("target", ["folder", *STORES])
def test_killed_in_mid_copy__goes_on_where_it_was(clouds: Clouds, target: str, tmp_path: Path) -> None:
    """kill -9 after at least two parts have arrived; the next try sends only what is missing, and the object is whole."""
    from tests.clouds import kill

    source = clouds.lake("folder", tmp_path)
    source.write_new("large", LARGE)
    lake = clouds.lake(target, tmp_path)
    settings = kill.write(clouds.access, tmp_path / "access.json", bytes_per_second=8 * MB)
    process = subprocess.Popen(
        [sys.executable, "-c", kill.PROGRAM, str(settings), source.root, lake.root],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        upload_of = lambda: lake.start_upload("large", len(LARGE), kill.fingerprint(source))  # noqa: E731
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None and not kill.parts_there(lake):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == -signal.SIGKILL, "the copy ended before it was killed"
    assert lake.stat("large") is None, "nothing appears before it is whole"
    assert list(lake.list()) == []
    begun = upload_of()
    assert 1 <= len(begun.done) < 4
    sent: list[int] = []
    put = type(begun).put
    try:
        type(begun).put = lambda self, part, content: (sent.append(part), put(self, part, content))[1]  # type: ignore[method-assign,assign]
        stored = copy_object(source, "large", lake, "large")
    finally:
        type(begun).put = put  # type: ignore[method-assign]
    assert set(sent) == set(range(4)) - begun.done
    assert stored.sha256 == lake.sha256("large") == SHA256
    assert [s.name for s in lake.list()] == ["large"]


def test_limit_of_bandwidth__is_kept() -> None:
    throttle = Throttle(1000)
    began = time.monotonic()
    for _ in range(4):
        throttle.take(100)
    assert 0.25 < time.monotonic() - began < 1
