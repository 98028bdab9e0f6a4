-- The campaign of a click id that an order or a visit has, where the platform reports that click. An id that the platform
-- reports for several campaigns proves none.

with

clicked as (
    select organization_id, click_id from {{ ref('fact_orders') }}
    where click_id is not null
    union
    select organization_id, click_id from {{ ref('int_session_words') }}
    where click_id is not null
    union
    select organization_id, click_id from {{ ref('int_first_visit_words') }}
    where click_id is not null
),

campaign_channels as (
    select
        campaign_key,
        min(channel) as channel
    from {{ ref('dim_campaigns') }}
    group by campaign_key
    having min(channel) = max(channel)
),

clicks as (
    select
        clicks.organization_id,
        clicks.click_id,
        min(clicks.platform) as platform,
        min(clicks.campaign_key) as campaign_key,
        case when count(distinct clicks.ad_key) = 1 then min(clicks.ad_key) end as ad_key
    from {{ ref('fact_ad_clicks') }} as clicks
    inner join clicked
        on clicks.organization_id = clicked.organization_id and clicks.click_id = clicked.click_id
    group by clicks.organization_id, clicks.click_id
    having count(distinct clicks.campaign_key) = 1
),

placed as (
    select
        clicks.*,
        nullif(campaign_channels.channel, 'unattributed') as channel
    from clicks
    left join campaign_channels on clicks.campaign_key = campaign_channels.campaign_key
)

select * from placed
