{{ config(key=['organization_id']) }}

{% set columns = [
    'organization_name', 'plan', 'reporting_currency', 'time_zone', 'fiscal_year_start_month',
    'status', 'created_at',
] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, {{ fingerprint(columns) }} as fingerprint
    from {{ ref('stg_registry__organizations') }}
    {% endcall %}
),

organizations as (
    select
        organizations.organization_id,
        organizations.{{ columns | join(',
        organizations.') }}
    from {{ ref('stg_registry__organizations') }} as organizations
    inner join dirty_keys on organizations.organization_id = dirty_keys.organization_id
)

select * from organizations
