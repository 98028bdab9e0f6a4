-- The channels of visits by the rules that orders have: see int_order_channels.

{% set said %}
select channel_words from {{ ref('int_visit_words') }}
union
select channel_words from {{ ref('int_first_visit_words') }}
{% endset %}

{{ channels_of_words(said) }}
