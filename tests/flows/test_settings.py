"""Settings refuse what they do not know, naming the variable."""

from __future__ import annotations

import pytest

from flows.errors import SettingsError
from flows.settings import Settings, check_targets


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"CUSTOMER_360_ENVIRONMENT": "moon"}, "CUSTOMER_360_ENVIRONMENT is 'moon'"),
        (
            {"CUSTOMER_360_ENVIRONMENT": "cloud", "CUSTOMER_360_S3_ENDPOINT": "http://127.0.0.1:4566"},
            "CUSTOMER_360_S3_ENDPOINT is 'http://127.0.0.1:4566', a stand-in on this machine",
        ),
        ({"CUSTOMER_360_GCS_ENDPOINT": "http://stores.example"}, "stores.example is not encrypted"),
        ({"CUSTOMER_360_STREAM": "rabbit"}, "CUSTOMER_360_STREAM is 'rabbit'; write kinesis://"),
        ({"CUSTOMER_360_PUBSUB_TOPIC": "t"}, "CUSTOMER_360_PUBSUB_TOPIC is 't'; write projects/"),
        ({"CUSTOMER_360_COPY_WORKERS": "0"}, "CUSTOMER_360_COPY_WORKERS is '0'"),
        ({"CUSTOMER_360_SYNAPSE_PASSWORD": "aws-secret:/x"}, "write aws-secret://name"),
        ({"CUSTOMER_360_QUARANTINE_THRESHOLD": "a lot"}, "CUSTOMER_360_QUARANTINE_THRESHOLD is 'a lot'"),
        ({"CUSTOMER_360_THREADS": "many"}, "CUSTOMER_360_THREADS is 'many'"),
        ({"CUSTOMER_360_THREADS": "0"}, "CUSTOMER_360_THREADS is '0'"),
        (
            {"CUSTOMER_360_TARGETS": "local,oracle"},
            "target 'oracle' is unknown; choose from local, redshift, synapse, bigquery",
        ),
    ],
)
def test_wrong_setting__is_named(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        Settings.from_environment(environment)


def test_targets__are_kept_in_order_and_once() -> None:
    assert check_targets([" local", "redshift", "local"]) == ("local", "redshift")
