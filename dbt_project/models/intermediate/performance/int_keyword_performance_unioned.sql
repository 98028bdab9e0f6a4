-- The numbers of keywords by day, of every search platform.

with

unioned as (
    {{ union_of('keyword_day') }}
)

select * from unioned
