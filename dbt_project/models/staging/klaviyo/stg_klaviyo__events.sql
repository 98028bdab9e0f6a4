-- Events of a day: who did what, and of which message.

with

source as (
    {{ winning_rows('klaviyo', 'events', ['event_id'], values=['metric_id', 'profile_id', 'happened_at', 'value', 'message_id']) }}
),

renamed as (
    select
        {{ of_account() }},
        event_id,
        date as date_day,
        happened_at,
        metric_id,
        metric_name,
        profile_id as member_id,
        message_id,
        flow_id,
        order_id,
        bounce_type,
        {{ exact('value') }} as event_value,
        value_currency as stated_currency,
        {{ of_sync() }}
    from source
)

select * from renamed
