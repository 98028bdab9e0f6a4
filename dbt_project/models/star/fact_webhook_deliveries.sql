{{ config(key=['connection_id', 'record_id'], order_by=['organization_id', 'connection_id', 'received_at', 'record_id']) }}

{% set models = ['stg_webhooks__deliveries', 'stg_webhooks__lead_forms', 'stg_webhooks__postbacks'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ states_of(models, key=['connection_id', 'record_id']) }}
    {% endcall %}
),

deliveries as (
    select * from {{ ref('stg_webhooks__deliveries') }}
),

lead_forms as (
    select * from {{ ref('stg_webhooks__lead_forms') }}
),

postbacks as (
    select * from {{ ref('stg_webhooks__postbacks') }}
),

unioned as (
    select * from deliveries
    union all by name
    select * from lead_forms
    union all by name
    select * from postbacks
),

dirty as (
    select unioned.*
    from unioned
    inner join dirty_keys
        on
            unioned.connection_id = dirty_keys.connection_id
            and unioned.record_id = dirty_keys.record_id
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'record_id']) }} as delivery_key,
        organization_id,
        platform,
        connection_id,
        account_id,
        record_id,
        sender,
        topic,
        object_id,
        lead_id,
        form_id,
        campaign_id,
        ad_group_id,
        ad_id,
        click_id,
        transaction_id,
        conversion_id,
        offer_id,
        partner_id,
        goal_id,
        order_id,
        status,
        coupon_code,
        currency_code,
        sale_amount,
        payout_amount,
        coalesce(is_test, false) as is_test,
        happened_at,
        received_at,
        _sync_id
    from dirty
)

select * from keyed
