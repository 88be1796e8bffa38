"""CREATE TABLE and CREATE VIEW.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_AS.html
https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
"""

from __future__ import annotations

from sandbox.redshift.language.parsing.queries import QueryReader
from sandbox.redshift.language.refusal import SYNTAX, Refused, refused, unsupported
from sandbox.redshift.language.reserved_words import SYSTEM_COLUMNS, words
from sandbox.redshift.language.statements import (
    Column,
    CreateFunction,
    CreateTable,
    CreateTableAs,
    CreateView,
    Layout,
)
from sandbox.redshift.language.tree import Query

TABLE_PAGE = "r_CREATE_TABLE_NEW.html"
ENCODINGS = words(
    """
    raw az64 bytedict delta delta32k lzo mostly8 mostly16 mostly32 runlength text255 text32k zstd auto
    none
    """
)
STYLES = frozenset(["auto", "even", "key", "all"])


class DefinitionReader(QueryReader):
    """Reads what begins with CREATE [TEMP] TABLE, CREATE [MATERIALIZED] VIEW and CREATE FUNCTION."""

    def create_table(self, at: int, temporary: bool) -> CreateTable | CreateTableAs:
        self.expect("table")
        if_not_exists = self.take("if", "not", "exists")
        parts = self.qualified()
        temporary = temporary or parts[-1].startswith("#")
        if temporary and len(parts) > 1:
            raise refused("a temporary table has no schema in its name", at, TABLE_PAGE, "42P16")
        names: list[str] = []
        table: CreateTable | None = None
        if self.sees("("):
            if self._only_names():
                names = self.bracketed_names()
            else:
                table = CreateTable(parts, [], Layout(), at, temporary, if_not_exists)
                self._table_body(table)
        layout = self.layout()
        if self.take("as"):
            if table is not None:
                raise self.unexpected("r_CREATE_TABLE_AS.html")
            return CreateTableAs(
                parts, names, layout, self.query_of_definition(), at, temporary, if_not_exists
            )
        if table is None:
            raise self.unexpected(TABLE_PAGE)
        table.layout = layout
        for column in table.columns:
            if column.distkey:
                layout.distkey, layout.diststyle = column.name, layout.diststyle or "key"
            if column.sortkey:
                layout.sortkeys.append(column.name)
        return table

    def query_of_definition(self) -> Query:
        """A query, perhaps in brackets, with text positions of its own."""
        if not self.sees("select", "with", "("):
            raise self.unexpected("r_CREATE_TABLE_AS.html")
        query = self.query()
        if self.take("with", "no", "data") or self.take("with", "data"):
            raise refused("WITH [NO] DATA is not supported", self.at, "r_CREATE_TABLE_AS.html", SYNTAX)
        return query

    def _only_names(self) -> bool:
        """( a, b ) before AS: names without types."""
        offset = 1
        while self.ahead(offset).is_name:
            if self.ahead(offset + 1).key == ")":
                return True
            if self.ahead(offset + 1).key != ",":
                return False
            offset += 2
        return False

    def _table_body(self, table: CreateTable) -> None:
        self.expect("(")
        while True:
            if self.sees("like"):
                self._like(table)
            elif self.sees("primary", "unique", "foreign", "constraint", "check", "exclude"):
                self._table_constraint(table)
            else:
                table.columns.append(self.column())
            if not self.take(","):
                break
        self.expect(")")
        if self.sees(
            "inherits", "partition", "tablespace", "on", "without", "using", "with"
        ) and not self.sees_all("with", "no"):
            raise refused(
                f"{self.token.key.upper()} of a table is not supported",
                self.at,
                "c_unsupported-postgresql-features.html",
                SYNTAX,
            )
        seen = set()
        for column in table.columns:
            if column.name in seen:
                raise Refused("42701", f'column "{column.name}" specified more than once', "", column.at)
            seen.add(column.name)

    def _like(self, table: CreateTable) -> None:
        self.expect("like")
        table.like = self.qualified()
        if self.sees("including", "excluding"):
            table.like_defaults = self.step().key == "including"
            self.expect("defaults")

    def column(self) -> Column:
        at = self.at
        name = self.name()
        if name in SYSTEM_COLUMNS:
            message = f'column name "{name}" conflicts with a system column name'
            raise refused(message, at, "c_unsupported-postgresql-features.html", "42701")
        column = Column(name, self.type_name(), at)
        while self._column_attribute(column):
            pass
        if not self.sees(",", ")", ";", ""):
            raise self.unexpected(TABLE_PAGE)
        return column

    def _column_attribute(self, column: Column) -> bool:
        start = self.token.start
        if self.take("not", "null"):
            column.not_null = True
        elif self.take("null"):
            pass
        elif self.take("default"):
            column.default = self.expression(5)
        elif self.take("identity"):
            column.identity = self._seed_and_step()
        elif self.take("generated"):
            if self.take("by", "default"):
                column.by_default = True
            else:
                raise self.unexpected(TABLE_PAGE)
            self.expect("as", "identity")
            column.identity = self._seed_and_step()
        elif self.take("encode"):
            column.encode = self.encoding()
        elif self.take("distkey"):
            column.distkey = True
        elif self.take("sortkey"):
            column.sortkey = True
        elif self.sees_all("collate", "case_sensitive"):
            self.index += 2
        elif self.sees("collate"):
            raise unsupported("COLLATE of a column", self.at, TABLE_PAGE)
        elif self.sees("constraint", "primary", "unique", "references", "check"):
            if self.take("constraint"):
                self.name()
            self._column_constraint(column, start)
        else:
            return False
        return True

    def _column_constraint(self, column: Column, start: int) -> None:
        if self.take("not", "null"):
            column.not_null = True
            return
        if self.take("primary", "key"):
            column.primary_key = column.not_null = True
        elif self.take("unique"):
            pass
        elif self.sees("references"):
            self._references()
        else:
            raise self._check_refused()
        column.constraints.append(self.text[start : self.tokens[self.index - 1].end])

    def _check_refused(self) -> Refused:
        if self.sees("check"):
            return refused(
                "CHECK constraints are not supported",
                self.at,
                "c_unsupported-postgresql-features.html",
                "0A000",
            )
        if self.sees("exclude"):
            return refused(
                "exclusion constraints are not supported",
                self.at,
                "c_unsupported-postgresql-features.html",
                SYNTAX,
            )
        return self.unexpected(TABLE_PAGE)

    def _references(self) -> None:
        self.expect("references")
        self.qualified()
        if self.sees("("):
            self.bracketed_names()
        if self.sees("on", "match", "deferrable", "initially", "not") and not self.sees_all("not", "null"):
            raise self.unexpected(TABLE_PAGE)

    def _table_constraint(self, table: CreateTable) -> None:
        start = self.token.start
        table.key_columns += self.constraint()
        table.constraints.append(self.text[start : self.tokens[self.index - 1].end])

    def constraint(self) -> list[str]:
        """A constraint of a table; gives the columns of a primary key, which are never NULL."""
        if self.take("constraint"):
            self.name()
        keys: list[str] = []
        if self.take("primary", "key"):
            keys = self.bracketed_names()
        elif self.take("unique"):
            self.bracketed_names()
        elif self.take("foreign", "key"):
            self.bracketed_names()
            self._references()
        else:
            raise self._check_refused()
        return keys

    def _seed_and_step(self) -> tuple[int, int]:
        if not self.sees("("):
            return 1, 1
        self.expect("(")
        seed = self._signed()
        self.expect(",")
        step = self._signed()
        self.expect(")")
        return seed, step

    def _signed(self) -> int:
        return -self.whole_number() if self.take("-") else self.whole_number()

    def encoding(self) -> str:
        at = self.at
        name = self.label()
        if name not in ENCODINGS:
            raise refused(
                f'invalid encoding type specified: "{name}"', at, "c_Compression_encodings.html", "42601"
            )
        return name

    # ---------- BACKUP, DISTSTYLE, DISTKEY, SORTKEY

    def layout(self) -> Layout:
        found = Layout()
        while True:
            if self.take("backup"):
                found.backup = self._yes_or_no()
            elif self.take("diststyle"):
                at = self.at
                style = self.label()
                if style not in STYLES:
                    raise refused(f'invalid DISTSTYLE "{style}"', at, TABLE_PAGE, SYNTAX)
                found.diststyle = style
            elif self.sees("distkey"):
                self.index += 1
                names = self.bracketed_names()
                if len(names) != 1:
                    raise refused("only one column can be the DISTKEY", self.at, TABLE_PAGE, SYNTAX)
                found.distkey = names[0]
                found.diststyle = found.diststyle or "key"
            elif self.sees("compound", "interleaved", "sortkey"):
                self._sortkey(found)
            elif self.take("encode"):
                if not self.take("auto"):
                    raise self.unexpected(TABLE_PAGE)
            elif self.sees_all("auto", "refresh"):
                self.index += 2
                found.auto_refresh = self._yes_or_no()
            else:
                break
        if found.diststyle not in (None, "key") and found.distkey is not None:
            raise refused("DISTKEY is for DISTSTYLE KEY only", self.at, TABLE_PAGE, "42P16")
        if found.diststyle == "key" and found.distkey is None and not self.sees("as", ";", ""):
            raise self.unexpected(TABLE_PAGE)
        return found

    def _sortkey(self, found: Layout) -> None:
        found.sortstyle = self.step().key if self.sees("compound", "interleaved") else "compound"
        self.expect("sortkey")
        if self.take("auto"):
            found.sortstyle = "auto"
            return
        found.sortkeys = self.bracketed_names()
        most = 8 if found.sortstyle == "interleaved" else 400
        if len(found.sortkeys) > most:
            raise refused(f"at most {most} columns can be in the sort key", self.at, TABLE_PAGE, "54011")

    def _yes_or_no(self) -> bool:
        if not self.sees("yes", "no"):
            raise self.unexpected(TABLE_PAGE)
        return self.step().key == "yes"

    # ---------- views and functions

    def create_view(self, at: int, replace: bool, materialized: bool) -> CreateView:
        page = "materialized-view-create-sql-command.html" if materialized else "r_CREATE_VIEW.html"
        if materialized:
            self.expect("materialized")
        self.expect("view")
        if self.sees("if"):
            raise self.unexpected(page)
        parts = self.qualified()
        columns = self.bracketed_names() if self.sees("(") else []
        layout = self.layout() if materialized else Layout()
        if materialized and columns:
            raise self.unexpected(page)
        self.expect("as")
        query = self.query()
        late = self.take("with", "no", "schema", "binding")
        if late and materialized:
            raise refused("a materialized view cannot be WITH NO SCHEMA BINDING", at, page, SYNTAX)
        if self.sees("with"):
            raise self.unexpected(page)
        return CreateView(parts, columns, query, at, replace, late, materialized, layout)

    def create_function(self, at: int, replace: bool) -> CreateFunction:
        """A scalar SQL function: its arguments have no names, and $1, $2, … in its text (udf-creating-a-scalar-sql-udf)."""
        page = "r_CREATE_FUNCTION.html"
        self.expect("function")
        parts = self.qualified()
        self.expect("(")
        arguments = []
        while not self.sees(")"):
            arguments.append(self.type_name())
            if self.token.is_name:
                raise unsupported("a function with names of arguments (Python)", self.at, page)
            if not self.take(","):
                break
        self.expect(")", "returns")
        returns = self.type_name()
        if not self.sees("volatile", "stable", "immutable"):
            raise self.unexpected(page)
        volatility = self.step().key
        self.expect("as")
        body_at = self.at
        body = self.text_value()
        self.expect("language")
        language = self.label()
        if language.lower() != "sql":
            raise unsupported(f"a function in the language {language}", at, page)
        return CreateFunction(parts, arguments, returns, volatility, body, body_at, replace, at)
