-- The days of a shop of which all orders are known: on one without any it sold nothing. An order's day
-- is known once windows reach from it, without a gap, to the moment when the first of them was
-- fetched; until then orders that changed in between are still to come. Only whole days count.
-- Files have no windows: what is in no file yet may be in the next one.

with

windows as (
    select
        connection_id,
        sync_id,
        chunk_id,
        -- Orders from before that moment may be missing, whatever was asked for.
        greatest(window_from, coalesce({{ instant_to_local('hidden_before', "'UTC'") }}, window_from)) as window_from,
        window_to,
        fetch_started_at
    from {{ ref('int_order_windows') }}
),

reaching as (
    select
        *,
        max(window_to) over (
            partition by connection_id
            order by window_from, window_to, sync_id, chunk_id
            rows between unbounded preceding and 1 preceding
        ) as reached
    from windows
    where window_from < window_to
),

stretches as (
    select
        *,
        sum(case when window_from <= reached then 0 else 1 end) over (
            partition by connection_id
            order by window_from, window_to
        ) as stretch
    from reaching
),

known as (
    select
        connection_id,
        {{ local_to_instant('min(window_from)', "'UTC'") }} as known_from,
        {{ local_to_instant('max(window_to)', "'UTC'") }} as known_to
    from stretches
    group by connection_id, stretch
    having {{ local_to_instant('max(window_to)', "'UTC'") }} >= min(fetch_started_at)
),

shops as (
    select
        connections.*,
        coalesce(connections.time_zone, 'UTC') as shop_time_zone,
        coalesce(organizations.reporting_currency, 'USD') as reporting_currency
    from {{ ref('int_connections_synced') }} as connections
    left join {{ ref('stg_registry__organizations') }} as organizations
        on connections.organization_id = organizations.organization_id
),

localized as (
    select
        shops.organization_id,
        shops.platform,
        shops.connection_id,
        shops.account_id,
        shops.currency_code,
        shops.reporting_currency,
        {{ instant_to_local('known.known_from', 'shops.shop_time_zone') }} as local_from,
        {{ instant_to_local('known.known_to', 'shops.shop_time_zone') }} as local_to
    from known
    inner join shops on known.connection_id = shops.connection_id
),

whole_days as (
    select
        *,
        case
            when local_from > cast(cast(local_from as date) as timestamp) then {{ add_days('cast(local_from as date)', 1) }}
            else cast(local_from as date)
        end as first_day,
        {{ add_days('cast(local_to as date)', -1) }} as last_day
    from localized
),

days as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        currency_code,
        reporting_currency,
        {{ each_date('first_day', 'last_day') }} as date_day
    from whole_days
    where first_day <= last_day
),

fingerprinted as (
    select
        *,
        {{ fingerprint(['organization_id', 'platform', 'account_id', 'currency_code', 'reporting_currency']) }} as fingerprint
    from days
)

select * from fingerprinted
