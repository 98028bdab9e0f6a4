with

source as (
    {{ winning_rows('meta_ads', 'campaign_demographics', ['campaign_id', 'age', 'gender'], values=[
        'impressions', 'clicks', 'spend', 'reach', 'actions', 'action_values',
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

        -- strings
        currency_code,
        time_zone,
        age,
        gender,

        -- numbers
        {{ meta_counts() }},
        reach,

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
