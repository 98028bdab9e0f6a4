with

source as (
    select * from {{ source('lake', 'syncs') }}
),

-- While the log is being compacted a row may show in two files for an instant.
deduplicated as (
    select *
    from source
    qualify row_number() over (
        partition by sync_id, stream, connection_id, chunk_id
        order by committed_at
    ) = 1
),

renamed as (
    select
        -- ids
        sync_id,
        organization_id,
        connection_id,
        platform,
        account_id,
        stream,
        kind,
        chunk_id,
        run_id,

        -- window
        window_from,
        window_to,

        -- outcome
        status,
        mode,
        error_class,
        error_message,
        unknown_fields,

        -- the account as it was
        account_name,
        nullif(account_currency, '') as account_currency,
        nullif(account_time_zone, '') as account_time_zone,

        -- counts
        rows as row_count,
        rejected_rows as rejected_row_count,
        bytes as byte_count,
        requests as request_count,
        retries as retry_count,
        duration_seconds,
        clock_carried_seconds,

        -- times
        fetch_started_at,
        committed_at
    from deduplicated
)

select * from renamed
