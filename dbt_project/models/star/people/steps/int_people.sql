{{ config(materialized='dirty_keys', key=['connection_id'], order_by=['organization_id', 'connection_id', 'record_key']) }}

-- The statements about people, kept: what an hour of an advertising account brings changes none of them.

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        {{ set_fingerprint([
            'organization_id', 'record_key', 'stated_by', 'email_token', 'phone_token', 'user_token', 'same_record_key', 'order_record_key',
            'first_seen_at', 'last_seen_at', 'country', 'marketing_consent', 'is_deleted', '_sync_id',
        ]) }} as fingerprint
    from {{ ref('int_people_unioned') }}
    group by connection_id
    {% endcall %}
),

people as (
    select people.*
    from {{ ref('int_people_unioned') }} as people
    inner join dirty_keys on people.connection_id = dirty_keys.connection_id
)

select * from people
