{#-
    The product of two decimals, rounded half away from zero to scale digits: left with up to 4 digits after the point
    (an amount or a quantity), right with up to 8 (a rate or a share, up to ten digits before the point).
-#}
{% macro multiply(left, right, precision=18, scale=4) -%}
    {{ return(adapter.dispatch('multiply', 'customer_360')(left, right, precision, scale)) }}
{%- endmacro %}

{% macro default__multiply(left, right, precision=18, scale=4) -%}
    {{ return(not_written_for_this_adapter('multiply')) }}
{%- endmacro %}

{% macro duckdb__multiply(left, right, precision=18, scale=4) -%}
    cast(round(cast({{ left }} as decimal(20,4)) * cast({{ right }} as decimal(18,8)), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro redshift__multiply(left, right, precision=18, scale=4) -%}
    cast(round(cast({{ left }} as numeric(20,4)) * cast({{ right }} as numeric(18,8)), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro synapse__multiply(left, right, precision=18, scale=4) -%}
    cast(round(cast({{ left }} as decimal(19,4)) * cast({{ right }} as decimal(18,8)), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro bigquery__multiply(left, right, precision=18, scale=4) -%}
    cast(round(cast({{ left }} as numeric) * cast({{ right }} as numeric), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
