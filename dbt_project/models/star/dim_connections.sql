{{ config(key=['connection_id'], order_by=['organization_id', 'connection_id']) }}

{% set columns = [
    'organization_id', 'platform', 'account_id', 'account_name', 'currency_code', 'time_zone',
    'status', 'sync_frequency', 'start_date', 'created_at', 'removed_at', 'last_sync_at',
    'last_success_at', 'last_failure_at', 'failing_streams', 'last_error_class', 'last_error_message',
] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, {{ fingerprint(columns) }} as fingerprint
    from {{ ref('int_connections_synced') }}
    {% endcall %}
),

connections as (
    select
        connections.connection_id,
        connections.{{ columns | join(',
        connections.') }}
    from {{ ref('int_connections_synced') }} as connections
    inner join dirty_keys on connections.connection_id = dirty_keys.connection_id
)

select * from connections
