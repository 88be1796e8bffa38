{#-
    A whole number of 28 bits out of a hash: seven of its hex digits. Sums of it stay within 64 bits for 34 billion rows.

    Arguments: hash, a text of 32 hex digits as md5_hex gives; part is 1 (digits 1 to 7) or 2 (digits 8 to 14).
    Gives: integer.
    NULL: NULL.
    Edges: 0 to 268435455, never negative.
    Example: hash_number("'900150983cd24fb0d6963f7d28e17f72'", 1) gives 151000329.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_functions#cast_as_integer
    DuckDB: https://duckdb.org/docs/stable/sql/data_types/numeric
-#}
{% macro hash_number(hash, part) -%}
    {%- set first = 7 * whole_number_of('hash_number', 'part', part, 1, 2) - 6 -%}
    {{ return(adapter.dispatch('hash_number', 'customer_360')(hash, first)) }}
{%- endmacro %}

{% macro default__hash_number(hash, first) -%}
    {{ return(not_written_for_this_adapter('hash_number')) }}
{%- endmacro %}

{% macro duckdb__hash_number(hash, first) -%}
    cast('0x' || substring({{ hash }}, {{ first }}, 7) as bigint)
{%- endmacro %}

{% macro redshift__hash_number(hash, first) -%}
    strtol(substring({{ hash }}, {{ first }}, 7), 16)
{%- endmacro %}

{% macro synapse__hash_number(hash, first) -%}
    cast(convert(varbinary(4), '0' + substring({{ hash }}, {{ first }}, 7), 2) as bigint)
{%- endmacro %}

{% macro bigquery__hash_number(hash, first) -%}
    cast('0x' || substring({{ hash }}, {{ first }}, 7) as int64)
{%- endmacro %}
