{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

{% set is_made_up = "coalesce(utm_campaign = 'google_cpc' and click_id_type = 'gclid', false)" %}
{% set is_utm = "coalesce(visit_type, 'utm') = 'utm' and not " ~ is_made_up %}

{{ newest_of_dirty_records('woocommerce', 'orders', 'order_id', values=['status', 'total', 'line_items', 'refunds']) }}

-- What earlier versions of the connector did not keep.
completed as (
    {{ with_columns('source', {
        'region_code': 'varchar', 'shipping_region_code': 'varchar', 'landing_campaign_id': 'varchar',
        'click_id_type': 'varchar', 'click_id': 'varchar', 'landing_path': 'varchar', 'referrer_host': 'varchar',
    }) }}
),

renamed as (
    select
        {{ of_account() }},
        record_id as order_id,
        -- Who buys without an account is known by the token of an address alone.
        coalesce(nullif(customer_id, '0'), email) as customer_id,
        email as email_token,
        number as order_name,
        status as platform_status,
        created_via as source_name,
        coalesce(nullif(shipping_country_code, ''), nullif(country_code, '')) as country,
        coalesce(nullif(shipping_region_code, ''), nullif(region_code, '')) as region,
        {{ joined_texts('coupon_lines', 'code') }} as discount_codes,
        nullif(payment_method, '') as payment_gateways,
        {{ joined_texts('shipping_lines', 'method_id') }} as delivery_methods,
        -- WooCommerce names a source for every visit: parameters of an address they are of type utm alone, and not where its
        -- script made them up for a gclid.
        {%- for part in ['source', 'medium', 'campaign', 'term', 'content'] %}
        case when {{ is_utm }} then utm_{{ part }} end as utm_{{ part }},
        {%- endfor %}
        case when not ({{ is_utm }}) then utm_source end as visit_source,
        case when visit_type = 'organic' then 'organic_search' end as stated_channel,
        landing_campaign_id,
        click_id_type,
        click_id,
        landing_path,
        referrer_host,
        coalesce(currency_code, account_currency) as currency_code,
        account_time_zone as time_zone,
        total as total_amount,
        total_tax as tax_amount,
        shipping_total as shipping_amount,
        shipping_tax as shipping_tax_amount,
        try_cast(coalesce({{ json_sum('fee_lines', '[*].total') }}, 0) as decimal(24, 6)) as fee_amount,
        coalesce(is_tax_included, false) as is_tax_included,
        created_at as ordered_at,
        cast({{ instant_to_local('created_at', 'account_time_zone') }} as date) as date_day,
        cast(hour({{ instant_to_local('created_at', 'account_time_zone') }}) as integer) as local_hour,
        updated_at,
        paid_at,
        completed_at as fulfilled_at,
        completed_at as last_fulfilled_at,
        line_items,
        coupon_lines,
        {{ of_sync() }}
    from completed
    where created_at is not null
)

select * from renamed
