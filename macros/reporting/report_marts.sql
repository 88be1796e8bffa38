{#-
    Run-operation: tells rows per mart, the control totals of staging and of the marts, in document currency, and the
    net revenue of each month in the reporting currency.
-#}
{% macro report_marts() -%}
    {%- set marts = [] -%}
    {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') -%}
        {%- if 'marts' in node.fqn or node.name in ('identity_map', 'identity_merge_log', 'identity_tombstones') -%}
            {%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
            {%- set rows = run_query('select ' ~ row_count() ~ ' from ' ~ relation).rows[0][0] | int -%}
            {%- do marts.append({'mart': node.name, 'area': node.fqn[-2], 'rows': rows}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do tell('report_marts', {'marts': marts, 'totals': {
        'staging': control_totals('stg_shop__order_lines', 'is_deleted = 0'), 'marts': control_totals('fct_order_line', '1 = 1')
    }, 'revenue_by_month': revenue_by_month(), 'orders': run_query('select ' ~ row_count() ~ ' from ' ~ model_relation('fct_order')).rows[0][0] | int}) -%}
{%- endmacro %}

{% macro model_relation(name) -%}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', name) | first -%}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
{%- endmacro %}

{% macro control_totals(model_name, predicate) -%}
    {%- set row = run_query(
        'select ' ~ row_count() ~ ', ' ~ count_distinct('order_id') ~ ', '
        ~ key_text(sum_decimal('sales_amount'), 'decimal') ~ ', ' ~ key_text(sum_decimal('retail_discount_amount'), 'decimal') ~ ', '
        ~ key_text(sum_decimal('coupon_discount_amount'), 'decimal') ~ ', ' ~ key_text(sum_decimal('coupon_match_discount_amount'), 'decimal')
        ~ ' from ' ~ model_relation(model_name) ~ ' where ' ~ predicate
    ).rows[0] -%}
    {{ return({
        'order_lines': row[0] | int, 'orders': row[1] | int, 'sales_amount': row[2], 'retail_discount_amount': row[3],
        'coupon_discount_amount': row[4], 'coupon_match_discount_amount': row[5],
    }) }}
{%- endmacro %}

{% macro revenue_by_month() -%}
    {#- The month is a column of its own before it is grouped: BigQuery does not see through an expression over the key. -#}
    {%- set rows = run_query(
        'select ' ~ key_text('month_start', 'date') ~ ' as month, ' ~ key_text(sum_decimal('net_amount_reporting'), 'decimal') ~ ' as net_revenue'
        ~ ' from (select ' ~ truncate_date('month', 'revenue_date') ~ ' as month_start, net_amount_reporting from '
        ~ model_relation('daily_revenue') ~ ') as days group by month_start order by month_start'
    ).rows -%}
    {%- set months = [] -%}
    {%- for row in rows -%}{%- do months.append({'month': row[0], 'net_revenue': row[1]}) -%}{%- endfor -%}
    {{ return(months) }}
{%- endmacro %}
