-- Redshift's functions: numbers. What each page below https://docs.aws.amazon.com/redshift/latest/dg/ says stands beside it.

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
