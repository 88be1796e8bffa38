{#-
    A date constant. Synapse has no DATE literal, so it is a cast.

    Arguments: value, a Jinja text 'YYYY-MM-DD', a day of the calendar.
    Gives: date.
    NULL: a value of none is refused.
    Edges: 29 February only in leap years.
    Example: date_literal('2016-02-29') gives 2016-02-29.
    Made of: calendar_day_of, data_type.
-#}
{% macro date_literal(value) -%}
    {%- if (value ~ '') | length != 10 -%}
        {{ exceptions.raise_compiler_error("Macro date_literal: '" ~ value ~ "' is no date; write it like '2017-01-31'.") }}
    {%- endif -%}
    cast('{{ calendar_day_of('date_literal', value) }}' as {{ data_type('date') }})
{%- endmacro %}
