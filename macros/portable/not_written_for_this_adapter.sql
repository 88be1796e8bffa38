{#-
    Refuses rather than guesses: the default of every dispatched macro.

    Arguments: macro_name, for the sentence.
    Gives: nothing, it always refuses.
    NULL: not a value.
    Edges: the sentence names the file to write in.
    Example: refused.
    Made of: Jinja.
-#}
{% macro not_written_for_this_adapter(macro_name) -%}
    {{ exceptions.raise_compiler_error(
        "Macro " ~ macro_name ~ " is not written for the adapter " ~ adapter.type()
        ~ "; it knows duckdb, redshift, synapse and bigquery. Add " ~ adapter.type() ~ "__" ~ macro_name
        ~ " to macros/portable/" ~ macro_name ~ ".sql."
    ) }}
{%- endmacro %}
