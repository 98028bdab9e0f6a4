-- Kinds of events as they are known last, with what sends them.

with

source as (
    {{ last_listed_rows('klaviyo', 'metrics', ['metric_id'], values=['name', 'updated_at']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.metric_id,
        source.name as metric_name,
        source.integration_name,
        source.integration_category,
        source.is_removed,
        source._sync_id,
        source._synced_at
    from source
)

select * from renamed
