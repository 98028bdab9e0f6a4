-- Whom the ad groups of the current lists are aimed at.

with

listed as (
    {{ union_of('ad_group_target_list') }}
),

present as (
    select * exclude (is_current_list)
    from listed
    where is_current_list
)

select * from present
