-- The labels that the current lists name.

with

listed as (
    {{ union_of('label_list') }}
),

present as (
    select * exclude (is_current_list)
    from listed
    where is_current_list
)

select * from present
