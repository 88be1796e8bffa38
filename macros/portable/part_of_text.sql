{#-
    How each warehouse splits; reached through text_part, which checks the arguments.

    Arguments: expression, a text; delimiter, one character; part, 1 to 9.
    Gives: text.
    NULL: NULL.
    Edges: '' has one part, ''; NULL beyond the last part.
    Example: part_of_text("'a@b'", '@', 2) gives b.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/SPLIT_PART.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/charindex-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#split
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
-#}
{% macro part_of_text(expression, delimiter, part) -%}
    {{ return(adapter.dispatch('part_of_text', 'customer_360')(expression, delimiter, part)) }}
{%- endmacro %}

{% macro default__part_of_text(expression, delimiter, part) -%}
    {{ return(not_written_for_this_adapter('part_of_text')) }}
{%- endmacro %}

{% macro duckdb__part_of_text(expression, delimiter, part) -%}
    string_split({{ expression }}, {{ text_literal(delimiter) }})[{{ part }}]
{%- endmacro %}

{% macro redshift__part_of_text(expression, delimiter, part) -%}
    case
        when len({{ expression }}) - len(replace({{ expression }}, {{ text_literal(delimiter) }}, '')) >= {{ part - 1 }}
            then split_part({{ expression }}, {{ text_literal(delimiter) }}, {{ part }})
    end
{%- endmacro %}

{#- STRING_SPLIT's ordinal does not exist in a dedicated pool: delimiters are found one after the other. -#}
{% macro synapse__part_of_text(expression, delimiter, part) -%}
    {%- set mark = text_literal(delimiter) -%}
    {%- set padded = '(' ~ expression ~ ' + ' ~ mark ~ ')' -%}
    {%- set before = namespace(sql='0') -%}
    {%- for step in range(part - 1) -%}
        {%- set before.sql = 'nullif(charindex(' ~ mark ~ ', ' ~ padded ~ ', ' ~ before.sql ~ ' + 1), 0)' -%}
    {%- endfor -%}
    substring({{ padded }}, {{ before.sql }} + 1, nullif(charindex({{ mark }}, {{ padded }}, {{ before.sql }} + 1), 0) - {{ before.sql }} - 1)
{%- endmacro %}

{% macro bigquery__part_of_text(expression, delimiter, part) -%}
    split({{ expression }}, {{ text_literal(delimiter) }})[safe_offset({{ part - 1 }})]
{%- endmacro %}
