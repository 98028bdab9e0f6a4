-- The numbers of campaigns by hour, of every platform that reports them.

with

unioned as (
    {{ union_of('campaign_hour') }}
)

select * from unioned
