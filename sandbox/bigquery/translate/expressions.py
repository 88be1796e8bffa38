"""Expressions: literals, columns, structs, subqueries and calls; casts are in casts.py, functions in functions/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.translate import casts, comparison, exact_decimals, functions, scans, values
from sandbox.bigquery.translate.binding import bound
from sandbox.bigquery.translate.functions import numbers
from sandbox.bigquery.translate.registry import SCALAR, Call
from sandbox.bigquery.translate.translator import Translator, column_name, refuse, type_of
from sandbox.bigquery.types import Type, of_proto

assert functions.LOADED


def expression(t: Translator, node: Node) -> str:
    """The DuckDB expression of a resolved expression; Unsupported when there is none."""
    writer = WRITERS.get(node.kind)
    if writer is None:
        raise refuse(node)
    return writer(t, node)


def literal_value(node: Node) -> Any:
    """The Python value of a literal node, None for any other node."""
    if node.kind != "Literal":
        return None
    return values.decode(node.value.value, of_proto(node.value.type))


def literal(t: Translator, node: Node) -> str:
    type_ = type_of(node)
    if type_.kind == "ENUM":
        return str(literal_value(node))
    return values.literal(literal_value(node), type_)


def column_ref(t: Translator, node: Node) -> str:
    return column_name(node.column)


def parameter(t: Translator, node: Node) -> str:
    if node.name:
        type_, value = t.parameters[node.name.lower()]
    else:
        type_, value = t.positional[node.position - 1]
    return values.literal(value, type_)


def constant(t: Translator, node: Node) -> str:
    """A variable of the script; its value is known when the statement is translated."""
    type_, value = t.variables[node.constant.name.lower()]
    return values.literal(value, type_)


def system_variable(t: Translator, node: Node) -> str:
    name = ".".join(node.name_path)
    if name not in t.system:
        raise Unsupported(f"the system variable @@{name} here")
    return values.literal(t.system[name], type_of(node))


def make_struct(t: Translator, node: Node) -> str:
    fields = [f"'f{i}': {t.expression(f)}" for i, f in enumerate(node.field_list)]
    return "{" + ", ".join(fields) + "}"


def get_struct_field(t: Translator, node: Node) -> str:
    return f"struct_extract({t.expression(node.expr)}, 'f{node.field_idx}')"


def get_json_field(t: Translator, node: Node) -> str:
    return f"bq_json_member({t.expression(node.expr)}, {values.text(node.field_name)})"


def subquery(t: Translator, node: Node) -> str:
    kind, inner = node.subquery_type, node.subquery
    if kind == "EXISTS":
        return f"EXISTS ({t.scan(inner)})"
    first = column_name(inner.column_list[0])
    if kind == "SCALAR":
        return f"({scans.ordered_select(t, inner, first)})"
    if kind == "ARRAY":
        return _array(t, inner, first)
    if kind == "IN":
        return _in_subquery(t, node, first)
    raise Unsupported(f"a subquery of kind {kind}")


def _array(t: Translator, inner: Node, first: str) -> str:
    """ARRAY(SELECT …): the order of the subquery is the order of the elements."""
    if inner.kind == "OrderByScan":
        keys = ", ".join(scans.order_keys(t, inner.order_by_item_list))
        return f"(SELECT coalesce(list({first} ORDER BY {keys}), []) FROM ({t.scan(inner.input_scan)}))"
    if inner.kind == "LimitOffsetScan" and inner.input_scan.kind == "OrderByScan":
        keys = ", ".join(scans.order_keys(t, inner.input_scan.order_by_item_list))
        wide = scans.ordered_select(t, inner, "*")
        return f"(SELECT coalesce(list({first} ORDER BY {keys}), []) FROM ({wide}))"
    return f"(SELECT coalesce(list({first}), []) FROM ({t.scan(inner)}))"


def _in_subquery(t: Translator, node: Node, first: str) -> str:
    type_ = type_of(node.in_expr)
    if type_.kind in ("STRUCT", "FLOAT64", "ARRAY", "JSON"):
        raise Unsupported(f"{type_} IN (subquery)")
    return f"({t.expression(node.in_expr)} IN (SELECT {first} FROM ({t.scan(node.subquery)})))"


def call(t: Translator, node: Node) -> str:
    name = node.function.name.removeprefix("ZetaSQL:").lower()
    if node.generic_argument_list and not node.argument_list:
        raise Unsupported(f"the function {name.upper()} with lambda or named arguments")
    if node.collation_list:
        raise Unsupported("collations")
    types = [type_of(a) for a in node.argument_list]
    written = bound(
        [t.expression(a) for a in node.argument_list], lambda given: _written(t, node, name, given, types)
    )
    if node.error_mode == "SAFE_ERROR_MODE":
        return f"TRY({written})"
    return written


def _written(t: Translator, node: Node, name: str, given: list[str], types: list[Type]) -> str:
    if name in comparison.COMPARISONS:
        return comparison.write(name, given, types)
    rewrite = SCALAR.get(name)
    if rewrite is None or (name not in numbers.BIG and any(t.kind == "BIGNUMERIC" for t in types)):
        of_big = " of BIGNUMERIC" if rewrite is not None else ""
        raise Unsupported(f"the function {name.lstrip('$').upper()}{of_big}")
    known = [literal_value(a) if type_of(a).kind != "JSON" else None for a in node.argument_list]
    made = Call(name, given, types, type_of(node), node.argument_list, known)
    if name.startswith("current_"):
        made.arguments.append(t.now)
    return rewrite(made)


def cast(t: Translator, node: Node) -> str:
    if node.extended_cast is not None:
        raise Unsupported("an extended cast")
    source, target = type_of(node.expr), type_of(node)
    modifiers = node.type_modifiers
    parameters = type_parameters(modifiers.type_parameters) if modifiers is not None else ()
    pattern = literal_value(node.format) if node.format is not None else None
    if node.format is not None and pattern is None:
        raise Unsupported("CAST … FORMAT with a format that is not a literal")
    zone = t.expression(node.time_zone) if node.time_zone is not None else None

    def converted(given: list[str]) -> str:
        if pattern is not None:
            return casts.formatted(given[0], source, target, pattern, zone)
        made = casts.cast(given[0], source, target, zone)
        return casts.tried(made, given[0], source, target) if node.return_null_on_error else made

    written = bound([t.expression(node.expr)], converted)
    if (source.kind, target.kind) == ("BIGNUMERIC", "NUMERIC") and pattern is None:
        written = exact_decimals.rounded_once(t, node.expr, written) or written
    if parameters:
        limits = Type(target.kind, parameters=parameters)
        written = bound([written], lambda given: casts.limited(given[0], limits))
    if node.return_null_on_error and (parameters or pattern is not None):
        return f"TRY({written})"
    return written


def type_parameters(told: Any) -> tuple[int, ...]:
    """Length, or precision and scale, of a parameterized type."""
    if told.HasField("string_type_parameters"):
        inner = told.string_type_parameters
        return () if inner.is_max_length else (inner.max_length,)
    if told.HasField("numeric_type_parameters"):
        inner = told.numeric_type_parameters
        return (inner.precision, inner.scale)
    return ()


def dml_default(t: Translator, node: Node) -> str:
    raise InvalidQuery("DEFAULT is only allowed as a value to insert or to set")


WRITERS: dict[str, Callable[[Translator, Node], str]] = {
    "Literal": literal,
    "ColumnRef": column_ref,
    "Parameter": parameter,
    "Constant": constant,
    "SystemVariable": system_variable,
    "MakeStruct": make_struct,
    "GetStructField": get_struct_field,
    "GetJsonField": get_json_field,
    "SubqueryExpr": subquery,
    "FunctionCall": call,
    "Cast": cast,
    "DMLDefault": dml_default,
}
