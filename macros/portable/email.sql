{#-
    A normalised e-mail address: lower case, without white space; NULL unless it has one @ between two non-empty sides, a point inside
    the domain, and only ASCII letters, digits and . _ % + - besides. Idempotent.

    Arguments: expression, a text.
    Gives: text(254).
    NULL: NULL.
    Edges: more than 254 characters, a domain that begins or ends with a point, and letters beyond ASCII give NULL, also those
        whose lower case would be ASCII (the Kelvin sign).
    Example: email("' Anna.Li+shop@Example.COM '") gives anna.li+shop@example.com.
    Made of: strip_characters, blank_for_white_space, text_part, text_length, consists_only_of, position_of.
-#}
{% macro email(expression) -%}
    {%- set address = strip_characters(blank_for_white_space(expression), ' ') -%}
    {%- set name = text_part(address, '@', 1) -%}
    {%- set domain = text_part(address, '@', 2) -%}
    {%- set letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ' -%}
    case
        when {{ text_length(address) }} - {{ text_length("replace(" ~ address ~ ", '@', '')") }} = 1
            and {{ text_length(address) }} <= 254
            and {{ consists_only_of(name, letters ~ '0123456789._%+-') }}
            and {{ consists_only_of(domain, letters ~ '0123456789.-') }}
            and {{ position_of("'.'", domain) }} > 1
            and right({{ domain }}, 1) <> '.'
            then cast(lower({{ address }}) as {{ data_type('text', 254) }})
    end
{%- endmacro %}
