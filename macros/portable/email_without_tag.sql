{#-
    A normalised address without its +tag: 'anna+shop@example.com' gives 'anna@example.com'. Takes what email() gave.
-#}
{% macro email_without_tag(expression) -%}
    case
        when {{ position_of("'+'", expression) }} > 1 and {{ position_of("'+'", expression) }} < {{ position_of("'@'", expression) }}
            then cast({{ concatenate([text_part(expression, '+', 1), "'@'", text_part(expression, '@', 2)]) }} as {{ data_type('text', 254) }})
        else {{ expression }}
    end
{%- endmacro %}
