{#-
    An identifier in the one spelling in which it is compared, by the normaliser of its kind (seed identity_types);
    NULL when the normaliser refuses it; a blank one is none. A normaliser more is a line here, a kind more is a row of the seed.
    Example: normalised_identifier('kinds.normaliser', 'raw.identifier_value').
-#}
{% macro normalised_identifier(normaliser, value) -%}
    case {{ normaliser }}
        when 'email' then {{ email(value) }}
        when 'phone' then {{ phone(value) }}
        when 'as_it_is' then case when {{ strip_characters(blank_for_white_space(value), ' ') }} <> '' then {{ value }} end
    end
{%- endmacro %}
