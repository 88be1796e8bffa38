select staged.order_count, built.order_count as built_order_count
from (select {{ row_count() }} as order_count from {{ ref('stg_shop__orders') }}) as staged
cross join (select {{ row_count() }} as order_count from {{ ref('fct_order') }}) as built
where staged.order_count <> built.order_count
