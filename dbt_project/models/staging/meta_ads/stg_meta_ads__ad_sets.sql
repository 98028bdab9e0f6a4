with

source as (
    {{ listed_rows('meta_ads', 'ad_sets', ['ad_set_id'], values=[
        'campaign_id', 'name', 'status', 'effective_status', 'optimization_goal',
        'billing_event', 'bid_strategy', 'bid_amount', 'daily_budget', 'lifetime_budget',
        'attribution_spec', 'promoted_object', 'targeting', 'start_time', 'end_time', 'created_time', 'updated_time',
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
        ad_set_id as ad_group_id,

        -- strings
        name as ad_group_name,
        status,
        -- Meta has no word for a set whose end has passed; its own screens call it completed.
        case when effective_status = 'ACTIVE' and end_time <= _synced_at then 'COMPLETED' else effective_status end as platform_status,
        optimization_goal as ad_group_type,
        billing_event,
        bid_strategy as bidding_strategy,
        attribution_spec,
        {{ json_text('promoted_object', 'custom_event_type') }} as conversion_event,
        {{ joined_texts(json_list('targeting', 'geo_locations.countries')) }} as target_countries,
        targeting,
        case replace({{ json_list('targeting', 'genders') }}, ' ', '') when '[1]' then 'male' when '[2]' then 'female' end as target_genders,
        currency_code,

        -- numbers; of a budget that is not in use Meta says zero
        {{ meta_money('nullif(daily_budget, 0)', 'currency_code') }} as daily_budget,
        {{ meta_money('nullif(lifetime_budget, 0)', 'currency_code') }} as total_budget,
        {{ meta_money('bid_amount', 'currency_code') }} as bid_amount,
        {{ json_number('targeting', 'age_min', 'integer') }} as target_age_min,
        {{ json_number('targeting', 'age_max', 'integer') }} as target_age_max,

        -- times
        start_time as start_at,
        end_time as end_at,
        created_time as created_at,
        updated_time as updated_at,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
