{#- What only one engine has goes here, once per engine; models call the plain name. -#}

{#- Rows for each date from `first` to `last` (both included), in a select list. -#}
{% macro each_date(first, last, step='day') %}{{ return(adapter.dispatch('each_date')(first, last, step)) }}{% endmacro %}

{% macro duckdb__each_date(first, last, step) -%}
    cast(unnest(generate_series(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval '1 {{ step }}')) as date)
{%- endmacro %}

{% macro spark__each_date(first, last, step) -%}
    explode(sequence(cast({{ first }} as date), cast({{ last }} as date), interval 1 {{ step }}))
{%- endmacro %}


{#- One number for a text, such that a set of rows has the same bit_xor in any order. -#}
{% macro hash_number(text) %}{{ return(adapter.dispatch('hash_number')(text)) }}{% endmacro %}
{% macro duckdb__hash_number(text) -%} md5_number({{ text }}) {%- endmacro %}
{% macro spark__hash_number(text) -%} xxhash64({{ text }}) {%- endmacro %}


{#- A wall-clock time of a zone as the instant (UTC) it names. -#}
{% macro local_to_instant(local_time, zone) %}{{ return(adapter.dispatch('local_to_instant')(local_time, zone)) }}{% endmacro %}
{% macro duckdb__local_to_instant(local_time, zone) -%} timezone({{ zone }}, {{ local_time }}) {%- endmacro %}
{% macro spark__local_to_instant(local_time, zone) -%} to_utc_timestamp({{ local_time }}, {{ zone }}) {%- endmacro %}


{#- An instant as the wall-clock time of a zone. -#}
{% macro instant_to_local(instant, zone) %}{{ return(adapter.dispatch('instant_to_local')(instant, zone)) }}{% endmacro %}
{% macro duckdb__instant_to_local(instant, zone) -%} timezone({{ zone }}, {{ instant }}) {%- endmacro %}
{% macro spark__instant_to_local(instant, zone) -%} from_utc_timestamp({{ instant }}, {{ zone }}) {%- endmacro %}


{% macro add_days(date, days) %}{{ return(adapter.dispatch('add_days')(date, days)) }}{% endmacro %}
{% macro duckdb__add_days(date, days) -%} cast({{ date }} + interval ({{ days }}) day as date) {%- endmacro %}
{% macro spark__add_days(date, days) -%} date_add({{ date }}, {{ days }}) {%- endmacro %}


{#- The yyyymmdd number of a date. -#}
{% macro date_key(date) -%}
    cast(year({{ date }}) * 10000 + month({{ date }}) * 100 + day({{ date }}) as integer)
{%- endmacro %}


{#- The first element of a JSON list of texts. -#}
{% macro first_of_json_list(json) %}{{ return(adapter.dispatch('first_of_json_list')(json)) }}{% endmacro %}
{% macro duckdb__first_of_json_list(json) -%} json_extract_string({{ json }}, '$[0]') {%- endmacro %}
{% macro spark__first_of_json_list(json) -%} get_json_object({{ json }}, '$[0]') {%- endmacro %}


{% macro seconds_between(earlier, later) %}{{ return(adapter.dispatch('seconds_between')(earlier, later)) }}{% endmacro %}
{% macro duckdb__seconds_between(earlier, later) -%} cast(date_diff('second', {{ earlier }}, {{ later }}) as double) {%- endmacro %}
{% macro spark__seconds_between(earlier, later) -%} cast(unix_timestamp({{ later }}) - unix_timestamp({{ earlier }}) as double) {%- endmacro %}


{#- 0 on a Monday, 6 on a Sunday. -#}
{% macro days_since_monday(date) %}{{ return(adapter.dispatch('days_since_monday')(date)) }}{% endmacro %}
{% macro duckdb__days_since_monday(date) -%} (isodow({{ date }}) - 1) {%- endmacro %}
{% macro spark__days_since_monday(date) -%} weekday({{ date }}) {%- endmacro %}


{#- Whether a date lies within the days that the model now being built wants to see; all do when it
    has not said so (see dirty_keys.sql). -#}
{% macro is_shown_day(date) %}{{ return(adapter.dispatch('is_shown_day')(date)) }}{% endmacro %}
{% macro duckdb__is_shown_day(date) -%}
    {{ date }} between
    coalesce(getvariable('first_shown_day'), cast('0001-01-01' as date))
    and coalesce(getvariable('last_shown_day'), cast('9999-12-31' as date))
{%- endmacro %}
{% macro spark__is_shown_day(date) -%} true {%- endmacro %}
