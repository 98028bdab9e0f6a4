{#- Fails on rows that share the key with another row, or that lack one of the columns `never_null`. One
    test a model: a hundred small ones cost more than the queries they run. -#}
{% test unique_together(model, columns, never_null=[]) %}
{%- set others = never_null | reject('in', columns) | list -%}
select
    {{ columns | join(', ') }},
    count(*) as copies
    {%- for column in others %},
    count({{ column }}) as with_{{ column }}
    {%- endfor %}
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in never_null %}
    {%- if column in columns %}
    or {{ column }} is null
    {%- else %}
    or count({{ column }}) < count(*)
    {%- endif %}
    {%- endfor %}
{% endtest %}
