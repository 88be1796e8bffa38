"""A job of AWS Glue (5.0, Spark 3.5): curation on Spark, for batches that outgrow one machine.

    spark-submit flows/entry_points/glue_job.py --JOB_NAME curate --CUSTOMER_360_LAKE s3://bucket/prefix …

Job parameters that are named like settings (.env.example) are settings; everything else is Glue's own. The job needs a
zip of this project's folders flows and models as --extra-py-files and, by --additional-python-modules, ibis-framework,
duckdb, pyyaml and boto3.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

PREFIX = "--CUSTOMER_360_"


def unpack_project() -> None:
    """Where the project comes as a zip, import it from a folder: the contracts are files beside the code."""
    found = find_spec("flows")
    origin = Path(str(found.origin)) if found else Path()
    archive = next((path for path in origin.parents if path.suffix == ".zip" and path.is_file()), None)
    if archive is None:
        return
    folder = tempfile.mkdtemp(prefix="customer_360_")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    sys.path.insert(0, folder)
    for name in [n for n in sys.modules if n.split(".")[0] == "flows"]:
        del sys.modules[name]


def settings_of(arguments: Sequence[str]) -> dict[str, str]:
    """The settings among a job's arguments, '--NAME value' or '--NAME=value'. SettingsError for a name without a value, or
    given twice."""
    from flows.errors import SettingsError

    found: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.removeprefix("--").partition("=")
        if not argument.startswith(PREFIX):
            continue
        if not equals:
            value = next(rest, "--")
        if value.startswith("--"):
            raise SettingsError(f"job parameter --{name} has no value; write --{name} value.")
        if name in found:
            raise SettingsError(f"job parameter --{name} is given twice; give it once.")
        found[name] = value
    return found


def main(arguments: Sequence[str]) -> int:
    """Curate on Spark, and print what the batch holds as one line of JSON; the exit code of flows/errors.py."""
    unpack_project()
    from flows.curate import curate
    from flows.errors import Customer360Error
    from flows.settings import Settings

    try:
        given = {"CUSTOMER_360_HOME": "/tmp/customer_360", **settings_of(arguments)}
        batch = curate(Settings.from_environment(given | {"CUSTOMER_360_CURATION_ENGINE": "spark"}))
    except Customer360Error as fault:
        print(f"error: {fault}", file=sys.stderr)
        return fault.exit_code
    told = {what: batch.total(what) for what in ("files", "read", "rows", "rejected", "duplicates")}
    print(json.dumps({"batch": batch.number, **told}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
