{#- Fails on rows of which the expression is not true; unknown passes, as in a check constraint. -#}
{% test always_true(model, expression) %}
select *
from {{ model }}
where not ({{ expression }})
{% endtest %}
