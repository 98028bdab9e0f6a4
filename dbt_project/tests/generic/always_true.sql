{#- Fails on rows of which one of the expressions is not true, and says which; unknown passes, as in a
    check constraint. One test a model, as with unique_together. `converted` is an amount that is also in the
    reporting currency: there it is the exact product with the rate, and only without a rate it is unknown. -#}
{% test always_true(model, expressions=[], converted=none) %}
{%- set rules = (converted_by_its_rate(converted) if converted else []) + expressions -%}
select
    concat_ws(
        '; '
        {%- for rule in rules %},
        case when not ({{ rule }}) then '{{ rule | replace("'", "''") }}' end
        {%- endfor %}
    ) as untrue,
    *
from {{ model }}
where
    {%- for rule in rules %}
    {% if not loop.first %}or {% endif %}not ({{ rule }})
    {%- endfor %}
{% endtest %}
