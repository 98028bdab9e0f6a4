{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'last_day', 'invoice_id'],
) }}

{% set described = ['affiliate_id', 'first_day', 'last_day', 'platform_status', 'is_paid', 'is_removed', 'currency_code', 'reporting_currency',
    'exchange_rate', 'invoice_amount', 'issued_at', 'first_seen_at', 'paid_seen_at', '_sync_id'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        connection_id,
        {{ set_fingerprint(['platform', 'account_id', 'invoice_id'] + described) }} as fingerprint
    from {{ ref('int_affiliate_invoices_unioned') }}
    group by organization_id, connection_id
    {% endcall %}
),

stats as (
    select invoices.*
    from {{ ref('int_affiliate_invoices_unioned') }} as invoices
    inner join dirty_keys on invoices.connection_id = dirty_keys.connection_id
),

converted as (
    select
{{ of_connection() }},
        {{ entity_key(['invoice_id']) }} as invoice_key,
        stats.invoice_id,
        {{ entity_key(['affiliate_id']) }} as affiliate_key,
        stats.affiliate_id,
        stats.first_day,
        stats.last_day,
        stats.platform_status,
        stats.is_paid and not stats.is_removed as is_paid,
        stats.is_removed as is_deleted,
{{ money_in_both(['invoice_amount']) }},
        stats.issued_at,
        stats.first_seen_at,
        stats.paid_seen_at,
        stats._sync_id
    from stats
)

select * from converted
