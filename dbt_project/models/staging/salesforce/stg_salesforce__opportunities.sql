{{ config(materialized='dirty_keys', key=['connection_id', 'deal_id'], order_by=['organization_id', 'connection_id', 'deal_id']) }}

{{ newest_of('salesforce', 'opportunities', 'deal_id', ['name', 'stage_id', 'amount', 'is_deleted']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as deal_id,
        name as deal_name,
        -- Without record types all deals go one way.
        coalesce(pipeline_id, 'all') as pipeline_id,
        coalesce(pipeline_name, 'Opportunities') as pipeline_name,
        stage_id,
        case when is_won then 'won' when is_closed then 'lost' else 'open' end as outcome,
        owner_id,
        company_id,
        campaign_id as crm_campaign_id,
        coalesce(currency, account_currency) as currency_code,
        account_time_zone,
        custom as custom_properties,
        coalesce(is_deleted, false) as is_archived,
        cast({{ instant_to_local('created_at', 'account_time_zone') }} as date) as date_day,
        close_date,
        try_cast(amount as decimal(24, 6)) as amount,
        created_at,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
