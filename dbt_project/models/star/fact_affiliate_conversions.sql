{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'affiliate_key', 'conversion_key'],
) }}

-- Each conversion as it is known last, its money converted at the rate of its day.

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
        select organization_id, platform, connection_id, date_day, 'states' as source, fingerprint
        from {{ state_of('fact_affiliate_conversion_states') }}
        union all
        select organization_id, platform, connection_id, date_day, stream as source, fingerprint
        from {{ ref('int_report_days') }}
        where level = 'affiliate_conversion'
    ) as parts
    group by organization_id, platform, connection_id, date_day
    {% endcall %}
),

organizations as (
    select * from {{ ref('stg_registry__organizations') }}
),

stats as (
    select
        states.*,
        coalesce(organizations.reporting_currency, 'USD') as reporting_currency,
        case
            when states.currency_code = coalesce(organizations.reporting_currency, 'USD') then cast(1 as decimal(38, 18))
            else rates.exchange_rate
        end as exchange_rate
    from {{ ref('fact_affiliate_conversion_states') }} as states
    inner join dirty_keys
        on states.connection_id = dirty_keys.connection_id and states.date_day = dirty_keys.date_day
    left join organizations on states.organization_id = organizations.organization_id
    left join {{ ref('int_exchange_rates_crossed') }} as rates
        on
            states.currency_code = rates.from_currency
            and coalesce(organizations.reporting_currency, 'USD') = rates.to_currency
            and states.date_day = rates.date_day
    where states.is_current
),

converted as (
    select
{{ of_connection() }},
        stats.conversion_key,
        stats.conversion_id,
        stats.affiliate_key,
        stats.affiliate_id,
        stats.offer_key,
        stats.offer_id,
        stats.date_day,
        stats.date_key,
        stats.converted_at,
        stats.clicked_at,
        stats.status,
        stats.platform_status,
        stats.status_reason,
        stats.is_event,
        stats.is_held,
        stats.is_test,
        stats.is_missing,
        not stats.is_missing and not stats.is_test as is_counted,
        stats.click_id,
        stats.order_id,
        stats.event_name,
        stats.sub_id,
{{ money_in_both(['payout', 'revenue', 'sale_amount']) }},
        stats.valid_from as last_changed_at,
        stats._sync_id
    from stats
)

select * from converted
