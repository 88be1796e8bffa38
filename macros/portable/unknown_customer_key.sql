{#-
    The customer_key of facts whose customer is unknown or was erased: amounts stay, the person does not.

    Arguments: none.
    Gives: text(32).
    NULL: never NULL.
    Edges: the same as unknown_key.
    Example: unknown_customer_key() gives 8d997949035ecab332c67e5fd2835cc3.
    Made of: unknown_key.
-#}
{% macro unknown_customer_key() -%}
    {{ unknown_key() }}
{%- endmacro %}
