-- Which campaign brought a visit: see int_order_campaigns.

{% set said %}
select organization_id, channel_words, campaign_words, utm_source, utm_medium, utm_campaign, utm_term, utm_content, landing_campaign_id
from {{ ref('int_visit_words') }}
union all
select organization_id, channel_words, campaign_words, utm_source, utm_medium, utm_campaign, utm_term, utm_content, landing_campaign_id
from {{ ref('int_first_visit_words') }}
{% endset %}

{{ campaigns_of_words(said, 'int_visit_channels') }}
