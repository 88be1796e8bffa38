{#-
    Aggregate: the texts of a group in their own binary order with a delimiter between; NULL and '' are left out.
    The result must stay below 4,000 bytes: Redshift and Synapse have limits.
-#}
{% macro joined_text(expression, delimiter) -%}
    {{ return(adapter.dispatch('joined_text', 'customer_360')(expression, delimiter)) }}
{%- endmacro %}

{% macro default__joined_text(expression, delimiter) -%}
    {{ return(not_written_for_this_adapter('joined_text')) }}
{%- endmacro %}

{% macro duckdb__joined_text(expression, delimiter) -%}
    string_agg(nullif({{ expression }}, ''), {{ text_literal(delimiter) }} order by {{ expression }})
{%- endmacro %}

{% macro redshift__joined_text(expression, delimiter) -%}
    listagg({{ expression }}, {{ text_literal(delimiter) }}) within group (order by {{ expression }})
{%- endmacro %}

{% macro synapse__joined_text(expression, delimiter) -%}
    string_agg(cast(nullif({{ expression }}, '') as varchar(8000)), {{ text_literal(delimiter) }}) within group (order by {{ expression }})
{%- endmacro %}

{% macro bigquery__joined_text(expression, delimiter) -%}
    string_agg(nullif({{ expression }}, ''), {{ text_literal(delimiter) }} order by {{ expression }})
{%- endmacro %}
