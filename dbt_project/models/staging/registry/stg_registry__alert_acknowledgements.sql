with

source as (
    select * from {{ source('registry', 'alert_acknowledgements') }}
),

renamed as (
    select
        -- ids
        organization_id,
        alert_key,
        rule_id,

        -- strings
        scope_type,
        scope,
        acknowledged_by,
        nullif(note, '') as acknowledgement_note,

        -- dates
        first_day,
        last_day,

        -- times
        acknowledged_at
    from source
)

select * from renamed
