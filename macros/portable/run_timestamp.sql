{#-
    When the run began (UTC), one value for the whole run on every warehouse. For logs; no model's rows depend on it.
-#}
{% macro run_timestamp() -%}
    {{ timestamp_literal(run_started_at.strftime('%Y-%m-%d %H:%M:%S')) }}
{%- endmacro %}
