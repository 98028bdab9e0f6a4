-- The visits before each order, of its devices and its person's: a visit belongs to the first order after it. The clock of a site may run a
-- little before that of the shop.

with

sales as (
    select
        order_key,
        ordered_at
    from {{ ref('fact_orders') }}
    where is_counted and order_type = 'sale'
),

visits as (
    select
        sessions.*,
        sales.order_key,
        sales.ordered_at
    from {{ ref('int_session_words') }} as sessions
    inner join {{ ref('int_order_visitors') }} as visitors
        on
            sessions.organization_id = visitors.organization_id
            and visitors.token = case visitors.token_type when 'user' then sessions.user_token else sessions.visitor_token end
    inner join sales on visitors.order_key = sales.order_key
    where {{ seconds_between('sessions.started_at', 'sales.ordered_at') }} between -300 and {{ var('attribution_lookback_days') * 86400 }}
    qualify row_number() over (partition by sessions.session_key order by sales.ordered_at, sales.order_key) = 1
)

select * from visits
