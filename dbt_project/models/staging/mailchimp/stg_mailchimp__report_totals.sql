-- What a campaign came to so far, on the day that it was sent: its newest report, also when it is deleted.

with

reports as (
    select * from {{ ref('stg_mailchimp__reports') }}
    where sent_day is not null
),

newest as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        message_id,
        'sent' as day_meaning,
        sent_day as date_day,
        currency_code,
        {%- for name in mailchimp_counts() %}
        {{ name }},
        {%- endfor %}
        unique_opens,
        unique_human_opens,
        unique_clicks,
        _sync_id,
        _chunk_id,
        _synced_at
    from reports
    qualify row_number() over (
        partition by connection_id, message_id
        order by list_fetched_at desc, _sync_id desc
    ) = 1
)

select * from newest
