{#-
    How each warehouse divides decimals exactly; reached through divide. DuckDB would give a double, Redshift and Synapse keep as few
    digits as their rules for 38 digits leave, so both operands become whole numbers of 1/10000, and floor((2n * 10^scale + d) / 2d)
    rounds half away from zero. The remainder goes off before the division, so that no rule for digits can matter. BigQuery's
    BIGNUMERIC keeps 38 digits after the point, enough to tell a half from its neighbours.

    Arguments: left, right, precision and scale as divide takes them.
    Gives: decimal(precision, scale).
    NULL: NULL when either is.
    Edges: NULL when right is 0.
    Example: quotient('1', '8', 18, 2) gives 0.13.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
    Synapse: https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types
    DuckDB: https://duckdb.org/docs/stable/sql/data_types/numeric
-#}
{% macro quotient(left, right, precision, scale) -%}
    {{ return(adapter.dispatch('quotient', 'customer_360')(left, right, precision, scale)) }}
{%- endmacro %}

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
    {%- set divisor = 'abs(cast(nullif(' ~ right ~ ', 0) as numeric(22,4)))' -%}
    {%- set doubled = '(abs(cast(' ~ left ~ ' as numeric(22,4))) * ' ~ 2 * 10 ** scale ~ ' + ' ~ divisor ~ ')' -%}
    cast(
        cast(sign({{ left }}) * sign({{ right }}) as numeric(2,0))
        * cast(({{ doubled }} - mod({{ doubled }}, 2 * {{ divisor }})) / (2 * {{ divisor }}) as numeric(28,0))
        * cast({{ '0.' ~ '0' * (scale - 1) ~ '1' if scale else '1' }} as numeric({{ [scale, 1] | max }},{{ scale }}))
    as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro synapse__quotient(left, right, precision, scale) -%}
    {%- set divisor = 'abs(cast(nullif(' ~ right ~ ', 0) as decimal(22,4)))' -%}
    {%- set doubled = '(abs(cast(' ~ left ~ ' as decimal(22,4))) * ' ~ 2 * 10 ** scale ~ ' + ' ~ divisor ~ ')' -%}
    {#- the whole number is cut to 28 digits before the scale comes: a product of more than 38 digits loses its last decimals -#}
    cast(
        cast(
            cast(sign({{ left }}) * sign({{ right }}) as decimal(2,0))
            * cast(({{ doubled }} - {{ doubled }} % (2 * {{ divisor }})) / (2 * {{ divisor }}) as decimal(28,0))
        as decimal(28,0))
        * cast({{ '0.' ~ '0' * (scale - 1) ~ '1' if scale else '1' }} as decimal({{ [scale, 1] | max }},{{ scale }}))
    as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}

{% macro bigquery__quotient(left, right, precision, scale) -%}
    cast(round(cast({{ left }} as bignumeric) / cast(nullif({{ right }}, 0) as bignumeric), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
