"""The functions that Redshift documents, by signature. What is not here does not exist.

https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html

A line is: name, arguments, "->" result, and perhaps "as" PostgreSQL's expression. Arguments are letters: s text, i whole
number, n number, t moment (date, timestamp, timestamptz), d date, c time or moment, b boolean, a anything, j SUPER,
p date part; "?" after one makes it optional, "*" lets it repeat. The result is a type, "v" for a text of unknown length,
"vN" for one of N bytes, "=" for the first argument's type, "~" for a text as long as the first argument. The name in
PostgreSQL is "redshift.name" when the line begins with "+", else "pg_catalog.name".
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.redshift.language.reserved_words import words
from sandbox.redshift.language.types import Type

TABLE = """
ascii s -> integer
btrim ss? -> ~
ltrim ss? -> ~
rtrim ss? -> ~
char_length s -> integer as length
character_length s -> integer as length
len s -> integer as length
length s -> integer as length
textlen s -> integer as length
+charindex ss -> integer
strpos ss -> integer
+chr i -> v4
initcap s -> ~
left si -> ~
right si -> ~
lower s -> ~
upper s -> ~
lpad sis? -> v
rpad sis? -> v
octet_length s -> integer
quote_ident s -> v
quote_literal s -> v
+regexp_count ssi?s? -> integer
+regexp_instr ssi?i?i?s? -> integer
+regexp_replace sss?i?s? -> v
+regexp_substr ssi?i?s? -> v
repeat si -> v
replicate si -> v as repeat
replace sss -> v
reverse s -> ~
+split_part ssi -> ~
+strtol si -> bigint
+substring sii? -> ~
+substr sii? -> ~ as substring
translate sss -> ~
to_hex i -> v16
md5 s -> v32
+sha s -> v40 as func_sha1
+sha1 s -> v40 as func_sha1
+func_sha1 s -> v40
+sha2 si -> v128
+fnv_hash ai? -> bigint
+crc32 s -> v8
to_char as -> v
+to_date ssb? -> date
to_timestamp ss -> timestamptz
to_number ss -> numeric
abs n -> =
acos n -> double precision
asin n -> double precision
atan n -> double precision
atan2 nn -> double precision
cos n -> double precision
cot n -> double precision
sin n -> double precision
tan n -> double precision
degrees n -> double precision
radians n -> double precision
+dexp n -> double precision
+dlog1 n -> double precision
+dlog10 n -> double precision
+dsqrt n -> double precision as sqrt_double
cbrt n -> double precision
+exp n -> double precision as dexp
+ln n -> double precision as dlog1
+log n -> double precision as dlog10
+pow nn -> double precision as power
+power nn -> double precision
pi -> double precision
random -> double precision
+sqrt n -> double precision as sqrt_double
+add_months ti -> timestamp
+date_cmp dd -> integer as moment_cmp
+date_cmp_timestamp dt -> integer as moment_cmp
+date_cmp_timestamptz dt -> integer as moment_cmp
+timestamp_cmp tt -> integer as moment_cmp
+timestamp_cmp_date td -> integer as moment_cmp
+timestamp_cmp_timestamptz tt -> integer as moment_cmp
+timestamptz_cmp tt -> integer as moment_cmp
+timestamptz_cmp_date td -> integer as moment_cmp
+timestamptz_cmp_timestamp tt -> integer as moment_cmp
+interval_cmp aa -> integer
+date_part_year t -> integer
+getdate -> timestamp
+last_day t -> date
+months_between tt -> double precision
+next_day ts -> date
timeofday -> v
+is_valid_json s -> boolean
+is_valid_json_array s -> boolean
+json_array_length sb? -> integer
+json_extract_array_element_text sib? -> v65535
+json_parse s -> super
+can_json_parse s -> boolean
+json_serialize j -> v65535
+json_size j -> bigint
+json_typeof j -> v
+array_concat jj -> super
+get_array_length j -> bigint
+split_to_array ss? -> super
+subarray jii? -> super
+is_array j -> boolean
+is_object j -> boolean
+is_scalar j -> boolean
+is_boolean j -> boolean
+is_integer j -> boolean as is_whole
+is_bigint j -> boolean as is_whole
+is_varchar j -> boolean as is_text
+is_char j -> boolean as is_text
+is_decimal j -> boolean as is_number

current_database -> v128
+version -> v
current_setting s -> v
set_config ssb -> v
pg_last_query_id -> integer
pg_backend_pid -> integer
pg_terminate_backend i -> boolean
pg_cancel_backend i -> boolean
pg_last_copy_count -> bigint
pg_last_copy_id -> bigint
pg_last_unload_count -> bigint
pg_last_unload_id -> bigint
current_schema -> v128
+current_schemas b -> opaque
has_database_privilege aaa? -> boolean
has_schema_privilege aaa? -> boolean
has_table_privilege aaa? -> boolean
has_function_privilege aaa? -> boolean
has_column_privilege aaaa? -> boolean
age tt? -> interval
isfinite t -> boolean
now -> timestamptz
get_bit ai -> integer
get_byte ai -> integer
format_type ai -> v
obj_description aa? -> v
col_description aa -> v
pg_get_userbyid a -> v
pg_get_viewdef aa? -> v
pg_get_constraintdef aa? -> v
pg_get_indexdef aia? -> v
pg_get_expr aaa? -> v
pg_table_is_visible a -> boolean
pg_get_functiondef a -> v
oidvectortypes a -> v
pg_function_is_visible a -> boolean
pg_encoding_to_char i -> v
array_to_string as -> v
array_upper ai -> integer
array_lower ai -> integer
pg_relation_size aa? -> bigint
pg_client_encoding -> v
any_value a -> =
bool_and b -> boolean
bool_or b -> boolean
+bit_and a -> =
+bit_or a -> =
max a -> =
min a -> =
stddev n -> double precision as stddev_samp
stddev_samp n -> double precision
stddev_pop n -> double precision
variance n -> double precision as var_samp
var_samp n -> double precision
var_pop n -> double precision
cume_dist -> double precision
dense_rank -> bigint
ntile i -> bigint
percent_rank -> double precision
rank -> bigint
row_number -> bigint
"""

# Written by functions of their own (writing/calls.py), so only their number of arguments is here.
SPECIAL = {
    "avg": (1, 1), "sum": (1, 1), "count": (1, 1), "listagg": (1, 2), "median": (1, 1), "percentile_cont": (1, 1),
    "percentile_disc": (1, 1), "ratio_to_report": (1, 1), "first_value": (1, 1), "last_value": (1, 1), "nth_value": (2, 2),
    "lag": (1, 2), "lead": (1, 2), "coalesce": (1, 999), "nvl": (1, 999), "nvl2": (3, 3), "nullif": (2, 2),
    "greatest": (1, 999), "least": (1, 999), "decode": (3, 999), "concat": (2, 2), "round": (1, 2), "trunc": (1, 2),
    "ceil": (1, 1), "ceiling": (1, 1), "floor": (1, 1), "sign": (1, 1), "mod": (2, 2), "dateadd": (3, 3),
    "date_add": (3, 3), "datediff": (3, 3), "date_diff": (3, 3), "date_part": (2, 2), "pgdate_part": (2, 2),
    "date_trunc": (2, 2), "extract": (2, 2), "json_extract_path_text": (2, 999), "grouping": (1, 999), "grouping_id": (1, 999),
    "array": (0, 999), "object": (0, 999), "current_date": (0, 0), "sysdate": (0, 0), "current_timestamp": (0, 0),
    "current_time": (0, 0), "localtime": (0, 0), "localtimestamp": (0, 0), "current_user": (0, 0), "current_user_id": (0, 0),
    "session_user": (0, 0), "user": (0, 0), "date": (1, 1), "convert_timezone": (2, 3),
}  # fmt: skip

AGGREGATES = words(
    """
    any_value avg bit_and bit_or bool_and bool_or count listagg max median min percentile_cont
    percentile_disc stddev stddev_pop stddev_samp sum var_pop var_samp variance
    """
)
RANKING = frozenset(["cume_dist", "dense_rank", "ntile", "percent_rank", "rank", "row_number"])
NEIGHBOURS = frozenset(["lag", "lead"])
FRAMED = frozenset(["first_value", "last_value", "nth_value"])
WINDOW_ONLY = RANKING | NEIGHBOURS | FRAMED | {"ratio_to_report"}
# Aggregates that are no window functions, or whose window takes no ORDER BY.
NO_WINDOW = frozenset(["any_value", "grouping"])
UNORDERED_WINDOW = frozenset(["listagg", "median", "percentile_cont", "percentile_disc", "ratio_to_report"])

# c_SQL_functions_leader_node_only: an error where a query reads a table.
LEADER_ONLY = words(
    """
    current_schema current_schemas has_database_privilege has_schema_privilege has_table_privilege
    has_column_privilege has_function_privilege age current_time current_timestamp localtime
    localtimestamp isfinite now getbit get_bit get_byte set_bit set_byte to_ascii format_type
    obj_description col_description pg_get_userbyid pg_get_viewdef pg_get_constraintdef pg_get_indexdef
    pg_get_expr pg_table_is_visible oidvectortypes pg_get_functiondef pg_function_is_visible
    pg_encoding_to_char array_to_string array_upper array_lower pg_relation_size pg_client_encoding
    """
)

# Documented, and not done here.
NOT_HERE = words(
    """
    bpcharcmp bttext_pattern_cmp checksum collate difference soundex octetindex farmfingerprint64
    murmur3_32_hash md5_digest hll hll_cardinality hll_combine hll_combine_agg hll_create_sketch
    array_flatten is_float is_smallint is_timestamp is_valid is_big_int json_serialize_to_varbyte
    lower_attribute_names upper_attribute_names object_transform text_to_int_alt text_to_numeric_alt
    ai_generate_text decrypt_aes encrypt_aes aes_decrypt aes_encrypt to_varbyte from_varbyte to_geometry
    bit_xor current_aws_account current_namespace current_session_arn default_iam_role
    pg_get_grantee_by_iam_role pg_get_iam_role_by_user pg_get_session_roles role_is_member_of
    user_is_member_of has_assumerole_privilege slice_num change_query_priority change_session_priority
    change_user_priority has_model_privilege explain_model array_contains array_distinct array_except
    array_intersection array_position array_positions array_sort array_union exists_path try_convert
    getbit set_bit set_byte to_ascii st_area st_asbinary st_asgeojson st_astext st_aswkt st_centroid
    st_contains st_distance st_distancesphere st_dwithin st_geogfromtext st_geomfromtext st_intersects
    st_makepoint st_point st_setsrid st_srid st_within st_x st_y h3_boundary h3_center h3_fromlonglat
    geometrytype json_size_of bit_length_of timezone getvarbyte
    """
)

# Redshift's own name of the column that a call without an alias makes.
COLUMN_NAMES = {
    "dateadd": "date_add", "datediff": "date_diff", "extract": "date_part", "current_date": "date", "sysdate": "timestamp",
    "nvl": "coalesce", "current_timestamp": "timestamptz", "user": "current_user", "len": "len",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """A plain function: argument letters, how many must be there, the result's rule, and PostgreSQL's name."""

    name: str
    arguments: str
    least: int
    most: int
    result: str
    postgres: str


def _read(line: str) -> Signature:
    words, _, result = line.partition(" -> ")
    own = words.startswith("+")
    name, _, letters = words.lstrip("+").partition(" ")
    result, _, target = result.partition(" as ")
    plain = letters.replace("?", "").replace("*", "")
    schema = "redshift" if own else "pg_catalog"
    return Signature(
        name, plain, len(plain) - letters.count("?"), len(plain), result, f"{schema}.{target or name}"
    )


SIGNATURES = {s.name: s for s in map(_read, filter(None, TABLE.splitlines()))}


def result_of(signature: Signature, arguments: list[Type]) -> Type:
    """The result's type by the signature's rule."""
    rule = signature.result
    if rule == "=":
        first = arguments[0] if arguments else Type("opaque")
        return Type("varchar", first.size) if first.name == "unknown" else first
    if rule == "~":
        first = arguments[0]
        size = first.size if first.name in ("varchar", "char", "unknown") else None
        return Type("varchar", size)
    if rule[0] == "v" and (rule == "v" or rule[1:].isdigit()):
        return Type("varchar", int(rule[1:]) if len(rule) > 1 else None)
    return Type(rule)


def exists(name: str) -> bool:
    return name in SIGNATURES or name in SPECIAL
