select shares.order_id, shares.attribution_model, shares.weight, shares.attributed_revenue, orders.net_amount_reporting
from (
    select order_id, attribution_model, sum(weight) as weight, sum(attributed_revenue) as attributed_revenue
    from {{ ref('fct_touchpoint') }}
    group by order_id, attribution_model
) as shares
inner join {{ ref('fct_order') }} as orders on orders.order_id = shares.order_id
where shares.weight <> 1 or shares.attributed_revenue <> orders.net_amount_reporting
