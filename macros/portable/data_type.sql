{#-
    The physical type of a portable one. text is counted in bytes on Redshift and Synapse, so four bytes a character are reserved;
    Synapse ends at 8,000.

    Arguments: kind is text (length in characters, 1 to 4000), integer (64 bits), decimal (precision 1 to 38, scale up to 9),
        date, timestamp (UTC wall clock, microseconds, no zone) or flag (0 or 1).
    Gives: the name of a type, in Jinja.
    NULL: it makes a type, not a value.
    Edges: a decimal has at most 29 digits before the point, which is what NUMERIC of BigQuery holds.
    Example: cast('1' as {{ data_type('integer') }}) gives 1.
    Made of: physical_data_type.
-#}
{% macro data_type(kind, length_or_precision=none, scale=none) -%}
    {%- set kind = argument_of('data_type', 'kind', kind, ['text', 'integer', 'decimal', 'date', 'timestamp', 'flag']) -%}
    {%- if kind == 'text' -%}
        {%- set length_or_precision = whole_number_of('data_type', 'length of text', length_or_precision, 1, 4000) -%}
    {%- elif kind == 'decimal' -%}
        {%- set length_or_precision = whole_number_of('data_type', 'precision of decimal', length_or_precision, 1, 38) -%}
        {%- set scale = whole_number_of('data_type', 'scale of decimal', scale, [length_or_precision - 29, 0] | max, [9, length_or_precision] | min) -%}
    {%- elif length_or_precision is not none or scale is not none -%}
        {{ exceptions.raise_compiler_error("Macro data_type: " ~ kind ~ " takes no length, precision or scale.") }}
    {%- endif -%}
    {{ return(physical_data_type(kind, length_or_precision, scale)) }}
{%- endmacro %}
