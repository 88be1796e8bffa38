{#-
    The remainder of integer_divide, with the sign of the dividend: -7 by 2 gives -1. NULL when the divisor is NULL or 0.
-#}
{% macro remainder(left, right) -%}
    {{ return(adapter.dispatch('remainder', 'customer_360')(left, right)) }}
{%- endmacro %}

{% macro default__remainder(left, right) -%}
    {{ return(not_written_for_this_adapter('remainder')) }}
{%- endmacro %}

{% macro duckdb__remainder(left, right) -%}
    (cast({{ left }} as bigint) % nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro redshift__remainder(left, right) -%}
    mod(cast({{ left }} as bigint), nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro synapse__remainder(left, right) -%}
    (cast({{ left }} as bigint) % nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro bigquery__remainder(left, right) -%}
    mod(cast({{ left }} as int64), nullif(cast({{ right }} as int64), 0))
{%- endmacro %}
