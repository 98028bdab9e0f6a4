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

forms as (
    select
        {{ of_connection('forms') }},
        {{ entity_key(['contact_id'], 'forms') }} as record_key,
        'lead_form' as record_type,
        'forms' as stated_by,
        forms.email_token,
        forms.phone_token,
        forms.lead_at as first_seen_at,
        forms.lead_at as last_seen_at,
        forms.country,
        false as is_deleted,
        forms._sync_id
    from {{ ref('int_lead_forms') }} as forms
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

-- The customer of an order that an event names, where the organization has one order of that id or name.
order_customers as (
    select
        organization_id,
        order_word,
        max(customer_key) as customer_key
    from (
        {%- for word in ['order_id', "replace(order_name, '#', '')"] %}
        select
            organization_id,
            {{ word }} as order_word,
            customer_key
        from {{ ref('int_orders_unioned') }}
        where has_customer and {{ word }} is not null
        {{ "union" if not loop.last }}
        {%- endfor %}
    ) as named
    group by organization_id, order_word
    having count(*) = 1
),

visitors as (
    select
        {{ of_connection('visitors') }},
        {{ entity_key(['visitor_token'], 'visitors') }} as record_key,
        'visitor' as record_type,
        'visitors' as stated_by,
        visitors.user_token,
        orders.customer_key as order_record_key,
        min(visitors.first_seen_at) as first_seen_at,
        max(visitors.last_seen_at) as last_seen_at,
        max(visitors._sync_id) as _sync_id
    from {{ ref('int_event_people') }} as visitors
    left join order_customers as orders
        on visitors.organization_id = orders.organization_id and visitors.order_id = orders.order_word
    where visitors.user_token is not null or orders.customer_key is not null
    group by
        visitors.organization_id, visitors.platform, visitors.connection_id, visitors.account_id, visitors.visitor_token,
        visitors.user_token, orders.customer_key
),

unioned as (
    {%- for source in ['customers', 'orders', 'refunds', 'contacts', 'forms', 'members', 'visitors'] %}
    select
        {{ of_connection(source) }},
        record_key,
        record_type,
        stated_by,
        {{ "nullif(email_token, '')" if source not in ['refunds', 'visitors'] else unreported('varchar') }} as email_token,
        {{ "nullif(phone_token, '')" if source in ['customers', 'forms', 'members'] else unreported('varchar') }} as phone_token,
        {{ 'user_token' if source == 'visitors' else unreported('varchar') }} as user_token,
        {{ 'same_record_key' if source == 'contacts' else unreported('varchar') }} as same_record_key,
        {{ 'order_record_key' if source == 'visitors' else unreported('varchar') }} as order_record_key,
        first_seen_at,
        last_seen_at,
        {{ 'country' if source in ['customers', 'contacts', 'forms', 'members'] else unreported('varchar') }} as country,
        {{ "coalesce(marketing_consent, 'unknown')" if source in ['customers', 'members'] else "'unknown'" }} as marketing_consent,
        {{ 'is_deleted' if source in ['customers', 'contacts', 'forms', 'members'] else 'false' }} as is_deleted,
        _sync_id
    from {{ source }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from unioned
