{{ config(materialized='table') }}

-- Each stay of a deal in a stage: to come back to one is another stay. Written twice in a row it is one.

with

versions as (
    select * from {{ ref('int_crm_deal_versions') }}
    where stage_id is not null
),

stages as (
    {{ union_of('crm_stage_list') }}
),

deals as (
    {{ union_of('crm_deal_list') }}
),

entered as (
    select *
    from versions
    qualify
        row_number() over (partition by connection_id, deal_id order by valid_from_at) = 1
        or stage_id is distinct from lag(stage_id) over (partition by connection_id, deal_id order by valid_from_at)
        or pipeline_id is distinct from lag(pipeline_id) over (partition by connection_id, deal_id order by valid_from_at)
),

placed as (
    select
        entered.organization_id,
        entered.connection_id,
        entered.platform,
        entered.account_id,
        entered.deal_id,
        row_number() over one_deal as stay_number,
        entered.pipeline_id,
        entered.stage_id,
        coalesce(stages.stage_name, entered.stage_id) as stage_name,
        coalesce(stages.pipeline_name, entered.pipeline_id) as pipeline_name,
        stages.stage_order,
        coalesce(stages.outcome, 'open') as outcome,
        entered.valid_from_at as entered_at,
        cast({{ instant_to_local('entered.valid_from_at', "coalesce(deals.account_time_zone, 'UTC')") }} as date) as entered_day,
        lead(entered.valid_from_at) over one_deal as left_at,
        lag(entered.stage_id) over one_deal as previous_stage_id,
        -- Where a deal goes to another pipeline the two have no common order.
        case
            when lag(entered.pipeline_id) over one_deal = entered.pipeline_id
                then stages.stage_order < lag(stages.stage_order) over one_deal
        end as is_back,
        entered.amount,
        entered._sync_id,
        entered._synced_at
    from entered
    inner join deals on entered.connection_id = deals.connection_id and entered.deal_id = deals.deal_id
    left join stages
        on
            entered.connection_id = stages.connection_id
            and entered.stage_id = stages.stage_id
            and coalesce(entered.pipeline_id, stages.pipeline_id) = stages.pipeline_id
    window one_deal as (
        partition by entered.connection_id, entered.deal_id
        order by entered.valid_from_at
    )
),

marked as (
    select
        * exclude (is_back),
        coalesce(is_back, false) as is_back
    from placed
)

select * from marked
