-- Where each order came from, touch by touch: the last visit that the shop reports, and the first where it was another, the visits of its devices and its
-- person's that the collector saw, and the clicks of partners that name it. What two sources report of one visit is one touch.

{% set lookback = var('attribution_lookback_days') * 86400 %}
{% set direct = "('" ~ var('attribution_direct_channels') | join("', '") ~ "')" %}

with

sales as (
    select
        orders.organization_id,
        orders.order_key,
        orders.ordered_at,
        coalesce(clicks.channel, orders.channel) as channel,
        coalesce(clicks.platform, orders.attributed_platform) as attributed_platform,
        coalesce(clicks.campaign_key, orders.campaign_key) as campaign_key
    from {{ ref('fact_orders') }} as orders
    left join {{ ref('int_clicked_campaigns') }} as clicks
        on orders.organization_id = clicks.organization_id and orders.click_id = clicks.click_id
    where orders.is_counted and orders.order_type = 'sale'
),

visited as (
    select
        visits.order_key,
        visits.ordered_at,
        visits.started_at as touched_at,
        'session' as touch_source,
        visits.session_key as touch_key,
        coalesce(
            clicks.channel,
            case when campaigns.channel = 'unattributed' then visits.session_channel else campaigns.channel end
        ) as channel,
        coalesce(clicks.platform, campaigns.attributed_platform) as attributed_platform,
        coalesce(clicks.campaign_key, campaigns.campaign_key) as campaign_key,
        visits.order_events > 0 and {{ seconds_between('visits.ended_at', 'visits.ordered_at') }} <= 300 as is_order_visit
    from {{ ref('int_order_visits') }} as visits
    inner join {{ ref('int_visit_campaigns') }} as campaigns
        on
            visits.organization_id = campaigns.organization_id
            and visits.channel_words = campaigns.channel_words
            and visits.campaign_words = campaigns.campaign_words
    left join {{ ref('int_clicked_campaigns') }} as clicks
        on visits.organization_id = clicks.organization_id and visits.click_id = clicks.click_id
),

-- A conversion that the partner's network has rejected is none.
partnered as (
    select
        sales.order_key,
        sales.ordered_at,
        conversions.clicked_at as touched_at,
        'partner' as touch_source,
        conversions.conversion_key as touch_key,
        'affiliate' as channel,
        conversions.platform as attributed_platform,
        {{ unreported('varchar') }} as campaign_key,
        false as is_order_visit
    from {{ ref('fact_affiliate_conversions') }} as conversions
    inner join {{ ref('int_order_references') }} as named
        on conversions.organization_id = named.organization_id and conversions.order_id = named.order_reference
    inner join sales on named.order_key = sales.order_key
    where
        conversions.is_counted
        and conversions.status <> 'REJECTED'
        and {{ seconds_between('conversions.clicked_at', 'sales.ordered_at') }} between -300 and {{ lookback }}
),

-- The shop's word of the first visit says nothing of the last one.
first_visited as (
    select
        visits.order_key,
        visits.ordered_at,
        visits.visited_at as touched_at,
        'first_visit' as touch_source,
        visits.order_key as touch_key,
        coalesce(clicks.channel, campaigns.channel) as channel,
        coalesce(clicks.platform, campaigns.attributed_platform) as attributed_platform,
        coalesce(clicks.campaign_key, campaigns.campaign_key) as campaign_key,
        false as is_order_visit
    from {{ ref('int_first_visit_words') }} as visits
    inner join {{ ref('int_visit_campaigns') }} as campaigns
        on
            visits.organization_id = campaigns.organization_id
            and visits.channel_words = campaigns.channel_words
            and visits.campaign_words = campaigns.campaign_words
    left join {{ ref('int_clicked_campaigns') }} as clicks
        on visits.organization_id = clicks.organization_id and visits.click_id = clicks.click_id
    where {{ seconds_between('visits.visited_at', 'visits.ordered_at') }} between 0 and {{ lookback }}
),

seen as (
    select * from visited
    union all
    select * from partnered
),

-- What another source reports last before an order, and of the visit in which it was placed.
last_seen as (
    select
        order_key,
        channel,
        attributed_platform
    from seen
    qualify row_number() over (partition by order_key order by touched_at desc, touch_source, touch_key) = 1
),

order_visits as (
    select
        order_key,
        max(channel) as channel
    from seen
    where is_order_visit
    group by order_key
),

-- The shop's own word of the last visit stands unless another source shows that visit with more than it says, or with a time.
owned as (
    select
        sales.order_key,
        sales.ordered_at,
        sales.ordered_at as touched_at,
        'order' as touch_source,
        sales.order_key as touch_key,
        sales.channel,
        sales.attributed_platform,
        sales.campaign_key,
        true as is_order_visit
    from sales
    left join last_seen on sales.order_key = last_seen.order_key
    left join order_visits on sales.order_key = order_visits.order_key
    where
        last_seen.order_key is null
        or not (
            (sales.channel = last_seen.channel and sales.attributed_platform = last_seen.attributed_platform)
            or (sales.channel in {{ direct }} and order_visits.order_key is not null)
        )
),

kept as (
    select seen.* from seen
    left join owned on seen.order_key = owned.order_key
    where not (seen.is_order_visit and owned.order_key is not null)
    union all
    select * from owned
    union all
    select * from first_visited
),

followed as (
    select
        *,
        lag(touched_at) over (partition by order_key, channel, attributed_platform order by touched_at, touch_source, touch_key) as last_touched_at
    from kept
),

-- Within half an hour the same click may be seen by two.
touches as (
    select
        order_key,
        ordered_at,
        touched_at,
        touch_source,
        touch_key,
        channel,
        attributed_platform,
        campaign_key
    from followed
    where last_touched_at is null or {{ seconds_between('last_touched_at', 'touched_at') }} > 1800
    qualify row_number() over (partition by order_key order by touched_at desc, touch_source, touch_key) <= {{ var('attribution_most_touches') }}
)

select * from touches
