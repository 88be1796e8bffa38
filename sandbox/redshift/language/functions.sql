-- Redshift's functions that PostgreSQL lacks, or that mean something else there. Their names are looked up when they are made,
-- never when they run: a user may have a table "date", which is then a type, and it must not be taken for the real one. The page named beside each is below https://docs.aws.amazon.com/redshift/latest/dg/
create schema if not exists redshift;
set search_path = pg_catalog;

------------------------------------------------------------------------------------------------------------- text

-- r_CHR: "If the input number has no ASCII match, the function returns NULL."
create or replace function redshift.chr(value integer) returns varchar immutable parallel safe language sql
begin atomic
    select case when value between 1 and 127 then pg_catalog.chr(value) end;
end;

-- r_CHARINDEX: the substring comes first.
create or replace function redshift.charindex(part text, whole text) returns integer immutable parallel safe language sql
begin atomic
    select pg_catalog.strpos(whole, part);
end;

-- r_SUBSTRING: a place before the first character counts; a negative length is an error.
create or replace function redshift.substring(value text, place integer) returns varchar immutable parallel safe language sql
begin atomic
    select pg_catalog.substr(value, place);
end;
create or replace function redshift.substring(value text, place integer, size integer) returns varchar immutable parallel safe language sql
begin atomic
    select pg_catalog.substr(value, place, size);
end;

-- SPLIT_PART: "part … must be greater than 0".
create or replace function redshift.split_part_refused(part integer) returns varchar immutable language plpgsql set search_path = pg_catalog as
$$ begin raise exception using errcode = '22023', message = 'field position must be greater than zero'; end $$;
create or replace function redshift.split_part(value text, delimiter text, part integer) returns varchar immutable parallel safe language sql
begin atomic
    select case when part > 0 then pg_catalog.split_part(value, delimiter, part) when part <= 0 then redshift.split_part_refused(part) end;
end;

-- r_Character_types: the size of a VARCHAR is in bytes; a cast cuts, never inside a character.
create or replace function redshift.cut_long(value text, size integer) returns varchar immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
declare
    kept text := pg_catalog.left(value, size);
begin
    while octet_length(kept) > size loop
        kept := pg_catalog.left(kept, char_length(kept) - greatest((octet_length(kept) - size) / 4, 1));
    end loop;
    return kept;
end
$$;
create or replace function redshift.cut(value varchar, size integer) returns varchar immutable parallel safe language sql
begin atomic
    select case when octet_length(value) <= size then value else redshift.cut_long(value, size) end;
end;

-- REGEXP_SUBSTR, REGEXP_INSTR, REGEXP_COUNT, REGEXP_REPLACE: 'i' for any case, 'e' for the first subexpression, 'p' for Perl's
-- dialect, which PostgreSQL's own advanced expressions stand for.
create or replace function redshift.regexp_flags(parameters text) returns text immutable parallel safe language sql
begin atomic
    select case when strpos(parameters, 'i') > 0 then 'i' else 'c' end;
end;

create or replace function redshift.regexp_substr(value text, pattern text, place integer default 1, occurrence integer default 1, parameters text default 'c')
returns varchar immutable parallel safe language sql
begin atomic
    select case
        when value is null or pattern is null or place is null or occurrence is null or parameters is null then null
        when place > char_length(value) then ''
        when occurrence < 1 then null
        when strpos(parameters, 'e') > 0 and pattern ~ '(^|[^\\])\((?!\?)'
            then coalesce(pg_catalog.regexp_substr(value, pattern, greatest(place, 1), occurrence, redshift.regexp_flags(parameters), 1), '')
        else coalesce(pg_catalog.regexp_substr(value, pattern, greatest(place, 1), occurrence, redshift.regexp_flags(parameters)), '')
    end;
end;

create or replace function redshift.regexp_instr(value text, pattern text, place integer default 1, occurrence integer default 1, after_match integer default 0, parameters text default 'c')
returns integer immutable parallel safe language sql
begin atomic
    select case
        when place > char_length(value) then 0
        else pg_catalog.regexp_instr(value, pattern, greatest(place, 1), greatest(occurrence, 1), after_match, redshift.regexp_flags(parameters))
    end;
end;

create or replace function redshift.regexp_count(value text, pattern text, place integer default 1, parameters text default 'c')
returns integer immutable parallel safe language sql
begin atomic
    select pg_catalog.regexp_count(value, pattern, greatest(place, 1), redshift.regexp_flags(parameters));
end;

-- "$1" is a group of the match here, "\1" there; all occurrences are replaced.
create or replace function redshift.regexp_replace(value text, pattern text, replacement text default '', place integer default 1, parameters text default 'c')
returns varchar immutable parallel safe language sql
begin atomic
    select pg_catalog.regexp_replace(
        value, pattern, pg_catalog.regexp_replace(pg_catalog.replace(replacement, '\', '\\'), '\$(\d)', '\\\1', 'g'),
        greatest(place, 1), 0, redshift.regexp_flags(parameters)
    );
end;

-- r_STRTOL
create or replace function redshift.strtol(value text, base integer) returns bigint immutable parallel safe strict language plpgsql set search_path = pg_catalog as
$$
declare
    digits text := lower(btrim(value));
    negative boolean := false;
    result numeric := 0;
    digit integer;
begin
    if base < 2 or base > 36 then
        raise exception using errcode = '22023', message = 'Base must be between 2 and 36';
    end if;
    if digits like '-%' then negative := true; digits := substr(digits, 2); end if;
    if digits like '+%' then digits := substr(digits, 2); end if;
    if base = 16 and digits like '0x%' then digits := substr(digits, 3); end if;
    if digits = '' then return 0; end if;
    for place in 1..length(digits) loop
        digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(digits, place, 1)) - 1;
        if digit < 0 or digit >= base then
            raise exception using errcode = '22P02', message = format('The input %s is not valid to be converted to base %s', value, base);
        end if;
        result := result * base + digit;
    end loop;
    return case when negative then -result else result end;
end
$$;

-- SHA2: lower-case hexadecimal digits of 224, 256, 384 or 512 bits; 0 is 256.
create or replace function redshift.sha2(value text, bits integer) returns varchar immutable parallel safe language sql
begin atomic
    select case bits
        when 0 then encode(sha256(convert_to(value, 'UTF8')), 'hex')
        when 224 then encode(sha224(convert_to(value, 'UTF8')), 'hex')
        when 256 then encode(sha256(convert_to(value, 'UTF8')), 'hex')
        when 384 then encode(sha384(convert_to(value, 'UTF8')), 'hex')
        when 512 then encode(sha512(convert_to(value, 'UTF8')), 'hex')
    end;
end;

-- FUNC_SHA1, SHA1, SHA: FIPS 180-4, 160 bits.
create or replace function redshift.func_sha1(value text) returns varchar immutable parallel safe strict language plpgsql set search_path = pg_catalog as
$$
declare
    mask constant bigint := 4294967295;
    message bytea := convert_to(value, 'UTF8');
    size integer := length(message);
    padding integer := (119 - size % 64) % 64;
    w bigint[];
    h0 bigint := 1732584193; h1 bigint := 4023233417; h2 bigint := 2562383102; h3 bigint := 271733878; h4 bigint := 3285377520;
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint;
begin
    message := message || '\x80'::bytea || decode(repeat('00', padding), 'hex') || int8send(size::bigint * 8);
    for block in 0..length(message) / 64 - 1 loop
        w := '{}';
        for i in 0..15 loop
            t := 0;
            for j in 0..3 loop
                t := (t << 8) | get_byte(message, block * 64 + i * 4 + j);
            end loop;
            w[i] := t;
        end loop;
        for i in 16..79 loop
            t := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
            w[i] := ((t << 1) & mask) | (t >> 31);
        end loop;
        a := h0; b := h1; c := h2; d := h3; e := h4;
        for i in 0..79 loop
            if i < 20 then f := (b & c) | ((mask # b) & d); k := 1518500249;
            elsif i < 40 then f := b # c # d; k := 1859775393;
            elsif i < 60 then f := (b & c) | (b & d) | (c & d); k := 2400959708;
            else f := b # c # d; k := 3395469782; end if;
            t := ((((a << 5) & mask) | (a >> 27)) + f + e + k + w[i]) & mask;
            e := d; d := c; c := ((b << 30) & mask) | (b >> 2); b := a; a := t;
        end loop;
        h0 := (h0 + a) & mask; h1 := (h1 + b) & mask; h2 := (h2 + c) & mask; h3 := (h3 + d) & mask; h4 := (h4 + e) & mask;
    end loop;
    return lpad(to_hex(h0), 8, '0') || lpad(to_hex(h1), 8, '0') || lpad(to_hex(h2), 8, '0') || lpad(to_hex(h3), 8, '0') || lpad(to_hex(h4), 8, '0');
end
$$;

-- r_FNV_HASH: FNV-1a of 64 bits over the value's bytes, the least significant first.
create or replace function redshift.fnv_bytes(value bytea, seed bigint) returns bigint immutable parallel safe language plpgsql set search_path = pg_catalog as
$$
declare
    modulus constant numeric := 18446744073709551616;
    hash numeric := case when seed < 0 then seed + modulus else seed end;
    low bigint;
begin
    if value is null then return seed; end if;
    for place in 0..length(value) - 1 loop
        low := (hash % 256)::bigint;
        hash := (hash - low + (low # get_byte(value, place))) * 1099511628211 % modulus;
    end loop;
    return case when hash >= 9223372036854775808 then hash - modulus else hash end;
end
$$;
create or replace function redshift.backwards(value bytea) returns bytea immutable parallel safe language sql
begin atomic
    select decode(string_agg(lpad(to_hex(get_byte(value, place)), 2, '0'), '' order by place desc), 'hex') from generate_series(0, length(value) - 1) as places(place);
end;
create or replace function redshift.fnv_hash(value text, seed bigint default -3750763034362895579) returns bigint immutable parallel safe language sql
begin atomic
    select redshift.fnv_bytes(convert_to(value, 'UTF8'), seed);
end;
create or replace function redshift.fnv_hash(value smallint, seed bigint default -3750763034362895579) returns bigint immutable parallel safe language sql
begin atomic
    select redshift.fnv_bytes(redshift.backwards(int2send(value)), seed);
end;
create or replace function redshift.fnv_hash(value integer, seed bigint default -3750763034362895579) returns bigint immutable parallel safe language sql
begin atomic
    select redshift.fnv_bytes(redshift.backwards(int4send(value)), seed);
end;
create or replace function redshift.fnv_hash(value bigint, seed bigint default -3750763034362895579) returns bigint immutable parallel safe language sql
begin atomic
    select redshift.fnv_bytes(redshift.backwards(int8send(value)), seed);
end;

-- crc32: eight hexadecimal digits
create or replace function redshift.crc32(value text) returns varchar immutable parallel safe language sql
begin atomic
    select lpad(to_hex(pg_catalog.crc32(convert_to(value, 'UTF8'))), 8, '0');
end;

------------------------------------------------------------------------------------------------------------- numbers

-- r_numeric_computations201: the quotient of decimals has the scale that the formula gives.
create or replace function redshift.quotient(a numeric, b numeric, digits integer) returns numeric immutable parallel safe language sql
begin atomic
    select pg_catalog.round(pg_catalog.round(a, digits + 10) / b, digits);
end;

create or replace function redshift.power(a double precision, b double precision) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.power(a, b);
end;
create or replace function redshift.sqrt_double(a double precision) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.sqrt(a);
end;
create or replace function redshift.dexp(a double precision) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.exp(a);
end;
create or replace function redshift.dlog1(a double precision) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.ln(a);
end;
create or replace function redshift.dlog10(a double precision) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.log(a);
end;
-- r_ROUND: half away from zero
create or replace function redshift.round_double(a double precision) returns double precision immutable parallel safe language sql
begin atomic
    select case when a < 0 then ceil(a - 0.5) else floor(a + 0.5) end;
end;
create or replace function redshift.trunc_double(a double precision) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.trunc(a);
end;
create or replace function redshift.trunc(a numeric) returns numeric immutable parallel safe language sql
begin atomic
    select pg_catalog.trunc(a);
end;
create or replace function redshift.trunc(a double precision) returns double precision immutable parallel safe language sql
begin atomic
    select pg_catalog.trunc(a);
end;
create or replace function redshift.trunc(a timestamp) returns date immutable parallel safe language sql
begin atomic
    select cast(a as date);
end;

-- r_TRY_CAST: rounded to the scale; NULL where the precision is not enough.
create or replace function redshift.try_cast_numeric(value text, digits integer, decimals integer) returns numeric immutable parallel safe language sql
begin atomic
    select case when abs(number) < pg_catalog.power(cast(10 as numeric), digits - decimals) then number end
    from (select pg_catalog.round(cast(case when pg_input_is_valid(value, 'numeric') then value end as numeric), decimals) as number) as n;
end;

------------------------------------------------------------------------------------------------------------- dates

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

------------------------------------------------------------------------------------------------------------- SUPER and JSON

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

------------------------------------------------------------------------------------------------------------- aggregates

-- FIRST_VALUE, LAST_VALUE, LAG, LEAD with IGNORE NULLS: an aggregate over the frame that passes over NULL
create or replace function redshift.keep_first(state anyelement, value anyelement) returns anyelement immutable strict parallel safe language sql as
$$ select state $$;
create or replace function redshift.keep_last(state anyelement, value anyelement) returns anyelement immutable strict parallel safe language sql as
$$ select value $$;
create or replace aggregate redshift.first_not_null(anyelement) (sfunc = redshift.keep_first, stype = anyelement, parallel = safe);
create or replace aggregate redshift.last_not_null(anyelement) (sfunc = redshift.keep_last, stype = anyelement, parallel = safe);

-- r_AVG of what is known only when it runs: whole numbers give a whole number
create or replace function redshift.add_whole(state numeric[], value bigint) returns numeric[] immutable strict parallel safe language sql
begin atomic
    select array[state[1] + value, state[2] + 1];
end;
create or replace function redshift.whole_average(state numeric[]) returns bigint immutable strict parallel safe language sql
begin atomic
    select cast(trunc(state[1] / nullif(state[2], 0)) as bigint);
end;
create or replace aggregate redshift.avg(bigint) (sfunc = redshift.add_whole, stype = numeric[], initcond = '{0,0}', finalfunc = redshift.whole_average, parallel = safe);
create or replace function redshift.add_whole(state numeric[], value integer) returns numeric[] immutable strict parallel safe language sql
begin atomic
    select array[state[1] + value, state[2] + 1];
end;
create or replace aggregate redshift.avg(integer) (sfunc = redshift.add_whole, stype = numeric[], initcond = '{0,0}', finalfunc = redshift.whole_average, parallel = safe);
create or replace aggregate redshift.avg(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg);
create or replace aggregate redshift.avg(double precision) (sfunc = float8_accum, stype = double precision[], initcond = '{0,0,0}', finalfunc = float8_avg);

-- r_MEDIAN, r_PERCENTILE_CONT, r_PERCENTILE_DISC, with and without OVER: the values in order, then the one or two that count
create or replace function redshift.in_order(state anycompatiblearray) returns anycompatiblearray immutable parallel safe language sql as
$$ select pg_catalog.array_agg(v order by v) from pg_catalog.unnest(state) as v where v is not null $$;
create or replace aggregate redshift.sorted(anycompatible) (sfunc = array_append, stype = anycompatiblearray, finalfunc = redshift.in_order);
create or replace function redshift.percentile_cont(items numeric[], share double precision) returns numeric immutable parallel safe language sql
begin atomic
    select items[cast(floor(place) as integer)]
        + (place - floor(place)) * (items[cast(ceil(place) as integer)] - items[cast(floor(place) as integer)])
    from (select 1 + cast(share as numeric) * (cardinality(items) - 1) as place) as p;
end;
create or replace function redshift.percentile_cont(items double precision[], share double precision) returns double precision immutable parallel safe language sql
begin atomic
    select items[cast(floor(place) as integer)]
        + (place - floor(place)) * (items[cast(ceil(place) as integer)] - items[cast(floor(place) as integer)])
    from (select 1 + share * (cardinality(items) - 1) as place) as p;
end;
create or replace function redshift.percentile_cont(items timestamp[], share double precision) returns timestamp immutable parallel safe language sql
begin atomic
    select items[cast(floor(place) as integer)]
        + (place - floor(place)) * (items[cast(ceil(place) as integer)] - items[cast(floor(place) as integer)])
    from (select 1 + share * (cardinality(items) - 1) as place) as p;
end;
create or replace function redshift.percentile_disc(items anycompatiblearray, share double precision) returns anycompatible immutable parallel safe language sql as
$$ select items[greatest(cast(pg_catalog.ceil(share * pg_catalog.cardinality(items)) as integer), 1)] $$;
create or replace function redshift.percentile_disc_desc(items anycompatiblearray, share double precision) returns anycompatible immutable parallel safe language sql as
$$ select items[pg_catalog.cardinality(items) + 1 - greatest(cast(pg_catalog.ceil(share * pg_catalog.cardinality(items)) as integer), 1)] $$;

create or replace aggregate redshift.bit_and(bigint) (sfunc = int8and, stype = bigint);
create or replace aggregate redshift.bit_or(bigint) (sfunc = int8or, stype = bigint);
create or replace aggregate redshift.bit_and(integer) (sfunc = int4and, stype = integer);
create or replace aggregate redshift.bit_or(integer) (sfunc = int4or, stype = integer);

------------------------------------------------------------------------------------------------------------- the system

create or replace function redshift.current_user_id() returns integer stable parallel safe language sql
begin atomic
    select cast(cast(oid as bigint) as integer) from pg_catalog.pg_roles where rolname = session_user;
end;
-- r_VERSION
create or replace function redshift.version() returns varchar immutable parallel safe language sql
begin atomic
    select 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0 (local stand-in)';
end;

reset search_path;
