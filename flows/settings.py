"""Settings: the only module of the flows that reads the environment. .env.example explains every variable."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flows.errors import SettingsError
from flows.lake.access import Access, is_loopback
from flows.secret_references import is_reference, resolve

PROJECT = Path(__file__).resolve().parents[1]
TARGETS = ("local", "redshift", "synapse", "bigquery")
OURS = "CUSTOMER_360_"
# variables that place copies of the curated zone, by target, and outboxes, by source ('' for all others)
REPLICAS = {
    "local": "CUSTOMER_360_LAKE_LOCAL",
    "redshift": "CUSTOMER_360_LAKE_REDSHIFT",
    "synapse": "CUSTOMER_360_LAKE_SYNAPSE",
    "bigquery": "CUSTOMER_360_LAKE_BIGQUERY",
}
OUTBOXES = {
    "": "CUSTOMER_360_OUTBOX",
    "finance": "CUSTOMER_360_OUTBOX_FINANCE",
    "marketing": "CUSTOMER_360_OUTBOX_MARKETING",
    "ml": "CUSTOMER_360_OUTBOX_ML",
    "privacy": "CUSTOMER_360_OUTBOX_PRIVACY",
    "profile": "CUSTOMER_360_OUTBOX_PROFILE",
    "shop": "CUSTOMER_360_OUTBOX_SHOP",
    "web": "CUSTOMER_360_OUTBOX_WEB",
}
ENVIRONMENTS = ("local", "sandbox", "cloud")
CURATION_ENGINES = ("duckdb", "spark")


@dataclass(frozen=True)
class StreamSettings:
    """Where events come from and go to. ``source`` is kinesis://stream or kafka://topic, '' for none; ``endpoint`` the
    address of Kinesis ('' for Amazon's own) or the bootstrap servers of Kafka. A batch ends at the first of
    ``batch_bytes``, ``batch_records`` and ``batch_seconds``. Topics are projects/<project>/topics/<topic>.
    """

    source: str
    endpoint: str
    batch_bytes: int
    batch_records: int
    batch_seconds: float
    topic: str
    dead_letters: str
    topic_endpoint: str


@dataclass(frozen=True)
class Settings:
    """Where things are and how much is tolerated; paths are absolute."""

    environment: str
    home: Path
    duckdb_path: Path
    schema: str
    targets: tuple[str, ...]
    quarantine_threshold: float
    curation_engine: str
    glue_database: str
    glue_endpoint: str
    lake: str
    replicas: dict[str, str]
    outboxes: dict[str, str]
    access: Access
    streams: StreamSettings

    @property
    def company(self) -> Path:
        """Outboxes of the systems of record."""
        return self.home / "company"

    @property
    def truth(self) -> Path:
        """Which identifier belongs to which person, where that is known; never loaded."""
        return self.company / "truth"

    def outbox(self, source: str) -> str:
        """The folder, or place in an object store, below which a source leaves its files as <source>/<table>/…"""
        # predictions are written by this project's own scoring, on this machine
        usual = "" if source == "ml" else self.outboxes.get("", "")
        return self.outboxes.get(source) or usual or str(self.company)

    def zone(self, zone: str, target: str = "") -> str:
        """Place of a zone of the lake; with ``target``, of the copy that lies beside that warehouse."""
        return below(self.replicas.get(target) or self.lake, zone)

    @property
    def raw(self) -> str:
        return self.zone("raw")

    @property
    def curated(self) -> str:
        return self.zone("curated")

    @property
    def quarantine(self) -> str:
        return self.zone("quarantine")

    @property
    def analytics(self) -> str:
        """Folder in which models are unloaded by an engine on this machine."""
        return str(self.home / "lake" / "analytics")

    @property
    def cache(self) -> Path:
        """Copies of objects of the lake, for engines that read files; may be deleted at any time."""
        return self.home / "cache" / "lake"

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def site(self) -> Path:
        return self.home / "site"

    def target_path(self, target: str) -> Path:
        """dbt's artifacts of one target; each target has its own, so that targets can be built side by side."""
        return self.home / "target" / target

    def log_path(self, target: str) -> Path:
        return self.home / "logs" / target

    def dbt_environment(self, target: str) -> dict[str, str]:
        """The environment of a dbt process of one target."""
        return {
            **{name: revealed(name, value) for name, value in os.environ.items()},
            "DO_NOT_TRACK": "1",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_TARGET_PATH": str(self.target_path(target)),
            "DBT_LOG_PATH": str(self.log_path(target)),
            "DBT_PROFILES_DIR": str(PROJECT),
            "CUSTOMER_360_DUCKDB_PATH": str(self.duckdb_path),
            "CUSTOMER_360_SCHEMA": self.schema,
        }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read and check the variables; SettingsError names the first wrong one."""
        given = os.environ if environment is None else environment
        values = {name: revealed(name, given[name], given) for name in given if name.startswith(OURS)}
        name = values.get("CUSTOMER_360_ENVIRONMENT") or "local"
        if name not in ENVIRONMENTS:
            raise SettingsError(
                f"CUSTOMER_360_ENVIRONMENT is '{name}'; it must be one of {', '.join(ENVIRONMENTS)}."
            )
        home = Path(values.get("CUSTOMER_360_HOME") or PROJECT / ".customer360").expanduser().absolute()
        database = values.get("CUSTOMER_360_DUCKDB_PATH")
        threshold = values.get("CUSTOMER_360_QUARANTINE_THRESHOLD") or "0.01"
        try:
            share = float(threshold)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise SettingsError(
                f"CUSTOMER_360_QUARANTINE_THRESHOLD is '{threshold}'; it must be a share from 0 to 1."
            )
        engine = values.get("CUSTOMER_360_CURATION_ENGINE") or "duckdb"
        if engine not in CURATION_ENGINES:
            raise SettingsError(
                f"CUSTOMER_360_CURATION_ENGINE is '{engine}'; it must be one of {', '.join(CURATION_ENGINES)}."
            )
        threads = values.get("CUSTOMER_360_THREADS") or "4"
        if not threads.isdecimal() or int(threads) < 1:
            raise SettingsError(f"CUSTOMER_360_THREADS is '{threads}'; it must be a whole number from 1.")
        return cls(
            environment=name,
            home=home,
            duckdb_path=Path(database).absolute() if database else home / "warehouse" / "customer_360.duckdb",
            schema=values.get("CUSTOMER_360_SCHEMA") or "customer_360",
            targets=check_targets((values.get("CUSTOMER_360_TARGETS") or "local").split(",")),
            quarantine_threshold=share,
            curation_engine=engine,
            glue_database=values.get("CUSTOMER_360_GLUE_DATABASE") or "",
            glue_endpoint=values.get("CUSTOMER_360_GLUE_ENDPOINT") or "",
            lake=values.get("CUSTOMER_360_LAKE") or str(home / "lake"),
            replicas={target: place for target, n in REPLICAS.items() if (place := values.get(n, ""))},
            outboxes={source: place for source, n in OUTBOXES.items() if (place := values.get(n, ""))},
            access=_access(values, name),
            streams=_streams(values),
        )


def below(root: str, name: str) -> str:
    """A place below another one, be it a folder or in an object store."""
    return f"{root.rstrip('/')}/{name}"


def revealed(name: str, value: str, environment: Mapping[str, str] | None = None) -> str:
    """The value of a variable, or the secret that it refers to (flows/secret_references.py)."""
    if not name.startswith(OURS) or not is_reference(value):
        return value
    given = os.environ if environment is None else environment
    endpoints = {
        "aws": given.get("CUSTOMER_360_AWS_SECRETS_ENDPOINT", ""),
        "google": given.get("CUSTOMER_360_GOOGLE_SECRETS_ENDPOINT", ""),
    }
    return resolve(name, value, endpoints)


def whole(values: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    """A variable as a whole number; SettingsError when it is none."""
    text = values.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise SettingsError(f"{name} is '{text}'; it must be a whole number from {least}.")
    return int(text)


def _access(values: Mapping[str, str], environment: str) -> Access:
    def text(name: str) -> str:
        return values.get(name) or ""

    access = Access(
        s3_endpoint=text("CUSTOMER_360_S3_ENDPOINT"),
        s3_region=text("CUSTOMER_360_S3_REGION"),
        s3_kms_key=text("CUSTOMER_360_S3_KMS_KEY"),
        azure_endpoint=text("CUSTOMER_360_AZURE_STORAGE_ENDPOINT"),
        azure_key=text("CUSTOMER_360_AZURE_STORAGE_KEY"),
        azure_encryption_scope=text("CUSTOMER_360_AZURE_ENCRYPTION_SCOPE"),
        gcs_endpoint=text("CUSTOMER_360_GCS_ENDPOINT"),
        gcs_project=text("CUSTOMER_360_GCS_PROJECT"),
        gcs_kms_key=text("CUSTOMER_360_GCS_KMS_KEY"),
        block_bytes=whole(values, "CUSTOMER_360_COPY_BLOCK_MB", 5) << 20,
        workers=whole(values, "CUSTOMER_360_COPY_WORKERS", 4),
        bytes_per_second=whole(values, "CUSTOMER_360_COPY_MB_PER_SECOND", 0, least=0) << 20,
    )
    for name, endpoint in (
        ("CUSTOMER_360_S3_ENDPOINT", access.s3_endpoint),
        ("CUSTOMER_360_AZURE_STORAGE_ENDPOINT", access.azure_endpoint),
        ("CUSTOMER_360_GCS_ENDPOINT", access.gcs_endpoint),
    ):
        if environment == "cloud" and endpoint and is_loopback(urlsplit(endpoint).hostname or ""):
            raise SettingsError(
                f"{name} is '{endpoint}', a stand-in on this machine, but CUSTOMER_360_ENVIRONMENT is 'cloud'; leave it empty."
            )
    return access


def _streams(values: Mapping[str, str]) -> StreamSettings:
    source = values.get("CUSTOMER_360_STREAM") or ""
    if source and not re.fullmatch(r"(kinesis|kafka)://[\w.-]+", source):
        raise SettingsError(f"CUSTOMER_360_STREAM is '{source}'; write kinesis://stream or kafka://topic.")
    topics = {
        name: values.get(name) or ""
        for name in ("CUSTOMER_360_PUBSUB_TOPIC", "CUSTOMER_360_PUBSUB_DEAD_LETTERS")
    }
    for name, topic in topics.items():
        if topic and not re.fullmatch(r"projects/[\w.:-]+/topics/[\w.~+%-]+", topic):
            raise SettingsError(f"{name} is '{topic}'; write projects/<project>/topics/<topic>.")
    return StreamSettings(
        source=source,
        endpoint=values.get("CUSTOMER_360_STREAM_ENDPOINT") or "",
        batch_bytes=whole(values, "CUSTOMER_360_STREAM_BATCH_MB", 32) << 20,
        batch_records=whole(values, "CUSTOMER_360_STREAM_BATCH_RECORDS", 100_000),
        batch_seconds=float(whole(values, "CUSTOMER_360_STREAM_BATCH_SECONDS", 60)),
        topic=topics["CUSTOMER_360_PUBSUB_TOPIC"],
        dead_letters=topics["CUSTOMER_360_PUBSUB_DEAD_LETTERS"],
        topic_endpoint=values.get("CUSTOMER_360_PUBSUB_ENDPOINT") or "",
    )


def check_targets(names: list[str]) -> tuple[str, ...]:
    """The known targets among names, in order and once; SettingsError for an unknown one."""
    cleaned = [name.strip() for name in names if name.strip()]
    for name in cleaned:
        if name not in TARGETS:
            raise SettingsError(f"target '{name}' is unknown; choose from {', '.join(TARGETS)}.")
    if not cleaned:
        raise SettingsError(f"no target is named; choose from {', '.join(TARGETS)}.")
    return tuple(dict.fromkeys(cleaned))


def dbt_program() -> str:
    """The dbt of the environment that runs us."""
    program = Path(sys.executable).with_name("dbt")
    if not program.exists():
        raise SettingsError(f"dbt is missing beside {sys.executable}; run `make setup`.")
    return str(program)


def quiet_prefect(settings: Settings) -> None:
    """Prefect offline and quiet, with its state under home; must come before prefect is imported."""
    for name, value in {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_LOGGING_SETTINGS_PATH": str(PROJECT / "flows" / "logging.yml"),
    }.items():
        os.environ.setdefault(name, value)


def prefect_api_url() -> str:
    """The Prefect server that the environment names; '' for none."""
    return os.environ.get("PREFECT_API_URL", "")


def use_prefect_server(url: str) -> None:
    """Let Prefect talk to this server; must come before prefect is imported."""
    os.environ["PREFECT_API_URL"] = url
