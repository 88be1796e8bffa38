select order_id, currency_code, ordered_date
from {{ ref('fct_order') }}
where rate_date is null
