{{ config(key=['organization_id', 'person_key'], order_by=['organization_id', 'person_key']) }}

-- One row per person: what the records of one person come to together. First things are those of the record that was first: what a
-- later record of the same person states never replaces them, and where the first is not known it stays unknown.

{% set customer_columns = ['customer_key', 'tags', 'acquisition_channel', 'first_order_at', 'first_order_day', 'first_known_order_day', 'last_order_at',
    'orders', 'reporting_currency', 'gross_revenue_reporting', 'refunds_reporting', 'net_revenue_reporting', 'is_unknown', '_sync_id'] %}
{% set record_columns = ['record_key', 'platform', 'record_type', 'first_seen_at', 'last_seen_at', 'country', 'marketing_consent', 'is_deleted', '_sync_id'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        person_key,
        {{ set_fingerprint(['source', 'content']) }} as fingerprint
    from (
        select organization_id, person_key, 'record' as source, {{ row_text(record_columns) }} as content
        from {{ ref('dim_customer_records') }}
        union all
        select organization_id, person_key, 'customer' as source, {{ row_text(customer_columns) }} as content
        from {{ ref('dim_customers') }}
        union all
        select
            records.organization_id,
            records.person_key,
            'lead' as source,
            {{ row_text(['leads.lead_key', 'leads.lead_at', 'leads.channel']) }} as content
        from {{ ref('fact_leads') }} as leads
        inner join {{ ref('dim_customer_records') }} as records
            on leads.organization_id = records.organization_id and leads.lead_key = records.record_key
    ) as depended_on
    group by organization_id, person_key
    {% endcall %}
),

records as (
    select records.*
    from {{ ref('dim_customer_records') }} as records
    inner join dirty_keys
        on records.organization_id = dirty_keys.organization_id and records.person_key = dirty_keys.person_key
),

customers as (
    select
        customers.*,
        coalesce(customers.first_order_at, cast(customers.first_known_order_day as timestamp with time zone)) as bought_from
    from {{ ref('dim_customers') }} as customers
    inner join dirty_keys
        on customers.organization_id = dirty_keys.organization_id and customers.person_key = dirty_keys.person_key
),

seen as (
    select
        organization_id,
        person_key,
        count(*) as records,
        string_agg(distinct platform, ', ' order by platform) as platforms,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        {{ most_careful_consent('marketing_consent') }} as marketing_consent,
        min(case when is_deleted then 1 else 0 end) = 1 as is_deleted,
        max(_sync_id) as _sync_id
    from records
    group by organization_id, person_key
),

-- Of the earliest record that has it.
first_records as (
    select
        organization_id,
        person_key,
        platform as first_seen_platform,
        record_type as first_seen_as
    from records
    where record_key = person_key
),

countries as (
    select
        organization_id,
        person_key,
        country
    from records
    where country is not null
    qualify row_number() over (
        partition by organization_id, person_key
        order by case when first_seen_at is null then 1 else 0 end, first_seen_at, record_key
    ) = 1
),

bought as (
    select
        organization_id,
        person_key,
        count(*) as customer_records,
        string_agg(distinct tags, ' | ' order by tags) as tags,
        max(last_order_at) as last_order_at,
        sum(orders) as orders,
        max(reporting_currency) as reporting_currency,
        {%- for amount in ['gross_revenue', 'refunds', 'net_revenue'] %}
        case
            when count(case when orders > 0 or reporting_currency is not null then 1 end) = count({{ amount }}_reporting)
                then {{ exact_sum(amount ~ '_reporting') }}
        end as {{ amount }}_reporting,
        {%- endfor %}
        max(case when is_unknown then 1 else 0 end) = 1 as is_unknown,
        max(_sync_id) as _sync_id
    from customers
    group by organization_id, person_key
),

first_orders as (
    select
        organization_id,
        person_key,
        acquisition_channel,
        first_order_at,
        first_order_day
    from customers
    where bought_from is not null
    qualify row_number() over (partition by organization_id, person_key order by bought_from, customer_key) = 1
),

touches as (
    select
        organization_id,
        person_key,
        customer_key as record_key,
        bought_from as touched_at,
        acquisition_channel as channel
    from customers
    where bought_from is not null
    union all
    select
        records.organization_id,
        records.person_key,
        records.record_key,
        leads.lead_at as touched_at,
        leads.channel
    from {{ ref('fact_leads') }} as leads
    inner join records
        on leads.organization_id = records.organization_id and leads.lead_key = records.record_key
),

first_touches as (
    select
        organization_id,
        person_key,
        touched_at,
        channel
    from touches
    qualify row_number() over (partition by organization_id, person_key order by touched_at, record_key) = 1
),

persons as (
    select
        organization_id,
        person_key
    from seen
    union
    select
        organization_id,
        person_key
    from bought
),

joined as (
    select
        persons.person_key,
        persons.organization_id,
        coalesce(seen.records, 0) as records,
        coalesce(bought.customer_records, 0) as customer_records,
        seen.platforms,
        countries.country,
        bought.tags,
        coalesce(seen.marketing_consent, 'unknown') as marketing_consent,
        seen.first_seen_at,
        first_records.first_seen_platform,
        first_records.first_seen_as,
        seen.last_seen_at,
        first_touches.touched_at as first_touch_at,
        coalesce(first_touches.channel, 'unattributed') as first_touch_channel,
        coalesce(first_orders.acquisition_channel, 'unattributed') as acquisition_channel,
        first_orders.first_order_at,
        first_orders.first_order_day,
        bought.last_order_at,
        cast(coalesce(bought.orders, 0) as bigint) as orders,
        bought.reporting_currency,
        bought.gross_revenue_reporting,
        bought.refunds_reporting,
        bought.net_revenue_reporting,
        coalesce(seen.is_deleted, false) as is_deleted,
        coalesce(bought.is_unknown, false) as is_unknown,
        greatest(seen._sync_id, bought._sync_id) as _sync_id
    from persons
    left join seen
        on persons.organization_id = seen.organization_id and persons.person_key = seen.person_key
    left join first_records
        on persons.organization_id = first_records.organization_id and persons.person_key = first_records.person_key
    left join countries
        on persons.organization_id = countries.organization_id and persons.person_key = countries.person_key
    left join bought
        on persons.organization_id = bought.organization_id and persons.person_key = bought.person_key
    left join first_orders
        on persons.organization_id = first_orders.organization_id and persons.person_key = first_orders.person_key
    left join first_touches
        on persons.organization_id = first_touches.organization_id and persons.person_key = first_touches.person_key
)

select * from joined
