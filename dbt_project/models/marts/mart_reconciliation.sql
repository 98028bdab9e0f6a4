{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'platform', 'account_id', 'metric'],
    own_days=true,
) }}

-- Looked at again whenever the truth, the fact or the mart of a day changed, or one of them did not.

{% set metrics = ['row_count', 'impressions', 'clicks', 'spend', 'conversions', 'conversion_value'] %}
{% set shop_metrics = ['orders', 'order_lines', 'return_lines', 'gross_amount'] %}
{% set partner_metrics = ['partner_clicks', 'partner_conversions', 'partner_payout'] %}
{% set documents = "case when order_type = 'edit' then 0 else 1 end" %}
{% set sold = "case when line_type = 'return' then 0 else 1 end" %}
{% set returned = "case when line_type = 'return' then 1 else 0 end" %}
{% set gross = "case when line_type = 'return' or item_type <> 'product' then 0 else gross_amount end" %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, platform, connection_id, date_day, 'campaigns' as source, fingerprint
        from (
            select
                coalesce(days.organization_id, facts.organization_id, marts.organization_id) as organization_id,
                coalesce(days.platform, facts.platform, marts.platform) as platform,
                coalesce(days.connection_id, facts.connection_id, marts.connection_id) as connection_id,
                coalesce(days.date_day, facts.date_day, marts.date_day) as date_day,
                {{ fingerprint(['days.fingerprint', 'facts.fingerprint', 'marts.fingerprint']) }} as fingerprint
            from (select * from {{ ref('int_report_days') }} where level = 'campaign_day') as days
            full outer join {{ state_of('fact_campaign_performance') }} as facts
                on days.connection_id = facts.connection_id and days.date_day = facts.date_day
            full outer join {{ state_of('mart_campaign_daily_summary') }} as marts
                on
                    coalesce(days.connection_id, facts.connection_id) = marts.connection_id
                    and coalesce(days.date_day, facts.date_day) = marts.date_day
        ) as campaign_days
        {%- for days in ['int_order_days', 'int_refund_days'] %}
        union all
        select organization_id, platform, connection_id, date_day, '{{ days }}' as source, fingerprint
        from {{ ref(days) }}
        {%- endfor %}
        union all
        select organization_id, platform, connection_id, date_day, stream as source, fingerprint
        from {{ ref('int_report_days') }}
        where level = 'affiliate_day'
        {%- for model_name in [
            'fact_orders', 'fact_order_lines', 'mart_shop_daily_summary', 'fact_affiliate_performance', 'mart_affiliate_performance',
        ] %}
        union all
        select organization_id, platform, connection_id, date_day, '{{ model_name }}' as source, fingerprint
        from {{ state_of(model_name) }}
        {%- endfor %}
    ) as sides
    group by organization_id, platform, connection_id, date_day
    {% endcall %}
),

days as (
    select days.*
    from {{ ref('int_report_days') }} as days
    inner join dirty_keys
        on days.connection_id = dirty_keys.connection_id and days.date_day = dirty_keys.date_day
    where days.level = 'campaign_day'
),

raw_days as (
    select reported.*
    from {{ ref('int_campaign_days_raw') }} as reported
    inner join days
        on
            reported._sync_id = days.sync_id
            and reported.connection_id = days.connection_id
            and reported._chunk_id = days.chunk_id
            and reported.date_day = days.date_day
),

{%- for layer, model_name in {'fact': 'fact_campaign_performance', 'mart': 'mart_campaign_daily_summary'}.items() %}

{{ layer }}_days as (
    select
        numbers.connection_id,
        numbers.date_day,
        max(numbers.account_id) as account_id,
        count(*) as row_count,
        sum(numbers.impressions) as impressions,
        sum(numbers.clicks) as clicks,
        sum(numbers.spend) as spend,
        sum(numbers.conversions) as conversions,
        sum(numbers.conversion_value) as conversion_value
    from {{ ref(model_name) }} as numbers
    inner join dirty_keys
        on
            numbers.connection_id = dirty_keys.connection_id
            and numbers.date_day = dirty_keys.date_day
    group by numbers.connection_id, numbers.date_day
),
{%- endfor %}

side_by_side as (
    select
        dirty_keys.organization_id,
        dirty_keys.platform,
        dirty_keys.connection_id,
        coalesce(raw_days.account_id, fact_days.account_id, mart_days.account_id) as account_id,
        dirty_keys.date_day,
        {%- for metric in metrics %}
        coalesce(raw_days.{{ metric }}, 0) as raw_{{ metric }},
        coalesce(fact_days.{{ metric }}, 0) as fact_{{ metric }},
        coalesce(mart_days.{{ metric }}, 0) as mart_{{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from dirty_keys
    left join raw_days
        on dirty_keys.connection_id = raw_days.connection_id and dirty_keys.date_day = raw_days.date_day
    left join fact_days
        on dirty_keys.connection_id = fact_days.connection_id and dirty_keys.date_day = fact_days.date_day
    left join mart_days
        on dirty_keys.connection_id = mart_days.connection_id and dirty_keys.date_day = mart_days.date_day
    -- A day without rows has nothing to reconcile.
    where
        raw_days.connection_id is not null
        or fact_days.connection_id is not null
        or mart_days.connection_id is not null
),

-- Orders and their lines as each platform's staging models book them.
raw_documents as (
    {{ union_of('orders') }}
),

raw_lines as (
    {{ union_of('order_lines') }}
),

-- What partners' networks count of a day.
raw_partners as (
    {{ union_of('affiliate_day') }}
),

{#- Of a shop's day: documents, lines, what came back, and the price of it all; of a network's: its own sums. -#}
{%- set groups = {
    'shop': (shop_metrics, {
        'raw': [
            ('raw_documents', [documents, '0', '0', '0']),
            ('raw_lines', ['0', sold, returned, gross]),
        ],
        'fact': [
            (ref('fact_orders'), [documents, '0', '0', '0']),
            (ref('fact_order_lines'), ['0', sold, returned, gross]),
        ],
        'mart': [(ref('mart_shop_daily_summary'), ['order_documents', 'order_lines', 'return_lines', 'gross_amount + gross_amount_not_counted'])],
    }),
    'partner': (partner_metrics, {
        'raw': [('raw_partners', ['clicks', 'conversions', 'payout'])],
        'fact': [(ref('fact_affiliate_performance'), ['clicks', 'conversions', 'payout'])],
        'mart': [(ref('mart_affiliate_performance'), ['clicks', 'network_conversions', 'network_payout'])],
    }),
} -%}
{%- for group, (group_metrics, sides) in groups.items() %}

{{ group }}_sides as (
    {%- for side, relations in sides.items() %}
    {%- set last_side = loop.last %}
    {%- for relation, values in relations %}
    select
        '{{ side }}' as side,
        rows.connection_id,
        rows.account_id,
        rows.date_day,
        {%- for metric in group_metrics %}
        {{ values[loop.index0] }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ relation }} as rows
    inner join dirty_keys
        on rows.connection_id = dirty_keys.connection_id and rows.date_day = dirty_keys.date_day
    {{ "union all" if not (last_side and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

{{ group }}_side_by_side as (
    select
        dirty_keys.organization_id,
        dirty_keys.platform,
        dirty_keys.connection_id,
        max(sides.account_id) as account_id,
        dirty_keys.date_day,
        {%- for metric in group_metrics %}
        {%- set last_metric = loop.last %}
        {%- for side in ['raw', 'fact', 'mart'] %}
        coalesce(sum(case when sides.side = '{{ side }}' then sides.{{ metric }} end), 0) as {{ side }}_{{ metric }}{{ "," if not (last_metric and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from dirty_keys
    inner join {{ group }}_sides as sides
        on dirty_keys.connection_id = sides.connection_id and dirty_keys.date_day = sides.date_day
    group by dirty_keys.organization_id, dirty_keys.platform, dirty_keys.connection_id, dirty_keys.date_day
),
{%- endfor %}

by_metric as (
    {%- for rows, of_rows in {
        'side_by_side': metrics, 'shop_side_by_side': shop_metrics, 'partner_side_by_side': partner_metrics,
    }.items() %}
    {%- set last_rows = loop.last %}
    {%- for metric in of_rows %}
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        {{ date_key('date_day') }} as date_key,
        '{{ metric }}' as metric,
        cast(raw_{{ metric }} as decimal(38, 6)) as raw_value,
        cast(fact_{{ metric }} as decimal(38, 6)) as fact_value,
        cast(mart_{{ metric }} as decimal(38, 6)) as mart_value
    from {{ rows }}
    {{ "union all" if not (last_rows and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

reconciled as (
    select
        *,
        cast(fact_value - raw_value as decimal(38, 6)) as fact_difference,
        cast(mart_value - raw_value as decimal(38, 6)) as mart_difference,
        fact_value = raw_value and mart_value = raw_value as is_reconciled
    from by_metric
)

select * from reconciled
