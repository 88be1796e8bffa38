"""What the connection profiles promise of statements that take long."""

from __future__ import annotations

import yaml

from tests.compile.test_targets import ROOT

AN_HOUR = 3600


def test_redshift__lets_a_statement_take_its_time() -> None:
    """dbt-redshift hands connect_timeout to redshift_connector as the timeout of its socket, so it ends every statement
    that has not answered by then: with 30 seconds a year of order lines could not be built on a busy machine."""
    profiles = yaml.safe_load((ROOT / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    outputs = profiles["customer_360"]["outputs"]
    limit = outputs["redshift"].get("connect_timeout")
    assert limit is None or limit >= AN_HOUR
