select profiles.net_revenue, orders.net_revenue as order_net_revenue
from (select coalesce({{ sum_decimal('net_revenue') }}, 0) as net_revenue from {{ ref('customer_360') }}) as profiles
cross join (
    select coalesce({{ sum_decimal('net_amount_reporting') }}, 0) as net_revenue
    from {{ ref('fct_order') }}
    where is_paid = 1 and customer_key <> {{ unknown_customer_key() }}
) as orders
where profiles.net_revenue <> orders.net_revenue
