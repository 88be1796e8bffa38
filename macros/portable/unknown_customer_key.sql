{#-
    The customer_key of facts whose customer is unknown or was erased: amounts stay, the person does not.
-#}
{% macro unknown_customer_key() -%}
    {{ unknown_key() }}
{%- endmacro %}
