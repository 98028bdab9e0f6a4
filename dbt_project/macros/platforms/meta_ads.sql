{#- Meta's amounts in minor units (budgets, bids) as money. The currencies that Meta counts whole are
    its own list, not ISO's. https://developers.facebook.com/docs/marketing-api/currencies -#}
{% macro meta_money(column, currency) -%}
    try_cast({{ column }} * case
        when {{ currency }} in ('CLP', 'COP', 'CRC', 'HUF', 'ISK', 'IDR', 'JPY', 'KRW', 'PYG', 'TWD', 'VND')
            then cast(1 as decimal(3, 2))
        when {{ currency }} is not null then cast(0.01 as decimal(3, 2))
    end as decimal(18, 6))
{%- endmacro %}


{#- The query that Meta appends to a landing page, with the ids and the name of the ad that it fills in
    itself. Names of campaigns and ad sets stay as the placeholder they are. -#}
{% macro meta_tags(column) -%}
    replace(replace(replace(replace({{ column }},
        '{{ "{{campaign.id}}" }}', campaign_id),
        '{{ "{{adset.id}}" }}', ad_set_id),
        '{{ "{{ad.id}}" }}', ad_id),
        '{{ "{{ad.name}}" }}', url_encode(coalesce(name, '')))
{%- endmacro %}


{#- The number of one action type: nothing happened when the type is not there, and it is unknown when
    what is there is no number. Types overlap: they are never added up. `part`: by which attribution window. -#}
{% macro action_sum(actions, type, number='bigint', part='value') -%}
    try_cast(coalesce({{ action_total(actions, type, part) }}, '0') as {{ number }})
{%- endmacro %}


{#- Conversions and their value. A conversion is listed under several types; it is counted under one:
    `omni_purchase` (all channels) or, in a row that has none, `purchase`. Its value is that of the same type. Of
    objects with different settings Meta gives the windows (`part`) and no default value. -#}
{% macro meta_conversions(part='value') -%}
        {%- for name, list in {'conversions': 'actions', 'conversion_value': 'action_values'}.items() %}
        case
            when
                {%- if part == 'value' %}
                {{ action_value('actions', 'omni_purchase') }} is null
                and {{ action_value('action_values', 'omni_purchase') }} is null
                {%- else %}
                not {{ has_action('actions', 'omni_purchase') }}
                and not {{ has_action('action_values', 'omni_purchase') }}
                {%- endif %}
                then {{ action_sum(list, 'purchase', 'decimal(18, 6)', part) }}
            else {{ action_sum(list, 'omni_purchase', 'decimal(18, 6)', part) }}
        end as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
{%- endmacro %}


{#- What every report of Meta counts. A metric that is nothing is absent from Meta's answer. -#}
{% macro meta_counts() -%}
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        {{ exact('coalesce(spend, 0)') }} as spend,
        {{ meta_conversions() | trim }}
{%- endmacro %}


{#- What people did with an ad, one action type each. -#}
{% macro meta_reactions() -%}
        {{ action_sum('actions', 'post_engagement') }} as engagements,
        {{ action_sum('actions', 'post_reaction') }} as likes,
        {{ action_sum('actions', 'post') }} as shares,
        {{ action_sum('actions', 'comment') }} as comments,
        {{ action_sum('actions', 'video_view') }} as video_views,
        {{ action_sum('outbound_clicks', 'outbound_click') }} as outbound_clicks,
        coalesce(inline_link_clicks, 0) as link_clicks
{%- endmacro %}


{#- What Meta reports by the day only: people, who are never added up, and how far videos were played. -#}
{% macro meta_audience() -%}
        reach,
        {{ exact('frequency') }} as frequency,
        {{ action_sum('unique_outbound_clicks', 'outbound_click') }} as unique_outbound_clicks,
        {%- for part in ['25', '50', '75', '100'] %}
        {{ action_sum('video_p' ~ part ~ '_watched_actions', 'video_view') }} as video_views_{{ part }},
        {%- endfor %}
        {{ action_sum('video_thruplay_watched_actions', 'video_view') }} as video_completions
{%- endmacro %}
