-- The numbers of ads by day, of every platform that reports them.

with

unioned as (
    {{ union_of('ad_day') }}
)

select * from unioned
