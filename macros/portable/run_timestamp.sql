{#-
    When the run began (UTC), one value for the whole run on every warehouse. For logs; no model's rows depend on it.

    Arguments: none.
    Gives: timestamp.
    NULL: never NULL.
    Edges: whole seconds.
    Example: flag(run_timestamp() ~ " > cast('2020-01-01 00:00:00' as timestamp)") gives 1.
    Made of: timestamp_literal.
-#}
{% macro run_timestamp() -%}
    {{ timestamp_literal(run_started_at.strftime('%Y-%m-%d %H:%M:%S')) }}
{%- endmacro %}
