-- Where orders come from, by rules: the first rule that fits what an order says of its last visit, those of the
-- platforms before those that hold for all, else the channel that a file states if it is one of ours, else
-- `unattributed`. A rule's words are patterns (% stands for anything).

with

said as (
    select distinct channel_words from {{ ref('int_orders_unioned') }}
    union
    select distinct channel_words from {{ ref('int_refunds_unioned') }}
),

words as (
    select
        channel_words,
        split_part(channel_words, '|', 1) as source,
        split_part(channel_words, '|', 2) as medium,
        split_part(channel_words, '|', 3) as source_name,
        replace(split_part(channel_words, '|', 4), ' ', '_') as stated_channel
    from said
),

rules as (
    {{ order_rules() }}
),

known_channels as (
    select channel from rules
    union
    select word as channel from {{ ref('int_platform_words') }} where kind = 'channel'
),

fitting as (
    select
        words.channel_words,
        rules.channel,
        rules.platform
    from words
    inner join rules
        on
            words.source like rules.utm_source
            and words.medium like rules.utm_medium
            and words.source_name like rules.source_name
    qualify row_number() over (
        partition by words.channel_words
        order by rules.platform is null, rules.rule_number, rules.platform
    ) = 1
),

placed as (
    select
        words.channel_words,
        coalesce(fitting.channel, known_channels.channel, 'unattributed') as channel,
        coalesce(fitting.platform, 'unattributed') as attributed_platform
    from words
    left join fitting on words.channel_words = fitting.channel_words
    left join known_channels on words.stated_channel = known_channels.channel
)

select * from placed
