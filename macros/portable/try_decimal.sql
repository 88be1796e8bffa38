{#-
    The decimal a text holds: an optional sign, digits, optionally a point and digits, no more whole digits than
    precision - scale; else NULL. More digits after the point are rounded half away from zero.
-#}
{% macro try_decimal(expression, precision=18, scale=4) -%}
    {%- set unsigned = "case when left(" ~ expression ~ ", 1) in ('+', '-') then substring(" ~ expression ~ ", 2, 60) else " ~ expression ~ " end" -%}
    {%- set whole = text_part(unsigned, '.', 1) -%}
    {%- set fraction = text_part(unsigned, '.', 2) -%}
    case
        when {{ consists_only_of(whole, '0123456789') }}
            and {{ text_length(whole) }} <= {{ whole_number_of('try_decimal', 'precision', precision, 1, 38) - whole_number_of('try_decimal', 'scale', scale, 0, 9) }}
            and {{ text_part(unsigned, '.', 3) }} is null
            and ({{ fraction }} is null or ({{ consists_only_of(fraction, '0123456789') }} and {{ text_length(fraction) }} <= 9))
            then cast(round({{ adapter.dispatch('forgiving_cast', 'customer_360')(expression, data_type('decimal', 38, 9)) }}, {{ scale }}) as {{ data_type('decimal', precision, scale) }})
    end
{%- endmacro %}
