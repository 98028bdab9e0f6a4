{{ config(key=['channel'], order_by=['sort_number', 'channel']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select channel, {{ fingerprint(['channel_name', 'sort_number', 'is_paid', 'platform_channel']) }} as fingerprint
    from {{ ref('int_channels') }}
    {% endcall %}
),

channels as (
    select channels.*
    from {{ ref('int_channels') }} as channels
    inner join dirty_keys on channels.channel = dirty_keys.channel
)

select * from channels
