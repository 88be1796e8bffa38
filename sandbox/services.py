"""The services of the sandbox: one entry each. Each is `python -m sandbox.<name> --home --port` and says one line when ready.

Who needs whom is told here alone: where the stores run beside a warehouse, the warehouse reads and writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Service:
    """``name`` is its module in sandbox/, ``port`` its usual port. ``state`` are its folders below <home>/sandbox.

    ``arguments`` are what it is started with, ``settings`` the variables that lead a client to it. Both may hold {port},
    {home} and the address of another service, as {aws}. ``beside`` are arguments that need another service: they are
    given when that one runs too.
    """

    name: str
    what: str
    port: int
    settings: tuple[str, ...]
    state: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    beside: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def folders(self, home: Path) -> list[Path]:
        return [home / "sandbox" / folder for folder in self.state]


REGION = "eu-central-1"
ACCOUNT = "devstoreaccount1"  # of Microsoft's emulator, as its key: published by Microsoft, no secret
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
PROJECT = "customer-360"
EVENTS, LOST = (f"projects/{PROJECT}/topics/{name}" for name in ("events", "events-lost"))

SERVICES = {
    service.name: service
    for service in (
        Service(
            "redshift",
            "Amazon Redshift",
            5439,
            ("CUSTOMER_360_REDSHIFT_PORT={port}",),
            ("redshift",),
            beside=(("aws", ("--s3-endpoint", "{aws}")),),
        ),
        Service(
            "synapse",
            "Azure Synapse",
            1433,
            ("CUSTOMER_360_SYNAPSE_HOST=127.0.0.1,{port}",),
            ("synapse",),
            beside=(("azure_storage", ("--azure-endpoint", "{azure_storage}")),),
        ),
        Service(
            "bigquery",
            "Google BigQuery",
            9050,
            ("CUSTOMER_360_BIGQUERY_ENDPOINT=http://127.0.0.1:{port}",),
            ("bigquery",),
        ),
        Service(
            "aws",
            "Amazon S3, Kinesis, Secrets Manager",
            4566,
            (
                "AWS_ACCESS_KEY_ID=test",
                "AWS_SECRET_ACCESS_KEY=test",
                f"AWS_DEFAULT_REGION={REGION}",
                "AWS_EC2_METADATA_DISABLED=true",
                "CUSTOMER_360_S3_ENDPOINT=http://127.0.0.1:{port}",
                f"CUSTOMER_360_S3_REGION={REGION}",
                "CUSTOMER_360_LAKE=s3://company-lake/c360",
                "CUSTOMER_360_OUTBOX=s3://company-dms/outbox",
                "CUSTOMER_360_STREAM=kinesis://events",
                "CUSTOMER_360_STREAM_ENDPOINT=http://127.0.0.1:{port}",
                "CUSTOMER_360_AWS_SECRETS_ENDPOINT=http://127.0.0.1:{port}",
                "CUSTOMER_360_REDSHIFT_PASSWORD=aws-secret://warehouse/redshift#password",
            ),
            ("aws",),
            (
                *("--bucket", "company-lake", "--bucket", "company-dms", "--stream", "events:4"),
                *("--secret", 'warehouse/redshift={{"password": "sandbox"}}'),
            ),
        ),
        Service(
            "azure_storage",
            "Azure Blob Storage",
            10000,
            (
                f"CUSTOMER_360_AZURE_STORAGE_ENDPOINT=http://127.0.0.1:{{port}}/{ACCOUNT}",
                f"CUSTOMER_360_AZURE_STORAGE_KEY={KEY}",
                f"CUSTOMER_360_LAKE_SYNAPSE=abfss://lake@{ACCOUNT}.dfs.core.windows.net/c360",
                f"CUSTOMER_360_OUTBOX_FINANCE=https://{ACCOUNT}.blob.core.windows.net/finance/outbox",
            ),
            ("azure_storage",),
            ("--container", "lake", "--container", "finance"),
        ),
        Service(
            "gcs",
            "Google Cloud Storage",
            4443,
            (
                "CUSTOMER_360_GCS_ENDPOINT=http://127.0.0.1:{port}",
                f"CUSTOMER_360_GCS_PROJECT={PROJECT}",
                "CUSTOMER_360_LAKE_BIGQUERY=gs://company-lake-eu/c360",
                "CUSTOMER_360_OUTBOX_ML=gs://company-lake-eu/outbox",
            ),
            ("gcs",),
            ("--bucket", "company-lake-eu"),
        ),
        Service(
            "pubsub",
            "Google Pub/Sub",
            8085,
            (
                "CUSTOMER_360_PUBSUB_ENDPOINT=http://127.0.0.1:{port}",
                f"CUSTOMER_360_PUBSUB_TOPIC={EVENTS}",
                f"CUSTOMER_360_PUBSUB_DEAD_LETTERS={LOST}",
            ),
            (),
            ("--topic", EVENTS, "--topic", LOST),
        ),
        Service(
            "secrets",
            "Azure Key Vault, Google Secret Manager",
            8443,
            (
                "REQUESTS_CA_BUNDLE={home}/sandbox/secrets/certificate.pem",
                "CUSTOMER_360_SYNAPSE_PASSWORD=azure-secret://127.0.0.1:{port}/synapse-etl",
                "CUSTOMER_360_GOOGLE_SECRETS_ENDPOINT=https://127.0.0.1:{port}",
                f"CUSTOMER_360_BIGQUERY_TOKEN=google-secret://{PROJECT}/bigquery-token",
            ),
            ("secrets",),
            ("--azure-secret", "synapse-etl=sandbox", "--google-secret", f"{PROJECT}/bigquery-token=sandbox"),
        ),
    )
}


def filled(texts: tuple[str, ...], service: Service, ports: dict[str, int], home: Path) -> list[str]:
    """Texts of a service with port, home and the addresses of the others in them."""
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    if "azure_storage" in addresses:
        addresses["azure_storage"] += f"/{ACCOUNT}"
    return [text.format(port=ports[service.name], home=home, **addresses) for text in texts]


def arguments(service: Service, ports: dict[str, int], home: Path) -> list[str]:
    """What a service is started with; ``ports`` are those of the services that run, by name."""
    found = filled(service.arguments, service, ports, home)
    for other, needed in service.beside:
        if other in ports:
            found += filled(needed, service, ports, home)
    return found


def environment(ports: dict[str, int], home: Path) -> list[str]:
    """NAME=value, one for each variable that leads a client to the services that run."""
    found = ["CUSTOMER_360_ENVIRONMENT=sandbox"]
    for name in ports:
        found += filled(SERVICES[name].settings, SERVICES[name], ports, home)
    return found
