with

source as (
    {{ listed_rows('linkedin_ads', 'campaign_groups', ['campaign_group_id'], values=[
        'name', 'status', 'objective_type', 'daily_budget', 'total_budget', 'start_ms',
        'end_ms', 'last_modified_ms',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_group_id as campaign_id,
        name as campaign_name,
        objective_type as objective,
        'CAMPAIGN_GROUP' as campaign_type,
        status as platform_status,
        currency_code,
        {{ linkedin_plan() }},
        {{ of_list() }}
    from source
)

select * from renamed
