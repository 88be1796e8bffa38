{#-
    The instant a text holds: 'YYYY-MM-DD HH:MM:SS', a T for the blank, 0 to 6 digits of a second (more are cut), an
    optional Z; always UTC. Any other offset or form gives NULL.
-#}
{% macro try_timestamp(expression) -%}
    {%- set bare = "replace(replace(" ~ expression ~ ", 'T', ' '), 'Z', '')" -%}
    {%- set digits = strip_characters(bare, '-: .') -%}
    case
        when {{ text_length(bare) }} >= 19 and substring({{ bare }}, 5, 1) = '-' and substring({{ bare }}, 8, 1) = '-' and substring({{ bare }}, 11, 1) = ' '
            and substring({{ bare }}, 14, 1) = ':' and substring({{ bare }}, 17, 1) = ':'
            and ({{ text_length(bare) }} = 19 or substring({{ bare }}, 20, 1) = '.')
            and {{ consists_only_of(digits, '0123456789') }}
            and {{ text_length(digits) }} = {{ text_length(bare) }} - case when {{ text_length(bare) }} = 19 then 5 else 6 end
            and left({{ bare }}, 4) >= '1900' and left({{ bare }}, 4) <= '2999'
            then {{ adapter.dispatch('forgiving_cast', 'customer_360')("left(" ~ bare ~ ", 26)", data_type('timestamp')) }}
    end
{%- endmacro %}
