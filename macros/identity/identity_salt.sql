{#-
    The salt of the tombstones as a text literal, from CUSTOMER_360_IDENTITY_SALT. The sandbox has one of its own that
    is no secret; set but empty is an error, because hashes of phone numbers without a salt can be tried out in minutes.
    It stands in the compiled SQL of identity_tombstones: keep target/ of a real environment as safe as the salt.
-#}
{% macro identity_salt() -%}
    {%- set salt = env_var('CUSTOMER_360_IDENTITY_SALT', 'sandbox-salt') -%}
    {%- if not salt | trim -%}
        {{ exceptions.raise_compiler_error('CUSTOMER_360_IDENTITY_SALT is set but empty: give it a long random text, or unset it in the sandbox.') }}
    {%- endif -%}
    {{ text_literal(salt) }}
{%- endmacro %}
