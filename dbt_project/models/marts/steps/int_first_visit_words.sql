-- The first visits that shops report, in the words of an order's last visit: so all are matched alike.

with

unioned as (
    {{ union_of('order_first_visits') }}
),

first_visits as (
    select
        orders.order_key,
        orders.ordered_at,
        visits.organization_id,
        visits.visited_at,
        visits.visit_source,
        visits.utm_source,
        visits.utm_medium,
        visits.utm_campaign,
        visits.utm_term,
        visits.utm_content,
        visits.landing_campaign_id,
        visits.click_id_type,
        visits.click_id,
        'web' as source_name,
        {{ unreported('varchar') }} as stated_channel
    from unioned as visits
    inner join {{ ref('fact_orders') }} as orders
        on visits.connection_id = orders.connection_id and visits.order_id = orders.order_id
    where orders.is_counted and orders.order_type = 'sale'
),

worded as (
    select
        first_visits.*,
        {{ channel_words() }} as channel_words,
        {{ campaign_words() }} as campaign_words
    from first_visits
)

select * from worded
