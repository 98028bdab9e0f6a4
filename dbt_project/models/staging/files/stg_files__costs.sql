with

source as (
    {{ winning_rows('files', 'costs', ['source_row'], values=[
        'channel', 'campaign', 'cost', 'impressions', 'clicks', 'conversions', 'conversion_value',
    ]) }}
),

stated as (
    select
        *,
        {{ file_cost_currency('source', 'account_currency') }} as row_currency,
        {{ file_campaign_id('channel', 'campaign') }} as plain_campaign_id
    from source
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        {{ file_campaign_id_by_currency(['_connection_id', 'date']) }} as campaign_id,

        -- strings
        nullif(trim(channel), '') as stated_channel,
        nullif(trim(campaign), '') as campaign_name,
        row_currency as currency_code,
        time_zone,

        -- numbers
        impressions,
        clicks,
        {{ exact('cost') }} as spend,
        {{ exact('conversions') }} as conversions,
        {{ exact('conversion_value') }} as conversion_value,
        coalesce(source_row, 0) as source_row,

        -- dates and hours
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from stated
)

select * from renamed
