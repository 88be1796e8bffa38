select customers.customer_key
from {{ ref('dim_customer') }} as customers
left join {{ ref('dim_customer_history') }} as history on history.customer_key = customers.customer_key and history.is_current = 1
where customers.is_unknown = 0 and history.customer_key is null
