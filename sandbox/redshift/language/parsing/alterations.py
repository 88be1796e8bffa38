"""ALTER TABLE: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html"""

from __future__ import annotations

from sandbox.redshift.language.parsing.administration import AdministrationReader
from sandbox.redshift.language.refusal import SYNTAX, refused, unsupported
from sandbox.redshift.language.statements import AlterTable

PAGE = "r_ALTER_TABLE.html"


class AlterationReader(AdministrationReader):
    """Reads one change of a table; Redshift takes one in a statement."""

    def alter_table(self) -> AlterTable:
        at = self.at
        self.expect("table")
        if self.sees("if", "only"):
            raise self.unexpected(PAGE)
        alter = AlterTable(self.qualified(), "", at)
        if self.take("add"):
            self._add(alter)
        elif self.take("drop"):
            self._drop(alter)
        elif self.take("rename"):
            self._rename(alter)
        elif self.take("alter"):
            self._alter(alter)
        elif self.take("owner", "to"):
            alter.action, alter.new_name = "owner", self.name()
        elif self.take("append", "from"):
            alter.action, alter.source = "append", self.qualified()
            flags = {word for word in ("ignoreextra", "filltarget") if self.take(word)}
            alter.flags = frozenset(flags)
            if len(flags) == 2:
                raise refused(
                    "IGNOREEXTRA and FILLTARGET cannot be together", at, "r_ALTER_TABLE_APPEND.html", SYNTAX
                )
        elif self.sees("set", "partition", "row", "attach", "detach", "masking"):
            raise unsupported(f"ALTER TABLE … {self.token.key.upper()}", self.at, PAGE)
        else:
            raise self.unexpected(PAGE)
        if self.sees(","):
            raise refused("ALTER TABLE takes one change at a time", self.at, PAGE, SYNTAX)
        return alter

    def _add(self, alter: AlterTable) -> None:
        if self.sees("primary", "unique", "foreign", "constraint", "check"):
            start = self.token.start
            self.constraint()
            alter.action = "add_constraint"
            alter.text = self.text[start : self.tokens[self.index - 1].end]
            return
        self.take("column")
        if self.sees("if"):
            raise self.unexpected(PAGE)
        at = self.at
        column = self.column()
        if column.primary_key or column.identity or column.distkey or column.sortkey or column.constraints:
            raise refused("ADD COLUMN takes DEFAULT, ENCODE and NOT NULL only", at, PAGE, SYNTAX)
        if column.not_null and column.default is None:
            raise refused(
                "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression",
                at,
                PAGE,
                "0A000",
            )
        alter.action, alter.column = "add_column", column

    def _drop(self, alter: AlterTable) -> None:
        if self.take("constraint"):
            alter.action, alter.name = "drop_constraint", self.name()
        else:
            self.take("column")
            if self.sees("if"):
                raise self.unexpected(PAGE)
            alter.action, alter.name = "drop_column", self.name()
        if self.sees("cascade", "restrict"):
            alter.text = self.step().key

    def _rename(self, alter: AlterTable) -> None:
        if self.take("to"):
            alter.action, alter.new_name = "rename", self.name()
            if self.sees("."):
                raise self.unexpected(PAGE)
            return
        self.take("column")
        alter.action, alter.name = "rename_column", self.name()
        self.expect("to")
        alter.new_name = self.name()

    def _alter(self, alter: AlterTable) -> None:
        if self.take("column"):
            alter.name = self.name()
            if self.take("type"):
                at = self.at
                alter.action, alter.type = "type", self.type_name()
                if alter.type.name not in (
                    "varchar",
                    "character varying",
                    "nvarchar",
                    "text",
                    "varbyte",
                    "varbinary",
                ):
                    raise refused(
                        "only the size of a VARCHAR or VARBYTE column can be altered", at, PAGE, "0A000"
                    )
                if self.sees("using"):
                    raise self.unexpected(PAGE)
            elif self.take("encode"):
                alter.action = "encode"
                alter.encodings = {alter.name: self.encoding()}
            else:
                raise refused("ALTER COLUMN takes TYPE or ENCODE only", self.at, PAGE, SYNTAX)
            while self.sees(",") and self.ahead().key == "alter":
                raise unsupported("several ALTER COLUMN … ENCODE in one statement", self.at, PAGE)
            return
        alter.action = "layout"
        layout = alter.layout
        if self.take("distkey"):
            layout.diststyle, layout.distkey = "key", self.name()
        elif self.take("diststyle"):
            layout.diststyle = self.label()
            if self.take("distkey"):
                layout.distkey = self.name()
        elif self.take("sortkey", "none") or self.take("sortkey", "auto"):
            layout.sortstyle = self.tokens[self.index - 1].key
        elif self.sees("compound", "sortkey"):
            self.take("compound")
            self.expect("sortkey")
            layout.sortstyle, layout.sortkeys = "compound", self.bracketed_names()
        elif self.take("encode", "auto"):
            alter.action = "encode"
        else:
            raise self.unexpected(PAGE)
