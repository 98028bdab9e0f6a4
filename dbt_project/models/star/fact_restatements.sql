{{ config(
    key=['connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'metric', 'known_at'],
    own_days=true,
) }}

{% set metrics = restated_metrics() %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, date_day, coverage_fingerprint as fingerprint
    from {{ ref('int_report_days') }}
    where level = 'campaign_day'
    {% endcall %}
),

{{ once_true_syncs() }},

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
        {%- for metric in metrics %}
        min(case when {{ metric }} is not null then place end) as first_{{ metric }}_place,
        {%- endfor %}
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
        {{ surrogate_key(['once_true.organization_id', 'once_true.platform', 'once_true.account_id', 'campaigns.campaign_id']) }} as campaign_key,
        reported.stated_currency,
        {%- for metric in metrics %}
        try_cast(
            case when reported.campaign_id is null then 0 else reported.{{ metric }} end as decimal(24, 6)
        ) as {{ metric }},
        campaigns.first_{{ metric }}_place{{ "," if not loop.last }}
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

-- One window over a campaign's day: to sort each of its numbers by itself took five times as long.
compared as (
    select
        *,
        -- What a sync leaves out is nothing in the currency that was stated last.
        coalesce(last_value(stated_currency ignore nulls) over until_now, account_currency) as money_currency,
        coalesce(
            last_value(stated_currency ignore nulls) over until_then, lag(account_currency) over until_now
        ) as previous_money_currency,
        {%- for metric in metrics %}
        lag({{ metric }}) over until_now as previous_{{ metric }},
        {%- endfor %}
        lag(is_day_over) over until_now as was_day_over
    from known
    window
        until_now as (
            partition by connection_id, date_day, campaign_id
            order by place
        ),
        until_then as (
            partition by connection_id, date_day, campaign_id
            order by place rows between unbounded preceding and 1 preceding
        )
),

-- A number begins with the first sync that reports it: one that no sync reported is not restated to 0.
by_metric as (
    {%- for metric, is_money in metrics.items() %}
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        campaign_key,
        campaign_id,
        date_day,
        sync_id,
        chunk_id,
        committed_at,
        is_day_over,
        '{{ metric }}' as metric,
        place = first_{{ metric }}_place as is_first,
        {{ 'money_currency' if is_money else unreported('varchar') }} as currency_code,
        {{ '(money_currency is distinct from previous_money_currency)' if is_money else 'false' }} as is_other_currency,
        {{ metric }} as value,
        case when place > first_{{ metric }}_place then previous_{{ metric }} end as previous_value,
        place > first_{{ metric }}_place and was_day_over as was_day_over
    from compared
    where place >= first_{{ metric }}_place
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

restatements as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        campaign_key,
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
            when is_first or not is_other_currency
                then try_cast(coalesce(value, 0) - coalesce(previous_value, 0) as decimal(24, 6))
        end as value_change,
        sync_id as _sync_id,
        chunk_id as _chunk_id,
        is_day_over,
        -- What the running day grows by is no restatement.
        was_day_over as is_restatement
    from by_metric
    where
        is_first
        or is_other_currency
        or value is distinct from previous_value
)

select * from restatements
