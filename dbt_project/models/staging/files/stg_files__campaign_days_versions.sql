-- Costs by campaign and day in every committed version.

with

rows_of_files as (
    select * from {{ ref('stg_files__costs_versions') }}
),

campaigns as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        date_day,
        max(currency_code) as stated_currency,
        {{ exact_sum('impressions', 'bigint') }} as impressions,
        {{ exact_sum('clicks', 'bigint') }} as clicks,
        try_cast(coalesce(sum(spend), 0) as decimal(18, 6)) as spend,
        {{ exact_sum('conversions', 'decimal(18, 6)') }} as conversions,
        {{ exact_sum('conversion_value', 'decimal(18, 6)') }} as conversion_value,
        _sync_id,
        _chunk_id
    from rows_of_files
    group by organization_id, connection_id, platform, account_id, campaign_id, date_day, _sync_id, _chunk_id
)

select * from campaigns
