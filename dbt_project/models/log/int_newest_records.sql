-- Which chunk holds the newest version of a record: the largest version, then the latest fetch. Who
-- committed first plays no part in it.

with

versions as (
    select * from {{ ref('int_record_versions') }}
),

newest as (
    select
        *,
        {{ fingerprint([
            'organization_id', 'account_id', 'sync_id', 'chunk_id', 'version_at',
            'account_currency', 'account_time_zone',
        ]) }} as fingerprint
    from versions
    qualify row_number() over (
        partition by connection_id, stream, record_id
        order by version_at desc nulls last, fetch_started_at desc, sync_id desc, chunk_id desc
    ) = 1
)

select * from newest
