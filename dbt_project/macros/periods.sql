{#- A long mart of a longer period: sums of the days. -#}
{% macro period_aggregates(period) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        cast(date_trunc('{{ period }}', date_day) as date) as date_{{ period }},
        {{ set_fingerprint(['date_day', 'fingerprint']) }} as fingerprint
    from {{ state_of('mart_daily_aggregates') }}
    group by organization_id, cast(date_trunc('{{ period }}', date_day) as date)
    {% endcall %}
),

days as (
    select
        days.*,
        dirty_keys.date_{{ period }}
    from {{ ref('mart_daily_aggregates') }} as days
    inner join dirty_keys
        on
            days.organization_id = dirty_keys.organization_id
            and cast(date_trunc('{{ period }}', days.date_day) as date) = dirty_keys.date_{{ period }}
),

-- Unknown when one of its days is; what no rate converts stands beside the sum.
summed as (
    select
        organization_id,
        channel,
        metric,
        date_{{ period }},
        {{ date_key('date_' ~ period) }} as date_key,
        case when min(currency_code) = max(currency_code) then max(currency_code) end as currency_code,
        count(distinct date_day) as days,
        {{ long_sum('value') }} as value
    from days
    group by organization_id, channel, metric, date_{{ period }}
),

unconverted_amounts as (
    select
        *,
        cast(date_trunc('{{ period }}', date_day) as date) as date_{{ period }}
    from {{ ref('mart_unconverted_amounts') }}
),

unconverted as (
    {{ unconverted_by_measure('unconverted_amounts', ['organization_id', 'channel', 'date_' ~ period]) }}
),

marked as (
    select
        summed.*,
        unconverted.unconverted
    from summed
    left join unconverted
        on
            summed.organization_id = unconverted.organization_id
            and summed.channel = unconverted.channel
            and summed.metric = unconverted.measure
            and summed.date_{{ period }} = unconverted.date_{{ period }}
)

select * from marked
{%- endmacro %}


{#- A sum of a long mart's values; null when one of them is unknown. One that no rate converts is not: it
    stands beside, in `unconverted`. -#}
{% macro long_sum(value) -%}
    case when count(case when {{ value }} is null and unconverted is null then 1 end) = 0 then try_cast(sum({{ value }}) as decimal(24, 6)) end
{%- endmacro %}


{#- The numbers of the key figures, and their ratios, from the metrics of a long mart. Ratios are ratios of
    the sums; what has no spend has no return on it. -#}
{% macro kpi_metrics() -%}
    {{ return({
        'gross_revenue': 'gross_revenue_reporting',
        'refunds': 'refunds_reporting',
        'net_revenue': 'net_revenue_reporting',
        'spend': 'spend_reporting',
        'conversion_value': 'platform_conversion_value_reporting',
        'orders': 'orders',
        'new_customers': 'new_customers',
        'orders_of_unknown_customers': 'orders_of_unknown_customers',
        'units': 'units',
        'clicks': 'clicks',
        'conversions': 'conversions',
        'daily_sessions': 'daily_sessions',
        'measured_orders': 'measured_orders',
        'analytics_transactions': 'analytics_transactions',
        'analytics_revenue': 'analytics_revenue_reporting',
    }) }}
{%- endmacro %}


{#- A metric's sum over channels; null when the metric is not there, or a part of it is unknown. -#}
{% macro metric_sum(metric) -%}
    case
        when count(case when metric = '{{ metric }}' and value is null and unconverted is null then 1 end) = 0
            then try_cast(sum(case when metric = '{{ metric }}' then value end) as decimal(24, 6))
    end
{%- endmacro %}


{#- The key figures that are money, by the measure of mart_unconverted_amounts that says what is missing. -#}
{% macro kpi_money() -%}
    {{ return(['gross_revenue', 'refunds', 'net_revenue', 'spend', 'conversion_value']) }}
{%- endmacro %}


{#- The texts of what is not converted that stand behind a key figure or a ratio of them. -#}
{% macro kpi_texts(name, rows='') -%}
    {%- set columns = kpi_ratios().get(name, (name,)) -%}
    {%- set texts = [] -%}
    {%- for metric, column in kpi_metrics().items() if column in columns and metric in kpi_money() -%}
        {%- do texts.append(rows ~ 'unconverted_' ~ metric) -%}
    {%- endfor -%}
    {{ return(texts) }}
{%- endmacro %}


{% macro kpi_ratios() -%}
    {{ return({
        'platform_roas': ('platform_conversion_value_reporting', 'spend_reporting'),
        'mer': ('net_revenue_reporting', 'spend_reporting'),
        'cac_reporting': ('spend_reporting', 'new_customers'),
        'aov_reporting': ('gross_revenue_reporting', 'orders'),
        'cpa_reporting': ('spend_reporting', 'conversions'),
        'shop_conversion_rate': ('measured_orders', 'daily_sessions'),
    }) }}
{%- endmacro %}


{#- Key figures by period, with the period before and the same one a year before. `earlier` names what each
    is compared with and gives the period's start for it. -#}
{% macro kpi_periods(long_mart, period, earlier, later) -%}
{%- set metrics = kpi_metrics() -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        {{ period }},
        {{ set_fingerprint(['compared', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, {{ period }}, 'itself' as compared, fingerprint
        from {{ state_of(long_mart) }}
        {%- for name, start in later.items() %}
        union all
        select organization_id, {{ start }} as {{ period }}, '{{ name }}' as compared, fingerprint
        from {{ state_of(long_mart) }}
        {%- endfor %}
        {%- if period == 'date_day' %}
        union all
        select organization_id, date_day, 'settled' as compared, cast(is_settled as varchar) as fingerprint
        from {{ ref('mart_organization_daily_metrics') }}
        {%- endif %}
    ) as depended_on
    group by organization_id, {{ period }}
    having max(case when compared = 'itself' then 1 else 0 end) = 1
    {% endcall %}
),

wanted as (
    select organization_id, {{ period }} from dirty_keys
    {%- for name, start in earlier.items() %}
    union
    select organization_id, {{ start }} as {{ period }} from dirty_keys
    {%- endfor %}
),

summed as (
    select
        long.organization_id,
        long.{{ period }},
        max(long.currency_code) as reporting_currency,
        {%- for metric, name in metrics.items() %}
        {{ metric_sum(metric) }} as {{ name }},
        {%- endfor %}
        {{ 'min(long.is_complete)' if period == 'date_day' else unreported('boolean') }} as is_complete
    from {{ ref(long_mart) }} as long
    inner join wanted
        on long.organization_id = wanted.organization_id and long.{{ period }} = wanted.{{ period }}
    group by long.organization_id, long.{{ period }}
),

unconverted_amounts as (
    select
        *,
        cast(date_trunc('{{ period | replace('date_', '') }}', date_day) as date) as period_start
    from {{ ref('mart_unconverted_amounts') }}
),

unconverted as (
    {{ unconverted_texts('unconverted_amounts', ['organization_id', 'period_start'], kpi_money()) }}
),

with_texts as (
    select
        summed.*,
        {%- for measure in kpi_money() %}
        unconverted.unconverted_{{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from summed
    left join unconverted
        on summed.organization_id = unconverted.organization_id and summed.{{ period }} = unconverted.period_start
),

-- A ratio of known parts would say something of other accounts above and below the line.
figures as (
    select
        *,
        {%- for name, parts in kpi_ratios().items() %}
        {{ if_converted(ratio(parts[0], parts[1]), kpi_texts(name)) }} as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from with_texts
),

compared as (
    select
        figures.organization_id,
        figures.{{ period }},
        {{ date_key('figures.' ~ period) }} as date_key,
        figures.reporting_currency,
        {%- for name in metrics.values() %}
        figures.{{ name }},
        {%- endfor %}
        {%- for name in kpi_ratios() %}
        figures.{{ name }},
        {%- endfor %}
        {%- for earlier_name in earlier %}
        {%- for name in ['net_revenue_reporting', 'spend_reporting', 'orders', 'new_customers', 'mer', 'aov_reporting', 'cac_reporting'] %}
        {{ if_converted(earlier_name ~ '.' ~ name, kpi_texts(name, earlier_name ~ '.')) }} as {{ name }}_{{ earlier_name }},
        {%- endfor %}
        {%- endfor %}
        {%- if period == 'date_day' %}
        figures.is_complete,
        {%- endif %}
        {%- for measure in kpi_money() %}
        figures.unconverted_{{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
        {%- if period == 'date_day' %},
        days.is_settled
        {%- endif %}
    from figures
    inner join dirty_keys
        on figures.organization_id = dirty_keys.organization_id and figures.{{ period }} = dirty_keys.{{ period }}
    {%- if period == 'date_day' %}
    left join {{ ref('mart_organization_daily_metrics') }} as days
        on figures.organization_id = days.organization_id and figures.date_day = days.date_day
    {%- endif %}
    {%- for earlier_name, start in earlier.items() %}
    left join figures as {{ earlier_name }}
        on
            figures.organization_id = {{ earlier_name }}.organization_id
            and {{ start | replace(period, 'figures.' ~ period) }} = {{ earlier_name }}.{{ period }}
            -- What is in another currency now is no comparison.
            and figures.reporting_currency = {{ earlier_name }}.reporting_currency
    {%- endfor %}
)

select * from compared
{%- endmacro %}
