{#-
Where orders and leads come from: from the words that they bring to a channel, a platform and a campaign.
-#}

{#- The channel and the platform of each `channel_words` of a query: by the first rule that fits. -#}
{% macro channels_of_words(said) -%}
with

said as (
    {{ said }}
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
{%- endmacro %}


{#- The campaign and the ad of each pair of `channel_words` and `campaign_words` of a query, which also has the organization and
    all parts of the words; `channels` is the model with the channels of these words. -#}
{% macro campaigns_of_words(said, channels) -%}
{%- set methods = ['ad_id', 'campaign_id', 'ad_utm', 'campaign_utm', 'alias', 'campaign_name'] -%}
with

said as (
    {{ said }}
),

words as (
    select
        said.organization_id,
        said.channel_words,
        said.campaign_words,
        channels.channel,
        channels.attributed_platform,
        {%- for part in ['source', 'medium', 'campaign', 'term', 'content'] %}
        max(lower(said.utm_{{ part }})) as utm_{{ part }},
        {%- endfor %}
        max(lower(said.landing_campaign_id)) as landing_campaign_id
    from said
    inner join {{ ref(channels) }} as channels on said.channel_words = channels.channel_words
    group by said.organization_id, said.channel_words, said.campaign_words, channels.channel, channels.attributed_platform
),

campaigns as (
    select distinct organization_id, platform, account_id, campaign_key, campaign_id, lower(campaign_name) as campaign_name, is_inferred
    from {{ ref('dim_campaigns') }}
),

campaign_channels as (
    select distinct campaign_key, channel from {{ ref('dim_campaigns') }}
),

-- All that an ad ever led to: a slug that was used twice is not unique.
ads as (
    select distinct
        organization_id,
        platform,
        campaign_key,
        ad_key,
        ad_id,
        lower(utm_source) as utm_source,
        lower(utm_medium) as utm_medium,
        lower(utm_campaign) as utm_campaign,
        lower(utm_content) as utm_content
    from {{ ref('dim_ads') }}
),

-- An id or a name alone says nothing when the visit came from another platform, or from a mail.
candidates as (
    select words.organization_id, words.channel_words, words.campaign_words, 1 as step, ads.platform, ads.campaign_key, ads.ad_key
    from words
    inner join ads on words.organization_id = ads.organization_id and words.utm_content = ads.ad_id
    where words.attributed_platform in (ads.platform, 'unattributed') and words.channel not in ('email', 'sms', 'affiliate')
    union all
    -- Of an ad that has the same words in that campaign alone, too.
    {%- for part in ['utm_campaign', 'landing_campaign_id'] %}
    select words.organization_id, words.channel_words, words.campaign_words, 2 as step, campaigns.platform, campaigns.campaign_key, ads.ad_key
    from words
    inner join campaigns on words.organization_id = campaigns.organization_id and words.{{ part }} = campaigns.campaign_id
    left join ads
        on
            campaigns.campaign_key = ads.campaign_key
            and words.utm_source = ads.utm_source
            and words.utm_medium = ads.utm_medium
            and words.utm_content = ads.utm_content
    where words.attributed_platform in (campaigns.platform, 'unattributed') and words.channel not in ('email', 'sms', 'affiliate')
    union all
    {%- endfor %}
    select words.organization_id, words.channel_words, words.campaign_words, 3 as step, ads.platform, ads.campaign_key, ads.ad_key
    from words
    inner join ads
        on
            words.organization_id = ads.organization_id
            and words.utm_source = ads.utm_source
            and words.utm_medium = ads.utm_medium
            and words.utm_campaign = ads.utm_campaign
            and words.utm_content = ads.utm_content
    union all
    select words.organization_id, words.channel_words, words.campaign_words, 4 as step, ads.platform, ads.campaign_key, null as ad_key
    from words
    inner join ads
        on
            words.organization_id = ads.organization_id
            and words.utm_source = ads.utm_source
            and words.utm_medium = ads.utm_medium
            and words.utm_campaign = ads.utm_campaign
    union all
    -- What a person has approved stands before names, which several campaigns may have had.
    select words.organization_id, words.channel_words, words.campaign_words, 5 as step, campaigns.platform, campaigns.campaign_key, null as ad_key
    from words
    inner join {{ ref('campaign_aliases') }} as aliases
        on
            words.organization_id = aliases.organization_id
            and words.utm_campaign = lower(aliases.utm_campaign)
            and (aliases.utm_source is null or words.utm_source = lower(aliases.utm_source))
    inner join campaigns
        on
            aliases.organization_id = campaigns.organization_id
            and aliases.platform = campaigns.platform
            and aliases.campaign_id = campaigns.campaign_id
            and (aliases.account_id is null or aliases.account_id = campaigns.account_id)
    union all
    -- Every name that the campaign ever had: a rename breaks no history.
    select words.organization_id, words.channel_words, words.campaign_words, 6 as step, campaigns.platform, campaigns.campaign_key, null as ad_key
    from words
    inner join campaigns
        on
            words.organization_id = campaigns.organization_id
            and words.utm_campaign = campaigns.campaign_name
            and words.attributed_platform = campaigns.platform
    where not campaigns.is_inferred
    union all
    -- A paid visit from Google whose campaign is not known: which kinds of campaigns are there at all?
    select words.organization_id, words.channel_words, words.campaign_words, 7 as step, campaigns.platform, campaigns.campaign_key, null as ad_key
    from words
    inner join campaigns on words.organization_id = campaigns.organization_id and words.attributed_platform = campaigns.platform
    where words.channel = 'paid_google'
),

first_steps as (
    select *
    from candidates
    qualify step = min(step) over (partition by organization_id, channel_words, campaign_words)
),

fitting as (
    select
        first_steps.organization_id,
        first_steps.channel_words,
        first_steps.campaign_words,
        first_steps.step,
        count(distinct first_steps.campaign_key) as campaigns,
        count(distinct first_steps.ad_key) as ads,
        min(first_steps.campaign_key) as campaign_key,
        min(first_steps.ad_key) as ad_key,
        min(first_steps.platform) as first_platform,
        max(first_steps.platform) as last_platform,
        min(campaign_channels.channel) as first_channel,
        max(campaign_channels.channel) as last_channel
    from first_steps
    inner join campaign_channels on first_steps.campaign_key = campaign_channels.campaign_key
    group by first_steps.organization_id, first_steps.channel_words, first_steps.campaign_words, first_steps.step
),

matched as (
    select
        words.organization_id,
        words.channel_words,
        words.campaign_words,
        case when fitting.campaigns = 1 and fitting.step <= 6 then fitting.campaign_key end as campaign_key,
        case when fitting.campaigns = 1 and fitting.ads = 1 and fitting.step <= 6 then fitting.ad_key end as ad_key,
        case
            when fitting.step <= 6 and fitting.campaigns > 1 then 'ambiguous'
            {%- for method in methods %}
            when fitting.step = {{ loop.index }} then '{{ method }}'
            {%- endfor %}
            when coalesce(words.utm_campaign, words.utm_content, words.landing_campaign_id) is not null then 'unmatched'
            else 'none'
        end as campaign_match,
        case when fitting.step <= 6 then cast(fitting.campaigns as bigint) else 0 end as campaign_candidates,
        -- Campaigns of one kind have one channel, even when it is not known which of them it was.
        case
            when fitting.first_channel = fitting.last_channel and not (fitting.step = 7 and fitting.first_channel = 'unattributed')
                then fitting.first_channel
            else words.channel
        end as channel,
        case
            when fitting.step <= 6 and fitting.first_platform = fitting.last_platform then fitting.first_platform
            else words.attributed_platform
        end as attributed_platform
    from words
    left join fitting
        on
            words.organization_id = fitting.organization_id
            and words.channel_words = fitting.channel_words
            and words.campaign_words = fitting.campaign_words
)

select * from matched
{%- endmacro %}


{#- A text in small letters with its letters and digits alone. -#}
{% macro plain_letters(text) %}{{ return(adapter.dispatch('plain_letters')(text)) }}{% endmacro %}
{% macro duckdb__plain_letters(text) -%} regexp_replace(lower({{ text }}), '[^\p{L}\p{N}]', '', 'g') {%- endmacro %}
{% macro spark__plain_letters(text) -%} regexp_replace(lower({{ text }}), '[^\\p{L}\\p{N}]', '') {%- endmacro %}


{#- How alike two texts are, 1 where they are the same: the part of the longer one that need not be changed (Levenshtein). -#}
{% macro likeness(one, other) -%}
    cast(round(1 - {{ ratio('levenshtein(' ~ one ~ ', ' ~ other ~ ')', 'greatest(length(' ~ one ~ '), length(' ~ other ~ '))') }}, 4) as decimal(5, 4))
{%- endmacro %}


{#- What a row of int_campaign_evidence has beside its organization and month. -#}
{% macro evidence_columns() -%}
    {%- set names = [] -%}
    {%- for name in [
        'evidence_type', 'channel', 'attributed_platform', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content',
        'landing_campaign_id', 'click_id_type', 'method', 'campaign_key', 'campaign_candidates', 'orders', 'gross_revenue_reporting', 'sessions',
        'spend_reporting', '_sync_id',
    ] -%}
        {%- do names.append('evidence.' ~ name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
