-- Visits by the platform's own channel, each with ours of that name.

with

unioned as (
    {{ union_of('web_channel_day') }}
),

placed as (
    select
        unioned.*,
        coalesce(channels.channel, 'unattributed') as channel
    from unioned
    left join {{ ref('channels') }} as channels on unioned.platform_channel = channels.platform_channel
)

select * from placed
