-- The campaigns of every platform in each complete list.

with

unioned as (
    {{ union_of('campaign_list') }}
)

select * from unioned
