-- Where leads come from, by the rules by which orders are known: see int_order_channels.

{% set said %}
select distinct channel_words from {{ ref('int_crm_leads') }}
{% endset %}

{{ channels_of_words(said) }}
