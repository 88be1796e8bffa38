"""BigQuery's data types, and how each is written for the analyzer, for DuckDB and on the wire.

A TIMESTAMP is kept as DuckDB's TIMESTAMP in UTC: the analyzer tells it from a DATETIME, so the engine need not.
Fields of a STRUCT are named by position (f0, f1, ...), because BigQuery's may be unnamed or share a name.
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sandbox.bigquery.errors import Unsupported

ENGINE = {
    "INT64": "BIGINT", "FLOAT64": "DOUBLE", "NUMERIC": "DECIMAL(38,9)", "BOOL": "BOOLEAN", "STRING": "VARCHAR",
    "BYTES": "BLOB", "DATE": "DATE", "DATETIME": "TIMESTAMP", "TIMESTAMP": "TIMESTAMP", "TIME": "TIME",
    "INTERVAL": "INTERVAL", "JSON": "VARCHAR", "BIGNUMERIC": "VARCHAR",
}  # fmt: skip
# names of the REST interface; its answers use the legacy names for four types
LEGACY = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD"}
MODERN = {
    "INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT", "DECIMAL": "NUMERIC",
    "BIGDECIMAL": "BIGNUMERIC",
}  # fmt: skip
KINDS = {"DOUBLE": "FLOAT64"}


@dataclass(frozen=True)
class Type:
    """A data type. ``element`` is an array's, ``fields`` a struct's (an unnamed field's name is '').

    ``parameters``: length of STRING and BYTES, or precision and scale of NUMERIC and BIGNUMERIC.
    """

    kind: str
    element: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()
    parameters: tuple[int, ...] = ()

    def __str__(self) -> str:
        """As BigQuery writes it in SQL and in INFORMATION_SCHEMA."""
        if self.element is not None:
            return f"ARRAY<{self.element}>"
        if self.kind == "STRUCT":
            return f"STRUCT<{', '.join(f'{name} {type_}'.strip() for name, type_ in self.fields)}>"
        return self.kind + (f"({', '.join(map(str, self.parameters))})" if self.parameters else "")

    @property
    def engine(self) -> str:
        """DuckDB's type. Raises Unsupported for a type DuckDB cannot hold faithfully."""
        if self.element is not None:
            return f"{self.element.engine}[]"
        if self.kind == "STRUCT":
            return f"STRUCT({', '.join(f'f{i} {type_.engine}' for i, (_, type_) in enumerate(self.fields))})"
        if self.kind not in ENGINE:
            raise Unsupported(f"type {self.kind}")
        return ENGINE[self.kind]

    def check_storable(self) -> None:
        """Raises Unsupported for a type that a result or a table cannot have here: a BIGNUMERIC lives inside expressions."""
        if self.kind == "BIGNUMERIC":
            raise Unsupported("a column of type BIGNUMERIC")
        for inner in (*([self.element] if self.element is not None else []), *(t for _, t in self.fields)):
            inner.check_storable()
        self.engine  # noqa: B018 - raises for a type that the engine lacks

    @property
    def bare(self) -> Type:
        """The same type without parameters, which expressions do not carry."""
        if self.element is not None:
            return replace(self, element=self.element.bare)
        return replace(self, parameters=(), fields=tuple((n, t.bare) for n, t in self.fields))


INT64, FLOAT64, NUMERIC, BOOL, STRING = (
    Type("INT64"), Type("FLOAT64"), Type("NUMERIC"), Type("BOOL"), Type("STRING")
)  # fmt: skip
DATE, DATETIME, TIMESTAMP = Type("DATE"), Type("DATETIME"), Type("TIMESTAMP")


def of_proto(proto: Any) -> Type:
    """A type from the analyzer's message."""
    name = proto.DESCRIPTOR.fields_by_name["type_kind"].enum_type.values_by_number[proto.type_kind].name
    kind = name.removeprefix("TYPE_")
    kind = KINDS.get(kind, kind)
    if kind == "ARRAY":
        return Type("ARRAY", element=of_proto(proto.array_type.element_type))
    if kind == "STRUCT":
        return Type(
            "STRUCT", fields=tuple((f.field_name, of_proto(f.field_type)) for f in proto.struct_type.field)
        )
    return Type(kind)


def to_proto(type_: Type) -> Any:
    """The analyzer's message of a type."""
    from zetasql.wasi._pb2.zetasql.public import type_pb2

    kind = {"FLOAT64": "DOUBLE"}.get(type_.kind, type_.kind)
    proto = type_pb2.TypeProto(type_kind=type_pb2.TypeKind.Value(f"TYPE_{kind}"))
    if type_.element is not None:
        proto.array_type.element_type.CopyFrom(to_proto(type_.element))
    for name, inner in type_.fields:
        field = proto.struct_type.field.add(field_name=name)
        field.field_type.CopyFrom(to_proto(inner))
    return proto


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, type, whether it refuses NULL, and its description."""

    name: str
    type: Type
    required: bool = False
    description: str | None = None
    default: str | None = None
    descriptions: tuple[tuple[str, str], ...] = ()  # of nested fields: path below the column, text

    def field(self) -> dict[str, Any]:
        """The TableFieldSchema of the REST interface."""
        told = _field(self.name, self.type, "", dict(self.descriptions))
        if self.required and self.type.kind != "ARRAY":
            told["mode"] = "REQUIRED"
        if self.description:
            told["description"] = self.description
        if self.default:
            told["defaultValueExpression"] = self.default
        return told


def _field(name: str, type_: Type, path: str, descriptions: dict[str, str]) -> dict[str, Any]:
    repeated = type_.element is not None
    inner = type_.element if type_.element is not None else type_
    told: dict[str, Any] = {
        "name": name,
        "type": LEGACY.get(inner.kind, inner.kind),
        "mode": "REPEATED" if repeated else "NULLABLE",
    }
    if inner.kind == "STRUCT":
        told["fields"] = []
        for i, (field, field_type) in enumerate(inner.fields):
            below = f"{path}.{field}" if path else field
            told["fields"].append(_field(field or f"_field_{i + 1}", field_type, below, descriptions))
            if below in descriptions:
                told["fields"][-1]["description"] = descriptions[below]
    if inner.parameters:
        if inner.kind in ("STRING", "BYTES"):
            told["maxLength"] = str(inner.parameters[0])
        else:
            told["precision"] = str(inner.parameters[0])
            if len(inner.parameters) > 1:
                told["scale"] = str(inner.parameters[1])
    return told


def of_field(field: dict[str, Any]) -> Column:
    """A column from a TableFieldSchema. Raises ValueError for a type BigQuery does not have."""
    type_ = _type_of_field(field)
    return Column(
        field["name"],
        type_,
        field.get("mode", "NULLABLE").upper() == "REQUIRED",
        field.get("description") or None,
        field.get("defaultValueExpression") or None,
        tuple(_descriptions(field, "")),
    )


def _descriptions(field: dict[str, Any], path: str) -> list[tuple[str, str]]:
    found = []
    for inner in field.get("fields", ()):
        below = f"{path}.{inner['name']}" if path else inner["name"]
        if inner.get("description"):
            found.append((below, inner["description"]))
        found += _descriptions(inner, below)
    return found


def _type_of_field(field: dict[str, Any]) -> Type:
    kind = str(field["type"]).upper()
    kind = MODERN.get(kind, kind)
    if kind not in ENGINE and kind not in ("STRUCT", "GEOGRAPHY", "RANGE"):
        raise ValueError(f"Invalid value for type: {field['type']} is not a valid value")
    parameters: tuple[int, ...] = ()
    if field.get("maxLength"):
        parameters = (int(field["maxLength"]),)
    elif field.get("precision"):
        parameters = (int(field["precision"]), *([int(field["scale"])] if field.get("scale") else []))
    type_ = Type(
        kind,
        fields=tuple((f["name"], _type_of_field(f)) for f in field.get("fields", ())),
        parameters=parameters,
    )
    repeated = field.get("mode", "NULLABLE").upper() == "REPEATED"
    return Type("ARRAY", element=type_) if repeated else type_
