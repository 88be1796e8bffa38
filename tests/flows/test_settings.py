"""Settings refuse what they do not know, naming the variable."""

from __future__ import annotations

import pytest

from flows.errors import SettingsError
from flows.lake import open_lake
from flows.settings import Settings, check_targets


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"CUSTOMER_360_ENVIRONMENT": "moon"}, "CUSTOMER_360_ENVIRONMENT is 'moon'"),
        ({"CUSTOMER_360_ENVIRONMENT": "cloud"}, "only 'local' can be run yet"),
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


@pytest.mark.parametrize("root", ["s3://bucket/x", "gs://bucket", "ftp://x"])
def test_lake__refuses_other_stores(root: str) -> None:
    with pytest.raises(SettingsError):
        open_lake(root)
