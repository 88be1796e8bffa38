{#-
    How each warehouse divides decimals exactly; reached through divide. DuckDB would give a double, Redshift and
    Synapse cut the scale, BigQuery rounds at nine digits: so both operands become whole numbers of 1/10000, and
    floor(2n * 10^scale + d, 2d) in whole numbers rounds half away from zero.
-#}
{% macro default__quotient(left, right, precision, scale) -%}
    {{ return(not_written_for_this_adapter('quotient')) }}
{%- endmacro %}

{% macro duckdb__quotient(left, right, precision, scale) -%}
    {%- set n = 'cast(abs(cast(' ~ left ~ ' as decimal(22,4))) * 10000 as hugeint)' -%}
    {%- set d = 'cast(abs(cast(nullif(' ~ right ~ ', 0) as decimal(22,4))) * 10000 as hugeint)' -%}
    cast(
        cast(sign({{ left }}) * sign({{ right }}) as decimal(2,0))
        * cast(((2 * {{ n }} * {{ 10 ** scale }} + {{ d }}) // (2 * {{ d }})) as decimal(28,0))
        * cast({{ '0.' ~ '0' * (scale - 1) ~ '1' if scale else '1' }} as decimal({{ [scale, 1] | max }},{{ scale }}))
    as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro redshift__quotient(left, right, precision, scale) -%}
    cast(round(cast({{ left }} as numeric(38,{{ scale + 6 }})) / cast(nullif({{ right }}, 0) as numeric(18,4)), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro synapse__quotient(left, right, precision, scale) -%}
    cast(round(cast({{ left }} as decimal(26,{{ [scale + 4, 12] | min }})) / cast(nullif({{ right }}, 0) as decimal(18,4)), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro bigquery__quotient(left, right, precision, scale) -%}
    cast(round(cast({{ left }} as bignumeric) / cast(nullif({{ right }}, 0) as bignumeric), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
