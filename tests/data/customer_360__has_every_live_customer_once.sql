select customers.customer_key
from {{ ref('dim_customer') }} as customers
left join {{ ref('customer_360') }} as profile on profile.customer_key = customers.customer_key
where customers.is_unknown = 0 and profile.customer_key is null
