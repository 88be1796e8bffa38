{#-
    The type names of each warehouse; reached through data_type, which checks the arguments.
    a = length in characters or precision, b = scale.
    BigQuery's numeric holds 29 digits before the point: a decimal wider than that must not be stored there.
-#}
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
