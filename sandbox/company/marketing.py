"""Campaigns, whom they addressed, coupons, redemptions, media spend and the household survey."""

from __future__ import annotations

import duckdb

# source, medium, campaign: drawn per session; the first is a visit nobody paid for
TAGS = [
    (None, None, None), ("google", "cpc", "always-on"), ("newsletter", "email", "weekly"), ("facebook", "social", "always-on"),
    ("partner", "affiliate", "deals"),
]  # fmt: skip


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables ``tag``, ``card_of_household``, ``campaign_tag`` and, in the form of the exports, ``export_*``."""
    connection.execute("create table tag (position int, utm_source text, utm_medium text, utm_campaign text)")
    connection.executemany("insert into tag values (?, ?, ?, ?)", [(i, *t) for i, t in enumerate(TAGS)])
    connection.execute(
        "create table card_of_household as select household_id, loyalty_card_id from person where member = 1"
    )
    connection.execute(
        """
        create table campaign_tag as
        select cast(campaign_id as varchar) as campaign_id, campaign_type, 'campaign-' || lpad(cast(campaign_id as varchar), 2, '0') as utm_campaign,
            cast(start_date as date) as start_date, cast(end_date as date) as end_date
        from real_campaign_descriptions
        """
    )
    connection.execute("create table export_campaigns as from campaign_tag")
    connection.execute(
        """
        create table export_campaign_targets as
        select distinct cast(campaign_id as varchar) as campaign_id, loyalty_card_id
        from real_campaigns join household on household.real_id = real_campaigns.household_id join card_of_household on card_of_household.household_id = household.household_id
        """
    )
    connection.execute(
        """
        create table export_coupons as
        select distinct cast(coupon_upc as varchar) as coupon_upc, cast(product_id as varchar) as product_id, cast(campaign_id as varchar) as campaign_id from real_coupons
        """
    )
    connection.execute(
        """
        create table export_redemptions as
        select 'RD' || upper(left(md5(household.household_id || coupon_upc || campaign_id || redemption_date || row_number() over (
                partition by household.household_id, coupon_upc, campaign_id, redemption_date)), 16)) as redemption_id,
            loyalty_card_id, cast(coupon_upc as varchar) as coupon_upc, cast(campaign_id as varchar) as campaign_id, cast(redemption_date as date) as redeemed_date
        from real_coupon_redemptions as r join household on household.real_id = r.household_id
        join card_of_household on card_of_household.household_id = household.household_id
        """
    )
    connection.execute(
        """
        create table export_spend as
        with day as (select cast(d as date) as spend_date from range(timestamp '2017-01-01', timestamp '2018-01-06', interval 1 day) as days (d))
        select spend_date, utm_source, utm_medium, utm_campaign,
            cast(round(50 + 150 * unit('spend' || spend_date || utm_source), 2) as decimal(18, 4)) as amount,
            case utm_source when 'partner' then 'EUR' when 'facebook' then 'GBP' else 'USD' end as currency_code
        from day, tag where utm_source is not null
        union all
        select spend_date, 'mailing', 'email', utm_campaign, cast(round(20 + 30 * unit('mailing' || spend_date || utm_campaign), 2) as decimal(18, 4)), 'USD'
        from day join campaign_tag on spend_date between start_date and end_date
        """
    )
    connection.execute(
        """
        create table export_demographics as
        select loyalty_card_id, age as age_band, income as income_band, home_ownership, marital_status, household_size,
            household_comp as household_composition, kids_count
        from real_demographics as d join household on household.real_id = d.household_id join card_of_household on card_of_household.household_id = household.household_id
        """
    )
