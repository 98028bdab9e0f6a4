-- The places that the current lists name, once per organization and platform: all accounts of a
-- platform know a place by the same id.

with

listed as (
    {{ union_of('location_list') }}
),

newest as (
    select *
    from listed
    where is_current_list
    qualify row_number() over (
        partition by organization_id, platform, location_id
        order by _sync_id desc, connection_id
    ) = 1
)

select * from newest
