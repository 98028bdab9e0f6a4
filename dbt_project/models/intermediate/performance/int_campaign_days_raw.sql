-- The additive numbers of each account's day as staged: what reconciliation compares facts with.

with

stats as (
    {{ union_of('campaign_day') }}
),

summed as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        _sync_id,
        _chunk_id,
        count(*) as row_count,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(conversions) as conversions,
        sum(conversion_value) as conversion_value
    from stats
    group by organization_id, platform, connection_id, account_id, date_day, _sync_id, _chunk_id
)

select * from summed
