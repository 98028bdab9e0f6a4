{#- What the models' macros look like to sqlfluff, which lints without dbt. Never run. -#}
{% macro dirty_keys() %}{{ caller() }}{% endmacro %}
{% macro state_of(name) %}{{ name }}{% endmacro %}
{% macro each_date(first, last, step='day') %}explode(first){% endmacro %}
{% macro hash_number(text) %}md5(text){% endmacro %}
{% macro local_to_instant(local_time, zone) %}timezone(zone, local_time){% endmacro %}
{% macro instant_to_local(instant, zone) %}timezone(zone, instant){% endmacro %}
{% macro add_days(date, days) %}date_add({{ date }}, 1){% endmacro %}
{% macro days_since_monday(date) %}weekday({{ date }}){% endmacro %}
{% macro date_key(date) %}year({{ date }}){% endmacro %}
{% macro seconds_between(earlier, later) %}date_diff('second', {{ earlier }}, {{ later }}){% endmacro %}
{% macro first_of_json_list(json) %}json_extract({{ json }}, '$[0]'){% endmacro %}
{% macro row_text(columns) %}concat_ws('|', {{ columns | join(', ') }}){% endmacro %}
{% macro fingerprint(columns) %}md5(concat_ws('|', {{ columns | join(', ') }})){% endmacro %}
{% macro set_fingerprint(columns) %}bit_xor(md5(concat_ws('|', {{ columns | join(', ') }}))){% endmacro %}
{% macro surrogate_key(columns) %}md5(concat_ws('|', {{ columns | join(', ') }})){% endmacro %}
{% macro micros(column) %}cast({{ column }} as decimal(18, 6)){% endmacro %}
{% macro exact(column) %}cast({{ column }} as decimal(18, 6)){% endmacro %}
{% macro convert(amount, rate='exchange_rate') %}cast({{ amount }} * {{ rate }} as decimal(24, 6)){% endmacro %}
{% macro whole_sum(column, type='decimal(24, 6)') %}sum({{ column }}){% endmacro %}
{% macro ratio(numerator, denominator) %}{{ numerator }} / nullif({{ denominator }}, 0){% endmacro %}
{% macro cpm(amount, impressions) %}1000 * {{ amount }} / nullif({{ impressions }}, 0){% endmacro %}
{% macro unreported(type) %}cast(null as {{ type }}){% endmacro %}
{% macro url_parameter(url, name) %}regexp_extract({{ url }}, 'x', 1){% endmacro %}
{% macro log_files() %}select * from files{% endmacro %}
{% macro month_of_log_file(file) %}cast({{ file }} as date){% endmacro %}
{% macro stream_level() %}case when platform = 'x' then 'y' end{% endmacro %}
{% macro winning_rows(platform, stream, key, values) %}select * from {{ stream }}{% endmacro %}
{% macro listed_rows(platform, stream, key, values) %}select * from {{ stream }}{% endmacro %}
{% macro committed_rows(platform, stream, key, values) %}select * from {{ stream }}{% endmacro %}
{% macro list_changes(unioned, level, entity, attributes) %}select * from {{ unioned }}{% endmacro %}
{% macro list_versions_fingerprints(changes, entity, facts, parents=[]) %}select * from {{ changes }}{% endmacro %}
{% macro campaign_days(fact) %}select * from {{ fact }}{% endmacro %}
{% macro unlisted_of_dirty_keys(changes, entity, facts, parents=[]) %}
unlisted as (
    select * from dirty_keys
),
{% endmacro %}
{% macro list_versions(changes, entity) %}
versions as (
    select * from {{ changes }}
),
{% endmacro %}
{% macro as_of() %}cast('2026-01-01' as timestamp with time zone){% endmacro %}
{% macro docs_of_tables() %}select * from described{% endmacro %}
{% macro docs_of_columns() %}select * from described{% endmacro %}
