-- Leads with the channel, the platform and the campaign that they came from.

with

leads as (
    select * from {{ ref('int_crm_leads') }}
),

placed as (
    select
        leads.*,
        coalesce(campaigns.channel, 'unattributed') as channel,
        coalesce(campaigns.attributed_platform, 'unattributed') as attributed_platform,
        coalesce(campaigns.campaign_match, 'none') as campaign_match,
        campaigns.campaign_key
    from leads
    left join {{ ref('int_lead_campaigns') }} as campaigns
        on
            leads.organization_id = campaigns.organization_id
            and leads.channel_words = campaigns.channel_words
            and leads.campaign_words = campaigns.campaign_words
)

select * from placed
