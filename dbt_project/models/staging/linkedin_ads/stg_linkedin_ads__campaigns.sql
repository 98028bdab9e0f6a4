with

source as (
    {{ listed_rows('linkedin_ads', 'campaigns', ['campaign_id'], values=[
        'campaign_group_id', 'name', 'status', 'type', 'format', 'unit_cost', 'daily_budget', 'last_modified_ms',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        {{ known_parent('campaign_group_id') }} as campaign_id,
        campaign_id as ad_group_id,
        name as ad_group_name,
        type as ad_group_type,
        status as platform_status,
        currency_code,
        {{ exact('unit_cost') }} as bid_amount,
        {{ exact('daily_budget') }} as daily_budget,
        {{ of_list() }}
    from source
)

select * from renamed
