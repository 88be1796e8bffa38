"""A contract as a file of the Open Data Contract Standard, for catalogues and for partners outside dbt.

https://bitol-io.github.io/open-data-contract-standard/
"""

from __future__ import annotations

import re
from typing import Any

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    Description,
    EnumValue,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    ServiceLevelAgreementProperty,
    Team,
)

from docs_site.contracts import Column, Contract, Test

STANDARD = "v3.2.0"
LOGICAL_TYPES = {
    "text": "string",
    "integer": "integer",
    "decimal": "number",
    "date": "date",
    "timestamp": "timestamp",
    "flag": "integer",
}


def as_odcs(contract: Contract, version: str) -> str:
    """The contract as YAML; ``version`` is the project's."""
    document = OpenDataContractStandard(
        apiVersion=STANDARD,
        kind="DataContract",
        id=f"customer-360-{contract.name.replace('__', '-').replace('_', '-')}",
        name=contract.title,
        version=version,
        status="active",
        domain=contract.area,
        description=Description(purpose=contract.description),
        team=Team(name=contract.owner) if contract.owner else None,
        slaProperties=_freshness(contract.freshness),
    )
    document.schema_ = [
        SchemaObject(
            name=contract.name,
            logicalType="object",
            physicalType="table",
            physicalName=contract.relation.replace('"', ""),
            description=contract.description,
            dataGranularityDescription=contract.grain or None,
            properties=[_property(column, contract.key) for column in contract.columns],
            quality=[_dbt_test(t) for t in contract.tests] or None,
        )
    ]
    return document.to_yaml()


def _property(column: Column, key: list[str]) -> SchemaProperty:
    kind = column.type.split("(")[0]
    tests = {t.name: t for t in column.tests}
    accepted = column.rules.get("accepted_values") or (
        tests["accepted_values"].arguments.get("values") if "accepted_values" in tests else None
    )
    custom = {k: v for k, v in column.rules.items() if k in ("not_after", "must_exist_in")}
    return SchemaProperty(
        name=column.name,
        logicalType=LOGICAL_TYPES[kind],
        logicalTypeOptions=_options(kind, column.type),
        physicalType=column.type,
        description=column.description,
        required=True if column.is_required or column.name in key else None,
        unique=True if "unique" in tests else None,
        primaryKey=True if column.name in key else None,
        primaryKeyPosition=key.index(column.name) + 1 if column.name in key else None,
        enum=[EnumValue(value=value) for value in accepted] if accepted else None,
        quality=[
            _dbt_test(t) for t in column.tests if t.name not in ("not_null", "unique", "accepted_values")
        ]
        or None,
        customProperties=[CustomProperty(property=k, value=v) for k, v in custom.items()] or None,
    )


def _options(kind: str, written: str) -> dict[str, Any] | None:
    if kind == "text":
        return {"maxLength": int(re.findall(r"\d+", written)[0])}
    return {"minimum": 0, "maximum": 1} if kind == "flag" else None


def _dbt_test(test: Test) -> DataQuality:
    implementation = {"test": test.name, "arguments": test.arguments}
    return DataQuality.model_validate({"type": "custom", "engine": "dbt", "implementation": implementation})


def _freshness(freshness: dict[str, Any]) -> list[ServiceLevelAgreementProperty] | None:
    """The time after which a late delivery is an error, when the contract states one."""
    limit = freshness.get("error_after") or {}
    if not limit.get("count"):
        return None
    return [ServiceLevelAgreementProperty(property="latency", value=limit["count"], unit=limit["period"])]
