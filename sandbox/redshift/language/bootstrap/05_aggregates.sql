-- Redshift's functions: aggregates. What each page below https://docs.aws.amazon.com/redshift/latest/dg/ says stands beside it.

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
