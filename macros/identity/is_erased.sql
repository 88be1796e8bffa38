{#-
    Predicate: the column holds an identifier of a person who was erased. NULL gives false or NULL, never true.
    Example: is_erased('anonymous_id', 'orders.anonymous_id').
-#}
{% macro is_erased(identifier_type, column) -%}
    {{ column }} in (
        select identifier_value from {{ ref('int_identity__erased_nodes') }} where identifier_type = {{ text_literal(identifier_type) }}
    )
{%- endmacro %}
