-- What the log says of each connection: its newest success and its newest failure after that.

with

connections as (
    select * from {{ ref('stg_registry__connections') }}
),

syncs as (
    select * from {{ ref('stg_lake__syncs') }}
),

outcomes as (
    select
        connection_id,
        max(case when status = 'succeeded' then committed_at end) as last_success_at,
        max(committed_at) as last_sync_at,
        max(case when status = 'failed' then committed_at end) as last_failure_at
    from syncs
    group by connection_id
),

last_failures as (
    select
        connection_id,
        error_class,
        error_message
    from syncs
    where status = 'failed'
    qualify row_number() over (
        partition by connection_id
        order by committed_at desc, sync_id desc, stream, chunk_id desc
    ) = 1
),

accounts as (
    select
        connection_id,
        account_name,
        account_currency,
        account_time_zone
    from syncs
    qualify row_number() over (
        partition by connection_id
        order by fetch_started_at desc, sync_id desc, stream, chunk_id desc
    ) = 1
),

joined as (
    select
        connections.connection_id,
        connections.organization_id,
        connections.platform,
        connections.account_id,
        coalesce(accounts.account_name, connections.account_name) as account_name,
        coalesce(accounts.account_currency, connections.account_currency) as currency_code,
        coalesce(accounts.account_time_zone, connections.account_time_zone) as time_zone,
        connections.status,
        connections.sync_frequency,
        connections.start_date,
        connections.created_at,
        connections.removed_at,
        outcomes.last_sync_at,
        outcomes.last_success_at,
        outcomes.last_failure_at,
        last_failures.error_class as last_error_class,
        last_failures.error_message as last_error_message
    from connections
    left join outcomes on connections.connection_id = outcomes.connection_id
    left join last_failures on connections.connection_id = last_failures.connection_id
    left join accounts on connections.connection_id = accounts.connection_id
)

select * from joined
