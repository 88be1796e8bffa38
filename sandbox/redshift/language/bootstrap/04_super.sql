-- Redshift's functions: SUPER and JSON. What each page below https://docs.aws.amazon.com/redshift/latest/dg/ says stands beside it.

create or replace function redshift.is_valid_json(value text) returns boolean immutable parallel safe language sql
begin atomic
    select pg_input_is_valid(value, 'json');
end;
create or replace function redshift.is_valid_json_array(value text) returns boolean immutable parallel safe language sql
begin atomic
    select case when pg_input_is_valid(value, 'json') then json_typeof(cast(value as json)) = 'array' when value is not null then false end;
end;
create or replace function redshift.can_json_parse(value text) returns boolean immutable parallel safe language sql
begin atomic
    select pg_input_is_valid(value, 'json');
end;
create or replace function redshift.json_parse(value text) returns jsonb immutable parallel safe language sql
begin atomic
    select cast(value as jsonb);
end;

-- JSON_EXTRACT_PATH_TEXT: text of a scalar, JSON of the rest, NULL where the path leads nowhere; a step may be a number in an array
create or replace function redshift.json_extract_path_text(value text, steps text[], quiet boolean) returns varchar immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
begin
    if value is null or array_position(steps, null) is not null then return null; end if;
    if not pg_input_is_valid(value, 'json') then
        if quiet then return null; end if;
        raise exception using errcode = '22023', message = 'JSON parsing error', detail = left(value, 200);
    end if;
    return cast(value as json) #>> steps;
end
$$;
create or replace function redshift.json_extract_array_element_text(value text, place integer, quiet boolean default false) returns varchar immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
begin
    if value is null or place is null then return null; end if;
    if not redshift.is_valid_json_array(value) then
        if quiet then return null; end if;
        raise exception using errcode = '22023', message = 'JSON parsing error', detail = left(value, 200);
    end if;
    if place < 0 then return null; end if;
    return cast(value as json) ->> place;
end
$$;
create or replace function redshift.json_array_length(value text, quiet boolean default false) returns integer immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
begin
    if value is null then return null; end if;
    if not redshift.is_valid_json_array(value) then
        if quiet then return null; end if;
        raise exception using errcode = '22023', message = 'JSON parsing error', detail = left(value, 200);
    end if;
    return pg_catalog.json_array_length(cast(value as json));
end
$$;

-- JSON_SERIALIZE: without blanks between the parts
create or replace function redshift.json_serialize(value jsonb) returns varchar immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
begin
    return case jsonb_typeof(value)
        when 'object' then '{' || coalesce((select string_agg(to_json(k)::text || ':' || redshift.json_serialize(v), ',') from jsonb_each(value) as e(k, v)), '') || '}'
        when 'array' then '[' || coalesce((select string_agg(redshift.json_serialize(v), ',' order by n) from jsonb_array_elements(value) with ordinality as e(v, n)), '') || ']'
        else value::text
    end;
end
$$;
create or replace function redshift.json_size(value jsonb) returns bigint immutable parallel safe language sql
begin atomic
    select octet_length(redshift.json_serialize(value));
end;
create or replace function redshift.json_typeof(value jsonb) returns varchar immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value);
end;
create or replace function redshift.array_concat(first jsonb, second jsonb) returns jsonb immutable parallel safe language sql
begin atomic
    select case when jsonb_typeof(first) = 'array' and jsonb_typeof(second) = 'array' then first || second end;
end;
create or replace function redshift.get_array_length(value jsonb) returns bigint immutable parallel safe language sql
begin atomic
    select case when jsonb_typeof(value) = 'array' then jsonb_array_length(value) end;
end;
create or replace function redshift.split_to_array(value text, delimiter text default ',') returns jsonb immutable parallel safe language sql
begin atomic
    select to_jsonb(string_to_array(value, delimiter));
end;
create or replace function redshift.subarray(value jsonb, place integer, size integer default null) returns jsonb immutable parallel safe language sql
begin atomic
    select jsonb_agg(v order by n) from jsonb_array_elements(value) with ordinality as e(v, n) where n > place and (size is null or n <= place + size);
end;
create or replace function redshift.is_array(value jsonb) returns boolean immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value) = 'array';
end;
create or replace function redshift.is_object(value jsonb) returns boolean immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value) = 'object';
end;
create or replace function redshift.is_scalar(value jsonb) returns boolean immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value) not in ('object', 'array', 'null');
end;
create or replace function redshift.is_boolean(value jsonb) returns boolean immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value) = 'boolean';
end;
create or replace function redshift.is_whole(value jsonb) returns boolean immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value) = 'number' and value::text ~ '^-?\d+$';
end;
create or replace function redshift.is_number(value jsonb) returns boolean immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value) = 'number';
end;
create or replace function redshift.is_text(value jsonb) returns boolean immutable parallel safe language sql
begin atomic
    select jsonb_typeof(value) = 'string';
end;
-- FROM t, t.items AS item [AT place]
create or replace function redshift.elements(value jsonb) returns table (element jsonb, place bigint) immutable parallel safe rows 10 language sql
begin atomic
    select v, n - 1 from jsonb_array_elements(case when jsonb_typeof(value) = 'array' then value end) with ordinality as e(v, n);
end;

-- UNPIVOT t.object AS value AT key
create or replace function redshift.members(value jsonb) returns table (member jsonb, name varchar) immutable parallel safe rows 10 language sql
begin atomic
    select v, k from jsonb_each(case when jsonb_typeof(value) = 'object' then value end) as e(k, v);
end;
