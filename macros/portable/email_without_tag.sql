{#-
    A normalised address without its +tag. Takes what email() gave.

    Arguments: expression, a text.
    Gives: text(254).
    NULL: NULL.
    Edges: a + at the very start is a name, not a tag; everything from the first + to the @ goes.
    Example: email_without_tag("'anna+shop@example.com'") gives anna@example.com.
    Made of: position_of, concatenate, text_part.
-#}
{% macro email_without_tag(expression) -%}
    case
        when {{ position_of("'+'", expression) }} > 1 and {{ position_of("'+'", expression) }} < {{ position_of("'@'", expression) }}
            then cast({{ concatenate([text_part(expression, '+', 1), "'@'", text_part(expression, '@', 2)]) }} as {{ data_type('text', 254) }})
        else {{ expression }}
    end
{%- endmacro %}
