-- The ads of every platform in each complete list.

with

unioned as (
    {{ union_of('ad_list') }}
)

select * from unioned
