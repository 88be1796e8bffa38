-- What Redshift does differently from PostgreSQL, for the functions that the macros use. The schema comes before
-- pg_catalog in the search path, so these win. The page that documents each stands beside it, below
-- https://docs.aws.amazon.com/redshift/latest/dg/
create schema redshift;

-- r_CHR: "If the input number has no ASCII match, the function returns NULL."
create function redshift.chr(integer) returns text immutable language sql as
$$ select case when $1 between 1 and 127 then pg_catalog.chr($1) end $$;

-- r_LEN: characters, blanks at the end of a VARCHAR included.
create function redshift.len(text) returns integer immutable language sql as
$$ select pg_catalog.length($1) $$;

-- r_LAST_DAY: the result is a DATE, for a DATE and for a TIMESTAMP.
create function redshift.last_day(timestamp) returns date immutable language sql as
$$ select cast(pg_catalog.date_trunc('month', $1) + interval '1 month' - interval '1 day' as date) $$;
create function redshift.last_day(date) returns date immutable language sql as
$$ select redshift.last_day(cast($1 as timestamp)) $$;

-- r_DATE_TRUNC: the result is a TIMESTAMP without zone, for a DATE too.
create function redshift.date_trunc(text, date) returns timestamp immutable language sql as
$$ select pg_catalog.date_trunc($1, cast($2 as timestamp)) $$;
create function redshift.date_trunc(text, timestamp) returns timestamp immutable language sql as
$$ select pg_catalog.date_trunc($1, $2) $$;

-- r_DATEADD_function: the result is a TIMESTAMP, for a DATE too; the last day of a month stays the last day where the
-- result's month is shorter; a year added to 29 February gives 1 March (so no macro may add years).
create function redshift.dateadd(unit text, amount integer, moment timestamp) returns timestamp immutable language sql as
$$ select case
    when unit = 'year' then make_timestamp(cast(extract(year from moment) as integer) + amount, 1, 1, 0, 0, 0)
        + (moment - pg_catalog.date_trunc('year', moment))
    else moment + amount * cast('1 ' || unit as interval)
end $$;
create function redshift.dateadd(unit text, amount integer, moment date) returns timestamp immutable language sql as
$$ select redshift.dateadd(unit, amount, cast(moment as timestamp)) $$;

-- r_DATEDIFF_function: boundaries of the part crossed, not elapsed time.
create function redshift.datediff(unit text, first timestamp, second timestamp) returns bigint immutable language sql as
$$ select cast(case unit
    when 'day' then extract(epoch from pg_catalog.date_trunc('day', second) - pg_catalog.date_trunc('day', first)) / 86400
    when 'hour' then extract(epoch from pg_catalog.date_trunc('hour', second) - pg_catalog.date_trunc('hour', first)) / 3600
    when 'minute' then extract(epoch from pg_catalog.date_trunc('minute', second) - pg_catalog.date_trunc('minute', first)) / 60
    when 'second' then extract(epoch from pg_catalog.date_trunc('second', second) - pg_catalog.date_trunc('second', first))
    when 'month' then (extract(year from second) - extract(year from first)) * 12 + extract(month from second) - extract(month from first)
    when 'quarter' then (extract(year from second) - extract(year from first)) * 4 + extract(quarter from second) - extract(quarter from first)
    when 'year' then extract(year from second) - extract(year from first)
    when 'microsecond' then extract(epoch from second - first) * 1000000
end as bigint) $$;
create function redshift.datediff(unit text, first date, second date) returns bigint immutable language sql as
$$ select redshift.datediff(unit, cast(first as timestamp), cast(second as timestamp)) $$;

-- r_TRY_CAST: NULL where CAST would fail.
create function redshift.try_cast_bigint(text) returns bigint immutable language plpgsql as
$$ begin return cast($1 as bigint); exception when others then return null; end $$;
create function redshift.try_cast_date(text) returns date immutable language plpgsql as
$$ begin return cast($1 as date); exception when others then return null; end $$;
create function redshift.try_cast_timestamp(text) returns timestamp immutable language plpgsql as
$$ begin return cast($1 as timestamp); exception when others then return null; end $$;
create function redshift.try_cast_numeric(text, integer, integer) returns numeric immutable language plpgsql as
$$ declare result numeric;
begin
    result := round(cast($1 as numeric), $3);
    if abs(result) >= power(cast(10 as numeric), $2 - $3) then return null; end if;
    return result;
exception when others then return null; end $$;

-- r_Character_types: trailing blanks of CHAR and VARCHAR have no meaning when values are compared.
create function redshift.equal(text, text) returns boolean immutable language sql as
$$ select pg_catalog.texteq(pg_catalog.rtrim($1, ' '), pg_catalog.rtrim($2, ' ')) $$;
create function redshift.different(text, text) returns boolean immutable language sql as
$$ select pg_catalog.textne(pg_catalog.rtrim($1, ' '), pg_catalog.rtrim($2, ' ')) $$;
create operator redshift.= (leftarg = text, rightarg = text, function = redshift.equal);
create operator redshift.<> (leftarg = text, rightarg = text, function = redshift.different);

-- r_STRTOL: the whole number, a BIGINT, that a text holds in a base; here base 16, at most 15 digits.
create function redshift.strtol(text, integer) returns bigint immutable language sql as
$$ select case when $2 = 16 then cast(cast('x' || pg_catalog.lpad($1, 16, '0') as bit(64)) as bigint) end $$;
