-- The numbers of campaigns by day in every version ever committed, of every platform.

with

unioned as (
    {{ union_of('campaign_day_version') }}
)

select * from unioned
