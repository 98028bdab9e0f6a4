-- The keywords of every search platform in each complete list.

with

unioned as (
    {{ union_of('keyword_list') }}
)

select * from unioned
