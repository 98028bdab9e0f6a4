{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'click_id'],
    own_days=true,
) }}

-- Single clicks, each with the token of its click id, under which the shop's order has it as well.

{{ winning_days('click') }}

clicks as (
    select stats.*
    from ({{ union_of('click') }}) as stats
    inner join days
        on
{{ on_winning_day() }}
),

keyed as (
    select
{{ of_connection('clicks') }},
        {{ entity_key(['campaign_id'], 'clicks') }} as campaign_key,
        case when clicks.ad_group_id is not null then {{ entity_key(['ad_group_id'], 'clicks') }} end as ad_group_key,
        case when clicks.ad_id is not null then {{ entity_key(['ad_group_id', 'ad_id'], 'clicks') }} end as ad_key,
        case when clicks.keyword_id is not null then {{ entity_key(['ad_group_id', 'keyword_id'], 'clicks') }} end as keyword_key,
        clicks.click_id,
        clicks.campaign_id,
        clicks.ad_group_id,
        clicks.ad_id,
        clicks.keyword_id,
        clicks.date_day,
        {{ date_key('clicks.date_day') }} as date_key,
        clicks.device,
        clicks.clicks,
        clicks._sync_id,
        clicks._synced_at
    from clicks
)

select * from keyed
