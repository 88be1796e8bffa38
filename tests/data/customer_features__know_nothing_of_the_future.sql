select entity_id, feature_timestamp, newest_input_at
from {{ ref('customer_features') }}
where newest_input_at >= feature_timestamp
