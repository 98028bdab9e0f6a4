{#- Facts of visits: what an analytics property reports at a level, as the winning syncs have it. -#}

{#- The numbers of visits that are no money; sessions and people never add up. -#}
{% macro web_numbers() -%}
    {{ return(['sessions', 'engaged_sessions', 'active_users', 'total_users', 'new_users', 'page_views', 'key_events', 'transactions'] + answer_quality()) }}
{%- endmacro %}


{#- What an answer says about itself. -#}
{% macro answer_quality() -%}
    {{ return(['data_loss_from_other_row', 'subject_to_thresholding', 'samples_read_count', 'sampling_space_size']) }}
{%- endmacro %}


{#- A fact of a level of visits by day. The block that calls this selects what a row is of. -#}
{% macro web_fact(level, rows=none, hourly=false) -%}
{{ performance_fact(
    level, rows or '(' ~ union_of(level) ~ ')', measures=web_numbers(), money=['purchase_revenue', 'refund_amount'], hourly=hourly,
    caller=caller,
) }}
{%- endmacro %}


{#- Rows of a level, or other rows with `source`, `medium` and `campaign_name`, with our channel of each: by the rules of GA4's default channel group (`web_channel_rules`), as
    somebody may have edited them, and the platform that it came from. What no rule knows is unattributed. -#}
{% macro with_web_channel(level, rows=none) -%}
with

unioned as (
    {{ rows or union_of(level) }}
),

origins as (
    select distinct source, medium, campaign_name from unioned
),

categorized as (
    select
        origins.source,
        origins.medium,
        origins.campaign_name,
        lower(origins.source) as source_text,
        lower(origins.medium) as medium_text,
        lower(origins.campaign_name) as campaign_text,
        categories.source_category
    from origins
    left join {{ ref('web_source_categories') }} as categories on lower(origins.source) = categories.source
),

fitting as (
    select
        categorized.source,
        categorized.medium,
        categorized.campaign_name,
        rules.channel
    from categorized
    inner join {{ ref('web_channel_rules') }} as rules
        on
            (rules.source_category is null or categorized.source_category = rules.source_category)
            and (rules.source_pattern is null or {{ is_found('rules.source_pattern', 'categorized.source_text') }})
            and (rules.medium_pattern is null or {{ is_found('rules.medium_pattern', 'categorized.medium_text') }})
            and (rules.campaign_pattern is null or {{ is_found('rules.campaign_pattern', 'categorized.campaign_text') }})
    qualify row_number() over (
        partition by categorized.source, categorized.medium, categorized.campaign_name
        order by rules.rule_number
    ) = 1
),

order_rules as (
    {{ order_rules() }}
),

-- Which platform a visit came from: what an order of it would be said to come from.
platforms as (
    select
        categorized.source,
        categorized.medium,
        categorized.campaign_name,
        order_rules.platform
    from categorized
    inner join order_rules
        on
            categorized.source_text like order_rules.utm_source
            and categorized.medium_text like order_rules.utm_medium
            and '' like order_rules.source_name
    qualify row_number() over (
        partition by categorized.source, categorized.medium, categorized.campaign_name
        order by order_rules.platform is null, order_rules.rule_number, order_rules.platform
    ) = 1
),

placed as (
    select
        unioned.*,
        coalesce(fitting.channel, 'unattributed') as channel,
        coalesce(platforms.platform, 'unattributed') as attributed_platform
    from unioned
    left join fitting
        on
            unioned.source = fitting.source
            and unioned.medium = fitting.medium
            and unioned.campaign_name = fitting.campaign_name
    left join platforms
        on
            unioned.source = platforms.source
            and unioned.medium = platforms.medium
            and unioned.campaign_name = platforms.campaign_name
)

select * from placed
{%- endmacro %}
