-- Where the visits of a month came from, in words: those that the collector saw, and those of an analytics property.

with

analytics as (
    select
        organization_id,
        'analytics' as evidence_type,
        cast(date_trunc('month', date_day) as date) as date_month,
        channel as visit_channel,
        nullif(source, '(direct)') as utm_source,
        nullif(medium, '(none)') as utm_medium,
        case when campaign_name not like '(%)' then campaign_name end as utm_campaign,
        {{ unreported('varchar') }} as utm_term,
        {{ unreported('varchar') }} as utm_content,
        {{ unreported('varchar') }} as landing_campaign_id,
        {{ unreported('varchar') }} as click_id_type,
        case when source = '(direct)' then 'direct' end as visit_source,
        'web' as source_name,
        {{ unreported('varchar') }} as stated_channel,
        sessions,
        _sync_id
    from {{ ref('fact_web_source_daily') }}
),

visits as (
    select
        organization_id,
        evidence_type,
        date_month,
        visit_channel,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        landing_campaign_id,
        click_id_type,
        {{ channel_words() }} as channel_words,
        {{ campaign_words() }} as campaign_words,
        sessions,
        _sync_id
    from analytics
    union all
    select
        organization_id,
        'session' as evidence_type,
        cast(date_trunc('month', date_day) as date) as date_month,
        session_channel as visit_channel,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        landing_campaign_id,
        click_id_type,
        channel_words,
        campaign_words,
        1 as sessions,
        _sync_id
    from {{ ref('int_session_words') }}
),

summed as (
    select
        organization_id,
        evidence_type,
        date_month,
        visit_channel,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        landing_campaign_id,
        click_id_type,
        channel_words,
        campaign_words,
        {{ exact_sum('sessions', 'bigint') }} as sessions,
        max(_sync_id) as _sync_id
    from visits
    group by
        organization_id, evidence_type, date_month, visit_channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content,
        landing_campaign_id, click_id_type, channel_words, campaign_words
)

select * from summed
