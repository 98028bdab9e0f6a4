{{ config(
    key=['organization_id', 'connection_id', 'customer_key'],
    order_by=['organization_id', 'connection_id', 'customer_key'],
) }}

{%- set is_nobody = 'members.customer_key = ' ~ surrogate_key(['members.organization_id', 'members.platform', 'members.account_id', "''"]) %}

-- Everyone whom a list of customers has or an order or refund names, and per connection one member for
-- the orders that name no customer. Counted orders only.

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        connection_id,
        customer_key,
        {{ set_fingerprint(['source', 'content']) }} as fingerprint
    from (
        select
            organization_id,
            connection_id,
            customer_key,
            'customer' as source,
            {{ row_text(['country', 'tags', 'customer_source', 'marketing_consent', 'created_at', 'is_deleted', '_sync_id']) }} as content
        from {{ ref('int_customers_unioned') }}
        union all
        select
            organization_id,
            connection_id,
            customer_key,
            'order' as source,
            {{ row_text([
                'order_key', 'ordered_at', 'date_day', 'is_counted', 'customer_type', 'channel', 'country', 'net_amount_reporting',
                'reporting_currency', 'order_type', '_sync_id',
            ]) }} as content
        from {{ ref('fact_orders') }}
        union all
        select
            organization_id,
            connection_id,
            customer_key,
            'refund' as source,
            {{ row_text([
                'refund_key', 'refunded_at', 'is_counted', 'country', 'net_amount_reporting', 'adjustment_amount_reporting', 'reporting_currency', '_sync_id',
            ]) }} as content
        from {{ ref('fact_refunds') }}
        union all
        select
            organization_id,
            connection_id,
            record_key as customer_key,
            'person' as source,
            person_key as content
        from {{ ref('dim_customer_records') }}
        where record_type = 'customer'
    ) as said
    group by organization_id, connection_id, customer_key
    {% endcall %}
),

listed as (
    select customers.*
    from {{ ref('int_customers_unioned') }} as customers
    inner join dirty_keys
        on
            customers.connection_id = dirty_keys.connection_id
            and customers.customer_key = dirty_keys.customer_key
),

orders as (
    select orders.*
    from {{ ref('fact_orders') }} as orders
    inner join dirty_keys
        on
            orders.connection_id = dirty_keys.connection_id
            and orders.customer_key = dirty_keys.customer_key
),

refunds as (
    select refunds.*
    from {{ ref('fact_refunds') }} as refunds
    inner join dirty_keys
        on
            refunds.connection_id = dirty_keys.connection_id
            and refunds.customer_key = dirty_keys.customer_key
),

documents as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        customer_key,
        order_key as document_key,
        ordered_at as document_at,
        date_day as document_day,
        is_counted and order_type = 'sale' as is_order,
        is_counted,
        customer_type,
        channel,
        country,
        reporting_currency,
        net_amount_reporting,
        0 as refund_amount_reporting,
        _sync_id
    from orders
    union all
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        customer_key,
        refund_key as document_key,
        refunded_at as document_at,
        date_day as document_day,
        false as is_order,
        is_counted,
        {{ unreported('varchar') }} as customer_type,
        channel,
        country,
        reporting_currency,
        0 as net_amount_reporting,
        net_amount_reporting + adjustment_amount_reporting as refund_amount_reporting,
        _sync_id
    from refunds
),

summed as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        customer_key,
        min(case when customer_type = 'new' then document_at end) as first_order_at,
        min(case when customer_type = 'new' then document_day end) as first_order_day,
        min(case when is_order then document_day end) as first_known_order_day,
        max(case when is_order then document_at end) as last_order_at,
        sum(case when is_order then 1 else 0 end) as orders,
        max(case when customer_type = 'new' then channel end) as acquisition_channel,
        max(reporting_currency) as reporting_currency,
        try_cast(
            case
                when count(case when is_counted then 1 end)
                    = count(case when is_counted then net_amount_reporting + refund_amount_reporting end)
                    then sum(case when is_counted then net_amount_reporting else 0 end)
            end as decimal(24, 6)
        ) as gross_revenue_reporting,
        try_cast(
            case
                when count(case when is_counted then 1 end)
                    = count(case when is_counted then net_amount_reporting + refund_amount_reporting end)
                    then sum(case when is_counted then refund_amount_reporting else 0 end)
            end as decimal(24, 6)
        ) as refunds_reporting
    from documents
    group by organization_id, platform, connection_id, account_id, customer_key
),

-- Not each document names a country, so it is that of the latest one that does.
last_documents as (
    select
        connection_id,
        customer_key,
        country,
        _sync_id
    from documents
    qualify row_number() over (
        partition by connection_id, customer_key
        order by country is null, document_at desc, document_key desc
    ) = 1
),

members as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        customer_key
    from listed
    union
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        customer_key
    from summed
),

joined as (
    select
        members.customer_key,
        members.organization_id,
        members.platform,
        members.connection_id,
        members.account_id,
        coalesce(listed.country, last_documents.country) as country,
        listed.tags,
        listed.customer_source,
        coalesce(listed.marketing_consent, 'unknown') as marketing_consent,
        coalesce(summed.acquisition_channel, 'unattributed') as acquisition_channel,
        listed.created_at,
        case when not {{ is_nobody }} then summed.first_order_at end as first_order_at,
        case when not {{ is_nobody }} then summed.last_order_at end as last_order_at,
        cast(coalesce(summed.orders, 0) as bigint) as orders,
        summed.reporting_currency,
        summed.gross_revenue_reporting,
        summed.refunds_reporting,
        try_cast(summed.gross_revenue_reporting - summed.refunds_reporting as decimal(24, 6)) as net_revenue_reporting,
        coalesce(listed.is_deleted, false) as is_deleted,
        listed.customer_key is null as is_inferred,
        {{ is_nobody }} as is_unknown,
        coalesce(listed._sync_id, last_documents._sync_id) as _sync_id,
        case when not {{ is_nobody }} then summed.first_order_day end as first_order_day,
        case when not {{ is_nobody }} then summed.first_known_order_day end as first_known_order_day,
        -- An unknown member is no person, and stands for itself.
        coalesce(records.person_key, members.customer_key) as person_key
    from members
    left join listed
        on members.connection_id = listed.connection_id and members.customer_key = listed.customer_key
    left join summed
        on members.connection_id = summed.connection_id and members.customer_key = summed.customer_key
    left join last_documents
        on
            members.connection_id = last_documents.connection_id
            and members.customer_key = last_documents.customer_key
    left join {{ ref('dim_customer_records') }} as records
        on members.organization_id = records.organization_id and members.customer_key = records.record_key
)

select * from joined
