-- Redshift's functions: text. What each page below https://docs.aws.amazon.com/redshift/latest/dg/ says stands beside it.

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
