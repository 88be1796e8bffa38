"""Finance and privacy registers: currency rates, consents and erasure requests, in the form of their exports."""

from __future__ import annotations

import duckdb


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables ``export_fx_rates``, ``export_legal_entities``, ``export_tax_rates``, ``export_consents``, ``export_erasure_requests``."""
    # a rate wanders around its start by up to two per cent a month; weekdays only, as the market is
    connection.execute(
        """
        create table export_fx_rates as
        with day as (
            select cast(d as date) as rate_date from range(timestamp '2016-12-01', timestamp '2018-01-06', interval 1 day) as days (d)
            where isodow(d) <= 5 and cast(d as date) not in (date '2016-12-26', date '2017-01-02', date '2017-12-25', date '2018-01-01')
        ), currency (code, start) as (values ('USD', 1.0), ('EUR', 1.06), ('GBP', 1.25), ('CAD', 0.75))
        select rate_date, code as from_currency_code, 'USD' as to_currency_code,
            cast(round(case when code = 'USD' then 1 else start * (1 + 0.02 * sin(datediff('day', date '2016-12-01', rate_date) / 29.0 + length(code) + ascii(code)) + 0.004 * (unit('rate' || code || rate_date) - 0.5)) end, 6) as decimal(18, 8)) as rate
        from day, currency
        """
    )
    connection.execute("create table export_legal_entities as from legal_entity")
    connection.execute("create table export_tax_rates as from tax_rate")
    connection.execute(
        """
        create table export_consents as
        select 'CN' || upper(left(md5('consent' || customer_id || purpose || n), 16)) as consent_id, 'customer_id' as identifier_type, customer_id as identifier_value, purpose,
            case when n = 2 then 'withdrawn' when unit('granted' || customer_id || purpose) < 0.75 then 'granted' else 'withdrawn' end as status,
            case when n = 1 then created_at + interval 1 minute else timestamp '2017-06-01' + to_seconds(cast(unit('later' || customer_id || purpose) * 15000000 as integer)) end as recorded_at
        from account, (values ('email_marketing'), ('sms_marketing'), ('profiling')) as p (purpose), range(1, 3) as r (n)
        where n = 1 or mishap('withdraw' || customer_id || purpose) < 0.04
        """
    )
    connection.execute(
        """
        create table export_erasure_requests as
        with asked as (
            select *, unit('erase by' || customer_id) as draw from account where account_number = 1 and mishap('erase' || person_id) < 0.005
            union all
            (select *, 0.1 from account where account_number = 1 and mishap('erase' || person_id) >= 0.005 and created_at < timestamp '2017-01-01' order by unit('one more' || person_id) limit 1)
        )
        select 'ER' || upper(left(md5('erasure' || customer_id), 16)) as request_id,
            case when draw < 0.5 then 'customer_id' when draw < 0.9 then 'email' else 'loyalty_card_id' end as identifier_type,
            case when draw < 0.5 then customer_id when draw < 0.9 then trim(typed_email) else coalesce(registered_card_id, customer_id) end as identifier_value,
            timestamp '2017-03-01' + to_seconds(cast(unit('asked' || customer_id) * 24000000 as integer)) as requested_at
        from asked where draw < 0.9 or registered_card_id is not null
        """
    )
