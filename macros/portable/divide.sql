{#-
    The quotient of two decimals or whole numbers, exact and rounded half away from zero to scale digits.
    NULL when the divisor is NULL or 0. Operands with up to 4 digits after the point; |left| x 10^scale below 10^28.
-#}
{% macro divide(left, right, precision=18, scale=4) -%}
    {%- set scale = whole_number_of('divide', 'scale', scale, 0, 9) -%}
    {{ return(adapter.dispatch('quotient', 'customer_360')(left, right, precision, scale)) }}
{%- endmacro %}
