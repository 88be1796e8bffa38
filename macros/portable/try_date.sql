{#-
    The date a text holds, exactly YYYY-MM-DD, a day of the calendar from 1900 to 2999; else NULL.

    Arguments: expression, a text.
    Gives: date.
    NULL: NULL.
    Edges: blanks around it, other separators and missing zeros give NULL.
    Example: try_date("'2016-02-29'") gives 2016-02-29.
    Made of: text_length, consists_only_of, forgiving_cast.
-#}
{% macro try_date(expression) -%}
    case
        when {{ text_length(expression) }} = 10 and substring({{ expression }}, 5, 1) = '-' and substring({{ expression }}, 8, 1) = '-'
            and {{ consists_only_of("replace(" ~ expression ~ ", '-', '')", '0123456789') }} and {{ text_length("replace(" ~ expression ~ ", '-', '')") }} = 8
            and left({{ expression }}, 4) >= '1900' and left({{ expression }}, 4) <= '2999'
            then {{ forgiving_cast(expression, data_type('date')) }}
    end
{%- endmacro %}
