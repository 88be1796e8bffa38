{#-
    The physical type of a portable one.
    kinds: text (length in characters, 1 to 4000), integer (64 bits), decimal (precision 1 to 38, scale up to 9),
    date, timestamp (UTC wall clock, microseconds, no zone), flag (0 or 1).
    text is counted in bytes on Redshift and Synapse, so four bytes a character are reserved; Synapse ends at 8000.
    Example: data_type('decimal', 18, 4) gives decimal(18,4) on DuckDB, numeric(18,4) on BigQuery.
-#}
{% macro data_type(kind, length_or_precision=none, scale=none) -%}
    {%- set kind = argument_of('data_type', 'kind', kind, ['text', 'integer', 'decimal', 'date', 'timestamp', 'flag']) -%}
    {%- if kind == 'text' -%}
        {%- set length_or_precision = whole_number_of('data_type', 'length of text', length_or_precision, 1, 4000) -%}
    {%- elif kind == 'decimal' -%}
        {%- set length_or_precision = whole_number_of('data_type', 'precision of decimal', length_or_precision, 1, 38) -%}
        {%- set scale = whole_number_of('data_type', 'scale of decimal', scale, 0, [9, length_or_precision] | min) -%}
    {%- elif length_or_precision is not none or scale is not none -%}
        {{ exceptions.raise_compiler_error("Macro data_type: " ~ kind ~ " takes no length, precision or scale.") }}
    {%- endif -%}
    {{ return(adapter.dispatch('physical_data_type', 'customer_360')(kind, length_or_precision, scale)) }}
{%- endmacro %}
