{#-
    Predicate: the text has at least one character, and only listed ones. NULL and '' give false.
    characters is a Jinja string without brackets and carets. Example: consists_only_of('x', '0123456789').
-#}
{% macro consists_only_of(expression, characters) -%}
    {%- for character in ['[', ']', '^'] if character in characters -%}
        {{ exceptions.raise_compiler_error("Macro consists_only_of: characters holds '" ~ character ~ "'; it must not hold [, ] or ^.") }}
    {%- endfor -%}
    {{ return(adapter.dispatch('consists_only_of', 'customer_360')(expression, characters)) }}
{%- endmacro %}

{% macro default__consists_only_of(expression, characters) -%}
    {{ return(not_written_for_this_adapter('consists_only_of')) }}
{%- endmacro %}

{% macro duckdb__consists_only_of(expression, characters) -%}
    (translate(coalesce({{ expression }}, '!'), {{ text_literal(characters) }}, '') = '' and {{ expression }} <> '')
{%- endmacro %}

{% macro redshift__consists_only_of(expression, characters) -%}
    (translate(coalesce({{ expression }}, '!'), {{ text_literal(characters) }}, '') = '' and {{ expression }} <> '')
{%- endmacro %}

{#- TRANSLATE is not in a dedicated pool; inside brackets of a LIKE pattern every character but a leading hyphen is itself. -#}
{% macro synapse__consists_only_of(expression, characters) -%}
    ({{ expression }} <> '' and {{ expression }} not like '%[^{{ characters | replace("'", "''") | replace("-", "") }}{{ "-" if "-" in characters }}]%')
{%- endmacro %}

{% macro bigquery__consists_only_of(expression, characters) -%}
    (translate(coalesce({{ expression }}, '!'), {{ text_literal(characters) }}, '') = '' and {{ expression }} <> '')
{%- endmacro %}
