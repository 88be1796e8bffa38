{#-
    A key of 32 hex digits over texts. Each part is written with its length, so no two lists of parts give the same input.

    Arguments: parts, a list of one or more texts; other kinds go through key_text first; together below 2,000 characters.
    Gives: text(32).
    NULL: never NULL; a part that is NULL is 'n', so NULL and '' differ.
    Edges: the order of the parts counts.
    Example: surrogate_key(["'ab'"]) gives e25c51dd7f692d426477f2e3394e56fa.
    Made of: md5_hex, concatenate, key_text, text_length.
-#}
{% macro surrogate_key(parts) -%}
    {%- if not parts or parts is string -%}
        {{ exceptions.raise_compiler_error("Macro surrogate_key: parts is '" ~ parts ~ "'; it must be a list of one or more texts.") }}
    {%- endif -%}
    {%- set pieces = [] -%}
    {%- for part in parts -%}
        {%- if not loop.first -%}{%- do pieces.append("'|'") -%}{%- endif -%}
        {%- do pieces.append("case when " ~ part ~ " is null then 'n' else " ~ concatenate(["'s'", key_text(text_length(part), 'integer'), "':'", part]) ~ " end") -%}
    {%- endfor -%}
    cast({{ md5_hex(concatenate(pieces)) }} as {{ data_type('text', 32) }})
{%- endmacro %}
