{#-
    The quotient of two decimals or whole numbers, exact and rounded half away from zero.

    Arguments: left and right, numbers with up to 4 digits after the point and 18 before it; precision and scale (0 to 9) of
        the result.
    Gives: decimal(precision, scale).
    NULL: NULL when either is.
    Edges: NULL when right is 0; the quotient times 10^scale stays below 10^28.
    Example: divide('-10', '3') gives -3.3333.
    Made of: quotient.
-#}
{% macro divide(left, right, precision=18, scale=4) -%}
    {%- set scale = whole_number_of('divide', 'scale', scale, 0, 9) -%}
    {{ return(quotient(left, right, precision, scale)) }}
{%- endmacro %}
