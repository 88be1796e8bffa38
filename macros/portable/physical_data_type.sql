{#-
    The type names of each warehouse; reached through data_type, which checks the arguments.

    Arguments: kind, as data_type takes it; a, length in characters or precision; b, scale.
    Gives: the name of a type, in Jinja.
    NULL: not a value.
    Edges: text has no length on BigQuery and DuckDB.
    Example: cast('1' as {{ physical_data_type('integer', none, none) }}) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
    Synapse: https://learn.microsoft.com/sql/t-sql/data-types/data-types-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types
    DuckDB: https://duckdb.org/docs/stable/sql/data_types/overview
-#}
{% macro physical_data_type(kind, a, b) -%}
    {{ return(adapter.dispatch('physical_data_type', 'customer_360')(kind, a, b)) }}
{%- endmacro %}

{% macro default__physical_data_type(kind, a, b) -%}
    {{ return(not_written_for_this_adapter('physical_data_type')) }}
{%- endmacro %}

{% macro duckdb__physical_data_type(kind, a, b) -%}
    {{ return({
        'text': 'varchar',
        'integer': 'bigint',
        'decimal': 'decimal(' ~ a ~ ',' ~ b ~ ')',
        'date': 'date',
        'timestamp': 'timestamp',
        'flag': 'smallint',
    }[kind]) }}
{%- endmacro %}

{% macro redshift__physical_data_type(kind, a, b) -%}
    {{ return({
        'text': 'varchar(' ~ 4 * (a or 0) ~ ')',
        'integer': 'bigint',
        'decimal': 'numeric(' ~ a ~ ',' ~ b ~ ')',
        'date': 'date',
        'timestamp': 'timestamp',
        'flag': 'smallint',
    }[kind]) }}
{%- endmacro %}

{% macro synapse__physical_data_type(kind, a, b) -%}
    {{ return({
        'text': 'varchar(' ~ [4 * (a or 0),
        8000] | min ~ ')',
        'integer': 'bigint',
        'decimal': 'decimal(' ~ a ~ ',' ~ b ~ ')',
        'date': 'date',
        'timestamp': 'datetime2(6)',
        'flag': 'smallint',
    }[kind]) }}
{%- endmacro %}

{% macro bigquery__physical_data_type(kind, a, b) -%}
    {{ return({
        'text': 'string',
        'integer': 'int64',
        'decimal': 'numeric(' ~ a ~ ',' ~ b ~ ')',
        'date': 'date',
        'timestamp': 'datetime',
        'flag': 'int64',
    }[kind]) }}
{%- endmacro %}
