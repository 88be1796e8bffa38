{#-
    Whole-number division, cut toward zero: -7 by 2 gives -3. NULL when the divisor is NULL or 0.
-#}
{% macro integer_divide(left, right) -%}
    {{ return(adapter.dispatch('integer_divide', 'customer_360')(left, right)) }}
{%- endmacro %}

{% macro default__integer_divide(left, right) -%}
    {{ return(not_written_for_this_adapter('integer_divide')) }}
{%- endmacro %}

{% macro duckdb__integer_divide(left, right) -%}
    (cast({{ left }} as bigint) // nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro redshift__integer_divide(left, right) -%}
    (cast({{ left }} as bigint) / nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro synapse__integer_divide(left, right) -%}
    (cast({{ left }} as bigint) / nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro bigquery__integer_divide(left, right) -%}
    div(cast({{ left }} as int64), nullif(cast({{ right }} as int64), 0))
{%- endmacro %}
