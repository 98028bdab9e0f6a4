-- The numbers of ad groups by day, of every platform that reports them.

with

unioned as (
    {{ union_of('ad_group_day') }}
)

select * from unioned
