{{ config(materialized='table') }}

-- Source and medium of every distinct saying: the id of an ad's click, else parameters of a campaign, else an affiliate network, else
-- the page before. A page of the same site, or of a payment, says nothing; parameters on a link inside the site say nothing either.

with

sayings as (
    select distinct
        origin_key,
        utm_source,
        utm_medium,
        utm_campaign,
        referrer_host,
        page_host,
        click_id_type,
        parameters,
        stated_network
    from {{ ref('int_event_origins') }}
),

placed as (
    select
        *,
        coalesce(
            {{ is_of_site('referrer_host', 'page_host') }} or {{ is_of_site('page_host', 'referrer_host') }},
            1 = 0
        ) as is_internal
    from sayings
),

affiliates as (
    select
        placed.origin_key,
        patterns.network,
        patterns.confidence
    from placed
    inner join {{ ref('event_affiliate_patterns') }} as patterns
        on
            instr(placed.parameters, concat('|', patterns.parameter, '|')) > 0
            and (
                patterns.second_parameter is null
                or instr(placed.parameters, concat('|', patterns.second_parameter, '|')) > 0
            )
    qualify row_number() over (
        partition by placed.origin_key
        order by patterns.pattern_number
    ) = 1
),

hosts as (
    select distinct referrer_host from placed
    where referrer_host is not null
),

referrers as (
    select
        hosts.referrer_host,
        rules.source,
        rules.medium
    from hosts
    inner join {{ ref('event_referrers') }} as rules on {{ is_found('rules.host_pattern', 'hosts.referrer_host') }}
    qualify row_number() over (
        partition by hosts.referrer_host
        order by rules.rule_number
    ) = 1
),

decided as (
    select
        placed.origin_key,
        coalesce(placed.stated_network, affiliates.network) as affiliate_network,
        coalesce(affiliates.confidence, case when placed.stated_network is not null then 'high' end) as affiliate_confidence,
        placed.utm_campaign,
        case
            when placed.is_internal then 'internal'
            when clicks.source is not null then 'click_id'
            when placed.utm_source is not null then 'parameters'
            when affiliates.confidence in ('high', 'medium') then 'affiliate'
            when referrers.referrer_host is not null and referrers.source is null then 'internal'
            when referrers.source is not null then 'referrer_rule'
            when placed.referrer_host is not null then 'referrer'
            else 'direct'
        end as source_rule,
        placed.utm_source,
        placed.utm_medium,
        placed.referrer_host,
        clicks.source as click_source,
        clicks.medium as click_medium,
        affiliates.network as pattern_network,
        referrers.source as referrer_source,
        referrers.medium as referrer_medium
    from placed
    left join {{ ref('event_click_ids') }} as clicks on placed.click_id_type = clicks.click_id_type
    left join affiliates on placed.origin_key = affiliates.origin_key
    left join referrers on placed.referrer_host = referrers.referrer_host
),

named as (
    select
        origin_key,
        affiliate_network,
        affiliate_confidence,
        source_rule,
        case source_rule
            when 'click_id' then click_source
            when 'parameters' then utm_source
            when 'affiliate' then pattern_network
            when 'referrer_rule' then referrer_source
            when 'referrer' then referrer_host
            when 'direct' then '(direct)'
        end as source,
        case source_rule
            when 'click_id' then click_medium
            when 'parameters' then coalesce(utm_medium, '(not set)')
            when 'affiliate' then coalesce(utm_medium, 'affiliate')
            when 'referrer_rule' then referrer_medium
            when 'referrer' then 'referral'
            when 'direct' then '(none)'
        end as medium,
        case
            when source_rule in ('internal', 'direct') then '(not set)'
            else coalesce(utm_campaign, '(not set)')
        end as campaign_name
    from decided
)

select * from named
