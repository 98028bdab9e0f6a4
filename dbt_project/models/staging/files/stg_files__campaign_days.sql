-- A file's rows of one campaign are one. What none of them states is unknown, and not 0.

with

rows_of_files as (
    select * from {{ ref('stg_files__costs') }}
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
        {{ whole_sum('spend', 'decimal(18, 6)') }} as spend,
        {{ exact_sum('conversions', 'decimal(18, 6)') }} as conversions,
        {{ exact_sum('conversion_value', 'decimal(18, 6)') }} as conversion_value,
        _sync_id,
        _chunk_id,
        max(_synced_at) as _synced_at
    from rows_of_files
    group by organization_id, connection_id, platform, account_id, campaign_id, date_day, _sync_id, _chunk_id
)

select * from campaigns
