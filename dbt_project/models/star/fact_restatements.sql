{{ config(
    key=['connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'metric', 'known_at'],
    own_days=true,
) }}

{% set metrics = {
    'impressions': false, 'clicks': false, 'spend': true, 'conversions': false,
    'conversion_value': true,
} %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, date_day, coverage_fingerprint as fingerprint
    from {{ ref('int_report_days') }}
    where level = 'campaign_day'
    {% endcall %}
),

syncs as (
    select
        *,
        {{ stream_level() }} as level
    from {{ ref('stg_lake__syncs') }}
    where kind = 'report' and status = 'succeeded'
),

covering as (
    select
        syncs.organization_id,
        syncs.platform,
        syncs.connection_id,
        syncs.account_id,
        syncs.account_currency,
        syncs.sync_id,
        syncs.chunk_id,
        syncs.committed_at,
        syncs.fetch_started_at >= {{ local_to_instant('cast(' ~ add_days('dirty_keys.date_day', 1) ~ ' as timestamp)', "coalesce(syncs.account_time_zone, 'UTC')") }} as is_day_over,
        dirty_keys.date_day,
        row_number() over (
            partition by dirty_keys.connection_id, dirty_keys.date_day
            order by syncs.fetch_started_at, syncs.sync_id, syncs.chunk_id
        ) as place
    from syncs
    inner join dirty_keys
        on
            syncs.connection_id = dirty_keys.connection_id
            and syncs.window_from <= dirty_keys.date_day
            and syncs.window_to > dirty_keys.date_day
    where syncs.level = 'campaign_day' and not {{ is_left_day('syncs.left_days', 'dirty_keys.date_day') }}
),

-- A sync that was already overtaken when it was committed was never the truth of this day.
once_true as (
    select *
    from covering
    qualify place = max(place) over (
        partition by connection_id, date_day
        order by committed_at
    )
),

reported as (
    select
        versions.campaign_id,
        versions.stated_currency,
        versions.impressions,
        versions.clicks,
        versions.spend,
        versions.conversions,
        versions.conversion_value,
        once_true.connection_id,
        once_true.date_day,
        once_true.place
    from {{ ref('int_campaign_versions_unioned') }} as versions
    inner join once_true
        on
            versions._sync_id = once_true.sync_id
            and versions.connection_id = once_true.connection_id
            and versions._chunk_id = once_true.chunk_id
            and versions.date_day = once_true.date_day
),

campaigns as (
    select
        connection_id,
        date_day,
        campaign_id,
        min(place) as first_place
    from reported
    group by connection_id, date_day, campaign_id
),

-- From the first sync that has a campaign's day on, each later one says something of it: its row, or by
-- leaving it out that there is nothing. A row may leave a number out, which is not nothing.
known as (
    select
        once_true.*,
        campaigns.campaign_id,
        campaigns.first_place,
        -- What a sync leaves out is nothing in the currency that was stated last.
        coalesce(
            last_value(reported.stated_currency ignore nulls) over (
                partition by once_true.connection_id, once_true.date_day, campaigns.campaign_id
                order by once_true.place
            ),
            once_true.account_currency
        ) as currency_code,
        {%- for metric in metrics %}
        case when reported.campaign_id is null then 0 else reported.{{ metric }} end as {{ metric }},
        reported.{{ metric }} as told_{{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from once_true
    inner join campaigns
        on
            once_true.connection_id = campaigns.connection_id
            and once_true.date_day = campaigns.date_day
            and once_true.place >= campaigns.first_place
    left join reported
        on
            campaigns.connection_id = reported.connection_id
            and campaigns.date_day = reported.date_day
            and campaigns.campaign_id = reported.campaign_id
            and once_true.place = reported.place
),

by_metric as (
    {%- for metric, is_money in metrics.items() %}
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        campaign_id,
        date_day,
        sync_id,
        chunk_id,
        committed_at,
        place,
        is_day_over,
        '{{ metric }}' as metric,
        {{ 'currency_code' if is_money else unreported('varchar') }} as currency_code,
        try_cast({{ metric }} as decimal(24, 6)) as value,
        try_cast(told_{{ metric }} as decimal(24, 6)) as told_value
    from known
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- A number begins with the first sync that reports it: one that no sync reported is not restated to 0.
ever_told as (
    select *
    from by_metric
    qualify count(told_value) over (
        partition by connection_id, date_day, campaign_id, metric
        order by place
    ) > 0
),

compared as (
    select
        *,
        lag(value) over one_number as previous_value,
        lag(currency_code) over one_number as previous_currency_code,
        coalesce(lag(is_day_over) over one_number, false) as was_day_over,
        row_number() over one_number = 1 as is_first
    from ever_told
    window one_number as (
        partition by connection_id, date_day, campaign_id, metric
        order by place
    )
),

restatements as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'campaign_id']) }} as campaign_key,
        campaign_id,
        date_day,
        {{ date_key('date_day') }} as date_key,
        metric,
        committed_at as known_at,
        is_first,
        currency_code,
        value,
        previous_value,
        -- Amounts of two currencies have no difference.
        case
            when is_first or not (currency_code is distinct from previous_currency_code)
                then try_cast(coalesce(value, 0) - coalesce(previous_value, 0) as decimal(24, 6))
        end as value_change,
        sync_id as _sync_id,
        chunk_id as _chunk_id,
        is_day_over,
        -- What the running day grows by is no restatement.
        was_day_over as is_restatement
    from compared
    where
        is_first
        or value is distinct from previous_value
        or currency_code is distinct from previous_currency_code
)

select * from restatements
