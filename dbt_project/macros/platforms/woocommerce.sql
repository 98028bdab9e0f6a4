{#- The days of a report with the sync that won each: for `dirty_keys` of a table of its rows. -#}
{% macro winning_day_fingerprints(platform, stream) -%}
    select
        connection_id,
        date_day,
        {{ fingerprint(['organization_id', 'account_id', 'sync_id', 'chunk_id', 'time_zone']) }} as fingerprint
    from {{ ref('int_report_winners') }}
    where platform = '{{ platform }}' and stream = '{{ stream }}'
{%- endmacro %}
