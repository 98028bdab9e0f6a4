-- The numbers of campaigns by day and place, of every platform that reports them.

with

unioned as (
    {{ union_of('geo_day') }}
)

select * from unioned
