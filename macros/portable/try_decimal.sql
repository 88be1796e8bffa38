{#-
    The decimal a text holds: an optional sign, digits, optionally a point and up to 9 digits; else NULL. More digits than scale are
    rounded half away from zero.

    Arguments: expression, a text; precision and scale (0 to 9) of the result.
    Gives: decimal(precision, scale).
    NULL: NULL.
    Edges: more whole digits than precision - scale give NULL, zeros in front count; so does what rounds up to more. ' 1',
        '1e3', '.5', '5.' and '1,5' give NULL.
    Example: try_decimal("'-1.23455'", 18, 4) gives -1.2346.
    Made of: text_part, consists_only_of, text_length, forgiving_cast, decimal_literal.
-#}
{% macro try_decimal(expression, precision=18, scale=4) -%}
    {%- set unsigned = "case when left(" ~ expression ~ ", 1) in ('+', '-') then substring(" ~ expression ~ ", 2, 60) else " ~ expression ~ " end" -%}
    {%- set whole = text_part(unsigned, '.', 1) -%}
    {%- set fraction = text_part(unsigned, '.', 2) -%}
    {%- set scale = whole_number_of('try_decimal', 'scale', scale, 0, 9) -%}
    {%- set whole_digits = whole_number_of('try_decimal', 'precision', precision, [scale, 1] | max, scale + 29) - scale -%}
    {%- set number = 'round(' ~ forgiving_cast(expression, data_type('decimal', 38, 9)) ~ ', ' ~ scale ~ ')' -%}
    {%- set most = '9' * whole_digits ~ ('.' ~ '9' * scale if scale else '') if whole_digits else '0.' ~ '9' * scale -%}
    case
        when {{ consists_only_of(whole, '0123456789') }}
            and {{ text_length(whole) }} <= {{ [whole_digits, 1] | max }}
            and {{ text_part(unsigned, '.', 3) }} is null
            and ({{ fraction }} is null or ({{ consists_only_of(fraction, '0123456789') }} and {{ text_length(fraction) }} <= 9))
            then case when abs({{ number }}) <= {{ decimal_literal(most, 38, 9) }} then cast({{ number }} as {{ data_type('decimal', precision, scale) }}) end
    end
{%- endmacro %}
