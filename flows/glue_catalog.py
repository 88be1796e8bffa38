"""The Glue catalog: a table per curated table, a partition per batch, so that Athena, Spectrum and Glue jobs find the lake.

What the catalog holds is derived from the manifests and the contracts alone, so it can be deleted and comes back. Each
table remembers the newest batch it knows: a run that finds everything as it should be asks one question and says nothing.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-tables.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from flows.contracts import CHANGE_COLUMNS, Column, Table, read_contracts
from flows.errors import InputError, SettingsError, Unreachable
from flows.lake import open_lake
from flows.lake.access import parse, require_tls
from flows.patience import patiently
from flows.settings import PROJECT, Settings

NEWEST = "customer_360_newest_batch"
PARTITIONS_A_CALL = 100  # what BatchCreatePartition takes
BUSY = (
    "ThrottlingException",
    "OperationTimeoutException",
    "InternalServiceException",
    "ConcurrentModificationException",
    "ResourceNumberLimitExceededException",
)


@dataclass(frozen=True)
class Registered:
    """Tables created or changed, partitions created, and requests made."""

    tables: int
    partitions: int
    requests: int


def register(settings: Settings, batches: list[dict[str, Any]]) -> Registered:
    """Bring the catalog up to date with the committed ``batches``. Raises SettingsError, InputError, Unreachable."""
    place = parse(settings.curated, settings.access)
    if place is None or place.service != "S3":
        raise SettingsError(
            f"CUSTOMER_360_GLUE_DATABASE is set, but the lake {settings.curated} is not in Amazon S3; the Glue catalog can only point there."
        )
    catalog = _Catalog(settings)
    there = catalog.tables()
    tables = partitions = 0
    for table in read_contracts(PROJECT):
        files = {
            m["batch_number"]: t["file"]
            for m in batches
            for t in m["tables"]
            if (t["source"], t["table"]) == (table.source, table.name)
        }
        if not files:
            continue
        wanted = catalog.table_input(table, max(files))
        found = there.get(wanted["Name"])
        newest = int((found or {}).get("Parameters", {}).get(NEWEST, "0"))
        if found is None:
            catalog.ask("create_table", TableInput=catalog.table_input(table, newest=0))
        missing = sorted(number for number in files if number > newest)
        partitions += catalog.add_partitions(wanted, {n: files[n] for n in missing})
        # what is remembered comes after what it vouches for
        if found is None or missing or not _alike(found, wanted):
            catalog.ask("update_table", TableInput=wanted)
            tables += 1
    return Registered(tables, partitions, catalog.requests)


def _alike(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether the catalog's table is as it should be; what others added to it does not matter."""
    ours, theirs = wanted["StorageDescriptor"], found["StorageDescriptor"]
    return (
        _columns_of(theirs) == _columns_of(ours)
        and theirs.get("Location") == ours["Location"]
        and [k["Name"] for k in found.get("PartitionKeys", [])] == ["batch"]
    )


def _columns_of(descriptor: dict[str, Any]) -> list[tuple[str, str]]:
    return [(c["Name"], c["Type"]) for c in descriptor["Columns"]]


def hive_type(column: Column) -> str:
    """A contract's type as Hive spells it; instants are text in the lake."""
    if column.kind == "decimal":
        return f"decimal({','.join(map(str, column.size))})"
    return {"text": "string", "timestamp": "string", "integer": "bigint", "date": "date", "flag": "int"}[
        column.kind
    ]


class _Catalog:
    """One database of the catalog, created when it is missing."""

    def __init__(self, settings: Settings) -> None:
        require_tls(settings.glue_endpoint)
        self.database, self.requests = settings.glue_database, 0
        self.patience_seconds = settings.access.patience_seconds
        self.lake = open_lake(settings.curated, settings.access)
        try:
            self.client = boto3.session.Session().client(
                "glue",
                endpoint_url=settings.glue_endpoint or None,
                region_name=settings.access.s3_region or None,
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=10, read_timeout=60
                ),
            )
        except NoRegionError as fault:
            raise SettingsError(
                "the region of the Glue catalog is not known; set CUSTOMER_360_S3_REGION or AWS_DEFAULT_REGION."
            ) from fault

    def tables(self) -> dict[str, dict[str, Any]]:
        """The tables of the database by name."""
        found: dict[str, dict[str, Any]] = {}
        more: dict[str, Any] = {}
        with suppress(_Missing):
            while True:
                page = self.ask("get_tables", **more)
                found |= {t["Name"]: t for t in page["TableList"]}
                if not page.get("NextToken"):
                    break
                more = {"NextToken": page["NextToken"]}
        if not found:  # no database, or an empty one: the stand-in does not tell one from the other
            self.ask("create_database", of_database=False, DatabaseInput={"Name": self.database})
        return found

    def table_input(self, table: Table, newest: int) -> dict[str, Any]:
        columns = [{"Name": c.name, "Type": hive_type(c)} for c in table.columns]
        columns += [
            {"Name": n, "Type": "bigint" if n == "load_batch_number" else "string"} for n in CHANGE_COLUMNS
        ]
        return {
            "Name": f"{table.source}__{table.name}",
            "Description": f"Curated {table.full_name}: one row per delivered change.",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "parquet", "EXTERNAL": "TRUE", NEWEST: str(newest)},
            "PartitionKeys": [{"Name": "batch", "Type": "string"}],
            "StorageDescriptor": {
                "Columns": columns,
                "Location": self.lake.uri(f"{table.source}/{table.name}"),
                "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
                },
            },
        }

    def add_partitions(self, table: dict[str, Any], files: dict[int, str]) -> int:
        """Create partitions; those that a dead run left are there already, and right."""
        created = 0
        for some in _by_hundreds(list(files.items())):
            wanted = [
                {
                    "Values": [f"{number:06d}"],
                    "StorageDescriptor": {
                        **table["StorageDescriptor"],
                        "Location": self.lake.uri(file.rsplit("/", 1)[0]),
                    },
                }
                for number, file in some
            ]
            answer = self.ask("batch_create_partition", TableName=table["Name"], PartitionInputList=wanted)
            errors = answer.get("Errors", [])
            for error in errors:
                if error["ErrorDetail"]["ErrorCode"] != "AlreadyExistsException":
                    raise InputError(
                        f"Glue table {self.database}.{table['Name']}: partition {error['PartitionValues']} is refused ({error['ErrorDetail']['ErrorCode']})."
                    )
            created += len(wanted) - len(errors)
        return created

    def ask(self, operation: str, of_database: bool = True, **arguments: Any) -> dict[str, Any]:
        """One request, repeated while Glue asks for patience."""
        given = {"DatabaseName": self.database, **arguments} if of_database else arguments
        call = getattr(self.client, operation)
        return patiently(lambda: self._once(operation, lambda: call(**given)), self.patience_seconds)

    def _once(self, operation: str, call: Callable[[], Any]) -> dict[str, Any]:
        self.requests += 1
        try:
            answer: dict[str, Any] = call()
            return answer
        except NoCredentialsError as fault:
            raise SettingsError(
                "the Glue catalog needs credentials; set the AWS variables or give the machine a role."
            ) from fault
        except ClientError as fault:
            code = fault.response["Error"]["Code"]
            if code == "EntityNotFoundException":
                raise _Missing(
                    f"Glue database {self.database} or a table of it is missing; run again."
                ) from None
            if code == "AlreadyExistsException":  # an answer was lost, or another run was faster
                return {}
            if code in BUSY or fault.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise Unreachable(f"the Glue catalog asks for patience ({code}); run again.") from fault
            if code in ("AccessDeniedException", "UnrecognizedClientException"):
                raise SettingsError(
                    f"Glue refuses {operation} on database {self.database} ({code}); check the rights."
                ) from fault
            raise InputError(f"Glue database {self.database}: {operation} is refused: {fault}.") from fault
        except BotoCoreError as fault:
            raise Unreachable(
                f"the Glue catalog cannot be reached ({str(fault).rstrip('.')}); run again."
            ) from fault


class _Missing(InputError):
    """The database, or a table, is not there."""


def _by_hundreds(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), PARTITIONS_A_CALL):
        yield items[start : start + PARTITIONS_A_CALL]
