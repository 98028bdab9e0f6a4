{#- The statements about people, as records in the order in which they were seen: of two that were seen at once the key decides, so
    that the order is the same whichever came in first. What is not known to have been seen comes last. -#}
{% macro placed_records(people) -%}
records as (
    select
        organization_id,
        record_key,
        max(record_type) as record_type,
        min(first_seen_at) as first_seen_at
    from {{ people }}
    group by organization_id, record_key
),

places as (
    select
        organization_id,
        record_key,
        record_type,
        first_seen_at,
        row_number() over (order by organization_id, case when first_seen_at is null then 1 else 0 end, first_seen_at, record_key) as place
    from records
),
{%- endmacro %}


{#- Whether more records have an identifier than may be one person's (var `identity_max_records`); a kind without a limit never has. -#}
{% macro is_shared(kind, records) -%}
    coalesce({{ records }} > case {{ kind }} {%- for name, limit in var('identity_max_records').items() %} when '{{ name }}' then {{ limit }} {%- endfor %} end, false)
{%- endmacro %}


{#- An aggregate: the consent of who has several. Who unsubscribed anywhere gets no mail from anywhere. -#}
{% macro most_careful_consent(column) -%}
    coalesce(
        {%- for consent in ['unsubscribed', 'subscribed', 'pending', 'not_subscribed'] %}
        max(case when {{ column }} = '{{ consent }}' then '{{ consent }}' end),
        {%- endfor %}
        'unknown'
    )
{%- endmacro %}


{#- The smallest node that each node is joined with, directly or through others, as `component`. Nodes are numbers; edges go both ways
    (`from_node`, `to_node`). DuckDB keeps the best known one of each node and goes on from those that changed: a component that
    hangs together loosely takes as many rounds as it is long, and no more rows than it has nodes. -#}
{% macro connected_components(nodes, edges) %}{{ return(adapter.dispatch('connected_components')(nodes, edges)) }}{% endmacro %}
{% macro duckdb__connected_components(nodes, edges) -%}
with recursive components(node, component) using key (node) as (
        select
            node,
            node as component
        from {{ nodes }}
        union
        select
            edges.to_node as node,
            min(components.component) as component
        from components
        inner join {{ edges }} as edges on components.node = edges.from_node
        inner join recurring.components as known on edges.to_node = known.node
        where components.component < known.component
        group by edges.to_node
    )

    select * from components
{%- endmacro %}
{#- Each node goes on to larger ones only: the smallest of a component reaches all others in this way. -#}
{% macro spark__connected_components(nodes, edges) -%}
with recursive components(node, component) as (
        select
            node,
            node as component
        from {{ nodes }}
        union
        select
            edges.to_node as node,
            components.component
        from components
        inner join {{ edges }} as edges on components.node = edges.from_node
        where components.component < edges.to_node
    )

    select
        node,
        min(component) as component
    from components
    group by node
{%- endmacro %}
