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
        case
            when daily_budget is not null then 'daily'
            when total_budget is not null then 'total'
        end as budget_type,
        {{ exact('daily_budget') }} as daily_budget,
        {{ exact('total_budget') }} as total_budget,
        -- LinkedIn states instants.
        cast({{ milliseconds_to_utc('start_ms') }} as date) as start_date,
        cast({{ milliseconds_to_utc('end_ms') }} as date) as end_date,
        {{ of_list() }}
    from source
)

select * from renamed
