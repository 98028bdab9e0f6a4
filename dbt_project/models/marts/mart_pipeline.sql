{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'pipeline_id', 'stage_order', 'date_month', 'channel', 'attributed_platform'],
) }}

-- Deals by the stage that they came to and the month in which they first did: how many went on, how long they stayed, how they ended.
-- Deals in the bin are left out. All ratios are ratios of sums, so that rows add up to any other cut.

{% set counts = ['deals_entered', 'deals_advanced', 'deals_in_stage', 'deals_won', 'deals_lost', 'moves_back', 'stays_ended', 'seconds_in_stage'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        deals.organization_id,
        deals.connection_id,
        {{ set_fingerprint(['deals.deal_id', 'stays.fingerprint', 'states.fingerprint']) }} as fingerprint
    from {{ ref('fact_deals') }} as deals
    inner join {{ state_of('fact_deals') }} as states on deals.connection_id = states.connection_id and deals.deal_id = states.deal_id
    left join {{ state_of('fact_deal_stages') }} as stays on deals.connection_id = stays.connection_id and deals.deal_id = stays.deal_id
    group by deals.organization_id, deals.connection_id
    {% endcall %}
),

deals as (
    select deals.*
    from {{ ref('fact_deals') }} as deals
    inner join dirty_keys on deals.connection_id = dirty_keys.connection_id
    where not coalesce(deals.is_archived, false)
),

stays as (
    select
        stays.*,
        -- The furthest stage that the deal came to afterwards; to be lost is to go nowhere.
        max(case when stays.outcome <> 'lost' then stays.stage_order end) over (
            partition by stays.connection_id, stays.deal_id, stays.pipeline_id
            order by stays.stay_number
            rows between 1 following and unbounded following
        ) as furthest_order
    from {{ ref('fact_deal_stages') }} as stays
    inner join dirty_keys on stays.connection_id = dirty_keys.connection_id
),

in_stages as (
    select
        connection_id,
        deal_id,
        pipeline_id,
        stage_id,
        max(pipeline_name) as pipeline_name,
        max(stage_name) as stage_name,
        max(stage_order) as stage_order,
        min(entered_day) as first_day,
        max(case when furthest_order > stage_order then 1 else 0 end) as is_advanced,
        max(case when is_current then 1 else 0 end) as is_there,
        sum(case when is_back then 1 else 0 end) as moves_back,
        count(left_at) as stays_ended,
        sum(seconds_in_stage) as seconds_in_stage
    from stays
    group by connection_id, deal_id, pipeline_id, stage_id
),

summed as (
    select
        deals.organization_id,
        deals.platform,
        deals.connection_id,
        deals.account_id,
        in_stages.pipeline_id,
        in_stages.stage_id,
        deals.channel,
        deals.attributed_platform,
        cast(date_trunc('month', in_stages.first_day) as date) as date_month,
        max(in_stages.pipeline_name) as pipeline_name,
        max(in_stages.stage_name) as stage_name,
        max(in_stages.stage_order) as stage_order,
        max(deals.reporting_currency) as reporting_currency,
        count(*) as deals_entered,
        try_cast(sum(in_stages.is_advanced) as bigint) as deals_advanced,
        try_cast(sum(in_stages.is_there) as bigint) as deals_in_stage,
        try_cast(sum(case when deals.outcome = 'won' then 1 else 0 end) as bigint) as deals_won,
        try_cast(sum(case when deals.outcome = 'lost' then 1 else 0 end) as bigint) as deals_lost,
        try_cast(sum(in_stages.moves_back) as bigint) as moves_back,
        try_cast(sum(in_stages.stays_ended) as bigint) as stays_ended,
        try_cast(sum(in_stages.seconds_in_stage) as bigint) as seconds_in_stage,
        {{ whole_sum('deals.amount_reporting') }} as deal_amount_reporting,
        {{ whole_sum("case when deals.outcome = 'won' then deals.amount_reporting else 0 end") }} as deal_amount_won_reporting
    from in_stages
    inner join deals on in_stages.connection_id = deals.connection_id and in_stages.deal_id = deals.deal_id
    group by
        deals.organization_id, deals.platform, deals.connection_id, deals.account_id, in_stages.pipeline_id, in_stages.stage_id, deals.channel,
        deals.attributed_platform, cast(date_trunc('month', in_stages.first_day) as date)
),

rated as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        pipeline_id,
        pipeline_name,
        stage_id,
        stage_name,
        stage_order,
        channel,
        attributed_platform,
        date_month,
        {%- for name in counts %}
        {{ name }},
        {%- endfor %}
        reporting_currency,
        deal_amount_reporting,
        deal_amount_won_reporting,
        {{ ratio('deals_advanced', 'deals_entered') }} as stage_conversion_rate,
        {{ ratio('deals_won', '(deals_won + deals_lost)') }} as win_rate,
        {{ ratio('seconds_in_stage', '(86400 * stays_ended)') }} as days_in_stage
    from summed
)

select * from rated
