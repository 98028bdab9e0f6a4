{{ config(
    key=['organization_id', 'date_month'],
    order_by=['organization_id', 'date_month', 'issue', 'utm_part', 'audit_key'],
) }}

-- What is wrong with the UTM parameters of a month's orders and visits: another case than the ads have, a part that is missing, one that no
-- rule and no campaign knows, and a campaign with several names or a name of several campaigns.

{% set parts = ['utm_source', 'utm_medium', 'utm_campaign'] %}
{% set words = parts | join(', ') %}
{% set names_a_visit = "coalesce(utm_source, utm_medium, utm_campaign, utm_content, landing_campaign_id, click_id_type) is not null" %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        evidence.organization_id,
        evidence.date_month,
        concat(
            {{ set_fingerprint(evidence_columns()) }},
            max(ads.fingerprint)
        ) as fingerprint
    from {{ ref('int_campaign_evidence') }} as evidence
    left join (
        select
            organization_id,
            {{ set_fingerprint(parts) }} as fingerprint
        from (select distinct organization_id, {{ words }} from {{ ref('dim_ads') }}) as tagged
        group by organization_id
    ) as ads on evidence.organization_id = ads.organization_id
    where evidence.evidence_type <> 'spend'
    group by evidence.organization_id, evidence.date_month
    {% endcall %}
),

evidence as (
    select evidence.*
    from {{ ref('int_campaign_evidence') }} as evidence
    inner join dirty_keys
        on evidence.organization_id = dirty_keys.organization_id and evidence.date_month = dirty_keys.date_month
    where evidence.evidence_type <> 'spend' and {{ names_a_visit }}
),

-- How ads write a value, or where none does, how most visits of the month write it.
spellings as (
    {%- for part in parts %}
    select
        evidence.organization_id,
        evidence.date_month,
        '{{ part }}' as utm_part,
        evidence.{{ part }} as found_text,
        sum(evidence.orders + evidence.sessions) as visits,
        max(case when ads.{{ part }} is not null then 1 else 0 end) as is_of_ads
    from evidence
    left join (select distinct organization_id, {{ part }} from {{ ref('dim_ads') }}) as ads
        on evidence.organization_id = ads.organization_id and evidence.{{ part }} = ads.{{ part }}
    where evidence.{{ part }} is not null
    group by evidence.organization_id, evidence.date_month, evidence.{{ part }}
    union all
    select
        ads.organization_id,
        dirty_keys.date_month,
        '{{ part }}' as utm_part,
        ads.{{ part }} as found_text,
        0 as visits,
        1 as is_of_ads
    from (select distinct organization_id, {{ part }} from {{ ref('dim_ads') }}) as ads
    inner join dirty_keys on ads.organization_id = dirty_keys.organization_id
    where ads.{{ part }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- What ads write in two ways is right in both.
right_spellings as (
    select
        organization_id,
        date_month,
        utm_part,
        found_text as expected_text,
        is_of_ads,
        row_number() over (
            partition by organization_id, date_month, utm_part, lower(found_text)
            order by is_of_ads desc, visits desc, found_text = lower(found_text) desc, found_text
        ) as place
    from spellings
),

wrong_case as (
    {%- for part in parts %}
    select
        evidence.*,
        'wrong_case' as issue,
        '{{ part }}' as utm_part,
        evidence.{{ part }} as found_text,
        expected.expected_text
    from evidence
    inner join right_spellings as expected
        on
            evidence.organization_id = expected.organization_id
            and evidence.date_month = expected.date_month
            and expected.utm_part = '{{ part }}'
            and expected.place = 1
            and lower(evidence.{{ part }}) = lower(expected.expected_text)
    left join right_spellings as allowed
        on
            evidence.organization_id = allowed.organization_id
            and evidence.date_month = allowed.date_month
            and allowed.utm_part = '{{ part }}'
            and allowed.is_of_ads = 1
            and evidence.{{ part }} = allowed.expected_text
    where evidence.{{ part }} <> expected.expected_text and allowed.expected_text is null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Of a visit that an ad or another parameter proves to have been tagged.
missing as (
    {%- for part in parts %}
    select
        evidence.*,
        'missing' as issue,
        '{{ part }}' as utm_part,
        {{ unreported('varchar') }} as found_text,
        case
            when evidence.click_id_type is not null and coalesce(evidence.utm_source, evidence.utm_medium, evidence.utm_campaign) is null
                then concat('the ad has left ', evidence.click_id_type, ' alone')
        end as expected_text
    from evidence
    where evidence.{{ part }} is null and evidence.evidence_type <> 'analytics'
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

unknown as (
    select
        evidence.*,
        'unknown' as issue,
        'utm_source' as utm_part,
        evidence.utm_source as found_text,
        {{ unreported('varchar') }} as expected_text
    from evidence
    where evidence.channel = 'unattributed' and evidence.utm_source is not null
    union all
    select
        evidence.*,
        'unknown' as issue,
        'utm_campaign' as utm_part,
        evidence.utm_campaign as found_text,
        {{ unreported('varchar') }} as expected_text
    from evidence
    inner join {{ ref('dim_channels') }} as channels on evidence.channel = channels.channel
    where
        evidence.method = 'unmatched'
        and evidence.utm_campaign is not null
        and channels.is_paid
        and evidence.channel <> 'affiliate'
),

names_of_campaigns as (
    select
        organization_id,
        date_month,
        evidence_type,
        campaign_key,
        string_agg(distinct lower(utm_campaign), ' | ' order by lower(utm_campaign)) as utm_campaigns
    from evidence
    where campaign_key is not null and utm_campaign is not null
    group by organization_id, date_month, evidence_type, campaign_key
    having count(distinct lower(utm_campaign)) > 1
),

mixed as (
    select
        evidence.*,
        'mixed' as issue,
        'utm_campaign' as utm_part,
        names.utm_campaigns as found_text,
        {{ unreported('varchar') }} as expected_text
    from evidence
    inner join names_of_campaigns as names
        on
            evidence.organization_id = names.organization_id
            and evidence.date_month = names.date_month
            and evidence.evidence_type = names.evidence_type
            and evidence.campaign_key = names.campaign_key
    where evidence.utm_campaign is not null
    union all
    select
        evidence.*,
        'mixed' as issue,
        'utm_campaign' as utm_part,
        evidence.utm_campaign as found_text,
        concat('one of ', cast(evidence.campaign_candidates as varchar), ' campaigns') as expected_text
    from evidence
    where evidence.method = 'ambiguous' and evidence.utm_campaign is not null
),

issues as (
    select * from wrong_case
    union all
    select * from missing
    union all
    select * from unknown
    union all
    select * from mixed
),

summed as (
    select
        {{ surrogate_key(['organization_id', 'date_month', 'evidence_type', 'issue', 'utm_part', 'utm_source', 'utm_medium', 'utm_campaign',
            'click_id_type', 'channel', 'campaign_key', 'found_text', 'expected_text']) }} as audit_key,
        organization_id,
        date_month,
        evidence_type,
        issue,
        utm_part,
        utm_source,
        utm_medium,
        utm_campaign,
        click_id_type,
        channel,
        campaign_key,
        found_text,
        expected_text,
        {{ exact_sum('orders', 'bigint') }} as orders,
        {{ exact_sum('gross_revenue_reporting') }} as gross_revenue_reporting,
        {{ exact_sum('sessions', 'bigint') }} as sessions,
        max(_sync_id) as _sync_id
    from issues
    group by
        organization_id, date_month, evidence_type, issue, utm_part, utm_source, utm_medium, utm_campaign, click_id_type, channel, campaign_key,
        found_text, expected_text
)

select * from summed
