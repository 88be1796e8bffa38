"""python -m benchmarks.clouds: copies between clouds against `rclone copy`, and events captured and bridged per second.

Both copy between the same stand-ins with the same number of transfers at once; each is its own process, whose peak
memory is the kernel's figure. The stand-ins share the machine's cores with what is measured: read the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.measure import Measurement, measure

ROOT = Path(__file__).resolve().parents[1]
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
WORKERS = 4
COPY = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from flows.lake import copy_object, open_lake
from flows.replicate import Entry, carry
from flows.settings import Settings
source, target, how, manifest = sys.argv[1:]
access = Settings.from_environment().access
a, b = open_lake(source, access), open_lake(target, access)
entries = [Entry(**entry) for entry in json.load(open(manifest))]
if how == "proven":
    carry(a, b, entries)
else:
    large = [e for e in entries if e.size > b.block_bytes]
    with ThreadPoolExecutor(b.workers) as pool:
        list(pool.map(lambda e: copy_object(a, e.name, b, e.name, sha256=e.sha256, size=e.size), [e for e in entries if e not in large]))
    for e in large:
        copy_object(a, e.name, b, e.name, sha256=e.sha256, size=e.size)
"""
CAPTURE = """
from flows.capture_stream import capture_stream
from flows.settings import Settings
print(capture_stream(Settings.from_environment()))
"""
BRIDGE = """
from flows.bridge import bridge
from flows.settings import Settings
print(bridge(Settings.from_environment()))
"""


@contextmanager
def service(name: str, home: Path, *arguments: str) -> Iterator[str]:
    """Address of a service of the sandbox, which ends with the block."""
    command = [sys.executable, "-m", f"sandbox.{name}", "--home", str(home), "--port", "0", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"ready: (\S+)", line)
        if not found:
            raise SystemExit(f"bench: sandbox.{name} did not start")
        yield found[1]
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Measure, print two tables, leave the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clouds", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360" / "benchmarks" / "clouds")
    parser.add_argument("--large-mb", type=int, default=500, help="size of the one large object")
    parser.add_argument("--objects", type=int, default=500, help="number of objects of 1 MB")
    parser.add_argument("--events", type=int, default=100_000, help="events to capture and to bridge")
    given = parser.parse_args()
    shutil.rmtree(given.home, ignore_errors=True)
    given.home.mkdir(parents=True)
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. Figures of one run; read the ratios, not the seconds.\n"
    )
    with ExitStack() as stack:
        aws = stack.enter_context(service("aws", given.home, "--bucket", "lake", "--stream", "events:4"))
        azure = stack.enter_context(service("azure_storage", given.home, "--container", "lake"))
        gcs = stack.enter_context(service("gcs", given.home, "--bucket", "lake"))
        topics = ["--topic", "projects/p/topics/events", "--topic", "projects/p/topics/lost"]
        pubsub = stack.enter_context(service("pubsub", given.home, *topics))
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-central-1",
            "CUSTOMER_360_HOME": str(given.home / "home"),
            "CUSTOMER_360_S3_ENDPOINT": aws, "CUSTOMER_360_S3_REGION": "eu-central-1",
            "CUSTOMER_360_AZURE_STORAGE_ENDPOINT": azure, "CUSTOMER_360_AZURE_STORAGE_KEY": KEY,
            "CUSTOMER_360_GCS_ENDPOINT": gcs, "CUSTOMER_360_GCS_PROJECT": "p",
            "CUSTOMER_360_COPY_WORKERS": str(WORKERS),
            "CUSTOMER_360_STREAM": "kinesis://events", "CUSTOMER_360_STREAM_ENDPOINT": aws,
            "CUSTOMER_360_PUBSUB_TOPIC": "projects/p/topics/events", "CUSTOMER_360_PUBSUB_DEAD_LETTERS": "projects/p/topics/lost",
            "CUSTOMER_360_PUBSUB_ENDPOINT": pubsub,
            **rclone(aws, azure, gcs),
        }  # fmt: skip
        found = copies(given, environment, azure) | events(given.events, environment, aws, given.home)
    (given.home / "figures.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


def rclone(aws: str, azure: str, gcs: str) -> dict[str, str]:
    """The same stores as rclone's remotes."""
    remotes = {
        "S3": {"type": "s3", "provider": "Other", "endpoint": aws, "access_key_id": "test", "secret_access_key": "test",
               "region": "eu-central-1", "force_path_style": "true"},
        "AZURE": {"type": "azureblob", "account": "devstoreaccount1", "key": KEY, "endpoint": azure},
        "GCS": {"type": "google cloud storage", "endpoint": f"{gcs}/storage/v1/", "anonymous": "true", "no_check_bucket": "true"},
    }  # fmt: skip
    return {
        f"RCLONE_CONFIG_{r}_{k.upper()}": v for r, options in remotes.items() for k, v in options.items()
    } | {"RCLONE_CONFIG": "/dev/null"}


def copies(
    given: argparse.Namespace, environment: dict[str, str], azure: str
) -> dict[str, list[dict[str, object]]]:
    """One large object and many small ones, from S3 to the others, by us and by rclone."""
    from flows.lake import open_lake
    from flows.settings import Settings

    os.environ.update({k: v for k, v in environment.items() if k.startswith("AWS_")})
    access = Settings.from_environment(environment).access
    rows: list[dict[str, object]] = []
    print(f"{'':<44}{'MB/s':>10}{'seconds':>10}{'peak MiB':>10}")
    for kind, sizes in (("large", [given.large_mb << 20]), ("small", [1 << 20] * given.objects)):
        source = f"s3://lake/{kind}"
        lake = open_lake(source, access)
        entries, file = [], given.home / "content"
        for number, size in enumerate(sizes):
            with file.open("wb") as content:
                for _ in range(max(1, size >> 20)):
                    content.write(os.urandom(min(size, 1 << 20)))
            stored = lake.copy_in(file, f"{number:04d}")
            entries.append({"name": stored.name, "size": stored.size, "sha256": stored.sha256, "rows": None})
        file.unlink()
        manifest = given.home / f"{kind}.json"
        manifest.write_text(json.dumps(entries), encoding="utf-8")
        for brand, root in (("Azure", f"{azure}/lake"), ("Google", "gs://lake")):
            remote = {"Azure": "azure", "Google": "gcs"}[brand]
            ours = [sys.executable, "-c", COPY, source]
            tries = {
                "copied": [*ours, f"{root}/{kind}-copied", "copied", str(manifest)],
                "copied and read back": [*ours, f"{root}/{kind}-proven", "proven", str(manifest)],
                "rclone copy": [
                    str(Path(sys.executable).with_name("rclone")), "copy", f"s3:lake/{kind}", f"{remote}:lake/{kind}-rclone",
                    "--transfers", str(WORKERS), "--checkers", str(WORKERS), "--retries", "1", "--low-level-retries", "1",
                ],
            }  # fmt: skip
            for how, command in tries.items():
                name = f"{kind}, S3 to {brand}: {how}"
                try:
                    result = measure(
                        command, environment=environment, log=given.home / "logs" / f"{name}.log"
                    )
                except SystemExit:
                    print(f"{name:<44}     fails against this stand-in; see its log in {given.home / 'logs'}")
                    rows.append({"name": name, "failed": True})
                    continue
                rows.append(_show(name, sum(sizes) / 1e6, result))
    return {"copies": rows}


def _show(name: str, amount: float, result: Measurement) -> dict[str, object]:
    rate = amount / result.seconds
    print(f"{name:<44}{rate:>10,.0f}{result.seconds:>10.1f}{result.peak_mib:>10.0f}", flush=True)
    return {"name": name, "rate": rate, "seconds": result.seconds, "peak_mib": result.peak_mib}


def events(
    count: int, environment: dict[str, str], aws: str, home: Path
) -> dict[str, list[dict[str, object]]]:
    """Events put into Kinesis, then captured to the raw zone, then bridged; process start included."""
    import boto3

    client = boto3.client("kinesis", endpoint_url=aws, region_name="eu-central-1")
    records = [
        {"PartitionKey": f"visitor-{n % 997}", "Data": json.dumps({"event_id": f"{n:036d}", "event_name": "page_viewed", "anonymous_id": f"visitor-{n % 997}",
         "occurred_at": "2017-01-01T00:00:00.000000Z", "received_at": "2017-01-01T00:00:01.000000Z", "url": f"https://shop.example/p/{n}"}).encode()}
        for n in range(count)
    ]  # fmt: skip
    began = time.perf_counter()
    for i in range(0, count, 500):
        client.put_records(StreamName="events", Records=records[i : i + 500])
    print(
        f"\n{count:,} events put in {time.perf_counter() - began:.1f} s\n{'':<44}{'events/s':>10}{'seconds':>10}{'peak MiB':>10}"
    )
    rows = []
    for name, program in (("Kinesis to the raw zone", CAPTURE), ("Kinesis to Pub/Sub", BRIDGE)):
        result = measure(
            [sys.executable, "-c", program],
            environment=environment,
            log=home / "logs" / f"{name.replace('/', ' ')}.log",
        )
        rows.append(_show(name, count, result))
    return {"events": rows}


if __name__ == "__main__":
    main()
