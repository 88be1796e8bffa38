"""python -m sandbox.aws: S3, Kinesis, Secrets Manager, KMS and the Glue catalog (MiniStack) on loopback, until Ctrl-C."""

from __future__ import annotations

import sys

from sandbox import foreign

REGION = "eu-central-1"


def main() -> int:
    """Serve; buckets and streams that are named are created first. Exit codes: sandbox/foreign.py."""
    parser = foreign.parser("aws", 4566, __doc__ or "")
    parser.add_argument("--bucket", action="append", default=[], help="bucket to create (may be repeated)")
    parser.add_argument(
        "--stream", action="append", default=[], help="Kinesis stream to create: name or name:shards"
    )
    parser.add_argument(
        "--secret", action="append", default=[], help="NAME=value for Secrets Manager (may be repeated)"
    )
    given = parser.parse_args()
    port = foreign.usable_port(given.port)
    folder = given.home / "sandbox" / "aws"
    environment = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",
        "SFTP_ENABLED": "0",
    }
    if not given.memory:
        folder.mkdir(parents=True, exist_ok=True)
        environment |= {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(folder / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(folder / "s3"),
        }
    url = f"http://127.0.0.1:{port}"
    where = "nothing is kept" if given.memory else f"state in {folder}"
    return foreign.serve(
        [sys.executable, "-m", "ministack"],
        log=given.home / "logs" / "sandbox-aws.log",
        health=f"{url}/_ministack/health",
        ready=f"AWS stand-in ready: {url} ({where}). Ctrl-C ends it.",
        environment=environment,
        prepare=lambda: create(url, given.bucket, given.stream, given.secret),
    )


def create(url: str, buckets: list[str], streams: list[str], secrets: list[str]) -> None:
    """Create what is not there yet."""
    import boto3

    def client(service: str):  # type: ignore[no-untyped-def]
        return boto3.client(
            service,
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    s3, kinesis = client("s3"), client("kinesis")
    there = {b["Name"] for b in s3.list_buckets()["Buckets"]}
    for bucket in buckets:
        if bucket not in there:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    known = set(kinesis.list_streams()["StreamNames"])
    for wanted in streams:
        name, _, shards = wanted.partition(":")
        if name not in known:
            kinesis.create_stream(StreamName=name, ShardCount=int(shards or 1))
    manager = client("secretsmanager")
    for wanted in secrets:
        name, _, value = wanted.partition("=")
        try:
            manager.create_secret(Name=name, SecretString=value)
        except manager.exceptions.ResourceExistsException:
            manager.put_secret_value(SecretId=name, SecretString=value)


if __name__ == "__main__":
    sys.exit(main())
