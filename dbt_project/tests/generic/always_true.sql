{#- Fails on rows of which one of the expressions is not true, and says which; unknown passes, as in a
    check constraint. One test a model, as with unique_together. -#}
{% test always_true(model, expressions) %}
select
    concat_ws(
        '; '
        {%- for expression in expressions %},
        case when not ({{ expression }}) then '{{ expression | replace("'", "''") }}' end
        {%- endfor %}
    ) as untrue,
    *
from {{ model }}
where
    {%- for expression in expressions %}
    {% if not loop.first %}or {% endif %}not ({{ expression }})
    {%- endfor %}
{% endtest %}
