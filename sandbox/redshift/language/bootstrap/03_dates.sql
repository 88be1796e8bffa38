-- Redshift's functions: dates. What each page below https://docs.aws.amazon.com/redshift/latest/dg/ says stands beside it.

-- r_GETDATE: the moment when the statement began, whole seconds; r_SYSDATE: when the transaction began.
create or replace function redshift.getdate() returns timestamp stable parallel safe language sql
begin atomic
    select pg_catalog.date_trunc('second', statement_timestamp() at time zone current_setting('timezone'));
end;
create or replace function redshift.sysdate() returns timestamp stable parallel safe language sql
begin atomic
    select transaction_timestamp() at time zone current_setting('timezone');
end;

-- r_LAST_DAY
create or replace function redshift.last_day(moment timestamp) returns date immutable parallel safe language sql
begin atomic
    select cast(pg_catalog.date_trunc('month', moment) + interval '1 month' - interval '1 day' as date);
end;
create or replace function redshift.last_day(moment timestamptz) returns date stable parallel safe language sql
begin atomic
    select redshift.last_day(cast(moment as timestamp));
end;

-- A year later on the same day; 29 February becomes 1 March where there is none.
create or replace function redshift.add_years(moment timestamp, amount bigint) returns timestamp immutable parallel safe language sql
begin atomic
    select case
        when extract(month from moment) = 2 and extract(day from moment) = 29
            and extract(day from moment + make_interval(years => cast(amount as integer))) <> 29
            then moment + make_interval(years => cast(amount as integer)) + interval '1 day'
        else moment + make_interval(years => cast(amount as integer))
    end;
end;

-- r_DATEADD_function: "dateadd(year, 1, '2016-02-29')" is 1 March, "dateadd(month, 12, …)" is 28 February.
create or replace function redshift.dateadd(unit text, amount bigint, moment timestamp) returns timestamp immutable parallel safe language sql
begin atomic
    select case unit
        when 'day' then moment + make_interval(days => cast(amount as integer))
        when 'week' then moment + make_interval(weeks => cast(amount as integer))
        when 'month' then moment + make_interval(months => cast(amount as integer))
        when 'quarter' then moment + make_interval(months => cast(amount * 3 as integer))
        when 'year' then redshift.add_years(moment, amount)
        when 'decade' then redshift.add_years(moment, amount * 10)
        when 'century' then redshift.add_years(moment, amount * 100)
        when 'millennium' then redshift.add_years(moment, amount * 1000)
        when 'hour' then moment + amount * interval '1 hour'
        when 'minute' then moment + amount * interval '1 minute'
        when 'second' then moment + amount * interval '1 second'
        when 'millisecond' then moment + amount * interval '1 millisecond'
        when 'microsecond' then moment + amount * interval '1 microsecond'
    end;
end;
create or replace function redshift.dateadd(unit text, amount bigint, moment date) returns timestamp immutable parallel safe language sql
begin atomic
    select redshift.dateadd(unit, amount, cast(moment as timestamp));
end;
create or replace function redshift.dateadd(unit text, amount bigint, moment timestamptz) returns timestamptz stable parallel safe language sql
begin atomic
    select cast(redshift.dateadd(unit, amount, cast(moment as timestamp)) as timestamptz);
end;
create or replace function redshift.dateadd(unit text, amount bigint, moment time) returns time immutable parallel safe language sql
begin atomic
    select moment + amount * cast('1 ' || unit as interval);
end;
create or replace function redshift.dateadd(unit text, amount bigint, moment timetz) returns timetz immutable parallel safe language sql
begin atomic
    select moment + amount * cast('1 ' || unit as interval);
end;

-- r_ADD_MONTHS: "If the date you are adding to is the last day of the month, the result is always the last day".
create or replace function redshift.add_months(moment timestamp, amount integer) returns timestamp immutable parallel safe language sql
begin atomic
    select case
        when cast(moment as date) = redshift.last_day(moment)
            then redshift.last_day(moment + make_interval(months => amount)) + (moment - pg_catalog.date_trunc('day', moment))
        else moment + make_interval(months => amount)
    end;
end;

-- r_DATEDIFF_function: boundaries of the part between the two; a week begins on Sunday.
create or replace function redshift.datediff(unit text, first timestamp, second timestamp) returns bigint immutable parallel safe language sql
begin atomic
    select case unit
        when 'day' then cast(cast(second as date) - cast(first as date) as bigint)
        when 'week' then cast(
            (cast(second as date) - cast(extract(dow from second) as integer)) - (cast(first as date) - cast(extract(dow from first) as integer)) as bigint
        ) / 7
        when 'month' then cast((extract(year from second) - extract(year from first)) * 12 + extract(month from second) - extract(month from first) as bigint)
        when 'quarter' then cast((extract(year from second) - extract(year from first)) * 4 + extract(quarter from second) - extract(quarter from first) as bigint)
        when 'year' then cast(extract(year from second) - extract(year from first) as bigint)
        when 'decade' then cast(extract(decade from second) - extract(decade from first) as bigint)
        when 'century' then cast(extract(century from second) - extract(century from first) as bigint)
        when 'millennium' then cast(extract(millennium from second) - extract(millennium from first) as bigint)
        when 'hour' then cast(extract(epoch from pg_catalog.date_trunc('hour', second) - pg_catalog.date_trunc('hour', first)) / 3600 as bigint)
        when 'minute' then cast(extract(epoch from pg_catalog.date_trunc('minute', second) - pg_catalog.date_trunc('minute', first)) / 60 as bigint)
        when 'second' then cast(extract(epoch from pg_catalog.date_trunc('second', second) - pg_catalog.date_trunc('second', first)) as bigint)
        when 'millisecond' then cast(extract(epoch from pg_catalog.date_trunc('milliseconds', second) - pg_catalog.date_trunc('milliseconds', first)) * 1000 as bigint)
        when 'microsecond' then cast(extract(epoch from second - first) * 1000000 as bigint)
    end;
end;
create or replace function redshift.datediff(unit text, first date, second date) returns bigint immutable parallel safe language sql
begin atomic
    select redshift.datediff(unit, cast(first as timestamp), cast(second as timestamp));
end;
create or replace function redshift.datediff(unit text, first timestamptz, second timestamptz) returns bigint stable parallel safe language sql
begin atomic
    select redshift.datediff(unit, cast(first as timestamp), cast(second as timestamp));
end;
create or replace function redshift.datediff(unit text, first time, second time) returns bigint immutable parallel safe language sql
begin atomic
    select redshift.datediff(unit, date '2000-01-01' + first, date '2000-01-01' + second);
end;

-- r_DATE_TRUNC: of a date too
create or replace function redshift.date_trunc(unit text, moment timestamp) returns timestamp immutable parallel safe language sql
begin atomic
    select pg_catalog.date_trunc(unit, moment);
end;
create or replace function redshift.date_trunc(unit text, moment timestamptz) returns timestamptz stable parallel safe language sql
begin atomic
    select pg_catalog.date_trunc(unit, moment);
end;
create or replace function redshift.date_trunc(unit text, span interval) returns interval immutable parallel safe language sql
begin atomic
    select pg_catalog.date_trunc(unit, span);
end;

-- r_DATE_PART_function, r_EXTRACT_function: milliseconds and microseconds without the whole seconds, seconds without a fraction
create or replace function redshift.date_part(unit text, moment timestamp) returns double precision immutable parallel safe language sql
begin atomic
    select case unit
        when 'second' then floor(pg_catalog.date_part('second', moment))
        when 'millisecond' then floor(cast(extract(microsecond from moment) as bigint) % 1000000 / 1000)
        when 'microsecond' then cast(extract(microsecond from moment) as bigint) % 1000000
        else pg_catalog.date_part(unit, moment)
    end;
end;
create or replace function redshift.date_part(unit text, moment timestamptz) returns double precision stable parallel safe language sql
begin atomic
    select case
        when unit in ('timezone', 'timezone_hour', 'timezone_minute', 'epoch') then pg_catalog.date_part(unit, moment)
        else redshift.date_part(unit, cast(moment as timestamp))
    end;
end;
create or replace function redshift.date_part(unit text, moment time) returns double precision immutable parallel safe language sql
begin atomic
    select redshift.date_part(unit, date '2000-01-01' + moment);
end;
create or replace function redshift.date_part(unit text, span interval) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.date_part(unit, span);
end;
create or replace function redshift.date_part_year(moment timestamp) returns integer immutable parallel safe language sql
begin atomic
    select cast(extract(year from moment) as integer);
end;

-- r_MONTHS_BETWEEN_function: the same day, or both the last of a month, give a whole number; else months of 31 days
create or replace function redshift.months_between(later timestamp, earlier timestamp) returns double precision immutable parallel safe language sql
begin atomic
    select cast((extract(year from later) - extract(year from earlier)) * 12 + extract(month from later) - extract(month from earlier) as double precision)
        + case
            when extract(day from later) = extract(day from earlier) then 0
            when cast(later as date) = redshift.last_day(later) and cast(earlier as date) = redshift.last_day(earlier) then 0
            else (
                (extract(day from later) - extract(day from earlier)) * 86400
                + extract(epoch from cast(later as time)) - extract(epoch from cast(earlier as time))
            ) / (31 * 86400.0)
        end;
end;

-- r_NEXT_DAY: the first day of that name after the date
create or replace function redshift.next_day(moment timestamp, day_name text) returns date immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
declare
    wanted integer := array_position(array['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'], lower(left(btrim(day_name), 2))) - 1;
    start date := moment;
begin
    if moment is null or day_name is null then return null; end if;
    if wanted is null then
        raise exception using errcode = '22023', message = format('Day name is not valid: %s', day_name);
    end if;
    return start + (wanted - cast(extract(dow from start) as integer) + 6) % 7 + 1;
end
$$;

-- CONVERT_TIMEZONE ( [ source, ] target, timestamp ): the source is UTC when it is not said
create or replace function redshift.convert_timezone(target text, moment timestamp) returns timestamp stable parallel safe language sql
begin atomic
    select (moment at time zone 'UTC') at time zone target;
end;
create or replace function redshift.convert_timezone(target text, moment timestamptz) returns timestamp stable parallel safe language sql
begin atomic
    select moment at time zone target;
end;
create or replace function redshift.convert_timezone(source text, target text, moment timestamp) returns timestamp stable parallel safe language sql
begin atomic
    select (moment at time zone source) at time zone target;
end;

-- TO_DATE: FORMAT decides; with is_strict a date that does not exist is an error, without it the days run on
create or replace function redshift.to_date(value text, format text) returns date immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
begin
    return pg_catalog.to_date(value, format);
exception when datetime_field_overflow then
    if format ~* '^yyyy.?mm.?dd$' then
        return make_date(cast(substr(value, 1, 4) as integer), cast(substr(value, case when length(format) = 8 then 5 else 6 end, 2) as integer), 1)
            + cast(right(value, 2) as integer) - 1;
    end if;
    raise;
end
$$;
create or replace function redshift.to_date(value text, format text, is_strict boolean) returns date immutable parallel safe language sql
begin atomic
    select case when is_strict then pg_catalog.to_date(value, format) else redshift.to_date(value, format) end;
end;

create or replace function redshift.moment_cmp(first timestamp, second timestamp) returns integer immutable parallel safe language sql
begin atomic
    select case when first > second then 1 when first < second then -1 when first = second then 0 end;
end;
create or replace function redshift.moment_cmp(first timestamptz, second timestamptz) returns integer stable parallel safe language sql
begin atomic
    select case when first > second then 1 when first < second then -1 when first = second then 0 end;
end;
create or replace function redshift.interval_cmp(first interval, second interval) returns integer immutable parallel safe language sql
begin atomic
    select case when first > second then 1 when first < second then -1 when first = second then 0 end;
end;
