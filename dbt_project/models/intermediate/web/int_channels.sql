-- The channels of the seed, and behind them those that only words and rules of platforms name.

with

listed as (
    select
        channel,
        channel_name,
        sort_number,
        is_paid,
        platform_channel
    from {{ ref('channels') }}
),

named as (
    select word as channel from {{ ref('int_platform_words') }} where kind = 'channel'
    union
    select channel from {{ ref('order_channel_rules') }}
    union
    select channel from {{ ref('web_channel_rules') }}
    {%- for seed in level_models('channel_rules') %}
    union
    select channel from {{ ref(seed) }}
    {%- endfor %}
),

unioned as (
    select * from listed
    union all
    select
        named.channel,
        replace(named.channel, '_', ' ') as channel_name,
        1000 as sort_number,
        {{ unreported('boolean') }} as is_paid,
        {{ unreported('varchar') }} as platform_channel
    from named
    left join listed on named.channel = listed.channel
    where listed.channel is null
)

select * from unioned
