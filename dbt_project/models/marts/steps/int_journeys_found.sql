-- Every journey of a month, touch by touch: those that ended in an order or in what was added to one, in the month of that, and visits that no order
-- followed yet, of one visitor and month each.

with

documents as (
    select
        orders.organization_id,
        cast(date_trunc('month', orders.date_day) as date) as date_month,
        orders.connection_id,
        orders.order_id,
        orders.order_key,
        orders.order_type,
        orders.ordered_at,
        orders.channel,
        orders.attributed_platform,
        orders.campaign_key
    from {{ ref('fact_orders') }} as orders
    where orders.is_counted
),

sales as (
    select
        connection_id,
        order_id,
        order_key
    from documents
    where order_type = 'sale'
),

touches as (
    select * from {{ ref('int_order_touches') }}
),

-- What an edit added came by the way of its order.
ordered as (
    select
        documents.organization_id,
        documents.date_month,
        case when documents.order_type = 'sale' then 'order' else 'addition' end as journey_type,
        documents.order_key as journey_key,
        coalesce(touches.touched_at, documents.ordered_at) as touched_at,
        documents.ordered_at as converted_at,
        coalesce(touches.touch_source, 'order') as touch_source,
        coalesce(touches.touch_key, documents.order_key) as touch_key,
        coalesce(touches.channel, documents.channel) as channel,
        coalesce(touches.attributed_platform, documents.attributed_platform) as attributed_platform,
        case when touches.order_key is not null then touches.campaign_key else documents.campaign_key end as campaign_key
    from documents
    left join sales on documents.connection_id = sales.connection_id and documents.order_id = sales.order_id
    left join touches on sales.order_key = touches.order_key
),

unordered as (
    select
        sessions.organization_id,
        cast(date_trunc('month', sessions.date_day) as date) as date_month,
        'lost' as journey_type,
        {{ surrogate_key(['sessions.organization_id', 'sessions.connection_id', 'sessions.visitor_token', "date_trunc('month', sessions.date_day)"]) }} as journey_key,
        sessions.started_at as touched_at,
        cast(null as timestamp with time zone) as converted_at,
        'session' as touch_source,
        sessions.session_key as touch_key,
        case when campaigns.channel = 'unattributed' then sessions.session_channel else campaigns.channel end as channel,
        campaigns.attributed_platform,
        campaigns.campaign_key
    from {{ ref('int_session_words') }} as sessions
    inner join {{ ref('int_visit_campaigns') }} as campaigns
        on
            sessions.organization_id = campaigns.organization_id
            and sessions.channel_words = campaigns.channel_words
            and sessions.campaign_words = campaigns.campaign_words
    left join {{ ref('int_order_visits') }} as ordered_visits on sessions.session_key = ordered_visits.session_key
    where ordered_visits.session_key is null and sessions.order_events = 0
    qualify row_number() over (
        partition by sessions.organization_id, sessions.connection_id, sessions.visitor_token, date_trunc('month', sessions.date_day)
        order by sessions.started_at desc, sessions.session_key
    ) <= {{ var('attribution_most_touches') }}
),

unioned as (
    select * from ordered
    union all
    select * from unordered
),

numbered as (
    select
        *,
        cast(row_number() over (partition by organization_id, date_month, journey_key order by touched_at, touch_source, touch_key) as integer) as position
    from unioned
)

select * from numbered
