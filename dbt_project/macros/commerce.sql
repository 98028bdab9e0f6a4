{#- CTEs that end in `<rows>_split`: each of `amounts`, which all rows of a `whole` state alike, split over
    those rows by their `weight`, as `<amount>_share`. Split by the largest remainder in hundredths: a
    row gets what the division leaves whole, and the hundredths left over go one by one to the largest
    remainders. What is smaller than a hundredth goes to the first row. So the shares add up exactly. -#}
{% macro split_amounts(rows, amounts, weight, whole, position) -%}
{%- set by_whole = 'partition by ' ~ whole | join(', ') -%}
{{ rows }}_weighted as (
    select
        *,
        case
            when sum(greatest({{ weight }}, 0)) over ({{ by_whole }}) > 0
                then {{ whole_number('greatest(' ~ weight ~ ', 0) * 1000000') }}
            else {{ whole_number('1') }}
        end as split_weight
    from {{ rows }}
),

{{ rows }}_floored as (
    select
        *,
        {%- for amount in amounts %}
        {{ whole_number('floor(abs(' ~ amount ~ ') * 100)') }} as {{ amount }}_units,
        {{ integer_quotient(
            whole_number('floor(abs(' ~ amount ~ ') * 100)') ~ ' * split_weight',
            whole_number('sum(split_weight) over (' ~ by_whole ~ ')')
        ) }} as {{ amount }}_floor,
        mod(
            {{ whole_number('floor(abs(' ~ amount ~ ') * 100)') }} * split_weight,
            {{ whole_number('sum(split_weight) over (' ~ by_whole ~ ')') }}
        ) as {{ amount }}_rest{{ "," if not loop.last }}
        {%- endfor %}
    from {{ rows }}_weighted
),

{{ rows }}_split as (
    select
        *,
        {%- for amount in amounts %}
        cast(
            (case when {{ amount }} < 0 then -1 else 1 end) * cast(
                {{ amount }}_floor + case
                    when
                        row_number() over ({{ by_whole }} order by {{ amount }}_rest desc, {{ position }})
                        <= {{ amount }}_units - sum({{ amount }}_floor) over ({{ by_whole }})
                        then 1
                    else 0
                end as decimal(20, 0)
            ) * cast(0.01 as decimal(3, 2))
            + case
                when row_number() over ({{ by_whole }} order by {{ position }}) = 1
                    then {{ amount }} - (case when {{ amount }} < 0 then -1 else 1 end)
                        * cast({{ amount }}_units as decimal(20, 0)) * cast(0.01 as decimal(3, 2))
                else 0
            end as decimal(24, 6)
        ) as {{ amount }}_share{{ "," if not loop.last }}
        {%- endfor %}
    from {{ rows }}_floored
),
{%- endmacro %}


{#- The head of a model of orders: its dirty orders, and of each of `models` their rows, under the last part of its name.
    `wheres` has what else a model's rows must fulfil, by the model's name. -#}
{% macro rows_of_dirty_orders(models, wheres={}) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    {{ states_of(models) }}
    {% endcall %}
),

{%- for name in models %}

{{ name.split('__')[1] }} as (
    select staged.*
    from {{ ref(name) }} as staged
    inner join dirty_keys
        on staged.connection_id = dirty_keys.connection_id and staged.order_id = dirty_keys.order_id
    {{ "where " ~ wheres[name] if name in wheres }}
),
{%- endfor %}
{%- endmacro %}


{#- CTEs that end in `<rows>_adjusted`: refunds with what was paid back beyond the value of what came back, or below it, as
    `adjustment_amount`. Money often follows the lines in a later refund, so values and money are compared over the order's refunds
    up to each, and nothing is taken off twice. The rows have `paid_amount`, `returned_value` (of everything, with its tax),
    `net_amount` (of the goods among it), `order_net_amount` (of all goods of the order), `kept_amount` (what the merchant kept of
    the value) and `perhaps_shipping` (what of the money may be for shipping, 0 where that is stated). -#}
{% macro goods_adjustments(rows) -%}
{{ rows }}_so_far as (
    select
        *,
        sum(paid_amount) over up_to_here as paid_so_far,
        sum(returned_value) over up_to_here as value_so_far,
        sum(kept_amount) over up_to_here as kept_so_far,
        sum(net_amount) over up_to_here as net_so_far,
        max(perhaps_shipping) over up_to_here as shipping_so_far
    from {{ rows }}
    window up_to_here as (
        partition by connection_id, order_id
        order by refunded_at, refund_id
        rows between unbounded preceding and current row
    )
),

-- Never more than the goods that are left, for the rest is tax, shipping, a fee or a tip; and never less than nothing.
{{ rows }}_beyond as (
    select
        *,
        case
            when paid_so_far > value_so_far
                then least(
                    greatest(paid_so_far - value_so_far - shipping_so_far, 0),
                    greatest(order_net_amount - net_so_far, 0)
                )
            else -least(greatest(kept_so_far, 0), value_so_far - paid_so_far, greatest(net_so_far, 0))
        end as beyond_so_far
    from {{ rows }}_so_far
),

{{ rows }}_adjusted as (
    select
        *,
        try_cast(
            beyond_so_far - coalesce(lag(beyond_so_far) over (
                partition by connection_id, order_id
                order by refunded_at, refund_id
            ), 0) as decimal(24, 6)
        ) as adjustment_amount
    from {{ rows }}_beyond
),
{%- endmacro %}


{#- What `part` pieces of `whole` are worth of an amount, in whole units of so many decimals. The rest stays with
    the other pieces. -#}
{% macro part_of(amount, part, whole, decimals=2) -%}
    cast(cast({{ integer_quotient(
        whole_number(amount ~ ' * ' ~ 10 ** decimals) ~ ' * ' ~ whole_number(part ~ ' * 1000000'), whole_number(whole ~ ' * 1000000')
    ) }} as decimal(26, 0)) * cast({{ '%.*f' % (decimals, 10 ** -decimals) }} as decimal({{ decimals + 1 }}, {{ decimals }})) as decimal(24, 6))
{%- endmacro %}


{#- A whole number of up to 38 digits. -#}
{% macro whole_number(value) %}{{ return(adapter.dispatch('whole_number')(value)) }}{% endmacro %}
{% macro duckdb__whole_number(value) -%} cast({{ value }} as hugeint) {%- endmacro %}
{% macro spark__whole_number(value) -%} cast({{ value }} as decimal(38, 0)) {%- endmacro %}


{#- How often one whole number goes into another. -#}
{% macro integer_quotient(number, divisor) %}{{ return(adapter.dispatch('integer_quotient')(number, divisor)) }}{% endmacro %}
{% macro duckdb__integer_quotient(number, divisor) -%} divide({{ number }}, {{ divisor }}) {%- endmacro %}
{% macro spark__integer_quotient(number, divisor) -%} (({{ number }}) div ({{ divisor }})) {%- endmacro %}


{#- Why an order is in no measure of any mart; null of one that counts. The one rule of which orders
    count: tests and write-offs of stock never do; an order does once money for it was captured, and before
    unless it was given up. -#}
{% macro not_counted_reason(is_test, order_type, is_paid, is_cancelled, status) -%}
    case
        when {{ is_test }} then 'test'
        when {{ order_type }} = 'write_off' then 'write_off'
        when {{ is_paid }} then null
        when {{ is_cancelled }} then 'cancelled'
        when lower({{ status }}) in ('void', 'voided') then 'voided'
        when lower({{ status }}) in ('expired', 'failed') then lower({{ status }})
    end
{%- endmacro %}


{#- What an order says of where it came from, as one text: the key of int_order_channels. A click id stands in
    for UTM parameters where there are none; Meta and Pinterest add theirs to unpaid links as well. -#}
{% macro channel_words(rows='') -%}
    {%- set networks = {
        'google': ['gclid', 'gbraid', 'wbraid', 'dclid', 'gad_source'], 'bing': ['msclkid'], 'facebook': ['fbclid'],
        'tiktok': ['ttclid'], 'linkedin': ['li_fat_id'], 'snapchat': ['sccid'], 'pinterest': ['epik'], 'twitter': ['twclid'],
        'reddit': ['rdt_cid'], 'everflow': ['_ef_transaction_id'],
    } -%}
    lower(concat_ws(
        '|',
        coalesce({{ rows }}utm_source, case
            {%- for source, types in networks.items() %}
            when {{ rows }}click_id_type in ('{{ types | join("', '") }}') then '{{ source }}'
            {%- endfor %}
        end, {{ rows }}visit_source, ''),
        coalesce({{ rows }}utm_medium, case
            when {{ rows }}utm_source is null and {{ rows }}click_id_type not in ('', 'fbclid', 'epik') then 'cpc'
        end, ''),
        coalesce({{ rows }}source_name, ''), coalesce({{ rows }}stated_channel, '')
    ))
{%- endmacro %}


{#- All UTM parameters of an order and the campaign's id in its landing page as one text: with its channel words
    the key of int_order_campaigns. -#}
{% macro campaign_words(rows='') -%}
    lower(concat_ws(
        '|'
        {%- for part in ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'landing_campaign_id'] -%}
        , coalesce({{ rows }}{{ part }}, '')
        {%- endfor -%}
    ))
{%- endmacro %}


{#- The products that lines show and no list has, once each. -#}
{% macro unlisted_products() -%}
    select
        lines.organization_id,
        lines.platform,
        lines.connection_id,
        lines.account_id,
        lines.product_key,
        lines.product_id,
        lines.variant_id,
        max(lines.sku) as sku,
        max(lines.product_name) as product_name
    from {{ ref('fact_order_lines') }} as lines
    left join (select distinct product_key from {{ ref('int_product_versions') }}) as listed
        on lines.product_key = listed.product_key
    where listed.product_key is null
    group by
        lines.organization_id, lines.platform, lines.connection_id, lines.account_id, lines.product_key,
        lines.product_id, lines.variant_id
{%- endmacro %}


{#- Counted orders and refunds of the dirty keys, one row each with the additive numbers of the marts: an
    order has no refund and a refund no order, each on its own day. A day of which all orders are known has a row
    of zeros as well, so that a day without any shows. `by` are the columns they are grouped by,
    `keys` the CTE that names the wanted ones. -#}
{% macro shop_documents(key, by, keys='dirty_keys') -%}
    select
        orders.{{ by | join(',
        orders.') }},
        orders.reporting_currency,
        orders.currency_code,
        case when orders.order_type = 'sale' then 1 else 0 end as orders,
        case when orders.order_type = 'sale' and orders.customer_type = 'new' then 1 else 0 end as new_customers,
        case when orders.order_type = 'sale' and orders.customer_type = 'unknown' then 1 else 0 end as orders_of_unknown_customers,
        orders.units,
        orders.net_amount as gross_revenue,
        orders.net_amount_reporting as gross_revenue_reporting,
        cast(0 as decimal(24, 6)) as refunds,
        cast(0 as decimal(24, 6)) as refunds_reporting,
        orders.net_amount as net_revenue,
        orders.net_amount_reporting as net_revenue_reporting,
        orders.discount_amount as discounts,
        orders.discount_amount_reporting as discounts_reporting,
        orders.tax_amount as tax,
        orders.tax_amount_reporting as tax_reporting,
        orders.shipping_amount as shipping,
        orders.shipping_amount_reporting as shipping_reporting,
        {%- for amount, column in {'gift_cards': 'gift_card', 'tips': 'tip', 'duties': 'duty', 'fees': 'fee'}.items() %}
        orders.{{ column }}_amount as {{ amount }},
        orders.{{ column }}_amount_reporting as {{ amount }}_reporting,
        {%- endfor %}
        cast(0 as decimal(24, 6)) as refund_adjustments,
        cast(0 as decimal(24, 6)) as refund_adjustments_reporting,
        cast(0 as decimal(24, 6)) as all_refunds,
        cast(0 as decimal(24, 6)) as all_refunds_reporting
    from {{ ref('fact_orders') }} as orders
    inner join {{ keys }} as keys
        on {% for column in key %}orders.{{ column }} = keys.{{ column }}{{ " and " if not loop.last }}{% endfor %}
    where orders.is_counted
    union all
    select
        refunds.{{ by | join(',
        refunds.') }},
        refunds.reporting_currency,
        refunds.currency_code,
        0 as orders,
        0 as new_customers,
        0 as orders_of_unknown_customers,
        cast(0 as decimal(24, 6)) as units,
        cast(0 as decimal(24, 6)) as gross_revenue,
        cast(0 as decimal(24, 6)) as gross_revenue_reporting,
        refunds.net_amount as refunds,
        refunds.net_amount_reporting as refunds_reporting,
        -refunds.net_amount - refunds.adjustment_amount as net_revenue,
        -refunds.net_amount_reporting - refunds.adjustment_amount_reporting as net_revenue_reporting,
        cast(0 as decimal(24, 6)) as discounts,
        cast(0 as decimal(24, 6)) as discounts_reporting,
        cast(0 as decimal(24, 6)) as tax,
        cast(0 as decimal(24, 6)) as tax_reporting,
        cast(0 as decimal(24, 6)) as shipping,
        cast(0 as decimal(24, 6)) as shipping_reporting,
        {%- for amount in ['gift_cards', 'tips', 'duties', 'fees'] %}
        cast(0 as decimal(24, 6)) as {{ amount }},
        cast(0 as decimal(24, 6)) as {{ amount }}_reporting,
        {%- endfor %}
        refunds.adjustment_amount as refund_adjustments,
        refunds.adjustment_amount_reporting as refund_adjustments_reporting,
        refunds.net_amount + refunds.adjustment_amount as all_refunds,
        refunds.net_amount_reporting + refunds.adjustment_amount_reporting as all_refunds_reporting
    from {{ ref('fact_refunds') }} as refunds
    inner join {{ keys }} as keys
        on {% for column in key %}refunds.{{ column }} = keys.{{ column }}{{ " and " if not loop.last }}{% endfor %}
    where refunds.is_counted
    union all
    select
        {%- for column in by %}
        {{ "'unattributed' as " if column in ['channel', 'attributed_platform'] else 'days.' }}{{ column }},
        {%- endfor %}
        days.reporting_currency,
        {{ unreported('varchar') }} as currency_code,
        0 as orders,
        0 as new_customers,
        0 as orders_of_unknown_customers,
        {%- for amount in ['units', 'gross_revenue', 'gross_revenue_reporting', 'refunds', 'refunds_reporting', 'net_revenue',
            'net_revenue_reporting', 'discounts', 'discounts_reporting', 'tax', 'tax_reporting', 'shipping', 'shipping_reporting',
            'gift_cards', 'gift_cards_reporting', 'tips', 'tips_reporting', 'duties', 'duties_reporting', 'fees', 'fees_reporting',
            'refund_adjustments', 'refund_adjustments_reporting', 'all_refunds', 'all_refunds_reporting'] %}
        cast(0 as decimal(24, 6)) as {{ amount }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_shop_days') }} as days
    inner join {{ keys }} as keys
        on {% for column in key %}days.{{ column }} = keys.{{ column }}{{ " and " if not loop.last }}{% endfor %}
{%- endmacro %}


{#- Everything that the documents of an account's day depend on, orders or refunds: their newest versions, what their
    goods cost, what their money is converted with, what brought them and, of orders, which of its customer each is.
    `ids` tells the documents of a connection apart, `lines` says which lines are theirs. -#}
{% macro document_days(documents, ids, lines, numbered=false) -%}
{%- set named_ids = [] -%}
{%- for id in ids -%}
    {%- do named_ids.append('documents.' ~ id) -%}
{%- endfor -%}
with

documents as (
    select * from {{ ref(documents) }}
),

states as (
    select * from {{ state_of(documents) }}
),

costs as (
    select
        connection_id,
        {{ ids | join(', ') }},
        bit_xor({{ hash_number(row_text(['line_id', 'unit_cost'])) }}) as costs_hash
    from {{ ref('int_order_line_costs') }}
    where unit_cost is not null and {{ lines }}
    group by connection_id, {{ ids | join(', ') }}
),

days as (
    select
        documents.organization_id,
        documents.platform,
        documents.connection_id,
        documents.date_day,
        {{ set_fingerprint(
            named_ids + ['states.fingerprint']
            + (['numbers.customer_order_number', 'numbers.customer_type'] if numbered else [])
            + [
                'costs.costs_hash', 'rates.reporting_currency', 'rates.exchange_rate', 'campaigns.campaign_key',
                'campaigns.ad_key', 'campaigns.campaign_match', 'campaigns.campaign_candidates', 'campaigns.channel',
                'campaigns.attributed_platform',
            ]
        ) }} as fingerprint
    from documents
    inner join states
        on documents.connection_id = states.connection_id and documents.order_id = states.order_id
    {%- if numbered %}
    left join {{ ref('int_customer_orders') }} as numbers
        on documents.connection_id = numbers.connection_id and documents.order_id = numbers.order_id
    {%- endif %}
    left join costs
        on documents.connection_id = costs.connection_id
        {%- for id in ids %} and documents.{{ id }} = costs.{{ id }}{% endfor %}
    left join {{ ref('int_reporting_rates') }} as rates
        on
            documents.organization_id = rates.organization_id
            and documents.currency_code = rates.currency_code
            and documents.date_day = rates.date_day
    left join {{ ref('int_order_campaigns') }} as campaigns
        on
            documents.organization_id = campaigns.organization_id
            and documents.channel_words = campaigns.channel_words
            and documents.campaign_words = campaigns.campaign_words
    group by documents.organization_id, documents.platform, documents.connection_id, documents.date_day
)

select * from days
{%- endmacro %}


{#- The rules by which an order, or a visit, is known to come from a platform and a channel: those of the platforms and
    those that hold for all, whose `platform` is null. -#}
{% macro order_rules() -%}
    {%- for seed in level_models('channel_rules') %}
    select
        '{{ seed | replace('channel_rules_', '') }}' as platform,
        rule_number,
        utm_source,
        utm_medium,
        source_name,
        channel
    from {{ ref(seed) }}
    union all
    {%- endfor %}
    select
        {{ unreported('varchar') }} as platform,
        rule_number,
        utm_source,
        utm_medium,
        source_name,
        channel
    from {{ ref('order_channel_rules') }}
{%- endmacro %}


{#- The rows of `order_discounts` from named parts of them, each with its `amount`; whose an order is comes from `orders`. Ends the model. -#}
{% macro summed_discounts(rows='named', orders='orders') -%}
{%- set named = ['applies_to', 'discount_kind', 'discount_type', 'discount_name'] -%}
summed_discounts as (
    select
        connection_id,
        order_id,
        {{ named | join(',\n        ') }},
        {{ exact_sum('amount') }} as discount_amount
    from {{ rows }}
    where discount_kind is not null and amount <> 0
    group by connection_id, order_id, {{ named | join(', ') }}
),

discounts_of_orders as (
    select
        orders.organization_id,
        discounts.connection_id,
        orders.platform,
        orders.account_id,
        discounts.order_id,
        {%- for name in named %}
        discounts.{{ name }},
        {%- endfor %}
        orders.date_day,
        discounts.discount_amount,
        orders._sync_id,
        orders._chunk_id,
        orders._synced_at
    from summed_discounts as discounts
    inner join {{ orders }} as orders
        on discounts.connection_id = orders.connection_id and discounts.order_id = orders.order_id
)

select * from discounts_of_orders
{%- endmacro %}
