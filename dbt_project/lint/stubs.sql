{#- What the models' macros look like to sqlfluff, which lints without dbt. Never run. -#}
{% macro dirty_keys() %}{{ caller() }}{% endmacro %}
{% macro state_of(name) %}{{ name }}{% endmacro %}
{% macro each_date(first, last, step='day') %}explode(first){% endmacro %}
{% macro hash_number(text) %}md5(text){% endmacro %}
{% macro local_to_instant(local_time, zone) %}timezone(zone, local_time){% endmacro %}
{% macro instant_to_local(instant, zone) %}timezone(zone, instant){% endmacro %}
{% macro add_days(date, days) %}date_add({{ date }}, 1){% endmacro %}
{% macro days_since_monday(date) %}weekday({{ date }}){% endmacro %}
{% macro rounded_quotient(dividend, divisor) %}cast({{ dividend }} as decimal(38, 18)){% endmacro %}
{% macro date_key(date) %}year({{ date }}){% endmacro %}
{% macro seconds_between(earlier, later) %}date_diff('second', {{ earlier }}, {{ later }}){% endmacro %}
{% macro first_of_json_list(json) %}json_extract({{ json }}, '$[0]'){% endmacro %}
{% macro row_text(columns) %}concat_ws('|', {{ columns | join(', ') }}){% endmacro %}
{% macro fingerprint(columns) %}md5(concat_ws('|', {{ columns | join(', ') }})){% endmacro %}
{% macro set_fingerprint(columns) %}max(md5(concat_ws('|', {{ columns | join(', ') }}))){% endmacro %}
{% macro surrogate_key(columns) %}md5(concat_ws('|', {{ columns | join(', ') }})){% endmacro %}
{% macro micros(column) %}cast({{ column }} as decimal(18, 6)){% endmacro %}
{% macro exact(column) %}cast({{ column }} as decimal(18, 6)){% endmacro %}
{% macro convert(amount, rate='exchange_rate') %}cast({{ amount }} * {{ rate }} as decimal(24, 6)){% endmacro %}
{% macro ratio(numerator, denominator) %}{{ numerator }} / nullif({{ denominator }}, 0){% endmacro %}
{% macro cpm(amount, impressions) %}1000 * {{ amount }} / nullif({{ impressions }}, 0){% endmacro %}
{% macro part_of(amount, part, whole, decimals=2) %}cast({{ amount }} * {{ part }} as decimal(24, 6)){% endmacro %}
{% macro unreported(type) %}cast(null as {{ type }}){% endmacro %}
{% macro url_parameter(url, name) %}regexp_extract({{ url }}, 'x', 1){% endmacro %}
{% macro log_files() %}select * from files{% endmacro %}
{% macro month_of_log_file(file) %}cast({{ file }} as date){% endmacro %}
{% macro stream_level() %}case when platform = 'x' then 'y' end{% endmacro %}
{% macro raw_rows(platform, stream, by_day=false) %}{{ stream }}{% endmacro %}
{% macro winning_rows(platform, stream, key, values) %}select * from {{ stream }}{% endmacro %}
{% macro winning_day_fingerprints(platform, stream) %}select * from {{ stream }}{% endmacro %}
{% macro listed_rows(platform, stream, key, values) %}select * from {{ stream }}{% endmacro %}
{% macro last_listed_rows(platform, stream, key, values) %}select * from {{ stream }}{% endmacro %}
{% macro committed_rows(platform, stream, key, values) %}select * from {{ stream }}{% endmacro %}
{% macro json_rows(columns, order) %}list({{ columns.values() | first }} order by {{ order | join(', ') }}){% endmacro %}
{% macro action_value(actions, type) %}json_extract({{ actions }}, '{{ type }}'){% endmacro %}
{% macro action_total(actions, type, part='value') %}json_extract({{ actions }}, '{{ type }}'){% endmacro %}
{% macro list_changes(unioned, level, entity, attributes, carried=[]) %}select * from {{ unioned }}{% endmacro %}
{% macro list_versions_fingerprints(changes, entity, facts, parents=[]) %}select * from {{ changes }}{% endmacro %}
{% macro campaign_days(fact) %}select * from {{ fact }}{% endmacro %}
{% macro unlisted_of_dirty_keys(changes, entity, facts, parents=[]) %}
unlisted as (
    select * from dirty_keys
),
{% endmacro %}
{% macro list_versions(changes, entity) %}
versions as (
    select * from dirty_keys
),
{% endmacro %}
{% macro as_of() %}cast('2026-01-01' as timestamp with time zone){% endmacro %}
{% macro docs_of_tables() %}select * from described{% endmacro %}
{% macro docs_of_columns() %}select * from described{% endmacro %}
{% macro newest_record_fingerprints(platform, stream, record) %}select * from {{ stream }}{% endmacro %}
{% macro newest_rows(platform, stream, record, values, lines=[], version='updated_at') %}select * from dirty_keys{% endmacro %}
{% macro record_id(platform, stream, rows) %}{{ rows }}.record_id{% endmacro %}
{% macro json_elements(json) %}explode({{ json }}){% endmacro %}
{% macro json_text(json, path) %}json_extract({{ json }}, '{{ path }}'){% endmacro %}
{% macro json_list(json, path) %}json_extract({{ json }}, '{{ path }}'){% endmacro %}
{% macro json_sum(json, path) %}json_extract({{ json }}, '{{ path }}'){% endmacro %}
{% macro web_fact(level, rows=none, hourly=false) %}select {{ caller() }} from stats{% endmacro %}
{% macro with_web_channel(level, rows=none) %}select * from {{ level or "origins" }}{% endmacro %}
{% macro order_rules() %}select platform, rule_number, utm_source, utm_medium, source_name, channel from rules{% endmacro %}
{% macro answer_quality() %}{{ return(['samples_read_count']) }}{% endmacro %}
{% macro newest_of_dirty_records(platform, stream, record, values, lines=[]) -%}
with

source as (
    select * from dirty_keys
),
{%- endmacro %}
{% macro rows_of_dirty_days(platform, stream, key, values) -%}
with

source as (
    select * from dirty_keys
),
{%- endmacro %}
{% macro moved_ids(platform, stream, key, id, ours) %}select * from {{ stream }}{% endmacro %}
{% macro staged_days(platform, stream, ids, values, decimals=[], hourly=false) %}select * from {{ stream }}{% endmacro %}
{% macro staged_entities(platform, stream, columns) %}select * from {{ stream }}{% endmacro %}
{% macro mail_sent_days(platform, stream, message, sums) %}select * from {{ stream }}{% endmacro %}
{% macro mail_happened_days(platform, stream, measures) %}select * from {{ stream }}{% endmacro %}
{% macro klaviyo_sums() %}{{ return({}) }}{% endmacro %}
{% macro ga4_report(stream, ids, measures, hourly=false) %}select * from {{ stream }}{% endmacro %}
{% macro ga4_visits() %}{{ return({}) }}{% endmacro %}
{% macro placed_hours() %}
flagged as (
    select * from days
),
{% endmacro %}
{% macro is_found(pattern, text) %}regexp_matches({{ text }}, {{ pattern }}){% endmacro %}
{% macro add_months(date, months) %}date_add({{ date }}, 1){% endmacro %}
{% macro summed_discounts(rows='named', orders='orders') %}summed_discounts as (select * from {{ rows }}, {{ orders }}) select * from summed_discounts{% endmacro %}
{% macro goods_adjustments(rows) %}
{{ rows }}_adjusted as (
    select *, 1 as adjustment_amount from {{ rows }}
),
{% endmacro %}
{% macro split_amounts(rows, amounts, weight, whole, position) %}
{{ rows }}_split as (
    select * from {{ rows }}
),
{% endmacro %}
{% macro channel_words(rows='') %}concat_ws('|', {{ rows }}utm_source){% endmacro %}
{% macro unlisted_products() %}select * from lines{% endmacro %}
{% macro with_columns(rows, columns) %}select * from {{ rows }}{% endmacro %}
{% macro shop_documents(key, by, keys='dirty_keys') %}select * from {{ keys }}{% endmacro %}
{% macro period_aggregates(period) %}select * from days{% endmacro %}
{% macro kpi_metrics() %}{{ return({'orders': 'orders', 'spend': 'spend_reporting'}) }}{% endmacro %}
{% macro metric_sum(metric) %}sum(value){% endmacro %}
{% macro kpi_money() %}{{ return(['spend']) }}{% endmacro %}
{% macro kpi_texts(name, rows='') %}{{ return([]) }}{% endmacro %}
{% macro kpi_ratios() %}{{ return({'mer': ('orders', 'spend_reporting')}) }}{% endmacro %}
{% macro kpi_periods(long_mart, period, earlier, later) %}select * from {{ long_mart }}{% endmacro %}
{% macro known_sum(reporting, amount, type='decimal(24, 6)') %}sum({{ reporting }}){% endmacro %}
{% macro unconverted_texts(rows, keys, measures) %}select * from {{ rows }}{% endmacro %}
{% macro unconverted_by_measure(rows, keys) %}select * from {{ rows }}{% endmacro %}
{% macro if_converted(value, texts) %}{{ value }}{% endmacro %}
{% macro stream_states_currency() %}case when platform = 'x' then 1 = 1 end{% endmacro %}
{% macro not_counted_reason(is_test, order_type, is_paid, is_cancelled, status) %}case when {{ is_test }} then 'test' end{% endmacro %}
{% macro is_left_day(left_days, date) %}({{ left_days }} = cast({{ date }} as varchar)){% endmacro %}
{% macro campaign_words(rows='') %}lower(utm_source){% endmacro %}
{% macro json_number(json, path, type='decimal(24, 6)') %}try_cast(json_extract({{ json }}, '{{ path }}') as {{ type }}){% endmacro %}
{% macro json_instant(json, path) %}try_cast(json_extract({{ json }}, '{{ path }}') as timestamp){% endmacro %}
{% macro whole_sum(column, type='decimal(24, 6)') %}sum({{ column }}){% endmacro %}
{% macro exact_sum(column, type='decimal(24, 6)') %}try_cast(sum({{ column }}) as {{ type }}){% endmacro %}
{% macro level_models(level) %}{{ return([level]) }}{% endmacro %}
{% macro level_sources(levels) %}{{ return([['files', levels | first]]) }}{% endmacro %}
{% macro union_of(level) %}select * from {{ level }}{% endmacro %}
{% macro known_parent(id) %}{{ id }}{% endmacro %}
{% macro of_account(rows='') %}{{ rows ~ '.' if rows else '' }}account_id{% endmacro %}
{% macro of_sync() %}_sync_id{% endmacro %}
{% macro of_list() %}_sync_id{% endmacro %}
{% macro milliseconds_to_utc(column) %}{{ column }}{% endmacro %}
{% macro staged_report(platform, stream, ids, versions=false, hourly=false, without=[]) %}select 1 as one{% endmacro %}
{% macro money_in_both(money, rows='stats') %}{{ rows }}.currency_code{% endmacro %}
{% macro staged_rows(rows, columns, lineage) %}select 1 as one{% endmacro %}
{% macro staged_invoices(platform, stream, columns, values) %}select 1 as one{% endmacro %}
{% macro of_last_list() %}_sync_id{% endmacro %}
{% macro with_status(level) %}select 1 as one{% endmacro %}
{% macro affiliate_dimension(entity, listed, described) %}select 1 as one{% endmacro %}
{% macro of_affiliate() %}stats.affiliate_id{% endmacro %}
{% macro states_of(models, key=[]) %}select * from {{ models | first }}{% endmacro %}
{% macro winning_days(level) %}
with

dirty_keys as (
    select 1 as one
),

days as (
    select * from dirty_keys
),
{% endmacro %}
{% macro on_winning_day(rows='stats', days='days') %}{{ rows }}.date_day = {{ days }}.date_day{% endmacro %}
{% macro of_connection(rows='stats') %}{{ rows }}.account_id{% endmacro %}
{% macro entity_key(ids, rows='stats') %}md5({{ rows }}.{{ ids | first }}){% endmacro %}
{% macro common_measures(days='stats') %}stats.spend{% endmacro %}
{% macro performance_fact(level, rows, measures=[], money=none, hourly=false) %}select {{ caller() }} from stats{% endmacro %}
{% macro document_days(documents, ids, lines, numbered=false) %}select * from {{ documents }}{% endmacro %}
{% macro rows_of_dirty_orders(models, wheres={}) -%}
with

dirty_keys as (
    select 1 as one
),

{%- for name in models %}

{{ name.split('__')[1] }} as (
    select * from {{ name }}
),
{%- endfor %}
{%- endmacro %}
{% macro parts_and_rest(model, whole, keys, parts) %}select * from {{ model }}{% endmacro %}
{% macro has_action(actions, type) %}json_extract({{ actions }}, '{{ type }}') is not null{% endmacro %}
{% macro joined_texts(json, key=none) %}json_extract({{ json }}, '$[*]'){% endmacro %}
{% macro with_reporting_rate(rows) %}
converted as (
    select * from {{ rows }}
)
{% endmacro %}
{% macro channels_of_words(said) %}select * from ({{ said }}) as said{% endmacro %}
{% macro campaigns_of_words(said, channels) %}select * from ({{ said }}) as said{% endmacro %}
{% macro known_by_instant(model, record, values) %}select * from {{ model }}{% endmacro %}
{% macro whose_record(record) %}organization_id, {{ record }}{% endmacro %}
{% macro known_of_entries(entries, record, values) %}known as (select * from {{ entries }}) select * from known{% endmacro %}
{% macro staged_records(platform, stream, id, values, columns) %}select * from {{ stream }}{% endmacro %}
{% macro taken_in(models) %}select * from {{ models.values() | first }}{% endmacro %}
{% macro newest_of(platform, stream, id, values) %}
with

dirty_keys as (
    select * from {{ stream }}
),

source as (
    select * from dirty_keys
),
{% endmacro %}
{% macro money_in_both(money, rows='stats') %}{{ rows }}.{{ money | first }}{% endmacro %}
{% macro received_rows(platform, stream, by_day=false) %}select * from {{ stream }}{% endmacro %}
{% macro micros_between(earlier, later) %}date_diff('microsecond', {{ earlier }}, {{ later }}){% endmacro %}
{% macro is_near(day, other, days=3) %}{{ day }} between {{ other }} and {{ other }}{% endmacro %}
{% macro event_zones() %}select * from zones{% endmacro %}
{% macro event_rate_fingerprints() %}select * from rates{% endmacro %}
{% macro days_near_dirty_ones(days) %}select * from {{ days }}{% endmacro %}
{% macro event_chunks() %}select * from chunks{% endmacro %}
{% macro origin_columns() %}{{ return(['utm_source']) }}{% endmacro %}
{% macro is_of_site(host, site) %}{{ host }} = {{ site }}{% endmacro %}
{% macro written_order_lines(platform) %}select * from dirty_keys{% endmacro %}
{% macro written_order_documents(platform) %}select * from dirty_keys{% endmacro %}
{% macro written_refunds(platform) %}select * from dirty_keys{% endmacro %}
{% macro employee_key(rows, id='employee_id') %}md5({{ rows }}.{{ id }}){% endmacro %}
{% macro restated_metrics() %}{{ return({'spend': true, 'clicks': false}) }}{% endmacro %}
{% macro age_of_day(date_day, fetched_at, zone) %}cast({{ fetched_at }} as date) - {{ date_day }}{% endmacro %}
{% macro once_true_syncs() %}once_true as (select * from dirty_keys){% endmacro %}
{% macro quantile_by_place(value, p, place='place', days='days') %}sum({{ value }}){% endmacro %}
{% macro final_factor(share) %}1 / nullif({{ share }}, 0){% endmacro %}
{% macro expected_final(amount, factor, is_final) %}case when {{ is_final }} then {{ amount }} end{% endmacro %}
{% macro plain_letters(text) %}lower({{ text }}){% endmacro %}
{% macro likeness(one, other) %}levenshtein({{ one }}, {{ other }}){% endmacro %}
{% macro evidence_columns() %}{{ return(['evidence.channel']) }}{% endmacro %}
{% macro placed_records(people) %}
places as (
    select * from {{ people }}
),
{% endmacro %}
{% macro most_careful_consent(column) %}max({{ column }}){% endmacro %}
{% macro is_shared(kind, records) %}{{ records }} > 1{% endmacro %}
{% macro connected_components(nodes, edges) %}select * from {{ nodes }} cross join {{ edges }}{% endmacro %}
{% macro attribution_weights() %}{{ return({'first': '1'}) }}{% endmacro %}
{% macro touch_credits(touches, journey) %}
credits as (
    select * from {{ touches }}
),
{% endmacro %}
{% macro markov_effects(steps, by, journey, order=none) %}
removal_effects as (
    select * from {{ steps }}
),
{% endmacro %}
{% macro json_of(columns) %}concat_ws(',', {{ columns.values() | join(', ') }}){% endmacro %}
{% macro alert_metrics() %}{{ return({'organization': {'spend': ('spend_reporting', [])}, 'platform': {'spend': ('spend_reporting', [])}}) }}{% endmacro %}
{% macro alert_parts() %}{{ return({'spend': ['spend']}) }}{% endmacro %}
{% macro level_columns(level) %}{{ return({'contact_id': 'varchar'}) }}{% endmacro %}
