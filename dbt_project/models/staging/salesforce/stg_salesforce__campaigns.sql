with

source as (
    {{ last_listed_rows('salesforce', 'campaigns', ['campaign_id'], values=['name', 'status', 'actual_cost', 'updated_at']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.campaign_id as crm_campaign_id,
        source.name as crm_campaign_name,
        source.parent_id as parent_campaign_id,
        source.type as crm_campaign_type,
        source.status as platform_status,
        source.start_date,
        source.end_date,
        coalesce(source.currency, source.account_currency) as currency_code,
        try_cast(source.budgeted_cost as decimal(24, 6)) as budgeted_cost,
        try_cast(source.actual_cost as decimal(24, 6)) as actual_cost,
        source.is_removed,
        source._sync_id
    from source
)

select * from renamed
