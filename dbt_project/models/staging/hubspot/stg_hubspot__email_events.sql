with

source as (
    {{ winning_rows('hubspot', 'email_events', ['event_id', 'created_ms'], values=['event_type', 'recipient']) }}
),

renamed as (
    select
        {{ of_account() }},
        event_id,
        created_ms,
        date as date_day,
        happened_at,
        event_type,
        recipient as email_token,
        email_campaign_id,
        {{ of_sync() }}
    from source
)

select * from renamed
