-- What a campaign's report gained from one day's last reading to the next, on the day of the later one. Before the
-- first list nothing is known of when it happened, so there is no difference. A campaign that an earlier list
-- lacks had nothing yet; a count that one of two readings lacks has no difference.

{% set counts = mailchimp_counts() %}

with

day_lists as (
    select
        connection_id,
        sync_id,
        row_number() over (partition by connection_id order by local_day) as list_number
    from {{ ref('int_snapshot_lists') }}
    where platform = 'mailchimp' and stream = 'reports'
    qualify row_number() over (
        partition by connection_id, local_day
        order by fetch_started_at desc, sync_id desc
    ) = 1
),

readings as (
    select
        reports.*,
        day_lists.list_number,
        row_number() over (
            partition by reports.connection_id, reports.message_id
            order by reports.local_day
        ) = 1 as is_first
    from {{ ref('stg_mailchimp__reports') }} as reports
    inner join day_lists
        on reports._sync_id = day_lists.sync_id and reports.connection_id = day_lists.connection_id
),

compared as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        message_id,
        'difference' as day_meaning,
        local_day as date_day,
        currency_code,
        {%- for name in counts %}
        {{ 'cast(' if name == 'revenue' else '' }}{{ name }} - case
            when is_first then 0 else
                lag({{ name }}) over (partition by connection_id, message_id order by local_day)
        end{{ ' as decimal(24, 6))' if name == 'revenue' else '' }} as {{ name }},
        {%- endfor %}
        list_number,
        is_first,
        _sync_id,
        _chunk_id,
        _synced_at
    from readings
),

differing as (
    select
        * exclude (list_number, is_first)
    from compared
    where
        not (is_first and list_number = 1)
        and (
            {%- for name in counts %}
            coalesce({{ name }}, 0) <> 0{{ ' or' if not loop.last }}
            {%- endfor %}
        )
)

select * from differing
