"""Persons around the real households, and everything that can identify them."""

from __future__ import annotations

import duckdb

from sandbox.company.names import FIRST_NAMES, LAST_NAMES, NASTY_FIRST_NAMES, NASTY_LAST_NAMES


def build(connection: duckdb.DuckDBPyConnection, *, nasty: bool) -> None:
    """Tables ``person``, ``account`` (shop accounts), ``cookie`` (web cookies and app installations).

    ``nasty`` adds names that are hard to carry: blanks that are none, normal forms, quotes, texts that look like values.
    """
    first_names = FIRST_NAMES + (NASTY_FIRST_NAMES if nasty else [])
    last_names = LAST_NAMES + (NASTY_LAST_NAMES if nasty else [])
    connection.execute("create table first_name (position int, name text, ascii text)")
    connection.executemany(
        "insert into first_name values (?, ?, ?)", [(i, *n) for i, n in enumerate(first_names)]
    )
    connection.execute("create table last_name (position int, name text, ascii text)")
    connection.executemany(
        "insert into last_name values (?, ?, ?)", [(i, *n) for i, n in enumerate(last_names)]
    )
    connection.execute(
        f"""
        create table person as
        with home as (
            select b.household_id, arg_max(store.country_code, b.n * 1000000 + cast(b.store_id as integer)) as country_code
            from (select household_id, store_id, count(*) as n from basket group by all) as b join store using (store_id)
            group by b.household_id
        ), members as (
            select household_id, country_code, member,
                household_id || '/' || member as person_id, -- the key of all of a person's draws
                1 + cast(unit('second' || household_id) < 0.45 as integer) + cast(unit('third' || household_id) < 0.12 as integer) as size
            from home, range(1, 4) as m (member)
        ), named as (
            select members.*, f.name as first_name, f.ascii as first_ascii, l.name as last_name, l.ascii as last_ascii
            from members
            join first_name as f on f.position = cast(floor(unit('first' || person_id) * {len(first_names)}) as integer)
            join last_name as l on l.position = cast(floor(unit('last' || case when unit('married' || person_id) < 0.8 then household_id else person_id end) * {len(last_names)}) as integer)
            where member <= size
        )
        select named.*, city.city, city.region,
            first_ascii || '.' || last_ascii || cast(floor(unit('mail' || person_id) * 9000000) as integer) + 1000000
                || '@' || ['example.com', 'example.org', 'mail.example', 'example.net'][1 + cast(floor(unit('domain' || person_id) * 4) as integer)] as email,
            case named.country_code when 'GB' then '44' when 'DE' then '49' else '1' end
                || cast(2000000000 + floor(unit('phone' || person_id) * 7999999) * 1000 + floor(unit('phone2' || person_id) * 1000) as bigint) as phone,
            date '1940-01-01' + cast(unit('birth' || person_id) * 23000 as integer) as birth_date,
            -- some families show one card
            'L' || upper(left(md5('card' || case when member > 1 and mishap('family card' || household_id) < 0.15 then household_id || '/1' else person_id end), 11)) as loyalty_card_id,
            unit('online' || household_id) as online_draw,
            cast(1 + floor(unit('cookies' || person_id) * 3) as integer) as cookie_count
        from named
        join city on city.country_code = named.country_code and city.position = cast(floor(unit('home city' || household_id) * 4) as integer)
        """
    )
    connection.execute(
        """
        create table account as
        with opened as (
            select person.*, n as account_number, 'C' || upper(left(md5('account' || person_id || n), 10)) as customer_id,
                case when n = 1 and unit('old' || person_id) < 0.8 then timestamp '2016-01-01' + to_seconds(cast(unit('opened' || person_id) * 31000000 as integer))
                     else timestamp '2017-01-02' + to_seconds(cast(unit('opened' || person_id || n) * 28000000 as integer)) end as created_at
            from person, range(1, 3) as a (n)
            where (n = 1 and unit('account' || person_id) < case when member = 1 then 0.85 else 0.55 end)
               or (n = 2 and unit('account' || person_id) < 0.05)
        )
        select *,
            -- spelled as people type: capitals, tags, blanks; a typo now and then
            case when account_number = 1 then case when unit('case' || customer_id) < 0.15 then upper(email) when unit('case' || customer_id) < 0.2 then ' ' || email || ' ' else email end
                 when unit('variant' || customer_id) < 0.4 then replace(email, '@', '+shop@')
                 when unit('variant' || customer_id) < 0.9 then upper(left(email, 1)) || substring(email, 2)
                 else replace(email, 'example', 'exmaple') end as typed_email,
            case when unit('no phone' || customer_id) < 0.3 then null when unit('no phone' || customer_id) < 0.31 then '0000000000'
                 when unit('spelling' || customer_id) < 0.4 then '+' || phone
                 when unit('spelling' || customer_id) < 0.6 then '00' || phone
                 else '+' || left(phone, length(phone) - 10) || ' (' || substring(phone, length(phone) - 9, 3) || ') ' || substring(phone, length(phone) - 6, 3) || '-' || right(phone, 4) end as typed_phone,
            case when unit('registered card' || customer_id) < 0.92 then loyalty_card_id end as registered_card_id
        from opened
        """
    )
    connection.execute(
        """
        create table cookie as
        -- a browser is cleared now and then: cookie n serves the n-th stretch of the year
        select person_id, household_id, n as stretch, 'ck-' || left(md5('cookie' || case
                when member > 1 and mishap('tablet' || household_id) < 0.12 then household_id || '/1' else person_id end || n), 24) as anonymous_id
        from person, range(1, 4) as c (n) where n <= cookie_count
        """
    )
