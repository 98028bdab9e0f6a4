-- The ad groups of every platform in each complete list.

with

unioned as (
    {{ union_of('ad_group_list') }}
)

select * from unioned
