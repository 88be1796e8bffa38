{#-
    The instant a text holds: 'YYYY-MM-DD HH:MM:SS', a T for the blank, up to 6 digits of a second after a point (more are cut), an
    optional Z at the end; always UTC. Any other form or offset gives NULL.

    Arguments: expression, a text.
    Gives: timestamp.
    NULL: NULL.
    Edges: 1900 to 2999; hour 24 and second 60 give NULL; a point needs a digit after it.
    Example: try_timestamp("'2017-01-02T03:04:05.5Z'") gives 2017-01-02 03:04:05.5.
    Made of: strip_characters, text_length, position_of, consists_only_of, forgiving_cast.
-#}
{% macro try_timestamp(expression) -%}
    {%- set bare = "replace(replace(" ~ expression ~ ", 'T', ' '), 'Z', '')" -%}
    {%- set digits = strip_characters(bare, '-: .') -%}
    case
        when {{ text_length(bare) }} >= 19 and substring({{ bare }}, 5, 1) = '-' and substring({{ bare }}, 8, 1) = '-' and substring({{ bare }}, 11, 1) = ' '
            and substring({{ bare }}, 14, 1) = ':' and substring({{ bare }}, 17, 1) = ':'
            and ({{ text_length(bare) }} = 19 or ({{ text_length(bare) }} >= 21 and substring({{ bare }}, 20, 1) = '.'))
            and {{ position_of("'T'", expression) }} in (0, 11) and {{ position_of("'Z'", expression) }} in (0, {{ text_length(expression) }})
            and {{ consists_only_of(digits, '0123456789') }}
            and {{ text_length(digits) }} = {{ text_length(bare) }} - case when {{ text_length(bare) }} = 19 then 5 else 6 end
            and left({{ bare }}, 4) >= '1900' and left({{ bare }}, 4) <= '2999'
            and substring({{ bare }}, 12, 2) <= '23' and substring({{ bare }}, 15, 1) <= '5' and substring({{ bare }}, 18, 1) <= '5'
            then {{ forgiving_cast("left(" ~ bare ~ ", 26)", data_type('timestamp')) }}
    end
{%- endmacro %}
