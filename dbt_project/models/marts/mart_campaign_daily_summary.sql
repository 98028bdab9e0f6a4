{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key'],
) }}

-- A day depends on its month up to itself, for the month to date.

{% set month_to_date = [
    'impressions', 'clicks', 'spend', 'spend_reporting', 'conversions', 'conversion_value',
    'conversion_value_reporting',
] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        days.organization_id,
        days.platform,
        days.connection_id,
        days.date_day,
        concat_ws(
            '-',
            cast(
                bit_xor({{ hash_number(row_text(['days.date_day', 'days.fingerprint'])) }}) over (
                    partition by days.connection_id, date_trunc('month', days.date_day)
                    order by days.date_day
                ) as varchar
            ),
            cast(settling.is_settled as varchar)
        ) as fingerprint
    from {{ ref('int_campaign_days') }} as days
    left join {{ ref('int_settling_days') }} as settling
        on days.connection_id = settling.connection_id and days.date_day = settling.date_day
    {% endcall %}
),

months as (
    select
        connection_id,
        cast(date_trunc('month', date_day) as date) as month_start,
        max(date_day) as last_day
    from dirty_keys
    group by connection_id, cast(date_trunc('month', date_day) as date)
),

facts as (
    select
        performance.*,
        months.month_start
    from {{ ref('fact_campaign_performance') }} as performance
    inner join months
        on
            performance.connection_id = months.connection_id
            and performance.date_day between months.month_start and months.last_day
),

running as (
    select
        *,
        {%- for measure in month_to_date %}
        {%- if measure.endswith('_reporting') %}
        case
            when count({{ measure | replace('_reporting', '') }}) over month_so_far = count({{ measure }}) over month_so_far
                then try_cast(sum({{ measure }}) over month_so_far as decimal(24, 6))
        end as {{ measure }}_month_to_date{{ "," if not loop.last }}
        {%- elif measure in ('impressions', 'clicks') %}
        try_cast(sum({{ measure }}) over month_so_far as bigint) as {{ measure }}_month_to_date{{ "," if not loop.last }}
        {%- elif measure == 'conversions' %}
        try_cast(sum({{ measure }}) over month_so_far as decimal(24, 6)) as {{ measure }}_month_to_date{{ "," if not loop.last }}
        {%- else %}
        -- An account that changed its currency has no sum in its own currency.
        case
            when min(coalesce(currency_code, '')) over month_so_far = max(coalesce(currency_code, '')) over month_so_far
                then try_cast(sum({{ measure }}) over month_so_far as decimal(24, 6))
        end as {{ measure }}_month_to_date{{ "," if not loop.last }}
        {%- endif %}
        {%- endfor %}
    from facts
    window month_so_far as (
        partition by campaign_key, month_start
        order by date_day
    )
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

summary as (
    select
        -- keys
        running.organization_id,
        running.platform,
        running.connection_id,
        running.account_id,
        running.campaign_key,
        running.campaign_id,
        running.date_day,
        running.date_key,

        -- the campaign as it was on the day
        coalesce(campaigns.campaign_name, 'Unknown campaign') as campaign_name,
        campaigns.objective,
        campaigns.campaign_type,
        coalesce(campaigns.channel, 'unattributed') as channel,
        coalesce(campaigns.status, 'UNKNOWN') as campaign_status,

        -- totals
        running.impressions,
        running.clicks,
        running.conversions,
        running.video_views,
        running.engagements,
        running.view_through_conversions,
        running.currency_code,
        running.spend,
        running.conversion_value,
        running.reporting_currency,
        running.spend_reporting,
        running.conversion_value_reporting,

        -- ratios of sums; money per something in the account's currency and in the reporting one
        {{ ratio('running.clicks', 'running.impressions') }} as ctr,
        {{ ratio('running.conversions', 'running.clicks') }} as conversion_rate,
        {{ ratio('running.spend', 'running.clicks') }} as cpc,
        {{ ratio('running.spend_reporting', 'running.clicks') }} as cpc_reporting,
        {{ cpm('running.spend', 'running.impressions') }} as cpm,
        {{ cpm('running.spend_reporting', 'running.impressions') }} as cpm_reporting,
        {{ ratio('running.spend', 'running.conversions') }} as cpa,
        {{ ratio('running.spend_reporting', 'running.conversions') }} as cpa_reporting,
        {{ ratio('running.conversion_value', 'running.spend') }} as roas,

        -- the month so far
        {%- for measure in month_to_date %}
        running.{{ measure }}_month_to_date,
        {%- endfor %}
        {{ ratio('running.conversion_value_month_to_date', 'running.spend_month_to_date') }} as roas_month_to_date,

        -- lineage
        running._sync_id,

        -- whether it is all of the day
        coalesce(complete_days.is_complete, false) as is_complete,
        coalesce(settling.is_settled, true) as is_settled
    from running
    inner join dirty_keys
        on running.connection_id = dirty_keys.connection_id and running.date_day = dirty_keys.date_day
    left join {{ ref('int_complete_days') }} as complete_days
        on
            running.connection_id = complete_days.connection_id
            and running.date_day = complete_days.date_day
            and not complete_days.is_shop
    left join {{ ref('int_settling_days') }} as settling
        on running.connection_id = settling.connection_id and running.date_day = settling.date_day
    left join campaigns
        on
            running.campaign_key = campaigns.campaign_key
            and running.date_day >= campaigns.valid_from
            and running.date_day < campaigns.valid_to
)

select * from summary
