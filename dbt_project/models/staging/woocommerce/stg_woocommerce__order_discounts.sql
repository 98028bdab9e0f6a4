-- What the coupons of an order took off its lines. WooCommerce has no coupon that takes anything off the shipping alone:
-- one for free shipping has no amount. Like list prices, what is taken off holds the tax where these do.

with

orders as (
    select * from {{ ref('stg_woocommerce__order_records') }}
),

coupons as (
    select
        orders.*,
        {{ json_elements('orders.coupon_lines') }} as coupon
    from orders
),

named as (
    select
        *,
        'goods' as applies_to,
        'code' as discount_kind,
        case
            when {{ json_text('coupon', 'discount_type') }} = 'percent' then 'percentage'
            when {{ json_text('coupon', 'discount_type') }} like 'fixed%' then 'fixed_amount'
        end as discount_type,
        {{ json_text('coupon', 'code') }} as discount_name,
        {{ json_number('coupon', 'discount') }}
        + case when is_tax_included then coalesce({{ json_number('coupon', 'discount_tax') }}, 0) else 0 end as amount
    from coupons
),

{{ summed_discounts() }}
