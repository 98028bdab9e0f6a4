{{ config(
    key=['organization_id', 'date_month'],
    order_by=['organization_id', 'date_month', 'evidence_type', 'match_key'],
) }}

-- How all orders, visits and spend of a month were matched to campaigns. What matches none stands in the bucket `unattributed`, with the
-- campaign whose name is most like its words as a suggestion; it counts for nothing until it stands in the seed `campaign_aliases`.

{% set words = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'landing_campaign_id', 'click_id_type'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        evidence.organization_id,
        evidence.date_month,
        concat(
            {{ set_fingerprint(evidence_columns()) }},
            max(names.fingerprint)
        ) as fingerprint
    from {{ ref('int_campaign_evidence') }} as evidence
    left join (
        select
            organization_id,
            {{ set_fingerprint(['campaign_key', 'campaign_name', 'valid_from', 'valid_to', 'is_inferred']) }} as fingerprint
        from {{ ref('dim_campaigns') }}
        group by organization_id
    ) as names on evidence.organization_id = names.organization_id
    group by evidence.organization_id, evidence.date_month
    {% endcall %}
),

evidence as (
    select evidence.*
    from {{ ref('int_campaign_evidence') }} as evidence
    inner join dirty_keys
        on evidence.organization_id = dirty_keys.organization_id and evidence.date_month = dirty_keys.date_month
),

campaigns as (
    select
        organization_id,
        platform,
        campaign_key,
        campaign_id,
        campaign_name
    from {{ ref('dim_campaigns') }}
    where is_current
),

-- The last day on which a campaign had a name that it no longer has.
former_names as (
    select
        versions.campaign_key,
        lower(versions.campaign_name) as campaign_name,
        max(versions.valid_to) as valid_to
    from {{ ref('dim_campaigns') }} as versions
    inner join campaigns on versions.campaign_key = campaigns.campaign_key
    where lower(versions.campaign_name) <> lower(campaigns.campaign_name)
    group by versions.campaign_key, lower(versions.campaign_name)
),

-- Both without what is neither a letter nor a digit: `spring-sale` is like `Spring Sale`.
unmatched as (
    select distinct
        organization_id,
        attributed_platform,
        channel,
        lower(utm_campaign) as utm_campaign,
        {{ plain_letters('utm_campaign') }} as plain_words
    from evidence
    where method = 'unmatched' and length({{ plain_letters('utm_campaign') }}) >= 3 and channel not in ('email', 'sms', 'affiliate')
),

likeness as (
    select
        unmatched.organization_id,
        unmatched.attributed_platform,
        unmatched.utm_campaign,
        names.campaign_key,
        max({{ likeness('unmatched.plain_words', 'names.plain_name') }}) as suggestion_likeness
    from unmatched
    inner join (
        select distinct
            organization_id,
            platform,
            campaign_key,
            {{ plain_letters('campaign_name') }} as plain_name
        from {{ ref('dim_campaigns') }}
        where not is_inferred
    ) as names
        on
            unmatched.organization_id = names.organization_id
            and unmatched.attributed_platform in (names.platform, 'unattributed')
            and length(names.plain_name) >= 3
    group by unmatched.organization_id, unmatched.attributed_platform, unmatched.utm_campaign, names.campaign_key
),

suggestions as (
    select *
    from likeness
    where suggestion_likeness >= {{ var('campaign_suggestion_likeness') }}
    qualify row_number() over (
        partition by organization_id, attributed_platform, utm_campaign
        order by suggestion_likeness desc, campaign_key
    ) = 1
),

matched as (
    select
        evidence.* exclude (method),
        case
            when evidence.method = 'campaign_name' and former_names.campaign_key is not null then 'former_name'
            else evidence.method
        end as method,
        campaigns.campaign_id,
        campaigns.campaign_name,
        former_names.valid_to as former_name_until,
        case when suggestions.campaign_key is not null then suggestions.campaign_key end as suggested_campaign_key,
        suggested.campaign_name as suggested_campaign_name,
        suggestions.suggestion_likeness
    from evidence
    left join campaigns on evidence.campaign_key = campaigns.campaign_key
    left join former_names
        on evidence.campaign_key = former_names.campaign_key and lower(evidence.utm_campaign) = former_names.campaign_name
    left join suggestions
        on
            evidence.method = 'unmatched'
            and evidence.organization_id = suggestions.organization_id
            and evidence.attributed_platform = suggestions.attributed_platform
            and lower(evidence.utm_campaign) = suggestions.utm_campaign
            and evidence.channel not in ('email', 'sms', 'affiliate')
    left join campaigns as suggested on suggestions.campaign_key = suggested.campaign_key
),

keyed as (
    select
        {{ surrogate_key([
            'matched.organization_id', 'matched.date_month', 'matched.evidence_type', 'matched.channel', 'matched.attributed_platform',
            'matched.utm_source', 'matched.utm_medium', 'matched.utm_campaign', 'matched.utm_term', 'matched.utm_content',
            'matched.landing_campaign_id', 'matched.click_id_type', 'matched.method', 'matched.campaign_key',
        ]) }} as match_key,
        matched.organization_id,
        matched.date_month,
        matched.evidence_type,
        matched.channel,
        matched.attributed_platform,
        {%- for word in words %}
        matched.{{ word }},
        {%- endfor %}
        matched.method,
        methods.confidence,
        case matched.method
            when 'click_id' then concat('The platform reports the click with this ', coalesce(matched.click_id_type, 'click id'), '.')
            when 'own_id' then 'The platform reports the spend under the id of the campaign.'
            when 'ad_id' then concat('utm_content is the id of an ad: ', matched.utm_content)
            when 'campaign_id' then concat('The address has the id of the campaign: ', matched.campaign_id)
            when 'ad_utm' then 'Source, medium, campaign and content are those of one ad.'
            when 'campaign_utm' then 'Source, medium and campaign are those of the ads of one campaign.'
            when 'alias' then concat('A person has approved the alias ', matched.utm_campaign)
            when 'campaign_name' then concat('utm_campaign is the name of the campaign: ', matched.campaign_name)
            when 'former_name' then concat('utm_campaign is a name that the campaign had before ', cast(matched.former_name_until as varchar))
            when 'ambiguous' then concat(cast(matched.campaign_candidates as varchar), ' campaigns fit.')
            when 'unmatched' then 'No campaign fits.'
            else 'Nothing names a campaign.'
        end as evidence,
        matched.campaign_key,
        coalesce(matched.campaign_key, 'unattributed') as campaign_bucket,
        matched.campaign_id,
        matched.campaign_name,
        matched.campaign_candidates,
        matched.suggested_campaign_key,
        matched.suggested_campaign_name,
        matched.suggestion_likeness,
        matched.orders,
        matched.gross_revenue_reporting,
        matched.sessions,
        matched.spend_reporting,
        matched._sync_id
    from matched
    left join {{ ref('campaign_match_methods') }} as methods on matched.method = methods.method
)

select * from keyed
