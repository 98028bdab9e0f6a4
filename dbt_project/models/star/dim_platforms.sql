{{ config(key=['platform']) }}

{% set columns = [
    'platform_name', 'category', 'api_version', 'api_sunset_date', 'requests_per_second',
    'is_active', 'is_shared', 'lookback_days',
] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select platform, {{ fingerprint(columns) }} as fingerprint
    from {{ ref('stg_registry__platforms') }}
    {% endcall %}
),

platforms as (
    select
        platforms.platform,
        platforms.{{ columns | join(',
        platforms.') }}
    from {{ ref('stg_registry__platforms') }} as platforms
    inner join dirty_keys on platforms.platform = dirty_keys.platform
)

select * from platforms
