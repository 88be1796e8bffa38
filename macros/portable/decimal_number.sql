{#-
    A decimal in units of its last digit, as a whole number; reached through key_number. On DuckDB the wide product is ten times
    slower than one of 18 digits, so that one is taken where the result fits.

    Arguments: expression, a decimal of at most 18 digits; scale, 0 to 9.
    Gives: integer.
    NULL: NULL.
    Edges: more digits after the point than scale are rounded half away from zero.
    Example: decimal_number("cast(-0.5 as decimal(18,4))", 4) gives -5000.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
    Synapse: https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#arithmetic_operators
    DuckDB: https://duckdb.org/docs/stable/sql/data_types/numeric
-#}
{% macro decimal_number(expression, scale) -%}
    {{ return(adapter.dispatch('decimal_number', 'customer_360')(expression, scale)) }}
{%- endmacro %}

{% macro default__decimal_number(expression, scale) -%}
    {{ return(not_written_for_this_adapter('decimal_number')) }}
{%- endmacro %}

{% macro duckdb__decimal_number(expression, scale) -%}
    case
        when {{ expression }} > -{{ 10 ** [17 - 2 * scale, 0] | max }} and {{ expression }} < {{ 10 ** [17 - 2 * scale, 0] | max }}
            then cast(cast({{ expression }} as decimal(18,{{ scale }})) * {{ 10 ** scale }} as bigint)
        else cast(cast({{ expression }} as decimal(28,{{ scale }})) * {{ 10 ** scale }} as bigint)
    end
{%- endmacro %}

{% macro redshift__decimal_number(expression, scale) -%}
    cast(cast({{ expression }} as numeric(28,{{ scale }})) * {{ 10 ** scale }} as bigint)
{%- endmacro %}

{% macro synapse__decimal_number(expression, scale) -%}
    cast(cast({{ expression }} as decimal(28,{{ scale }})) * {{ 10 ** scale }} as bigint)
{%- endmacro %}

{% macro bigquery__decimal_number(expression, scale) -%}
    cast(round(cast({{ expression }} as numeric), {{ scale }}) * {{ 10 ** scale }} as int64)
{%- endmacro %}
