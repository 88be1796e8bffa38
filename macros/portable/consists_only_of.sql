{#-
    Predicate: the text has at least one character, and only listed ones.

    Arguments: expression, a text; characters, a Jinja text of different characters without [, ] and ^.
    Gives: a predicate, never NULL.
    NULL: false.
    Edges: '' is false; upper and lower case are different characters; blanks count, also at the end.
    Example: flag(consists_only_of("'12 3'", '0123456789')) gives 0.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_TRANSLATE.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/like-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#translate
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
-#}
{% macro consists_only_of(expression, characters) -%}
    {%- for character in ['[', ']', '^'] if character in characters -%}
        {{ exceptions.raise_compiler_error("Macro consists_only_of: characters holds '" ~ character ~ "'; it must not hold [, ] or ^.") }}
    {%- endfor -%}
    {%- if not characters or characters | list | unique(case_sensitive=true) | list | length != characters | length -%}
        {{ exceptions.raise_compiler_error("Macro consists_only_of: characters is '" ~ characters ~ "'; it must hold one or more characters, each once.") }}
    {%- endif -%}
    {{ return(adapter.dispatch('consists_only_of', 'customer_360')(expression, characters)) }}
{%- endmacro %}

{% macro default__consists_only_of(expression, characters) -%}
    {{ return(not_written_for_this_adapter('consists_only_of')) }}
{%- endmacro %}

{% macro duckdb__consists_only_of(expression, characters) -%}
    (coalesce({{ expression }}, '') <> '' and translate({{ expression }}, {{ text_literal(characters) }}, '') = '')
{%- endmacro %}

{#- By length, because in a comparison of Redshift a blank is as good as nothing: '1 2' would consist of digits. -#}
{% macro redshift__consists_only_of(expression, characters) -%}
    (len(coalesce({{ expression }}, '')) > 0 and len(translate({{ expression }}, {{ text_literal(characters) }}, '')) = 0)
{%- endmacro %}

{#- TRANSLATE is not in a dedicated pool; inside brackets of a LIKE pattern every character but a hyphen that is not the first is itself. -#}
{% macro synapse__consists_only_of(expression, characters) -%}
    (datalength(coalesce({{ expression }}, '')) > 0 and {{ expression }} not like '%[^{{ "-" if "-" in characters }}{{ characters | replace("'", "''") | replace("-", "") }}]%')
{%- endmacro %}

{% macro bigquery__consists_only_of(expression, characters) -%}
    (coalesce({{ expression }}, '') <> '' and translate({{ expression }}, {{ text_literal(characters) }}, '') = '')
{%- endmacro %}
