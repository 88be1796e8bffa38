{#-
    The timestamp of a landed text. Curation wrote it as 'YYYY-MM-DD HH:MM:SS.ffffff' in UTC, so it is cast as it is.

    Arguments: expression, a text of that form.
    Gives: timestamp.
    NULL: NULL.
    Edges: anything else is an error of the warehouse, or worse a guess: use try_timestamp for texts that curation did not
        write.
    Example: utc_timestamp("'2017-01-31 00:00:00.000001'") gives 2017-01-31 00:00:00.000001.
    Made of: data_type.
-#}
{% macro utc_timestamp(expression) -%}
    cast({{ expression }} as {{ data_type('timestamp') }})
{%- endmacro %}
