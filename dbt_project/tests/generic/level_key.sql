{#- Fails on rows of a staging model that share the key of its level (`vars: level_keys:`) or lack a part of it. A part
    that may be empty (`?`) is left out where the model has no such column. -#}
{% test level_key(model) %}
{%- set found = graph.nodes.values() | selectattr('name', 'equalto', model.identifier) | list if execute else [] -%}
{%- set level = found[0].config.meta.level if found else 'campaign_list' -%}
{%- set columns = ['connection_id'] -%}
{%- set held = adapter.get_columns_in_relation(model) | map(attribute='name') | list if execute else [] -%}
{%- for name in var('level_keys')[level] if not name.endswith('?') or name[:-1] in held -%}
    {%- do columns.append(name) -%}
{%- endfor -%}
{%- if level.endswith('_list') or level.endswith('_version') -%}
    {%- do columns.append('_sync_id') -%}
{%- endif -%}
{%- if level.endswith('_version') -%}
    {%- do columns.append('_chunk_id') -%}
{%- endif -%}
{{ test_unique_together(model, columns) }}
{% endtest %}
