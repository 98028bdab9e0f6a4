{{ config(materialized='dirty_keys', key=['connection_id', 'stream', 'sync_id', 'chunk_id']) }}

-- Kept by chunk, so that a new chunk reads its own files only. A complete list has no versions: the
-- newer list counts.

{% set streams = level_sources(['order_records', 'customer_records', 'table_records', 'mail_records', 'crm_records']) %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        stream,
        sync_id,
        chunk_id,
        {{ fingerprint([
            'organization_id', 'platform', 'account_id', 'kind', 'fetch_started_at',
            'account_currency', 'account_time_zone',
        ]) }} as fingerprint
    from {{ ref('int_record_chunks') }}
    {% endcall %}
),

chunks as (
    select chunks.*
    from {{ ref('int_record_chunks') }} as chunks
    inner join dirty_keys
        on
            chunks.connection_id = dirty_keys.connection_id
            and chunks.stream = dirty_keys.stream
            and chunks.sync_id = dirty_keys.sync_id
            and chunks.chunk_id = dirty_keys.chunk_id
),

{%- for platform, name in streams %}

{{ platform }}_{{ name }} as (
    select
        chunks.organization_id,
        chunks.connection_id,
        chunks.platform,
        chunks.account_id,
        chunks.stream,
        chunks.sync_id,
        chunks.chunk_id,
        {{ record_id(platform, name, 'raw') }} as record_id,
        max(case when chunks.kind = 'changes' then raw.updated_at end) as version_at,
        chunks.fetch_started_at,
        chunks.account_currency,
        chunks.account_time_zone
    from {{ raw_rows(platform, name) }} as raw
    inner join chunks
        on
            raw._sync_id = chunks.sync_id
            and raw._connection_id = chunks.connection_id
            and raw._chunk_id = chunks.chunk_id
    where chunks.platform = '{{ platform }}' and chunks.stream = '{{ name }}'
    group by
        chunks.organization_id, chunks.connection_id, chunks.platform, chunks.account_id, chunks.stream,
        chunks.sync_id, chunks.chunk_id, chunks.fetch_started_at, chunks.account_currency,
        chunks.account_time_zone, {{ record_id(platform, name, 'raw') }}
),
{%- endfor %}

unioned as (
    {%- for platform, name in streams %}
    select * from {{ platform }}_{{ name }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from unioned
