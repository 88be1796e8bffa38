"""Settings of a session: https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html"""

from __future__ import annotations

from sandbox.redshift.catalog import DEFAULT_PATH, literal, with_ours
from sandbox.redshift.language import Refused, facts
from sandbox.redshift.language.refusal import unsupported

# PostgreSQL has these under the same name with the same meaning.
SHARED = frozenset(
    [
        "statement_timeout",
        "timezone",
        "datestyle",
        "extra_float_digits",
        "application_name",
        "client_encoding",
        "session_authorization",
        "role",
        "search_path",
    ]
)
# PostgreSQL tells the client these of itself, and a client may ask.
SHOWN = frozenset(
    ["server_version", "server_encoding", "transaction_isolation", "is_superuser", "integer_datetimes"]
)
# Kept for the session and shown again; the default of each. They tune what the stand-in has not, or are off here.
KEPT = {
    "analyze_threshold_percent": "10",
    "query_group": "unset",
    "enable_case_sensitive_identifier": "off",
    "downcase_delimited_identifier": "on",
    "enable_case_sensitive_super_attribute": "off",
    "enable_result_cache_for_session": "on",
    "enable_vacuum_boost": "off",
    "enable_numeric_rounding": "on",
    "error_on_nondeterministic_update": "off",
    "describe_field_name_in_uppercase": "off",
    "cast_super_null_on_error": "on",
    "navigate_super_null_on_error": "on",
    "parse_super_null_on_error": "off",
    "json_serialization_enable": "off",
    "json_serialization_parse_nested_strings": "off",
    "max_concurrency_scaling_clusters": "1",
    "max_cursor_result_set_size": "default",
    "mv_enable_aqmv_for_session": "true",
    "pg_federation_repeatable_read": "true",
    "spectrum_enable_pseudo_columns": "true",
    "spectrum_query_maxerror": "-1",
    "stored_proc_log_min_messages": "log",
    "wlm_query_slot_count": "1",
    "interval_forbid_composite_literals": "off",
    "default_geometry_encoding": "1",
    "use_fips_ssl": "false",
    "enable_local_result_cache": "on",
    "autocommit": "on",
}
# Turned from the default these would change results, which is not done.
FIXED = frozenset(
    [
        "enable_case_sensitive_super_attribute",
        "enable_numeric_rounding",
        "describe_field_name_in_uppercase",
        "cast_super_null_on_error",
        "navigate_super_null_on_error",
        "parse_super_null_on_error",
        "interval_forbid_composite_literals",
        "downcase_delimited_identifier",
        "error_on_nondeterministic_update",
    ]
)
ON = {"true": "on", "1": "on", "yes": "on", "t": "on", "false": "off", "0": "off", "no": "off", "f": "off"}


def in_postgres(setting: facts.Setting, kind: str) -> tuple[str, ...]:
    """The statement for PostgreSQL. Raises Refused for a name that Redshift does not know (42704)."""
    name = setting.name.lower()
    if kind == "show":
        return (_show(name),)
    local = "local " if setting.local else ""
    value = None if kind == "reset" else setting.value
    if name == "search_path":
        return (f"set {local}search_path to {with_ours(DEFAULT_PATH if value is None else path(value))}",)
    if name in SHARED:
        if value is None:
            return (f"reset {name}",)
        if name in ("role", "session_authorization"):
            return (f"set {local}{name} to {literal(value)}",)
        return (f"set {local}{name} to {literal(value)}",)
    if name == "all":
        return ("reset all", f"set search_path to {with_ours(DEFAULT_PATH)}")
    if name not in KEPT:
        raise _unknown(setting.name)
    value = KEPT[name] if value is None else value
    if name in FIXED and ON.get(value.lower(), value.lower()) != KEPT[name]:
        raise unsupported(f"set {name} to {value}", 0, "cm_chap_ConfigurationRef.html")
    return (f'set {local}redshift."{name}" to {literal(value)}',)


def _show(name: str) -> str:
    if name == "search_path":
        return "select redshift_catalog.user_path() as search_path"
    if name == "server_version":
        return "select cast('8.0.2' as varchar) as server_version"
    if name in SHARED or name in SHOWN:
        return f"show {name}"
    if name not in KEPT:
        raise _unknown(name)
    return f"select coalesce(nullif(current_setting('redshift.{name}', true), ''), {literal(KEPT[name])}) as {name}"


def path(value: str) -> str:
    """The value of SET search_path as a list of names in quotes."""
    names = [part.strip() for part in value.split(",")]
    names = [n[1:-1] if len(n) > 1 and n[0] == n[-1] and n[0] in "'\"" else n for n in names]
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names if name)


def _unknown(name: str) -> Refused:
    return Refused("42704", f'unrecognized configuration parameter "{name}"', "", 0)
