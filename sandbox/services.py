"""The services of the sandbox: one line each. Each is `python -m sandbox.<name> --home --port` and says one line when ready."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Service:
    """``name`` is its module in sandbox/, ``port`` its usual port, ``setting`` what tells the project where it is.

    ``setting`` holds {port}. ``state`` are its folders below <home>/sandbox.
    """

    name: str
    what: str
    port: int
    setting: str
    state: tuple[str, ...]

    def folders(self, home: Path) -> list[Path]:
        return [home / "sandbox" / folder for folder in self.state]


SERVICES = {
    service.name: service
    for service in (
        Service("redshift", "Amazon Redshift", 5439, "CUSTOMER_360_REDSHIFT_PORT={port}", ("redshift",)),
        Service("synapse", "Azure Synapse", 1433, "CUSTOMER_360_SYNAPSE_HOST=127.0.0.1,{port}", ("synapse",)),
        Service(
            "bigquery",
            "Google BigQuery",
            9050,
            "CUSTOMER_360_BIGQUERY_ENDPOINT=http://127.0.0.1:{port}",
            ("bigquery",),
        ),
    )
}
