-- Which campaign and ad brought an order, by what the address of its last visit says: the id of an ad or a
-- campaign (of Google's own `gad_campaignid`, too), the parameters of one ad, those of the ads of one campaign, or a campaign's name. The first that fits
-- anything decides. What fits several campaigns names none of them, so that no order is shown twice.

{% set said %}
select organization_id, channel_words, campaign_words, utm_source, utm_medium, utm_campaign, utm_term, utm_content, landing_campaign_id
from {{ ref('int_orders_unioned') }}
union all
select organization_id, channel_words, campaign_words, utm_source, utm_medium, utm_campaign, utm_term, utm_content, landing_campaign_id
from {{ ref('int_refunds_unioned') }}
{% endset %}

{{ campaigns_of_words(said, 'int_order_channels') }}
