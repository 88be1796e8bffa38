"""COPY and UNLOAD.

https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from __future__ import annotations

from sandbox.redshift.language.facts import CopyCommand
from sandbox.redshift.language.parsing.changes import ChangeReader
from sandbox.redshift.language.parsing.reader import schema_and_name
from sandbox.redshift.language.refusal import SYNTAX, refused
from sandbox.redshift.language.statements import Unload
from sandbox.redshift.language.tokens import TEXT

# option -> its argument: "" none, "text", "text?" (may be left out), "number", "number?", "switch" (on/off/true/false),
# "names"; AS between the two is allowed.
AUTHORIZATION = {
    "iam_role": "role", "credentials": "text", "access_key_id": "text", "secret_access_key": "text", "session_token": "text",
    "master_symmetric_key": "text", "kms_key_id": "text", "region": "text", "encrypted": "",
}  # fmt: skip
COPY_OPTIONS = {
    **AUTHORIZATION,
    "manifest": "", "delimiter": "text", "quote": "text", "escape": "", "removequotes": "", "ignoreheader": "number", "header": "",
    "dateformat": "text", "timeformat": "text", "encoding": "word", "null": "text", "blanksasnull": "", "emptyasnull": "",
    "explicit_ids": "", "fillrecord": "", "ignoreblanklines": "", "maxerror": "number", "acceptanydate": "",
    "acceptinvchars": "text?", "roundec": "", "trimblanks": "", "truncatecolumns": "", "compupdate": "switch", "statupdate": "switch",
    "comprows": "number", "noload": "", "gzip": "", "bzip2": "", "lzop": "", "zstd": "", "serializetojson": "", "ssh": "",
    "readratio": "number", "ignoreallerrors": "",
}  # fmt: skip
UNLOAD_OPTIONS = {
    **AUTHORIZATION,
    "manifest": "verbose", "header": "", "delimiter": "text", "fixedwidth": "text", "addquotes": "", "null": "text", "escape": "",
    "allowoverwrite": "", "cleanpath": "", "parallel": "switch", "maxfilesize": "size", "rowgroupsize": "size", "partition": "names",
    "gzip": "", "bzip2": "", "zstd": "", "extension": "text",
}  # fmt: skip
COPY_FORMATS = {
    "csv": "csv",
    "json": "json",
    "parquet": "parquet",
    "orc": "orc",
    "avro": "avro",
    "fixedwidth": "fixedwidth",
    "shapefile": "shapefile",
}
UNLOAD_FORMATS = frozenset(["csv", "parquet", "json"])


class TransferReader(ChangeReader):
    """Reads the two; every option that the pages list, and no other."""

    def copy(self) -> CopyCommand:
        self.expect("copy")
        if self.sees("("):
            raise refused("COPY of a query is not supported: use UNLOAD", self.at, "r_COPY.html", SYNTAX)
        schema, table = schema_and_name(self.qualified())
        columns = tuple(self.bracketed_names()) if self.sees("(") else ()
        if self.sees("to"):
            raise refused("COPY … TO is not supported: use UNLOAD", self.at, "r_COPY.html", SYNTAX)
        self.expect("from")
        if self.token.kind != TEXT:
            raise refused("COPY reads from a location in quotes", self.at, "r_COPY.html", SYNTAX)
        source = self.text_value()
        options: dict[str, object] = {}
        format_ = "delimited"
        while not self.ended:
            self.take("with")
            at = self.at
            explicit = self.take("format")
            if explicit:
                self.take("as")
            key = self.token.key
            if key in COPY_FORMATS:
                if format_ != "delimited":
                    raise refused("conflicting or redundant options: two formats", at, "r_COPY.html", SYNTAX)
                self.index += 1
                format_ = key
                self._format_argument(key, options)
            elif explicit:
                raise self.unexpected("copy-parameters-data-format.html")
            else:
                self._option(COPY_OPTIONS, options, "r_COPY.html")
        self._authorized(options, source)
        return CopyCommand(schema, table, columns, source, format_, options)

    def _format_argument(self, key: str, options: dict[str, object]) -> None:
        if key in ("json", "avro"):
            self.take("as")
            options["jsonpaths"] = self.text_value() if self.token.kind == TEXT else "auto"
        elif key == "fixedwidth":
            self.take("as")
            options["fixedwidth"] = self.text_value()
        elif key == "csv" and self.take("quote"):
            self.take("as")
            options["quote"] = self.text_value()

    def _option(self, known: dict[str, str], options: dict[str, object], page: str) -> None:
        token = self.token
        name = token.key
        if name not in known:
            raise self.unexpected(page)
        if name in options:
            raise refused(f"conflicting or redundant options: {name} twice", token.position, page, SYNTAX)
        self.index += 1
        options[name] = self._option_value(known[name])

    def _option_value(self, kind: str) -> object:
        if kind == "":
            return True
        self.take("as")
        if kind == "text":
            return self.text_value()
        if kind == "text?":
            return self.text_value() if self.token.kind == TEXT else True
        if kind == "number":
            return int(self.text_value()) if self.token.kind == TEXT else self.whole_number()
        if kind == "role":
            return "default" if self.take("default") else self.text_value()
        if kind == "word":
            return self.text_value() if self.token.kind == TEXT else self.label()
        if kind == "switch":
            if self.sees("on", "true"):
                self.index += 1
                return True
            if self.sees("off", "false"):
                self.index += 1
                return False
            return self.label() if self.sees("preset") else True
        if kind == "verbose":
            return "verbose" if self.take("verbose") else True
        if kind == "size":
            return self._size()
        self.expect("by")
        names = tuple(self.bracketed_names())
        return (*names, "include") if self.take("include") else names

    def _size(self) -> float:
        """A number of MB."""
        number = float(self.step().value)
        if self.take("gb"):
            return number * 1024
        self.take("mb")
        return number

    def _authorized(self, options: dict[str, object], location: str) -> None:
        given = [name for name in ("iam_role", "credentials", "access_key_id") if name in options]
        if len(given) > 1:
            raise refused(
                "conflicting or redundant options: two ways of authorization",
                self.at,
                "copy-parameters-authorization.html",
                SYNTAX,
            )
        if not given and location.startswith("s3://"):
            raise refused(
                "Authorization is required: IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID",
                self.at,
                "copy-parameters-authorization.html",
                SYNTAX,
            )

    def unload(self) -> Unload:
        at = self.at
        self.expect("unload", "(")
        if self.token.kind != TEXT:
            raise refused("UNLOAD takes its query in quotes", self.at, "r_UNLOAD.html", SYNTAX)
        query_at = self.at
        query = self.text_value()
        self.expect(")", "to")
        target = self.text_value()
        options: dict[str, object] = {}
        format_ = "delimited"
        while not self.ended:
            self.take("with")
            explicit = self.take("format")
            if explicit:
                self.take("as")
            if self.token.key in UNLOAD_FORMATS:
                format_ = self.step().key
            elif explicit:
                raise self.unexpected("r_UNLOAD.html")
            else:
                self._option(UNLOAD_OPTIONS, options, "r_UNLOAD.html")
        self._authorized(options, target)
        for first, second in (
            ("allowoverwrite", "cleanpath"),
            ("fixedwidth", "delimiter"),
            ("fixedwidth", "header"),
        ):
            if first in options and second in options:
                raise refused(f"conflicting options: {first} and {second}", at, "r_UNLOAD.html", SYNTAX)
        if format_ == "parquet" and (
            bad := {
                "delimiter",
                "fixedwidth",
                "addquotes",
                "escape",
                "null",
                "header",
                "gzip",
                "bzip2",
                "zstd",
            }
            & set(options)
        ):
            raise refused(
                f"UNLOAD to PARQUET does not take {', '.join(sorted(bad))}", at, "r_UNLOAD.html", SYNTAX
            )
        return Unload(query, query_at, target, format_, options, at)
