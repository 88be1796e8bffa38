{#-
    The whole number a text holds: an optional sign and 1 to 18 digits, else NULL. ' 1', '1.0', '1e3' and '' give NULL.
-#}
{% macro try_integer(expression) -%}
    {%- set digits = "case when left(" ~ expression ~ ", 1) in ('+', '-') then substring(" ~ expression ~ ", 2, 40) else " ~ expression ~ " end" -%}
    case
        when {{ consists_only_of(digits, '0123456789') }} and {{ text_length(digits) }} <= 18
            then {{ adapter.dispatch('forgiving_cast', 'customer_360')(expression, data_type('integer')) }}
    end
{%- endmacro %}
