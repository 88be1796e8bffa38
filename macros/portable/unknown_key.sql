{#-
    The key of the unknown member of every dimension: facts point there when their own member is missing or erased.

    Arguments: none.
    Gives: text(32).
    NULL: never NULL.
    Edges: the surrogate_key of the one part 'unknown'.
    Example: unknown_key() gives 8d997949035ecab332c67e5fd2835cc3.
    Made of: surrogate_key.
-#}
{% macro unknown_key() -%}
    {{ surrogate_key(["'unknown'"]) }}
{%- endmacro %}
