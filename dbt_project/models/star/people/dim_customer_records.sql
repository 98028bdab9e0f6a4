{{ config(key=['organization_id', 'record_key'], order_by=['organization_id', 'person_key', 'record_key']) }}

-- Each record that a source keeps of a person, with the person it is of.

{% set own = ['platform', 'connection_id', 'account_id', 'record_type', 'first_seen_at', 'last_seen_at', 'country', 'marketing_consent', 'is_deleted',
    '_sync_id'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        people.organization_id,
        people.record_key,
        {{ set_fingerprint([
            'people.stated_by', 'people.email_token', 'people.phone_token', 'people.user_token', 'people.order_record_key', 'people.platform', 'people.account_id', 'people.record_type',
            'people.first_seen_at', 'people.last_seen_at', 'people.country', 'people.marketing_consent', 'people.is_deleted', 'people._sync_id',
            'keys.person_key',
        ]) }} as fingerprint
    from {{ ref('int_people') }} as people
    inner join {{ ref('int_person_keys') }} as keys
        on people.organization_id = keys.organization_id and people.record_key = keys.record_key
    group by people.organization_id, people.record_key
    {% endcall %}
),

people as (
    select people.*
    from {{ ref('int_people') }} as people
    inner join dirty_keys
        on people.organization_id = dirty_keys.organization_id and people.record_key = dirty_keys.record_key
),

-- What lists state is of the record, beside what follows from its orders.
summed as (
    select
        organization_id,
        record_key,
        max(platform) as platform,
        max(connection_id) as connection_id,
        max(account_id) as account_id,
        max(record_type) as record_type,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        max(country) as country,
        {{ most_careful_consent('marketing_consent') }} as marketing_consent,
        max(case when is_deleted then 1 else 0 end) = 1 as is_deleted,
        max(_sync_id) as _sync_id
    from people
    group by organization_id, record_key
),

joined as (
    select
        summed.record_key,
        keys.person_key,
        summed.organization_id,
        {%- for name in own %}
        summed.{{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from summed
    inner join {{ ref('int_person_keys') }} as keys
        on summed.organization_id = keys.organization_id and summed.record_key = keys.record_key
)

select * from joined
