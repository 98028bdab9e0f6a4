{{ config(materialized='dirty_keys', key=['organization_id', 'date_month'], order_by=['organization_id', 'date_month', 'journey_key', 'position']) }}

-- Kept, so that attribution and the chain read them from a table and a month that is as it was is not looked at again.

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        date_month,
        {{ set_fingerprint([
            'journey_type', 'journey_key', 'position', 'touched_at', 'converted_at', 'touch_source', 'touch_key', 'channel',
            'attributed_platform', 'campaign_key',
        ]) }} as fingerprint
    from {{ ref('int_journeys_found') }}
    group by organization_id, date_month
    {% endcall %}
),

journeys as (
    select journeys.*
    from {{ ref('int_journeys_found') }} as journeys
    inner join dirty_keys
        on journeys.organization_id = dirty_keys.organization_id and journeys.date_month = dirty_keys.date_month
)

select * from journeys
