-- Where orders come from, by rules: the first rule that fits what an order says of its last visit, those of the
-- platforms before those that hold for all, else the channel that a file states if it is one of ours, else
-- `unattributed`. A rule's words are patterns (% stands for anything).

{% set said %}
select distinct channel_words from {{ ref('int_orders_unioned') }}
union
select distinct channel_words from {{ ref('int_refunds_unioned') }}
{% endset %}

{{ channels_of_words(said) }}
