"""Scripts: DECLARE, SET, IF, CASE, loops, BEGIN … EXCEPTION, EXECUTE IMMEDIATE and the statements between.

https://cloud.google.com/bigquery/docs/reference/standard-sql/procedural-language
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.bigquery.analyzer.gate import slice_of
from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import Failure, InvalidQuery, Unsupported
from sandbox.bigquery.execution.context import Context
from sandbox.bigquery.execution.dispatch import run_statement
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.translate import casts, values
from sandbox.bigquery.translate.translator import type_of
from sandbox.bigquery.types import BOOL, STRING, Type

MOST_STEPS = 100_000  # statements of one script: a loop without end is an error, not a hang
WIDENING = {("INT64", "NUMERIC"), ("INT64", "FLOAT64"), ("NUMERIC", "FLOAT64")}
TEXT_LITERALS = {"DATE", "DATETIME", "TIMESTAMP", "TIME"}


class _Leave(Exception):
    def __init__(self, label: str) -> None:
        self.label = label


class _Again(_Leave):
    pass


class _Return(Exception):
    pass


def is_script(statements: Sequence[Node]) -> bool:
    """One plain statement is none."""
    return len(statements) != 1 or statements[0].kind in STEPS


class Script:
    """A script that runs; ``outcomes`` are those of its statements, in order."""

    def __init__(
        self, context: Context, text: str, on_statement: Callable[[str, Outcome], None] | None = None
    ) -> None:
        self.context = context
        self.text = text
        self.outcomes: list[Outcome] = []
        self._on_statement = on_statement
        self._steps = 0

    def run(self, statements: Sequence[Node]) -> Outcome:
        """Carry it out; the outcome is the script's, with the rows of its last query."""
        try:
            self.block(statements)
        except _Return:
            pass
        except _Leave as jump:
            raise InvalidQuery(f"{jump.label or 'BREAK'} is only allowed inside a loop") from jump
        finally:
            self._drop_temporary()
        return self.outcome()

    def outcome(self) -> Outcome:
        whole = Outcome("SCRIPT", processed=sum(o.processed for o in self.outcomes))
        queries = [o for o in self.outcomes if o.place is not None]
        last = self.outcomes[-1] if self.outcomes else None
        if queries:
            whole.columns, whole.place, whole.rows = queries[-1].columns, queries[-1].place, queries[-1].rows
        if last is not None:
            whole.inserted, whole.updated, whole.deleted = last.inserted, last.updated, last.deleted
        whole.referenced = list({k: None for o in self.outcomes for k in o.referenced})
        return whole

    def _drop_temporary(self) -> None:
        with self.context.catalog.cursor() as cursor:
            for table in self.context.temporary.values():
                cursor.execute(f"DROP TABLE IF EXISTS {table.place}")
        self.context.temporary.clear()

    def block(self, statements: Sequence[Node]) -> None:
        for statement in statements:
            self.step(statement)

    def step(self, node: Node) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Unsupported(f"a script of more than {MOST_STEPS} steps")
        handler = STEPS.get(node.kind)
        if handler is not None:
            handler(self, node)
        elif node.kind in REFUSED:
            raise Unsupported(REFUSED[node.kind])
        else:
            self.statement(slice_of(self.text, node))

    def statement(self, text: str) -> Outcome:
        outcome = run_statement(self.context, text)
        self.outcomes.append(outcome)
        if outcome.affected is not None:
            self.context.system["row_count"] = outcome.affected
        if self._on_statement is not None:
            self._on_statement(text.strip(), outcome)
        return outcome

    # ---------- expressions

    def value(self, node: Node) -> tuple[Type, Any]:
        """Type and value of an expression of the script."""
        text = slice_of(self.text, node)
        scope, sources = self.context.scope(f"SELECT ({text}\n)")
        resolved = self.context.warehouse.gate.expression(text, scope)
        type_ = type_of(resolved)
        self.context.processed = 0
        written = self.context.translator(sources).expression(resolved)
        if self.context.processed:
            self.outcomes.append(Outcome("SELECT", processed=self.context.processed))
        with self.context.catalog.cursor() as cursor, engine_errors():
            row = cursor.execute(f"SELECT {written}").fetchone()
        assert row is not None
        return type_, values.of_engine(row[0], type_)

    def truth(self, node: Node) -> bool:
        type_, value = self.value(node)
        if type_ != BOOL:
            raise InvalidQuery(f"A condition must be of type BOOL, but is {type_}")
        return value is True

    def assign(self, name: str, given: tuple[Type, Any]) -> None:
        name = name.lower()
        if name not in self.context.variables:
            raise InvalidQuery(f"Undeclared variable: {name}")
        wanted = self.context.variables[name][0]
        self.context.variables[name] = (wanted, self.coerced(given, wanted, name))

    def coerced(self, given: tuple[Type, Any], wanted: Type, name: str) -> Any:
        """The value as the variable's type, where BigQuery's implicit conversion allows it."""
        type_, value = given
        if value is None or type_.bare == wanted.bare or _unnamed(type_) == _unnamed(wanted):
            return value
        if (type_.kind, wanted.kind) in WIDENING or (type_ == STRING and wanted.kind in TEXT_LITERALS):
            sql = casts.cast(values.literal(value, type_), type_, wanted)
            with self.context.catalog.cursor() as cursor, engine_errors():
                row = cursor.execute(f"SELECT {sql}").fetchone()
            assert row is not None
            return row[0]
        if type_.kind == "ARRAY" and not value:
            return value
        raise InvalidQuery(f"Cannot coerce expression of type {type_} to variable {name} of type {wanted}")

    # ---------- kinds of steps

    def declare(self, node: Node) -> None:
        given = self.value(node.default_value) if node.default_value is not None else None
        wanted = given[0] if given is not None else None
        if node.type is not None:
            written = slice_of(self.text, node.type).strip()
            scope, _ = self.context.scope("SELECT 1")
            wanted = type_of(self.context.warehouse.gate.expression(f"CAST(NULL AS {written})", scope))
        assert wanted is not None
        for identifier in node.variable_list.identifier_list:
            name = identifier.id_string.lower()
            self.context.variables[name] = (wanted, None)
            if given is not None:
                self.assign(name, given)

    def set_one(self, node: Node) -> None:
        self.assign(node.variable.id_string, self.value(node.expression))

    def set_several(self, node: Node) -> None:
        type_, value = self.value(node.struct_expression)
        names = [i.id_string for i in node.variables.identifier_list]
        if type_.kind != "STRUCT" and len(names) == 1:
            self.assign(names[0], (type_, value))
            return
        if type_.kind != "STRUCT" or len(type_.fields) != len(names):
            raise InvalidQuery(
                f"SET with {len(names)} variables needs a struct of as many fields, but got {type_}"
            )
        inner = value if value is not None else (None,) * len(names)
        for name, (_, field_type), field in zip(names, type_.fields, inner, strict=True):
            self.assign(name, (field_type, field))

    def if_(self, node: Node) -> None:
        branches = [(node.condition, node.then_list)]
        if node.elseif_clauses is not None:
            branches += [(c.condition, c.body) for c in node.elseif_clauses.elseif_clauses]
        for condition, body in branches:
            if self.truth(condition):
                self.block(body.statement_list)
                return
        if node.else_list is not None:
            self.block(node.else_list.statement_list)

    def case(self, node: Node) -> None:
        subject = self.value(node.expression) if node.expression is not None else None
        for clause in node.when_then_clauses.when_then_clauses:
            chosen = (
                self.value(clause.condition)[1] == subject[1]
                if subject is not None
                else self.truth(clause.condition)
            )
            if chosen:
                self.block(clause.body.statement_list)
                return
        if node.else_list is not None:
            self.block(node.else_list.statement_list)

    def while_(self, node: Node) -> None:
        while node.condition is None or self.truth(node.condition):
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise Unsupported(f"a script of more than {MOST_STEPS} steps")
            if not self._round(node):
                return

    def repeat(self, node: Node) -> None:
        while self._round(node):
            if self.truth(node.until_clause.condition):
                return

    def for_(self, node: Node) -> None:
        outcome = self.statement(slice_of(self.text, node.query))
        row = Type("STRUCT", fields=tuple((c.name, c.type) for c in outcome.columns))
        with self.context.catalog.cursor() as cursor:
            rows = cursor.execute(f"SELECT * FROM {outcome.place} ORDER BY rowid").fetchall()
        name = node.variable.id_string.lower()
        for found in rows:
            self.context.variables[name] = (row, values.of_engine(found, row))
            if not self._round(node):
                break
        self.context.variables.pop(name, None)

    def _round(self, node: Node) -> bool:
        """One round of a loop; False when the loop is left."""
        label = node.label.name.id_string.lower() if node.label is not None else ""
        try:
            self.block(node.body.statement_list)
        except _Again as jump:
            if jump.label not in ("", label):
                raise
        except _Leave as jump:
            if jump.label not in ("", label):
                raise
            return False
        return True

    def leave(self, node: Node) -> None:
        raise _Leave(node.label.name.id_string.lower() if node.label is not None else "")

    def again(self, node: Node) -> None:
        raise _Again(node.label.name.id_string.lower() if node.label is not None else "")

    def return_(self, node: Node) -> None:
        raise _Return

    def begin(self, node: Node) -> None:
        """Variables declared in a block end with it; an error goes to its handler if there is one."""
        before = set(self.context.variables)
        try:
            self.block(node.statement_list_node.statement_list)
        except Failure as failure:
            if node.handler_list is None or failure.message.startswith("not supported by the stand-in"):
                raise
            outer = dict(self.context.system)
            self.context.system["error.message"] = failure.message
            self.context.system["error.statement_text"] = self.text.strip()
            self.block(node.handler_list.exception_handler_list[0].statement_list.statement_list)
            self.context.system = {
                **self.context.system,
                **{k: outer.get(k) for k in ("error.message", "error.statement_text")},
            }
        finally:
            for name in set(self.context.variables) - before:
                del self.context.variables[name]

    def raise_(self, node: Node) -> None:
        if node.message is None:
            raise InvalidQuery(
                self.context.system.get("error.message") or "RAISE outside of an exception handler"
            )
        raise InvalidQuery(str(self.value(node.message)[1]))

    def execute_immediate(self, node: Node) -> None:
        type_, text = self.value(node.sql)
        if type_ != STRING or text is None:
            raise InvalidQuery("EXECUTE IMMEDIATE needs a statement as a STRING")
        inner = Context(
            self.context.warehouse, self.context.project, self.context.default, system=self.context.system,
            temporary=self.context.temporary, functions=self.context.functions, job=self.context.job, dry_run=self.context.dry_run, started=self.context.started,
        )  # fmt: skip
        for argument in node.using_clause.arguments if node.using_clause is not None else ():
            given = self.value(argument.expression)
            if argument.alias is not None:
                inner.parameters[argument.alias.identifier.id_string.lower()] = given
            else:
                inner.positional.append(given)
        statements = self.context.warehouse.gate.script(text)
        if len(statements) != 1 or statements[0].kind in STEPS:
            raise InvalidQuery("EXECUTE IMMEDIATE takes exactly one statement of SQL")
        outcome = run_statement(inner, text)
        self.outcomes.append(outcome)
        if self._on_statement is not None:
            self._on_statement(text, outcome)
        if node.into_clause is not None:
            self._into([i.id_string for i in node.into_clause.identifiers.identifier_list], outcome)

    def call(self, node: Node) -> None:
        """Only BQ.REFRESH_MATERIALIZED_VIEW, which has nothing to do here: a materialized view is always fresh."""
        path = [n.id_string.lower() for n in node.procedure_name.names]
        if path != ["bq", "refresh_materialized_view"] or len(node.arguments) != 1:
            raise Unsupported(f"procedures (CALL {'.'.join(path)})")
        _, name = self.value(node.arguments[0].expr)
        view = self.context.table([str(name)])
        if view.kind != "MATERIALIZED_VIEW":
            raise InvalidQuery(f"{view.name} is not a materialized view")
        self.outcomes.append(Outcome("CALL"))

    def _into(self, names: list[str], outcome: Outcome) -> None:
        if outcome.place is None or len(outcome.columns) != len(names):
            raise InvalidQuery("EXECUTE IMMEDIATE … INTO needs a query with one column for each variable")
        with self.context.catalog.cursor() as cursor:
            rows = cursor.execute(f"SELECT * FROM {outcome.place} LIMIT 2").fetchall()
        if len(rows) > 1:
            raise InvalidQuery("EXECUTE IMMEDIATE … INTO needs a query with one row at most")
        for i, (name, column) in enumerate(zip(names, outcome.columns, strict=True)):
            self.assign(name, (column.type, values.of_engine(rows[0][i], column.type) if rows else None))


def _unnamed(type_: Type) -> str:
    """A type without the names of its fields, which do not matter when a struct is assigned."""
    return re.sub(r"[`\w]+ (?=\w)", "", str(type_.bare))


STEPS: dict[str, Callable[[Script, Node], None]] = {
    "ASTVariableDeclaration": Script.declare,
    "ASTSingleAssignment": Script.set_one,
    "ASTAssignmentFromStruct": Script.set_several,
    "ASTIfStatement": Script.if_,
    "ASTCaseStatement": Script.case,
    "ASTWhileStatement": Script.while_,
    "ASTRepeatStatement": Script.repeat,
    "ASTForInStatement": Script.for_,
    "ASTBreakStatement": Script.leave,
    "ASTContinueStatement": Script.again,
    "ASTReturnStatement": Script.return_,
    "ASTBeginEndBlock": Script.begin,
    "ASTRaiseStatement": Script.raise_,
    "ASTExecuteImmediateStatement": Script.execute_immediate,
    "ASTCallStatement": Script.call,
}
REFUSED = {
    "ASTBeginStatement": "transactions of several statements (BEGIN TRANSACTION)",
    "ASTCommitStatement": "transactions of several statements (COMMIT)",
    "ASTRollbackStatement": "transactions of several statements (ROLLBACK)",
    "ASTCreateProcedureStatement": "procedures (CREATE PROCEDURE)",
    "ASTParameterAssignment": "SET of a query parameter",
    "ASTSystemVariableAssignment": "SET of a system variable",
}
