"""STRING and BYTES. A position counts characters of a STRING and bytes of a BYTES, from 1."""

from __future__ import annotations

import re

from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.translate import values
from sandbox.bigquery.translate.registry import Call, same, scalar

same(starts_with="starts_with", reverse="reverse", to_code_points="bq_to_code_points",
     code_points_to_string="bq_code_points_to_string", initcap="bq_initcap", soundex="bq_soundex", ascii="bq_ascii",
     unicode="bq_unicode", chr="bq_chr", sha512="bq_sha512", farm_fingerprint="bq_farm_fingerprint")  # fmt: skip

# the characters with the Unicode property White_Space
WHITE_SPACE = (
    "\t\n\x0b\f\r \x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)


def only_text(call: Call, at: int = 0) -> None:
    if call.types[at].kind != "STRING":
        raise Unsupported(f"{call.name.lstrip('$').upper()} of {call.types[at]}")


@scalar("concat")
def concat(call: Call) -> str:
    """Of STRING, BYTES or ARRAY; NULL if any is NULL."""
    if call.type.kind == "ARRAY":
        nulls = " OR ".join(f"{a} IS NULL" for a in call.arguments)
        return f"CASE WHEN {nulls} THEN NULL ELSE list_concat({', '.join(call.arguments)}) END"
    return "(" + " || ".join(call.arguments) + ")"


@scalar("length")
def length(call: Call) -> str:
    return f"CAST({'octet_length' if call.types[0].kind == 'BYTES' else 'length'}({call[0]}) AS BIGINT)"


@scalar("char_length")
def char_length(call: Call) -> str:
    return f"CAST(length({call[0]}) AS BIGINT)"


@scalar("byte_length")
def byte_length(call: Call) -> str:
    whole = call[0] if call.types[0].kind == "BYTES" else f"encode({call[0]})"
    return f"CAST(octet_length({whole}) AS BIGINT)"


@scalar("upper", "lower")
def case(call: Call) -> str:
    """With Unicode's full mapping (ß becomes SS); DuckDB's own is simple, so it serves plain ASCII only."""
    only_text(call)
    return f"bq_{call.name}({call[0]})"


@scalar("trim", "ltrim", "rtrim")
def trim(call: Call) -> str:
    """Without a second argument every Unicode white space is taken away, not only blanks."""
    only_text(call)
    what = call[1] if len(call) > 1 else values.text(WHITE_SPACE)
    return f"{call.name}({call[0]}, {what})"


@scalar("substr")
def substr(call: Call) -> str:
    """Position 0 is 1, a negative one counts from the end, a negative length is an error."""
    position, size = call[1], call[2] if len(call) > 2 else None
    known, known_size = call.values[1], call.values[2] if len(call) > 2 else 0
    if call.types[0].kind == "BYTES":
        return f"bq_bytes_substr({call[0]}, {position}, {size or 'CAST(9223372036854775807 AS BIGINT)'})"
    if known is not None and known_size is not None and known >= 1 and known_size >= 0:
        return f"substring({call[0]}, {position}{f', least({size}, 1000000000)' if size else ''})"
    start = f"bq_start({call[0]}, {position})"
    return f"substring({call[0]}, {start}{f', bq_size({size})' if size else ''})"


@scalar("left", "right")
def side(call: Call) -> str:
    if call.types[0].kind == "BYTES":
        raise Unsupported(f"{call.name.upper()} of BYTES")
    return f"{call.name}({call[0]}, bq_size({call[1]}))"


@scalar("strpos")
def strpos(call: Call) -> str:
    only_text(call)
    return f"CAST(strpos({call[0]}, {call[1]}) AS BIGINT)"


@scalar("instr")
def instr(call: Call) -> str:
    only_text(call)
    rest = [*call.arguments[2:], "CAST(1 AS BIGINT)", "CAST(1 AS BIGINT)"][:2]
    return f"bq_instr({call[0]}, {call[1]}, {rest[0]}, {rest[1]})"


@scalar("replace")
def replace(call: Call) -> str:
    only_text(call)
    if call.values[1]:
        return f"replace({call[0]}, {call[1]}, {call[2]})"
    return f"CASE WHEN {call[1]} = '' THEN {call[0]} ELSE replace({call[0]}, {call[1]}, {call[2]}) END"


@scalar("repeat")
def repeat(call: Call) -> str:
    only_text(call)
    return f"repeat({call[0]}, bq_size({call[1]}))"


@scalar("lpad", "rpad")
def pad(call: Call) -> str:
    only_text(call)
    pattern = call[2] if len(call) > 2 else "' '"
    return f"{call.name}({call[0]}, CAST(bq_size({call[1]}) AS INTEGER), bq_pattern({pattern}))"


@scalar("ends_with")
def ends_with(call: Call) -> str:
    only_text(call)
    return f"suffix({call[0]}, {call[1]})"


@scalar("translate")
def translate(call: Call) -> str:
    only_text(call)
    return f"bq_translate({call[0]}, {call[1]}, {call[2]})"


@scalar("split")
def split(call: Call) -> str:
    only_text(call)
    return f"bq_split({call[0]}, {call[1] if len(call) > 1 else values.text(',')})"


@scalar("$like")
def like(call: Call) -> str:
    """A backslash escapes, as it does on BigQuery only."""
    only_text(call)
    known = call.values[1]
    if known is not None and re.search(r"\\(?![%_\\])|\\$", known):
        raise InvalidQuery("LIKE pattern ends with a backslash or escapes another character")
    return f"({call[0]} {'NOT ' if 'not' in call.name else ''}LIKE {call[1]} ESCAPE '\\')"


@scalar("regexp_contains")
def regexp_contains(call: Call) -> str:
    only_text(call)
    return f"regexp_matches({call[0]}, {call[1]})"


def groups_of(call: Call) -> int:
    """Capturing groups of the pattern, which must be a literal and have one at most."""
    only_text(call)
    pattern = call.values[1]
    if pattern is None:
        raise Unsupported(f"{call.name.upper()} with a pattern that is not a literal")
    bare = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]])*\]", "", pattern, flags=re.DOTALL)
    groups = len(re.findall(r"\((?!\?)|\(\?P?<", bare))
    if groups > 1:
        raise InvalidQuery(
            "Regular expression passed to REGEXP_EXTRACT must not have more than 1 capturing group"
        )
    return groups


@scalar("regexp_extract")
def regexp_extract(call: Call) -> str:
    """NULL when nothing matches. The capturing group if there is one, else the whole match."""
    group = groups_of(call)
    if len(call) > 2:
        position, occurrence = [*call.arguments[2:], "CAST(1 AS BIGINT)"][:2]
        rest = f"substring({call[0]}, {position})"
        return f"CASE WHEN {position} > length({call[0]}) + 1 THEN NULL ELSE regexp_extract_all({rest}, {call[1]}, {group})[{occurrence}] END"
    return f"CASE WHEN regexp_matches({call[0]}, {call[1]}) THEN regexp_extract({call[0]}, {call[1]}, {group}) END"


@scalar("regexp_extract_all")
def regexp_extract_all(call: Call) -> str:
    return f"regexp_extract_all({call[0]}, {call[1]}, {groups_of(call)})"


@scalar("regexp_replace")
def regexp_replace(call: Call) -> str:
    only_text(call)
    return f"regexp_replace({call[0]}, {call[1]}, {call[2]}, 'g')"


@scalar("to_hex")
def to_hex(call: Call) -> str:
    return f"lower(hex({call[0]}))"


@scalar("from_hex")
def from_hex(call: Call) -> str:
    return f"unhex(CASE WHEN length({call[0]}) % 2 = 1 THEN '0' || {call[0]} ELSE {call[0]} END)"


@scalar("to_base64", "from_base64")
def base64(call: Call) -> str:
    return f"{call.name}({call[0]})"


@scalar("md5", "sha1", "sha256")
def digest(call: Call) -> str:
    """BYTES, where DuckDB gives hexadecimal digits."""
    return f"unhex({call.name}({call[0]}))"


@scalar("normalize", "normalize_and_casefold")
def normalize(call: Call) -> str:
    mode = call.values[1] if len(call) > 1 else 0
    fold = "TRUE" if call.name.endswith("casefold") else "FALSE"
    return f"bq_normalize({call[0]}, {mode}, {fold})"


@scalar("safe_convert_bytes_to_string")
def safe_convert(call: Call) -> str:
    return f"bq_decode_lossy({call[0]})"


@scalar("format")
def format_(call: Call) -> str:
    """Written piece by piece, so the pattern must be a literal."""
    from sandbox.bigquery.translate.functions.formatting import pieces

    if call.values[0] is None:
        raise Unsupported("FORMAT with a pattern that is not a literal")
    return pieces(call.values[0], call.arguments[1:], call.types[1:])
