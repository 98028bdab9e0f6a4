with

source as (
    {{ listed_rows('google_ads', 'ad_groups', ['ad_group_id'], values=[
        'campaign_id', 'name', 'status', 'type', 'cpc_bid_micros',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        campaign_id,
        ad_group_id,

        -- strings
        name as ad_group_name,
        status as platform_status,
        type as ad_group_type,
        currency_code,

        -- numbers
        {{ micros('cpc_bid_micros') }} as bid_amount,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
