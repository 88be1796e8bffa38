{#-
    A key of 32 hex digits over texts; never NULL. Each part is written with its length, so no two lists of parts
    give the same input; NULL and '' differ. Other types go through key_text first. Together below 2,000 characters.
-#}
{% macro surrogate_key(parts) -%}
    {%- set pieces = [] -%}
    {%- for part in parts -%}
        {%- if not loop.first -%}{%- do pieces.append("'|'") -%}{%- endif -%}
        {%- do pieces.append("case when " ~ part ~ " is null then 'n' else " ~ concatenate(["'s'", key_text(text_length(part), 'integer'), "':'", part]) ~ " end") -%}
    {%- endfor -%}
    cast({{ md5_hex(concatenate(pieces)) }} as {{ data_type('text', 32) }})
{%- endmacro %}
