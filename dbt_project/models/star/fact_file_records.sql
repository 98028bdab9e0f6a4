{{ config(key=['connection_id', 'record_id'], order_by=['organization_id', 'table_name', 'connection_id', 'record_id']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, record_id, fingerprint
    from {{ state_of('stg_files__records') }}
    {% endcall %}
),

records as (
    select records.*
    from {{ ref('stg_files__records') }} as records
    inner join dirty_keys
        on
            records.connection_id = dirty_keys.connection_id
            and records.record_id = dirty_keys.record_id
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'record_id']) }} as record_key,
        organization_id,
        platform,
        connection_id,
        account_id,
        table_name,
        row_key,
        record_id,
        data,
        is_deleted,
        updated_at,
        source_row,
        _sync_id
    from records
)

select * from keyed
