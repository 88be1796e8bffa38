{#-
    The product of two decimals, exact and rounded half away from zero.

    Arguments: left with up to 4 digits after the point and 15 before it (an amount or a quantity); right with up to 8 after
        and 10 before it (a rate or a share); precision and scale (0 to 9) of the result.
    Gives: decimal(precision, scale).
    NULL: NULL when either is.
    Edges: rounded once: BigQuery rounds a NUMERIC product at nine digits before, so it multiplies as BIGNUMERIC.
    Example: multiply('1.0005', '0.5') gives 0.5003.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
    Synapse: https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#arithmetic_operators
    DuckDB: https://duckdb.org/docs/stable/sql/data_types/numeric
-#}
{% macro multiply(left, right, precision=18, scale=4) -%}
    {%- set scale = whole_number_of('multiply', 'scale', scale, 0, 9) -%}
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
    cast(round(cast({{ left }} as bignumeric) * cast({{ right }} as bignumeric), {{ scale }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
