{{ config(
    key=['organization_id', 'connection_id', 'date_month'],
    order_by=['organization_id', 'date_month', 'connection_id', 'budget_key', 'budget_type'],
) }}

-- Worked out from the days of an account that are complete. What is ahead of the last one (`through_day`) is planned as it was known on that day.

{% set tolerance = var('budget_pacing_tolerance') %}
{% set recent_days = var('budget_pacing_days') | int %}

with

dirty_keys as (
    {% call dirty_keys() %}
    -- A month depends on all before it: on their last days for the recent spend, and a total budget on its whole run.
    select
        days.organization_id,
        days.connection_id,
        days.date_month,
        concat_ws(
            '-',
            cast(bit_xor(days.days_hash) over (partition by days.connection_id order by days.date_month) as varchar),
            budgets.fingerprint
        ) as fingerprint
    from (
        select
            complete_days.organization_id,
            complete_days.connection_id,
            cast(date_trunc('month', complete_days.date_day) as date) as date_month,
            bit_xor({{ hash_number(row_text(['complete_days.date_day', 'state.fingerprint'])) }}) as days_hash
        from {{ ref('int_complete_days') }} as complete_days
        left join {{ state_of('fact_campaign_performance') }} as state
            on complete_days.connection_id = state.connection_id and complete_days.date_day = state.date_day
        where complete_days.is_complete and not complete_days.is_shop
        group by complete_days.organization_id, complete_days.connection_id, cast(date_trunc('month', complete_days.date_day) as date)
    ) as days
    inner join (
        select
            connection_id,
            {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
        from (
            select connection_id, 'campaigns' as source, fingerprint
            from {{ state_of('dim_campaigns') }}
            union all
            select connection_id, 'ad_groups' as source, fingerprint
            from {{ state_of('dim_ad_groups') }}
            where connection_id in (select connection_id from {{ ref('dim_ad_groups') }} where daily_budget is not null)
        ) as versions
        where connection_id in (
            select connection_id from {{ ref('dim_campaigns') }} where coalesce(daily_budget, total_budget) is not null
            union all
            select connection_id from {{ ref('dim_ad_groups') }} where daily_budget is not null
        )
        group by connection_id
    ) as budgets
        on days.connection_id = budgets.connection_id
    {% endcall %}
),

known_days as (
    select
        complete_days.connection_id,
        complete_days.date_day
    from {{ ref('int_complete_days') }} as complete_days
    where
        complete_days.is_complete
        and not complete_days.is_shop
        and complete_days.connection_id in (select dirty_keys.connection_id from dirty_keys)
),

months as (
    select
        dirty_keys.organization_id,
        dirty_keys.connection_id,
        dirty_keys.date_month,
        {{ add_days(add_months('dirty_keys.date_month', 1), -1) }} as month_end,
        max(known_days.date_day) as through_day
    from dirty_keys
    inner join known_days
        on
            dirty_keys.connection_id = known_days.connection_id
            and dirty_keys.date_month = date_trunc('month', known_days.date_day)
    group by dirty_keys.organization_id, dirty_keys.connection_id, dirty_keys.date_month
),

calendar as (
    select
        months.*,
        {{ each_date('least(months.date_month, ' ~ add_days('months.through_day', 1 - recent_days) ~ ')', 'months.month_end') }} as date_day
    from months
),

campaigns as (
    select campaigns.*
    from {{ ref('dim_campaigns') }} as campaigns
    where campaigns.connection_id in (select dirty_keys.connection_id from dirty_keys)
),

facts as (
    select
        performance.campaign_key,
        performance.date_day,
        performance.currency_code,
        performance.spend,
        performance.spend_reporting
    from {{ ref('fact_campaign_performance') }} as performance
    inner join known_days
        on performance.connection_id = known_days.connection_id and performance.date_day = known_days.date_day
),

-- A campaign without a stated start began with its first number.
first_days as (
    select
        campaign_key,
        min(date_day) as first_day
    from facts
    where campaign_key in (select campaigns.campaign_key from campaigns where campaigns.start_date is null)
    group by campaign_key
),

campaign_days as (
    select
        calendar.organization_id,
        campaigns.platform,
        calendar.connection_id,
        campaigns.account_id,
        calendar.date_month,
        calendar.month_end,
        calendar.through_day,
        calendar.date_day,
        least(calendar.date_day, calendar.through_day) as known_on,
        calendar.date_day >= calendar.date_month as is_of_month,
        calendar.date_day > calendar.through_day as is_ahead,
        known_days.date_day is not null as is_known,
        known_days.date_day > {{ add_days('calendar.through_day', -recent_days) }} as is_recent,
        campaigns.campaign_key,
        campaigns.campaign_name,
        campaigns.budget_id,
        campaigns.currency_code,
        campaigns.daily_budget,
        campaigns.total_budget,
        campaigns.status = 'ACTIVE' as is_active,
        coalesce(campaigns.start_date, first_days.first_day) as first_day,
        campaigns.end_date,
        coalesce(facts.currency_code, campaigns.currency_code) as spend_currency,
        coalesce(facts.spend, 0) as spend,
        case when coalesce(facts.spend, 0) = 0 then 0 else facts.spend_reporting end as spend_reporting,
        (
            (campaigns.status = 'ACTIVE' or campaigns.status = 'COMPLETED' and calendar.date_day <= calendar.through_day)
            and calendar.date_day >= coalesce(campaigns.start_date, first_days.first_day)
            and calendar.date_day <= coalesce(campaigns.end_date, calendar.date_day)
        )
        or coalesce(facts.spend, 0) <> 0 as is_running
    from calendar
    inner join campaigns
        on
            calendar.connection_id = campaigns.connection_id
            and least(calendar.date_day, calendar.through_day) >= campaigns.valid_from
            and least(calendar.date_day, calendar.through_day) < campaigns.valid_to
    left join known_days
        on calendar.connection_id = known_days.connection_id and calendar.date_day = known_days.date_day
    left join facts
        on campaigns.campaign_key = facts.campaign_key and calendar.date_day = facts.date_day
    left join first_days on campaigns.campaign_key = first_days.campaign_key
),

-- A campaign without a daily budget of its own has those of its ad groups that run.
ad_group_days as (
    select
        days.campaign_key,
        days.date_month,
        days.date_day,
        {{ exact_sum('ad_groups.daily_budget') }} as daily_budget
    from campaign_days as days
    inner join {{ ref('dim_ad_groups') }} as ad_groups
        on
            days.campaign_key = ad_groups.campaign_key
            and days.known_on >= ad_groups.valid_from
            and days.known_on < ad_groups.valid_to
    where
        days.is_running
        and days.daily_budget is null
        and (ad_groups.status = 'ACTIVE' or ad_groups.status = 'COMPLETED' and not days.is_ahead)
    group by days.campaign_key, days.date_month, days.date_day
),

budget_days as (
    select
        days.*,
        'daily' as budget_type,
        case
            when days.daily_budget is null then 'ad_groups'
            when days.budget_id is null then 'campaign'
            else 'budget'
        end as held_by,
        case
            when days.daily_budget is null or days.budget_id is null then days.campaign_key
            else {{ surrogate_key(['days.organization_id', 'days.platform', 'days.account_id', 'days.budget_id']) }}
        end as budget_key,
        coalesce(days.daily_budget, ad_group_days.daily_budget) as budget
    from campaign_days as days
    left join ad_group_days
        on
            days.campaign_key = ad_group_days.campaign_key
            and days.date_month = ad_group_days.date_month
            and days.date_day = ad_group_days.date_day
    where days.is_running and coalesce(days.daily_budget, ad_group_days.daily_budget) > 0
    union all
    select
        days.*,
        'total' as budget_type,
        'campaign' as held_by,
        days.campaign_key as budget_key,
        days.total_budget as budget
    from campaign_days as days
    where days.is_running and days.total_budget > 0
),

-- What campaigns share counts once a day.
ranked as (
    select
        *,
        case when row_number() over one_day = 1 then budget end as budget_of_day,
        not is_ahead and row_number() over last_days = 1 as is_last
    from budget_days
    window
        one_day as (
            partition by budget_key, budget_type, date_month, date_day
            order by campaign_key
        ),
        last_days as (
            partition by budget_key, budget_type, date_month, is_ahead
            order by date_day desc, campaign_key
        )
),

summed as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        budget_key,
        budget_type,
        date_month,
        through_day,
        max(case when is_last then held_by end) as held_by,
        max(case when is_last and held_by = 'budget' then budget_id end) as budget_id,
        min(case when is_of_month then campaign_key end) as first_campaign,
        max(case when is_of_month then campaign_key end) as last_campaign,
        string_agg(distinct case when is_of_month then campaign_name end, ', ' order by case when is_of_month then campaign_name end) as campaign_names,
        max(case when is_last then currency_code end) as currency_code,
        min(case when spend_currency = currency_code then 1 else 0 end) = 1 as is_one_currency,
        max(case when is_last then budget end) as last_budget,
        least(max(case when is_last then first_day end), min(case when is_of_month then date_day end)) as run_start,
        max(case when is_last then end_date end) as run_end,
        max(case when is_last and is_active and date_day = through_day then 1 else 0 end) = 1 as is_running_on,
        {{ exact_sum('case when is_of_month then budget_of_day end') }} as budget_of_month,
        {{ exact_sum('case when is_of_month and not is_ahead then budget_of_day end') }} as budget_to_date,
        {{ exact_sum('case when is_of_month then spend end') }} as spend,
        case
            when count(case when is_of_month then 1 end) = count(case when is_of_month then spend_reporting end)
                then {{ exact_sum('case when is_of_month then spend_reporting end') }}
        end as spend_reporting,
        {{ exact_sum('case when is_recent then spend end') }} as recent_spend,
        count(distinct case when is_recent then date_day end) as recent_days,
        count(distinct case when is_ahead then date_day end) as days_left,
        count(distinct case when is_of_month and not is_ahead and not is_known then date_day end) as missing_days
    from ranked
    group by organization_id, platform, connection_id, account_id, budget_key, budget_type, date_month, through_day
    having count(case when is_of_month and not is_ahead then 1 end) > 0
),

-- A total budget is spent over its whole run, of which a month is a part.
runs as (
    select
        summed.budget_key,
        summed.date_month,
        count(*) as known_days,
        min(case when facts.currency_code is null or facts.currency_code = summed.currency_code then 1 else 0 end) = 1 as is_one_currency,
        {{ exact_sum('coalesce(facts.spend, 0)') }} as spend,
        {{ whole_sum('case when coalesce(facts.spend, 0) = 0 then 0 else facts.spend_reporting end') }} as spend_reporting
    from summed
    inner join known_days
        on
            summed.connection_id = known_days.connection_id
            and summed.run_start <= known_days.date_day
            and summed.through_day >= known_days.date_day
    left join facts
        on summed.budget_key = facts.campaign_key and known_days.date_day = facts.date_day
    where summed.budget_type = 'total'
    group by summed.budget_key, summed.date_month
),

periods as (
    select
        summed.* exclude (spend, spend_reporting, is_one_currency, days_left, missing_days),
        summed.through_day as date_day,
        summed.date_month as period_start,
        {{ add_days(add_months('summed.date_month', 1), -1) }} as period_end,
        summed.budget_of_month as budget,
        {{ ratio('summed.budget_to_date', 'summed.budget_of_month') }} as period_gone_share,
        summed.is_one_currency,
        summed.spend,
        summed.spend_reporting,
        summed.days_left,
        summed.missing_days
    from summed
    where summed.budget_type = 'daily'
    union all
    select
        summed.* exclude (spend, spend_reporting, is_one_currency, days_left, missing_days),
        summed.through_day as date_day,
        summed.run_start as period_start,
        summed.run_end as period_end,
        summed.last_budget as budget,
        case
            when summed.run_end >= summed.run_start
                then {{ ratio('(least(summed.through_day, summed.run_end) - summed.run_start + 1)', '(summed.run_end - summed.run_start + 1)') }}
        end as period_gone_share,
        runs.is_one_currency,
        runs.spend,
        runs.spend_reporting,
        case
            when not summed.is_running_on or summed.run_end <= summed.through_day then 0
            else summed.run_end - summed.through_day
        end as days_left,
        summed.through_day - summed.run_start + 1 - runs.known_days as missing_days
    from summed
    inner join runs
        on summed.budget_key = runs.budget_key and summed.date_month = runs.date_month
    where summed.budget_type = 'total'
),

{{ with_reporting_rate('periods') }},

paced as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        budget_key,
        budget_type,
        held_by,
        budget_id,
        case when first_campaign = last_campaign then first_campaign end as campaign_key,
        campaign_names,
        date_month,
        period_start,
        period_end,
        through_day,
        missing_days,
        days_left,
        currency_code,
        reporting_currency,
        case when budget_type = 'daily' then last_budget end as daily_budget,
        budget,
        {{ convert('budget') }} as budget_reporting,
        case when is_one_currency then spend end as spend_to_date,
        spend_reporting as spend_to_date_reporting,
        case when is_one_currency then {{ ratio('spend', 'budget') }} end as spent_share,
        period_gone_share,
        case when is_one_currency then try_cast({{ ratio('recent_spend', 'recent_days') }} as decimal(24, 6)) end as recent_daily_spend,
        -- A period that is over, or whose campaigns no longer run, has nothing ahead.
        case
            when not is_one_currency then null
            when days_left = 0 then spend
            else try_cast(spend + days_left * {{ ratio('recent_spend', 'recent_days') }} as decimal(24, 6))
        end as expected_spend,
        exchange_rate
    from converted
),

reasoned as (
    select
        * exclude (exchange_rate),
        {{ convert('expected_spend') }} as expected_spend_reporting,
        case
            when missing_days > 0 then 'days_missing'
            when spend_to_date is null then 'several_currencies'
            when spend_to_date > budget then 'spent_more_than_budget'
            when days_left is null then 'no_end'
            when expected_spend is null then 'no_recent_days'
            when expected_spend > budget * (1 + {{ tolerance }}) then 'expected_above_budget'
            when expected_spend >= budget * (1 - {{ tolerance }}) then 'within_tolerance'
            when days_left = 0 then 'spent_less_than_budget'
            else 'expected_below_budget'
        end as pacing_reason
    from paced
),

judged as (
    select
        *,
        case
            when pacing_reason = 'spent_more_than_budget' then 'over'
            when pacing_reason = 'spent_less_than_budget' then 'under'
            when pacing_reason in ('expected_above_budget', 'expected_below_budget') then 'at_risk'
            when pacing_reason = 'within_tolerance' then 'on_track'
            else 'unknown'
        end as pacing_status
    from reasoned
)

select * from judged
