{#-
    The warehouse's own bulk statement for one Parquet file. Columns go by position: the file's order is the table's.
    The credentials' names come from the environment; on a laptop there are none.
    https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
    https://learn.microsoft.com/sql/t-sql/statements/copy-into-transact-sql
    https://cloud.google.com/bigquery/docs/reference/standard-sql/load-statements
-#}
{% macro bulk_load(relation, columns, uri) -%}
    {{ return(adapter.dispatch('bulk_load', 'customer_360')(relation, columns, uri)) }}
{%- endmacro %}

{% macro default__bulk_load(relation, columns, uri) -%}
    {{ return(not_written_for_this_adapter('bulk_load')) }}
{%- endmacro %}

{% macro duckdb__bulk_load(relation, columns, uri) -%}
    insert into {{ relation }} select {% for name, type in columns %}{{ adapter.quote(name) }}{{ ", " if not loop.last }}{% endfor %} from read_parquet({{ text_literal(uri) }})
{%- endmacro %}

{% macro redshift__bulk_load(relation, columns, uri) -%}
    copy {{ relation }} from {{ text_literal(uri) }} iam_role default format as parquet
{%- endmacro %}

{% macro synapse__bulk_load(relation, columns, uri) -%}
    copy into {{ relation }} from {{ text_literal(uri) }} with (file_type = 'PARQUET', credential = (identity = 'Managed Identity'))
{%- endmacro %}

{% macro bigquery__bulk_load(relation, columns, uri) -%}
    load data into {{ relation }} from files (format = 'PARQUET', uris = [{{ text_literal(uri) }}])
{%- endmacro %}
