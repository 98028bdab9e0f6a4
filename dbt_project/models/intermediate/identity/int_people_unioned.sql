-- What each source states about the records of people that it keeps: who they are by tokens, which other record they are, and
-- since when they are known. A customer who orders under several addresses has a row for each.

with

customers as (
    select
        {{ of_connection('customers') }},
        customers.customer_key as record_key,
        'customer' as record_type,
        'customers' as stated_by,
        customers.email_token,
        customers.phone_token,
        customers.created_at as first_seen_at,
        customers.created_at as last_seen_at,
        customers.country,
        customers.marketing_consent,
        coalesce(customers.is_deleted, false) as is_deleted,
        customers._sync_id
    from {{ ref('int_customers_unioned') }} as customers
),

orders as (
    select
        {{ of_connection('orders') }},
        orders.customer_key as record_key,
        'customer' as record_type,
        'orders' as stated_by,
        nullif(orders.email_token, '') as email_token,
        min(orders.ordered_at) as first_seen_at,
        max(orders.ordered_at) as last_seen_at,
        max(orders._sync_id) as _sync_id
    from {{ ref('int_orders_unioned') }} as orders
    where orders.has_customer
    group by
        orders.organization_id, orders.platform, orders.connection_id, orders.account_id, orders.customer_key, nullif(orders.email_token, '')
),

refunds as (
    select
        {{ of_connection('refunds') }},
        refunds.customer_key as record_key,
        'customer' as record_type,
        'refunds' as stated_by,
        min(refunds.refunded_at) as first_seen_at,
        max(refunds.refunded_at) as last_seen_at,
        max(refunds._sync_id) as _sync_id
    from {{ ref('int_refunds_unioned') }} as refunds
    where refunds.has_customer
    group by refunds.organization_id, refunds.platform, refunds.connection_id, refunds.account_id, refunds.customer_key
),

listed_contacts as (
    {{ union_of('crm_contact_list') }}
),

contacts as (
    select
        {{ of_connection('contacts') }},
        {{ entity_key(['contact_id'], 'contacts') }} as record_key,
        'contact' as record_type,
        'contacts' as stated_by,
        contacts.email_token,
        case when taken.record_id is not null then {{ entity_key(['merged_into_id'], 'taken') }} end as same_record_key,
        contacts.created_at as first_seen_at,
        contacts.created_at as last_seen_at,
        contacts.country,
        coalesce(contacts.is_archived, false) as is_deleted,
        contacts._sync_id
    from listed_contacts as contacts
    left join {{ ref('int_crm_merges') }} as taken
        on
            contacts.connection_id = taken.connection_id
            and taken.record_type = 'contact'
            and contacts.contact_id = taken.record_id
),

-- A member of several audiences is one record.
members as (
    select
        {{ of_connection('members') }},
        {{ entity_key(['member_id'], 'members') }} as record_key,
        'subscriber' as record_type,
        'members' as stated_by,
        nullif(members.email_token, '') as email_token,
        nullif(members.phone_token, '') as phone_token,
        min(members.joined_at) as first_seen_at,
        max(members.joined_at) as last_seen_at,
        max(members.country) as country,
        {{ most_careful_consent('members.member_status') }} as marketing_consent,
        coalesce(min(members.member_status) = 'archived' and max(members.member_status) = 'archived', false) as is_deleted,
        max(members._sync_id) as _sync_id
    from {{ ref('int_email_members_unioned') }} as members
    group by
        members.organization_id, members.platform, members.connection_id, members.account_id, members.member_id,
        nullif(members.email_token, ''), nullif(members.phone_token, '')
),

unioned as (
    {%- for source in ['customers', 'orders', 'refunds', 'contacts', 'members'] %}
    select
        {{ of_connection(source) }},
        record_key,
        record_type,
        stated_by,
        {{ "nullif(email_token, '')" if source != 'refunds' else unreported('varchar') }} as email_token,
        {{ "nullif(phone_token, '')" if source in ['customers', 'members'] else unreported('varchar') }} as phone_token,
        {{ 'same_record_key' if source == 'contacts' else unreported('varchar') }} as same_record_key,
        first_seen_at,
        last_seen_at,
        {{ 'country' if source not in ['orders', 'refunds'] else unreported('varchar') }} as country,
        {{ "coalesce(marketing_consent, 'unknown')" if source in ['customers', 'members'] else "'unknown'" }} as marketing_consent,
        {{ 'is_deleted' if source not in ['orders', 'refunds'] else 'false' }} as is_deleted,
        _sync_id
    from {{ source }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from unioned
