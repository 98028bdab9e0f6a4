{{ config(
    materialized='dirty_keys',
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'platform', 'date_day', 'connection_id', 'age_days'],
) }}

-- Only days that were fetched after their lookback, for nothing of them is still expected. Such a day is worked out once.

{% set metrics = restated_metrics() %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        days.organization_id,
        days.platform,
        days.connection_id,
        days.date_day,
        {{ fingerprint(['state.fingerprint', 'days.time_zone']) }} as fingerprint
    from {{ ref('int_report_days') }} as days
    inner join {{ state_of('fact_restatements') }} as state
        on days.connection_id = state.connection_id and days.date_day = state.date_day
    inner join {{ ref('stg_registry__platforms') }} as platforms on days.platform = platforms.platform
    where
        days.level = 'campaign_day'
        and {{ age_of_day('days.date_day', 'days.fetch_started_at', 'days.time_zone') }} > platforms.lookback_days
    {% endcall %}
),

{{ once_true_syncs() }},

changes as (
    select
        restatements.connection_id,
        restatements.date_day,
        restatements._sync_id,
        restatements._chunk_id,
        {%- for metric in metrics %}
        sum(case when restatements.metric = '{{ metric }}' then restatements.value_change end) as {{ metric }}_change,
        -- What is no longer reported, or is in another currency now, is no share of what it was.
        sum(
            case
                when restatements.metric = '{{ metric }}' and (restatements.value is null or restatements.value_change is null)
                    then 1 else 0
            end
        ) as {{ metric }}_breaks{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fact_restatements') }} as restatements
    inner join dirty_keys
        on restatements.connection_id = dirty_keys.connection_id and restatements.date_day = dirty_keys.date_day
    group by restatements.connection_id, restatements.date_day, restatements._sync_id, restatements._chunk_id
),

-- The day of an account as each sync knew it, and as it is known now.
known as (
    select
        once_true.organization_id,
        once_true.platform,
        once_true.connection_id,
        once_true.date_day,
        once_true.age_days,
        once_true.place,
        sum(once_true.requests) over (
            partition by once_true.connection_id, once_true.date_day, once_true.age_days
        ) as requests,
        {%- for metric in metrics %}
        sum(coalesce(changes.{{ metric }}_change, 0)) over until_now as {{ metric }},
        sum(coalesce(changes.{{ metric }}_change, 0)) over of_day as final_{{ metric }},
        sum(coalesce(changes.{{ metric }}_breaks, 0)) over of_day as {{ metric }}_breaks{{ "," if not loop.last }}
        {%- endfor %}
    from once_true
    left join changes
        on
            once_true.connection_id = changes.connection_id
            and once_true.date_day = changes.date_day
            and once_true.sync_id = changes._sync_id
            and once_true.chunk_id = changes._chunk_id
    window
        until_now as (
            partition by once_true.connection_id, once_true.date_day
            order by once_true.place rows between unbounded preceding and current row
        ),
        of_day as (partition by once_true.connection_id, once_true.date_day)
),

-- Of several syncs at one age the last is what the day looked like when it was that old.
shares as (
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        age_days,
        requests,
        {%- for metric in metrics %}
        case when {{ metric }}_breaks = 0 and final_{{ metric }} > 0 then {{ ratio(metric, 'final_' ~ metric) }} end as {{ metric }}_share{{ "," if not loop.last }}
        {%- endfor %}
    from known
    qualify row_number() over (
        partition by connection_id, date_day, age_days
        order by place desc
    ) = 1
)

select * from shares
