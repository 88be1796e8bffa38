"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html"""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.parsing.definitions import DefinitionReader
from sandbox.redshift.language.refusal import NO_FEATURE, SYNTAX, refused
from sandbox.redshift.language.statements import Delete, Insert, Merge, Update
from sandbox.redshift.language.tree import CommonTable

MERGE_PAGE = "r_MERGE.html"


class ChangeReader(DefinitionReader):
    """Reads the statements that change rows."""

    def insert(self) -> Insert:
        at = self.at
        self.expect("insert", "into")
        parts = self.qualified()
        if self.sees("as") or (self.token.is_name and not self.sees("values")):
            raise refused(
                "an alias of the table is not supported in INSERT", self.at, "r_INSERT_30.html", SYNTAX
            )
        insert = Insert(parts, [], at)
        if self.sees("(") and self.ahead().key not in ("select", "with", "("):
            insert.columns = self.bracketed_names()
        if self.take("default", "values"):
            insert.defaults = True
        elif self.take("values"):
            insert.rows.append(self._row())
            while self.take(","):
                insert.rows.append(self._row())
        elif self.sees("select", "with", "("):
            insert.query = self.query()
        else:
            raise self.unexpected("r_INSERT_30.html")
        self._no_postgres_tail("r_INSERT_30.html")
        return insert

    def _row(self) -> list[Any]:
        self.expect("(")
        row: list[Any] = []
        while True:
            row.append(None if self.take("default") else self.expression())
            if not self.take(","):
                break
        self.expect(")")
        return row

    def _no_postgres_tail(self, page: str) -> None:
        if self.sees("returning"):
            raise refused("RETURNING is not supported", self.at, page, SYNTAX)
        if self.sees("on"):
            raise refused("ON CONFLICT is not supported", self.at, page, SYNTAX)

    def update(self, tables: list[CommonTable], recursive: bool) -> Update:
        at = self.at
        self.expect("update")
        parts = self.qualified()
        alias = None
        if self.take("as") or (self.token.is_name and not self.sees("set")):
            alias = self.name()
        self.expect("set")
        changes = self._changes("r_UPDATE.html")
        source = self.table_references() if self.take("from") else None
        where = self.expression() if self.take("where") else None
        self._no_postgres_tail("r_UPDATE.html")
        return Update(parts, alias, changes, source, where, at, tables, recursive)

    def _changes(self, page: str) -> list[tuple[str, Any]]:
        changes: list[tuple[str, Any]] = []
        while True:
            if self.sees("("):
                raise self.unexpected(page)
            name = self.name()
            if self.sees("."):
                raise refused("the table's name is not written before a column in SET", self.at, page, SYNTAX)
            self.expect("=")
            changes.append((name, None if self.take("default") else self.expression()))
            if not self.take(","):
                return changes

    def delete(self, tables: list[CommonTable], recursive: bool) -> Delete:
        at = self.at
        self.expect("delete")
        self.take("from")
        parts = self.qualified()
        if self.sees("as") or (self.token.is_name and not self.sees("using", "where")):
            raise refused(
                "an alias of the table is not supported in DELETE", self.at, "r_DELETE.html", SYNTAX
            )
        source = self.table_references() if self.take("using") else None
        where = self.expression() if self.take("where") else None
        self._no_postgres_tail("r_DELETE.html")
        return Delete(parts, source, where, at, tables, recursive)

    def merge(self) -> Merge:
        at = self.at
        self.expect("merge", "into")
        target = self.qualified()
        if not self.sees("using"):
            raise refused("an alias of the target is not supported in MERGE", self.at, MERGE_PAGE, SYNTAX)
        self.expect("using")
        if self.sees("("):
            raise refused("the source of a MERGE is a table, not a query", self.at, MERGE_PAGE, SYNTAX)
        source = self.qualified()
        alias = self.name() if self.take("as") or self.token.is_name else None
        if target[-1] == source[-1] and target[-2:-1] == source[-2:-1]:
            raise refused("source and target of a MERGE are the same table", at, MERGE_PAGE, NO_FEATURE)
        self.expect("on")
        merge = Merge(target, source, alias, self.expression(), at)
        if self.take("remove", "duplicates"):
            merge.remove_duplicates = True
            return merge
        self.expect("when", "matched")
        self._no_condition()
        self.expect("then")
        if self.take("delete"):
            merge.matched = None
        else:
            self.expect("update", "set")
            merge.matched = self._changes(MERGE_PAGE)
        self.expect("when", "not", "matched")
        self._no_condition()
        self.expect("then", "insert")
        if self.sees("("):
            merge.columns = self.bracketed_names()
        self.expect("values")
        merge.values = self._row()
        if self.sees("when"):
            raise refused(
                "MERGE has one WHEN MATCHED and one WHEN NOT MATCHED clause", self.at, MERGE_PAGE, SYNTAX
            )
        self._no_postgres_tail(MERGE_PAGE)
        return merge

    def _no_condition(self) -> None:
        if self.sees("and", "by"):
            raise refused("MERGE has no condition beside MATCHED", self.at, MERGE_PAGE, SYNTAX)
