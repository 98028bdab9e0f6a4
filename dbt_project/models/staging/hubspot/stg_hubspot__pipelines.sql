with

source as (
    {{ last_listed_rows('hubspot', 'pipelines', ['pipeline_id', 'stage_id'], values=['pipeline_name', 'stage_name', 'stage_order', 'probability']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.pipeline_id,
        source.stage_id,
        source.pipeline_name,
        source.stage_name,
        case
            when not coalesce(source.is_closed, false) then 'open'
            when source.probability > 0 then 'won'
            else 'lost'
        end as outcome,
        try_cast(source.pipeline_order as integer) as pipeline_order,
        try_cast(source.stage_order as integer) as stage_order,
        try_cast(source.probability as decimal(18, 6)) as probability,
        source.is_removed,
        source._sync_id
    from source
)

select * from renamed
