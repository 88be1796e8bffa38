"""The SQL that a dbt run sent for its nodes, in the order in which it was sent."""

from __future__ import annotations

import json
from pathlib import Path


def statements_of(dbt_log: Path) -> list[str]:
    """Statements of seeds, models and tests, and the schemas they work in, from dbt's debug log in JSON lines.

    dbt's own questions to the catalog run on connections that belong to no node and are left out, and so
    are its BEGIN and COMMIT: what is left is the work itself. A statement was sent only after those it
    depends on had ended, so running them one by one in this order is always right.
    """
    found = []
    with dbt_log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["info"]["name"] != "SQLQuery":
                continue
            sql = event["data"]["sql"].strip()
            bare = sql.split("*/", 1)[-1].strip().rstrip(";").lower() if sql.startswith("/*") else sql.lower()
            of_a_node = event["data"].get("node_info", {}).get("unique_id")
            if bare.startswith("create schema"):
                found.append(sql)
            elif of_a_node and bare not in ("begin", "begin transaction", "commit"):
                # dbt marks the COPY of a seed as abridged, although dbt-duckdb sends it whole
                found.append(sql.removesuffix("...") if bare.startswith("copy ") else sql)
    return found
