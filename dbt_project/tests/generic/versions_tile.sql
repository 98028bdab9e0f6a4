{#- Fails where the versions of one key leave a gap, overlap, or do not begin at the beginning. -#}
{% test versions_tile(model, key) %}
with

neighbours as (
    select
        {{ key }} as key,
        valid_from,
        lag(valid_to) over (partition by {{ key }} order by valid_from) as previous_valid_to
    from {{ model }}
)

select *
from neighbours
where valid_from <> coalesce(previous_valid_to, cast('1900-01-01' as date))
{% endtest %}
