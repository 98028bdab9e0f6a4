-- Which stages a record type has cannot be read: each pipeline is given all of them, in their common order.

with

source as (
    {{ last_listed_rows('salesforce', 'opportunity_stages', ['stage_id'], values=['stage_name', 'stage_order', 'probability']) }}
),

pipelines as (
    select
        connection_id,
        pipeline_id,
        max(pipeline_name) as pipeline_name
    from {{ ref('stg_salesforce__opportunities') }}
    group by connection_id, pipeline_id
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        pipelines.pipeline_id,
        source.stage_id,
        pipelines.pipeline_name,
        coalesce(source.stage_name, source.stage_id) as stage_name,
        case when source.is_won then 'won' when source.is_closed then 'lost' else 'open' end as outcome,
        try_cast(source.stage_order as integer) as stage_order,
        try_cast(try_cast(source.probability as decimal(16, 8)) * 0.01 as decimal(18, 6)) as probability,
        source.is_removed,
        source._sync_id
    from source
    inner join pipelines on source._connection_id = pipelines.connection_id
)

select * from renamed
