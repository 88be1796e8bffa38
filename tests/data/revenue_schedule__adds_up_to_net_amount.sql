select schedule.amount, lines.net_amount
from (select {{ sum_decimal('amount') }} as amount from {{ ref('revenue_schedule') }}) as schedule
cross join (select {{ sum_decimal('net_amount') }} as net_amount from {{ ref('fct_order_line') }}) as lines
where schedule.amount <> lines.net_amount
