{#-
    A timestamp constant.

    Arguments: value, a Jinja text 'YYYY-MM-DD HH:MM:SS' in UTC, with up to 6 digits of a second after a point.
    Gives: timestamp.
    NULL: a value of none is refused.
    Edges: days that the calendar does not have and hours beyond 23 are refused.
    Example: timestamp_literal('2017-01-31 00:00:00') gives 2017-01-31 00:00:00.
    Made of: calendar_day_of, data_type.
-#}
{% macro timestamp_literal(value) -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2} ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?$', value ~ '') -%}
        {{ exceptions.raise_compiler_error("Macro timestamp_literal: '" ~ value ~ "' is no timestamp; write it like '2017-01-31 00:00:00'.") }}
    {%- endif -%}
    cast('{{ calendar_day_of('timestamp_literal', value) }}' as {{ data_type('timestamp') }})
{%- endmacro %}
