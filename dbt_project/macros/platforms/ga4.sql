{#- A report of GA4 under our names: `ids` are the dimensions of its key, `measures` its numbers, each with our word.
    What the answer says about itself stands on every row. -#}
{% macro ga4_report(stream, ids, measures, hourly=false) -%}
    {%- set key = ids | list + (['hour'] if hourly else []) -%}
    {%- set said = [
        'stated_currency', 'stated_time_zone', 'data_loss_from_other_row', 'subject_to_thresholding',
        'samples_read_count', 'sampling_space_size',
    ] -%}
with

source as (
    {{ winning_rows('ga4', stream, key or ['date'], measures | list + said) }}
),

renamed as (
    select
        {{ of_account() }},
        {%- for name, ours in ids.items() %}
        {{ name }} as {{ ours }},
        {%- endfor %}
        date as date_day,
        {%- if hourly %}
        hour as local_hour,
        {%- endif %}
        {%- for name, ours in measures.items() %}
        {{ exact(name) if ours in ['key_events', 'purchase_revenue', 'refund_amount', 'event_revenue', 'item_revenue'] else name }} as {{ ours }},
        {%- endfor %}
        {{ said | join(',\n        ') }},
        {{ of_sync() }}
    from source
)

select * from renamed
{%- endmacro %}


{#- The numbers of visits, each with our word for it. -#}
{% macro ga4_visits() -%}
    {%- set measures = {} -%}
    {%- for name in ['sessions', 'engaged_sessions', 'active_users', 'total_users', 'new_users', 'page_views', 'key_events', 'transactions', 'purchase_revenue', 'refund_amount'] -%}
        {%- do measures.update({name: name}) -%}
    {%- endfor -%}
    {{ return(measures) }}
{%- endmacro %}
