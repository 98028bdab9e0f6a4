{{ config(materialized='dirty_keys', key=['connection_id', 'entry_id'], order_by=['organization_id', 'connection_id', 'entry_id']) }}

{{ newest_of('salesforce', 'opportunity_history', 'entry_id', ['stage_id', 'amount', 'close_date']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as entry_id,
        deal_id,
        stage_id,
        try_cast(amount as decimal(24, 6)) as amount,
        close_date,
        created_at as changed_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
