"""Settings that refer to a secret: resolved by the vendors' libraries, and never seen in a log or an artifact."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from azure.core.credentials import AccessToken
from azure.keyvault.secrets import SecretClient
from google.auth.credentials import AnonymousCredentials
from google.cloud import secretmanager
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceRestTransport,
)

from flows.errors import SettingsError, Unreachable
from flows.secret_references import resolve
from flows.settings import Settings
from tests.clouds.conftest import KEY, Clouds
from tests.clouds.services import service
from tests.conftest import ROOT

PLANTED = "planted-4f1d9c-Zaubernuss"


class Anyone:
    def get_token(self, *_: str, **__: object) -> AccessToken:
        return AccessToken("test", 2**31)


@pytest.fixture(scope="module")
def vaults(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The planted secret in all three services; environment variables that lead there."""
    home = tmp_path_factory.mktemp("vaults")
    aws = boto3.client("secretsmanager", endpoint_url=clouds.aws, region_name="eu-central-1")
    aws.create_secret(
        Name="warehouse/redshift", SecretString='{"password": "' + PLANTED + '", "user": "etl"}'
    )
    aws.create_secret(Name="azure-key", SecretString=KEY)
    with service("secrets", home) as url, pytest.MonkeyPatch.context() as patch:
        certificate = str(home / "sandbox" / "secrets" / "certificate.pem")
        patch.setenv("REQUESTS_CA_BUNDLE", certificate)
        host = url.removeprefix("https://")
        SecretClient(url, Anyone(), verify_challenge_resource=False).set_secret("synapse-password", PLANTED)
        google = secretmanager.SecretManagerServiceClient(
            transport=SecretManagerServiceRestTransport(host=host, credentials=AnonymousCredentials())
        )
        google.create_secret(
            parent="projects/p", secret_id="token", secret={"replication": {"automatic": {}}}
        )
        google.add_secret_version(parent="projects/p/secrets/token", payload={"data": b"old"})
        google.add_secret_version(parent="projects/p/secrets/token", payload={"data": PLANTED.encode()})
        yield {
            "REQUESTS_CA_BUNDLE": certificate,
            "CUSTOMER_360_AWS_SECRETS_ENDPOINT": clouds.aws,
            "CUSTOMER_360_GOOGLE_SECRETS_ENDPOINT": url,
            "CUSTOMER_360_REDSHIFT_PASSWORD": "aws-secret://warehouse/redshift#password",
            "CUSTOMER_360_SYNAPSE_PASSWORD": f"azure-secret://{host}/synapse-password",
            "CUSTOMER_360_BIGQUERY_TOKEN": "google-secret://p/token",
        }


def endpoints(vaults: dict[str, str]) -> dict[str, str]:
    return {
        "aws": vaults["CUSTOMER_360_AWS_SECRETS_ENDPOINT"],
        "google": vaults["CUSTOMER_360_GOOGLE_SECRETS_ENDPOINT"],
    }


def test_reference__is_resolved_by_each_vendor(vaults: dict[str, str]) -> None:
    for name in ("REDSHIFT_PASSWORD", "SYNAPSE_PASSWORD", "BIGQUERY_TOKEN"):
        assert resolve(name, vaults[f"CUSTOMER_360_{name}"], endpoints(vaults)) == PLANTED
    assert resolve("X", "google-secret://p/token/1", endpoints(vaults)) == "old"


def test_any_setting__may_be_a_reference(vaults: dict[str, str], clouds: Clouds, tmp_path: Path) -> None:
    given = vaults | {
        "CUSTOMER_360_HOME": str(tmp_path),
        "CUSTOMER_360_AZURE_STORAGE_KEY": "aws-secret://azure-key",
    }
    settings = Settings.from_environment(given)
    assert settings.access.azure_key == KEY
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("aws-secret://no/such", "X: the secret aws-secret://no/such does not exist"),
        ("google-secret://p/no", "google-secret://p/no does not exist"),
        ("azure-secret://{vault}/no", "does not exist"),
        ("aws-secret://warehouse/redshift#key", "no JSON object with the key 'key'"),
        ("aws-secret://azure-key#password", "no JSON object with the key 'password'"),
        ("google-secret://p", "name project and secret"),
        ("aws-secret:warehouse", "write aws-secret://name"),
    ],
)
def test_wrong_reference__is_told_and_the_value_is_not(
    vaults: dict[str, str], reference: str, sentence: str
) -> None:
    vault = vaults["CUSTOMER_360_SYNAPSE_PASSWORD"].split("/")[2]
    with pytest.raises(SettingsError, match=sentence) as raised:
        resolve("X", reference.replace("{vault}", vault), endpoints(vaults))
    assert PLANTED not in str(raised.value)
    assert KEY not in str(raised.value)


def test_service_that_is_away__is_worth_another_try() -> None:
    with pytest.raises(Unreachable, match="X: the secret google-secret://p/x cannot be fetched"):
        resolve("X", "google-secret://p/x", {"google": "https://127.0.0.1:9"})


def test_stand_in__asks_for_a_token_as_key_vault_does(vaults: dict[str, str]) -> None:
    vault = vaults["CUSTOMER_360_SYNAPSE_PASSWORD"].split("/")[2]
    trust = ssl.create_default_context(cafile=vaults["REQUESTS_CA_BUNDLE"])
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(f"https://{vault}/secrets/synapse-password/", context=trust)
    assert raised.value.code == 401
    assert "vault.azure.net" in raised.value.headers["www-authenticate"]


PROGRAM = """
import sys
from flows.settings import Settings, quiet_prefect
settings = Settings.from_environment()
quiet_prefect(settings)
from flows.transform import run_dbt
from flows.errors import Customer360Error
try:
    run_dbt(settings, "redshift", ["run", "--select", "dim_date"], on_event=print)
except Customer360Error as fault:
    print(fault, file=sys.stderr)
print(settings.dbt_environment("redshift")["CUSTOMER_360_REDSHIFT_PASSWORD"] == sys.argv[1])
"""


@pytest.mark.fault(23)
def test_planted_secret__is_in_no_log_artifact_or_result(vaults: dict[str, str], tmp_path: Path) -> None:
    """dbt gets the password and fails to connect with it; everything that was written and printed is searched."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, PLANTED],
        cwd=ROOT,
        env={
            **os.environ, **vaults, "CUSTOMER_360_HOME": str(tmp_path), "CUSTOMER_360_REDSHIFT_USER": "etl",
            "CUSTOMER_360_REDSHIFT_PORT": "9",
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("True"), "dbt's environment holds the secret"
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert {"manifest.json", "dbt.log"} <= {p.name for p in written}
    assert [p for p in written if PLANTED.encode() in p.read_bytes()] == []
    assert PLANTED not in done.stdout + done.stderr
