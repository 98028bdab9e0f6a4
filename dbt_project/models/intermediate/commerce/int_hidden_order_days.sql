-- The days of a shop on which a part of its orders was hidden from those who asked. Whoever was shown an order on
-- such a day knows what became of it there, so of several windows the one that was shown most counts. Windows that
-- cover a part of the day each leave unseen what the one that was shown least could not see.

with

windows as (
    select
        *,
        max(hidden_before) over (partition by connection_id) as ever_hidden_before
    from {{ ref('int_order_windows') }}
),

localized as (
    select
        windows.connection_id,
        {{ instant_to_local('windows.hidden_before', "coalesce(connections.time_zone, 'UTC')") }} as hidden_before,
        {{ instant_to_local(local_to_instant('windows.window_from', "'UTC'"), "coalesce(connections.time_zone, 'UTC')") }} as local_from,
        {{ instant_to_local(local_to_instant('windows.window_to', "'UTC'"), "coalesce(connections.time_zone, 'UTC')") }} as local_to
    from windows
    inner join {{ ref('int_connections_synced') }} as connections on windows.connection_id = connections.connection_id
    where windows.ever_hidden_before is not null
),

days as (
    select
        *,
        {{ each_date('cast(local_from as date)', 'cast(local_to as date)') }} as date_day
    from localized
),

covered as (
    select
        connection_id,
        date_day,
        hidden_before,
        local_from <= cast(date_day as timestamp)
        and local_to >= cast({{ add_days('date_day', 1) }} as timestamp) as is_whole
    from days
),

hidden as (
    select
        connection_id,
        date_day,
        case
            when count(case when is_whole and hidden_before is null then 1 end) = 0
                then least(min(case when is_whole then hidden_before end), max(hidden_before))
        end as hidden_before
    from covered
    group by connection_id, date_day
),

hidden_days as (
    select
        connection_id,
        date_day,
        cast(hidden_before as date) as orders_hidden_before
    from hidden
    where hidden_before is not null
)

select * from hidden_days
