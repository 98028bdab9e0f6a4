{#- Fails on rows that lack one of the columns. One test a model: a hundred small ones cost more
    than the queries they run. -#}
{% test never_null(model, columns) %}
select *
from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
