"""Which columns of a statement anything depends on: those that BigQuery reads and bills.

A column that is selected by a subquery and used by nobody above it is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sandbox.bigquery.analyzer.tree import Node


class _Graph:
    """Columns that are needed anyhow, and columns that are needed when another is."""

    def __init__(self) -> None:
        self.roots: set[int] = set()
        self.sources: defaultdict[int, set[int]] = defaultdict(set)
        self.entries: dict[str, list[int]] = {}
        self.recursive: list[list[int]] = []

    def refs(self, node: Node) -> set[int]:
        """Columns that an expression names, with the scans inside its subqueries looked at."""
        found: set[int] = set()
        if node.kind == "ColumnRef":
            return {node.column.column_id}
        if node.kind == "SubqueryExpr":
            self.scan(node.subquery)
            found |= {c.column_id for c in node.subquery.column_list}
            found |= {p.column.column_id for p in node.parameter_list}
            return found | (self.refs(node.in_expr) if node.in_expr is not None else set())
        for child in node.children():
            found |= self.refs(child)
        return found

    def computed(self, columns: Iterable[Node]) -> None:
        for column in columns:
            self.sources[column.column.column_id] |= self.refs(column.expr)

    def need(self, node: Node | None) -> None:
        if node is not None:
            self.roots |= self.refs(node)

    def scan(self, node: Node) -> None:
        kind = node.kind
        if kind == "ProjectScan":
            self.computed(node.expr_list)
            self.scan(node.input_scan)
        elif kind == "AggregateScan":
            for key in node.group_by_list:
                self.need(key.expr)
            self.computed(node.aggregate_list)
            self.scan(node.input_scan)
        elif kind == "AnalyticScan":
            for group in node.function_group_list:
                self.computed(group.analytic_function_list)
                self.need(group.partition_by)
                self.need(group.order_by)
            self.scan(node.input_scan)
        elif kind == "SetOperationScan":
            self._set_operation(node)
        elif kind == "WithScan":
            self._with(node)
        elif kind == "WithRefScan":
            for column, source in zip(node.column_list, self.entries[node.with_query_name], strict=True):
                self.sources[column.column_id].add(source)
        elif kind == "RecursiveScan":
            self._recursive(node)
        elif kind == "RecursiveRefScan":
            for column, source in zip(
                node.column_list, self.recursive[-1] if self.recursive else [], strict=False
            ):
                self.sources[column.column_id].add(source)
        else:
            self._other(node)

    def _other(self, node: Node) -> None:
        """Conditions, keys and arrays are needed; scans are looked into."""
        for child in node.children():
            if child.kind.endswith("Scan"):
                self.scan(child)
            else:
                self.need(child)

    def _set_operation(self, node: Node) -> None:
        for item in node.input_item_list:
            self.scan(item.scan)
            for column, source in zip(node.column_list, item.output_column_list, strict=True):
                self.sources[column.column_id].add(source.column_id)
                if node.op_type != "UNION_ALL":
                    self.roots.add(source.column_id)

    def _with(self, node: Node) -> None:
        for entry in node.with_entry_list:
            self.entries[entry.with_query_name] = [c.column_id for c in entry.with_subquery.column_list]
            self.scan(entry.with_subquery)
        self.scan(node.query)

    def _recursive(self, node: Node) -> None:
        self.recursive.append([c.column_id for c in node.column_list])
        for item in (node.non_recursive_term, node.recursive_term):
            self.scan(item.scan)
            self.roots |= {c.column_id for c in item.output_column_list}
        self.recursive.pop()

    def live(self) -> set[int]:
        found, waiting = set(), list(self.roots)
        while waiting:
            column = waiting.pop()
            if column not in found:
                found.add(column)
                waiting += self.sources[column]
        return found


def of_query(node: Node, outputs: Iterable[int]) -> set[int]:
    """The numbers of the columns that a query with these output columns depends on."""
    graph = _Graph()
    graph.roots |= set(outputs)
    graph.scan(node)
    return graph.live()


def of_statement(node: Node) -> set[int]:
    """The same of a statement that changes rows: what it names is needed."""
    graph = _Graph()
    if node.has("query_output_column_list"):
        graph.roots |= {c.column_id for c in node.query_output_column_list}
    for child in node.children():
        if child.kind.endswith("Scan"):
            graph.scan(child)
        else:
            graph.need(child)
    return graph.live()
