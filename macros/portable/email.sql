{#-
    A normalised e-mail address: lower case, no white space; NULL unless it has one @ between two non-empty sides, a
    point inside the domain, and only characters a-z 0-9 . _ % + - besides. Idempotent.
    Example: email("' Anna.Li+shop@Example.COM '") gives 'anna.li+shop@example.com'.
-#}
{% macro email(expression) -%}
    {%- set address = "lower(" ~ strip_characters(blank_for_white_space(expression), ' ') ~ ")" -%}
    {%- set name = text_part(address, '@', 1) -%}
    {%- set domain = text_part(address, '@', 2) -%}
    case
        when {{ text_length(address) }} - {{ text_length("replace(" ~ address ~ ", '@', '')") }} = 1
            and {{ text_length(address) }} <= 254
            and {{ consists_only_of(name, 'abcdefghijklmnopqrstuvwxyz0123456789._%+-') }}
            and {{ consists_only_of(domain, 'abcdefghijklmnopqrstuvwxyz0123456789.-') }}
            and {{ position_of("'.'", domain) }} > 1
            and right({{ domain }}, 1) <> '.'
            then cast({{ address }} as {{ data_type('text', 254) }})
    end
{%- endmacro %}
