"""The options of COPY: what each asks for, and which are not done.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-alphabetical.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.redshift.bulk.conversion import Conversion
from sandbox.redshift.bulk.failures import CopyFailed
from sandbox.redshift.bulk.text_files import Layout
from sandbox.redshift.language import facts
from sandbox.redshift.language.refusal import unsupported

COLUMNAR = ("parquet", "orc")
# Who may read, where, and how Redshift stores what it reads: nothing here depends on it.
WITHOUT_EFFECT = frozenset(
    [
        "iam_role", "credentials", "access_key_id", "secret_access_key", "session_token", "region", "compupdate", "statupdate",
        "comprows", "ssh", "master_symmetric_key", "encrypted_no", "format", "authorization", "as",
    ]
)  # fmt: skip
KNOWN = WITHOUT_EFFECT | frozenset(
    [
        "delimiter", "quote", "csv", "jsonpaths", "parquet", "orc", "escape", "ignoreheader", "null", "null_as", "nullas", "emptyasnull",
        "blanksasnull", "trimblanks", "truncatecolumns", "dateformat", "timeformat", "acceptanydate", "acceptinvchars", "roundec",
        "fillrecord", "ignoreblanklines", "maxerror", "maxerrors", "manifest", "gzip", "bzip2", "zstd", "removequotes",
        "explicit_ids", "serializetojson", "noload", "encoding", "ignoreallerrors",
    ]
)  # fmt: skip
FOR_COLUMNAR = WITHOUT_EFFECT | {
    "manifest",
    "acceptinvchars",
    "serializetojson",
    "fillrecord",
    "parquet",
    "orc",
    "explicit_ids",
}


@dataclass(frozen=True)
class CopyOptions:
    """``json`` is auto, "auto ignorecase", noshred or the address of a file of paths."""

    form: str
    layout: Layout
    conversion: Conversion
    compression: str
    manifest: bool
    max_errors: int
    explicit_ids: bool
    as_json: bool
    json: str
    load: bool


def options_of(command: facts.CopyCommand) -> CopyOptions:
    """Raises Refused for an option that the format does not take, or that is not done here."""
    given = {name.lower().replace(" ", "_"): value for name, value in command.options.items()}
    form = command.format
    unknown = sorted(set(given) - KNOWN)
    if unknown:
        raise unsupported(f"COPY with {unknown[0].upper()}", 0, "copy-parameters-alphabetical.html")
    if form not in ("delimited", "csv", "json", *COLUMNAR):
        raise unsupported(f"COPY of format {form.upper()}", 0, "copy-parameters-data-format.html")
    if form in COLUMNAR and (wrong := sorted(set(given) - FOR_COLUMNAR)):
        raise CopyFailed(f"{wrong[0].upper()} argument is not supported for {form.upper()} based COPY")
    encoding = str(given.get("encoding", "utf8")).lower().replace("-", "")
    if encoding != "utf8":
        raise unsupported(f"COPY with ENCODING {encoding}", 0, "copy-parameters-data-conversion.html")
    text_csv = form == "csv"
    quote = _text(given, "quote", '"') if text_csv or "removequotes" in given else ""
    invalid = given.get("acceptinvchars")
    return CopyOptions(
        form=form,
        layout=Layout(
            delimiter=_delimiter(given, "," if text_csv else "|"),
            quote=quote,
            doubled=text_csv,
            escape="escape" in given,
            skip=_number(given, "ignoreheader", 0),
            blank_lines="ignoreblanklines" in given,
            fill="fillrecord" in given,
            replacement=""
            if invalid in (None, False)
            else (invalid if isinstance(invalid, str) and invalid else "?"),
        ),
        conversion=Conversion(
            null=_null(given),
            empty_as_null="emptyasnull" in given,
            blanks_as_null="blanksasnull" in given,
            trim_blanks="trimblanks" in given,
            truncate="truncatecolumns" in given,
            date_format=_text(given, "dateformat", ""),
            time_format=_text(given, "timeformat", ""),
            any_date="acceptanydate" in given,
            round_decimals="roundec" in given,
        ),
        compression=next((name for name in ("gzip", "bzip2", "zstd") if name in given), ""),
        manifest="manifest" in given,
        max_errors=_number(given, "maxerror", _number(given, "maxerrors", 0))
        or (100_000 if "ignoreallerrors" in given else 0),
        explicit_ids="explicit_ids" in given,
        as_json="serializetojson" in given,
        json=_json(given),
        load="noload" not in given,
    )


def _text(given: Mapping[str, object], name: str, default: str) -> str:
    value = given.get(name, default)
    return value if isinstance(value, str) and value else default


def _null(given: Mapping[str, object]) -> str:
    for name in ("null", "null_as", "nullas"):
        if name in given:
            return str(given[name])
    return "\\N"


def _json(given: Mapping[str, object]) -> str:
    value = given.get("jsonpaths", "auto")
    text = value if isinstance(value, str) and value else "auto"
    return text if text.startswith("s3://") else " ".join(text.lower().split())


def _delimiter(given: Mapping[str, object], default: str) -> str:
    text = _text(given, "delimiter", default)
    text = {"\\t": "\t"}.get(text, text)
    if len(text) != 1:
        raise unsupported("a delimiter of more than one character", 0, "copy-parameters-data-format.html")
    return text


def _number(given: Mapping[str, object], name: str, default: int) -> int:
    value = given.get(name, default)
    return default if value is True else int(str(value))
