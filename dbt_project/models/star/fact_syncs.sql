{{ config(key=['sync_id'], order_by=['organization_id', 'started_at', 'sync_id', 'connection_id']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        sync_id,
        {{ set_fingerprint([
            'connection_id', 'stream', 'chunk_id', 'status', 'committed_at', 'row_count',
            'rejected_row_count', 'error_class',
        ]) }} as fingerprint
    from {{ ref('stg_lake__syncs') }}
    group by sync_id
    {% endcall %}
),

syncs as (
    select syncs.*
    from {{ ref('stg_lake__syncs') }} as syncs
    inner join dirty_keys on syncs.sync_id = dirty_keys.sync_id
),

summed as (
    select
        -- keys
        organization_id,
        platform,
        connection_id,
        account_id,
        stream,
        sync_id,

        -- what it was
        max(kind) as stream_kind,
        max(mode) as sync_type,
        case
            when sum(case when status = 'succeeded' then 1 else 0 end) = count(*) then 'succeeded'
            when sum(case when status = 'failed' then 1 else 0 end) = count(*) then 'failed'
            else 'partial'
        end as status,
        min(window_from) as window_from,
        max(window_to) as window_to,
        count(*) as chunks,

        -- counts
        cast(sum(row_count) as bigint) as rows_read,
        cast(sum(rejected_row_count) as bigint) as rows_failed,
        cast(sum(byte_count) as bigint) as bytes,
        cast(sum(request_count) as bigint) as requests,
        cast(sum(retry_count) as bigint) as retries,
        -- The sum of doubles depends on their order, which a rebuild changes.
        cast(sum(cast(duration_seconds as decimal(18, 6))) as double) as duration_seconds,

        -- trouble
        max(error_class) as error_class,
        max(error_message) as error_message,

        -- times
        min(fetch_started_at) as started_at,
        max(committed_at) as committed_at
    from syncs
    group by organization_id, platform, connection_id, account_id, stream, sync_id
)

select * from summed
