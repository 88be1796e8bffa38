"""Settings: the only module of the flows that reads the environment. .env.example explains every variable."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.errors import SettingsError

PROJECT = Path(__file__).resolve().parents[1]
TARGETS = ("local", "redshift", "synapse", "bigquery")
ENVIRONMENTS = ("local", "sandbox", "cloud")


@dataclass(frozen=True)
class Settings:
    """Where things are and how much is tolerated; paths are absolute."""

    environment: str
    home: Path
    duckdb_path: Path
    schema: str
    targets: tuple[str, ...]
    quarantine_threshold: float

    @property
    def company(self) -> Path:
        """Outboxes of the systems of record."""
        return self.home / "company"

    @property
    def truth(self) -> Path:
        """Which identifier belongs to which person, where that is known; never loaded."""
        return self.company / "truth"

    @property
    def raw(self) -> str:
        return str(self.home / "lake" / "raw")

    @property
    def curated(self) -> str:
        return str(self.home / "lake" / "curated")

    @property
    def quarantine(self) -> str:
        return str(self.home / "lake" / "quarantine")

    @property
    def analytics(self) -> str:
        return str(self.home / "lake" / "analytics")

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
            **os.environ,
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
        values = os.environ if environment is None else environment
        name = values.get("CUSTOMER_360_ENVIRONMENT") or "local"
        if name not in ENVIRONMENTS:
            raise SettingsError(
                f"CUSTOMER_360_ENVIRONMENT is '{name}'; it must be one of {', '.join(ENVIRONMENTS)}."
            )
        if name != "local":
            raise SettingsError(f"CUSTOMER_360_ENVIRONMENT is '{name}', but only 'local' can be run yet.")
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
