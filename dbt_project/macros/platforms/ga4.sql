{#- A report of GA4 under our names: `ids` are the dimensions of its key, `measures` its numbers, each with our word.
    What the answer says about itself stands on every row. -#}
{% macro ga4_report(stream, ids, measures, hourly=false) -%}
    {%- set said = {} -%}
    {%- for name in ['stated_currency', 'stated_time_zone', 'data_loss_from_other_row', 'subject_to_thresholding', 'samples_read_count', 'sampling_space_size'] -%}
        {%- do said.update({name: name}) -%}
    {%- endfor -%}
    {%- set decimals = ['key_events', 'purchase_revenue', 'refund_amount', 'event_revenue', 'item_revenue'] -%}
    {{ staged_days('ga4', stream, ids, dict(measures, **said), decimals, hourly) }}
{%- endmacro %}


{#- The numbers of visits, each with our word for it. -#}
{% macro ga4_visits() -%}
    {%- set measures = {} -%}
    {%- for name in ['sessions', 'engaged_sessions', 'active_users', 'total_users', 'new_users', 'page_views', 'key_events', 'transactions', 'purchase_revenue', 'refund_amount'] -%}
        {%- do measures.update({name: name}) -%}
    {%- endfor -%}
    {{ return(measures) }}
{%- endmacro %}
