{#-
    The set operator EXCEPT.
-#}
{% macro except_distinct() -%}
    {{ return(adapter.dispatch('except_distinct', 'customer_360')()) }}
{%- endmacro %}

{% macro default__except_distinct() -%}
    {{ return(not_written_for_this_adapter('except_distinct')) }}
{%- endmacro %}

{% macro duckdb__except_distinct() -%}
    except
{%- endmacro %}

{% macro redshift__except_distinct() -%}
    except
{%- endmacro %}

{% macro synapse__except_distinct() -%}
    except
{%- endmacro %}

{% macro bigquery__except_distinct() -%}
    except distinct
{%- endmacro %}
