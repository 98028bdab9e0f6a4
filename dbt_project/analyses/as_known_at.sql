-- Each campaign-day's numbers as the warehouse knew them at an instant, from the changes alone.

select
    campaign_key,
    date_day,
    metric,
    value,
    currency_code,
    _sync_id
from {{ ref('fact_restatements') }}
where known_at <= {{ as_of() }}
qualify row_number() over (
    partition by campaign_key, date_day, metric
    order by known_at desc
) = 1
