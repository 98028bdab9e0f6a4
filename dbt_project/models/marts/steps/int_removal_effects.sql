{{ config(materialized='dirty_keys', key=['organization_id', 'date_month'], order_by=['organization_id', 'date_month', 'channel']) }}

-- How much of the orders of a month and those before it would be lost without a channel, by a Markov chain over all journeys of these months.

with recursive

dirty_keys as (
    {% call dirty_keys() %}
    select
        ends.organization_id,
        ends.date_month,
        {{ set_fingerprint(['states.date_month', 'states.fingerprint']) }} as fingerprint
    from {{ state_of('int_journeys') }} as ends
    inner join {{ state_of('int_journeys') }} as states
        on
            ends.organization_id = states.organization_id
            and states.date_month between {{ add_months('ends.date_month', 1 - (var('attribution_markov_months') | int)) }} and ends.date_month
    group by ends.organization_id, ends.date_month
    {% endcall %}
),

steps as (
    select
        dirty_keys.organization_id,
        dirty_keys.date_month,
        cast(journeys.date_month as varchar) as journey_month,
        journeys.journey_key,
        journeys.position,
        journeys.channel,
        journeys.journey_type = 'order' as is_converted
    from {{ ref('int_journeys') }} as journeys
    inner join dirty_keys
        on
            journeys.organization_id = dirty_keys.organization_id
            and journeys.date_month between {{ add_months('dirty_keys.date_month', 1 - (var('attribution_markov_months') | int)) }} and dirty_keys.date_month
    where journeys.journey_type <> 'addition'
),

{{ markov_effects('steps', ['organization_id', 'date_month'], ['journey_month', 'journey_key']) }}

effects as (
    select * from removal_effects
)

select * from effects
