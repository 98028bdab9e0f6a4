{{ config(key=['organization_id', 'date_day'], order_by=['organization_id', 'date_day', 'connection_id']) }}

-- A property's day as the property reports it, with its ratios, and beside it what the ads of the organization claim
-- and what its shops confirm of that day: three accounts of one revenue, which are not to be added.

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        visits.organization_id,
        visits.date_day,
        {{ set_fingerprint(['visits.connection_id', 'visits.fingerprint', 'metrics.fingerprint']) }} as fingerprint
    from {{ state_of('fact_web_daily') }} as visits
    left join {{ state_of('mart_organization_daily_metrics') }} as metrics
        on visits.organization_id = metrics.organization_id and visits.date_day = metrics.date_day
    group by visits.organization_id, visits.date_day
    {% endcall %}
),

visits as (
    select visits.*
    from {{ ref('fact_web_daily') }} as visits
    inner join dirty_keys
        on visits.organization_id = dirty_keys.organization_id and visits.date_day = dirty_keys.date_day
),

summary as (
    select
        visits.organization_id,
        visits.platform,
        visits.connection_id,
        visits.account_id,
        visits.property_id,
        visits.date_day,
        visits.date_key,
        visits.sessions,
        visits.engaged_sessions,
        visits.active_users,
        visits.total_users,
        visits.new_users,
        visits.page_views,
        visits.key_events,
        visits.transactions,
        visits.currency_code,
        visits.purchase_revenue,
        visits.refund_amount,
        visits.reporting_currency,
        visits.purchase_revenue_reporting,
        {{ ratio('visits.engaged_sessions', 'visits.sessions') }} as engagement_rate,
        {{ ratio('visits.page_views', 'visits.sessions') }} as pages_per_session,
        {{ ratio('visits.transactions', 'visits.sessions') }} as purchase_rate,
        {{ ratio('visits.purchase_revenue_reporting', 'visits.sessions') }} as revenue_per_session_reporting,
        metrics.analytics_properties,
        metrics.orders,
        metrics.platform_conversion_value_reporting,
        metrics.gross_revenue_reporting,
        metrics.net_revenue_reporting,
        metrics.analytics_to_confirmed,
        metrics.shop_conversion_rate,
        visits.data_loss_from_other_row,
        visits.subject_to_thresholding,
        coalesce(metrics.is_complete, false) as is_complete,
        visits._sync_id
    from visits
    left join {{ ref('mart_organization_daily_metrics') }} as metrics
        on visits.organization_id = metrics.organization_id and visits.date_day = metrics.date_day
)

select * from summary
