{#- Fails on rows that share the key with another row, or that lack a part of it or one of the columns `never_null`. A
    part of the key whose name ends in `?` may be missing. One test a model: a hundred small ones cost more than
    the queries they run. -#}
{% test unique_together(model, columns, never_null=[]) %}
{%- set key = columns | map('replace', '?', '') | list -%}
select
    {{ key | join(', ') }},
    count(*) as copies
    {%- for column in never_null %},
    count({{ column }}) as with_{{ column }}
    {%- endfor %}
from {{ model }}
group by {{ key | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if not column.endswith('?') %}
    or {{ column }} is null
    {%- endfor %}
    {%- for column in never_null %}
    or count({{ column }}) < count(*)
    {%- endfor %}
{% endtest %}
