{#-
    A normalised phone number: digits only, without blanks, - ( ) . / \ and without a leading + or 00; NULL unless 7 to 15 digits are left
    (E.164 allows 15). Idempotent for numbers that do not begin with 00.

    Arguments: expression, a text.
    Gives: text(15).
    NULL: NULL.
    Edges: anything else in it gives NULL, digits beyond ASCII too.
    Example: phone("'+49 (0)30/1234-567'") gives 490301234567.
    Made of: strip_characters, blank_for_white_space, consists_only_of, text_length.
-#}
{% macro phone(expression) -%}
    {%- set number = strip_characters(blank_for_white_space(expression), ' -().\\/') -%}
    {%- set number = "case when left(" ~ number ~ ", 1) = '+' then substring(" ~ number ~ ", 2, 40) when left(" ~ number ~ ", 2) = '00' then substring(" ~ number ~ ", 3, 40) else " ~ number ~ " end" -%}
    case
        when {{ consists_only_of(number, '0123456789') }} and {{ text_length(number) }} >= 7 and {{ text_length(number) }} <= 15
            then cast({{ number }} as {{ data_type('text', 15) }})
    end
{%- endmacro %}
