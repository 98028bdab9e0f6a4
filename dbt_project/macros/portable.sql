{#- What only one engine has goes here, once per engine; models call the plain name. -#}

{#- Rows for each date from `first` to `last` (both included), in a select list. -#}
{% macro each_date(first, last, step='day') %}{{ return(adapter.dispatch('each_date')(first, last, step)) }}{% endmacro %}

{% macro duckdb__each_date(first, last, step) -%}
    cast(unnest(generate_series(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval '1 {{ step }}')) as date)
{%- endmacro %}

{% macro spark__each_date(first, last, step) -%}
    explode(sequence(cast({{ first }} as date), cast({{ last }} as date), interval 1 {{ step }}))
{%- endmacro %}


{#- One number for a text. -#}
{% macro hash_number(text) %}{{ return(adapter.dispatch('hash_number')(text)) }}{% endmacro %}
{#- The lower half of md5, 64 bits: DuckDB aggregates its 128-bit numbers by group a hundred times slower (43,000 groups 3.7 s
    and 0.04 s). A change is missed once in 1.8e19. -#}
{% macro duckdb__hash_number(text) -%} md5_number_lower({{ text }}) {%- endmacro %}
{% macro spark__hash_number(text) -%} xxhash64({{ text }}) {%- endmacro %}


{#- An aggregate: one number for texts in any order. A sum, for of equal texts `bit_xor` forgets each pair. -#}
{% macro hash_sum(text) %}{{ return(adapter.dispatch('hash_sum')(text)) }}{% endmacro %}
{% macro duckdb__hash_sum(text) -%} sum({{ hash_number(text) }}) {%- endmacro %}
{% macro spark__hash_sum(text) -%} sum(cast({{ hash_number(text) }} as decimal(28, 0))) {%- endmacro %}


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
{% macro duckdb__first_of_json_list(json) -%} json_extract_string(try_cast({{ json }} as json), '$[0]') {%- endmacro %}
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


{#- Whether the model now being built wants to see the raw rows of a platform and of a connection; all do when
    it has not said so (see dirty_keys.sql). DuckDB reads no file of a platform that is not shown. -#}
{% macro is_shown_connection(platform, connection_id) %}{{ return(adapter.dispatch('is_shown_connection')(platform, connection_id)) }}{% endmacro %}
{% macro duckdb__is_shown_connection(platform, connection_id) -%}
    {{ is_shown_platform(platform) }}
    and coalesce(list_contains(getvariable('shown_connections'), {{ connection_id }}), true)
{%- endmacro %}
{% macro spark__is_shown_connection(platform, connection_id) -%} true {%- endmacro %}


{#- Whether the model now being built wants to see rows of a platform; what is of none is always shown. -#}
{% macro is_shown_platform(platform) -%}
    {{ "coalesce(list_contains(getvariable('shown_platforms'), '" ~ platform ~ "'), true)" if platform else 'true' }}
{%- endmacro %}


{#- Whether a regular expression, which may be another column, is found in a text. -#}
{% macro is_found(pattern, text) %}{{ return(adapter.dispatch('is_found')(pattern, text)) }}{% endmacro %}
{% macro duckdb__is_found(pattern, text) -%} regexp_matches({{ text }}, {{ pattern }}) {%- endmacro %}
{% macro spark__is_found(pattern, text) -%} {{ text }} rlike {{ pattern }} {%- endmacro %}


{#- A part of a URL, decoded; what is no UTF-8 (old shops write Latin-1) as it stands. -#}
{% macro url_decoded(text) %}{{ return(adapter.dispatch('url_decoded')(text)) }}{% endmacro %}
{% macro duckdb__url_decoded(text) -%} coalesce(try(url_decode({{ text }})), {{ text }}) {%- endmacro %}
{% macro spark__url_decoded(text) -%} coalesce(try_url_decode({{ text }}), {{ text }}) {%- endmacro %}


{#- The elements of a JSON list, one row each, in a select list; none of what is no JSON. -#}
{% macro json_elements(json) %}{{ return(adapter.dispatch('json_elements')(json)) }}{% endmacro %}
{% macro duckdb__json_elements(json) -%} unnest(json_extract(try_cast({{ json }} as json), '$[*]')) {%- endmacro %}
{% macro spark__json_elements(json) -%} explode(from_json({{ json }}, 'array<string>')) {%- endmacro %}


{#- The text at a path of a JSON object; null when there is none or it is null. -#}
{% macro json_text(json, path) %}{{ return(adapter.dispatch('json_text')(json, path)) }}{% endmacro %}
{% macro duckdb__json_text(json, path) -%} json_extract_string(try_cast({{ json }} as json), '$.{{ path }}') {%- endmacro %}
{% macro spark__json_text(json, path) -%} get_json_object({{ json }}, '$.{{ path }}') {%- endmacro %}


{#- The list at a path of a JSON object, as JSON; null when there is none. -#}
{% macro json_list(json, path) %}{{ return(adapter.dispatch('json_list')(json, path)) }}{% endmacro %}
{% macro duckdb__json_list(json, path) -%} cast(json_extract(try_cast({{ json }} as json), '$.{{ path }}') as varchar) {%- endmacro %}
{% macro spark__json_list(json, path) -%} get_json_object({{ json }}, '$.{{ path }}') {%- endmacro %}


{#- The texts of a JSON list in one, with ` | ` between them: of its elements, or of a key of each. Null when there
    are none. -#}
{% macro joined_texts(json, key=none) %}{{ return(adapter.dispatch('joined_texts')(json, key)) }}{% endmacro %}
{% macro duckdb__joined_texts(json, key) -%}
    nullif(array_to_string(json_extract_string(try_cast({{ json }} as json), '$[*]{{ "." ~ key if key }}'), ' | '), '')
{%- endmacro %}
{% macro spark__joined_texts(json, key) -%}
    {%- if key -%}
    nullif(array_join(from_json({{ json }}, 'array<struct<{{ key }}:string>>').{{ key }}, ' | '), '')
    {%- else -%}
    nullif(array_join(from_json({{ json }}, 'array<string>'), ' | '), '')
    {%- endif -%}
{%- endmacro %}


{#- A number of a JSON object, null when it is none or has more than 12 digits before the point. -#}
{% macro json_number(json, path, type='decimal(24, 6)') -%}
    try_cast(try_cast({{ json_text(json, path) }} as decimal(18, 6)) as {{ type }})
{%- endmacro %}


{#- A time of a JSON object, null when it is none or lies before 1900 or after 2199. -#}
{% macro json_instant(json, path) -%}
    case
            when
                try_cast({{ json_text(json, path) }} as timestamp with time zone)
                between cast('1900-01-01' as timestamp with time zone) and cast('2199-12-31' as timestamp with time zone)
                then try_cast({{ json_text(json, path) }} as timestamp with time zone)
        end
{%- endmacro %}


{#- The exact sum of the amounts at a path with `[*]` in it (of a list: first in it); null when there are none, or one of them is
    no number of at most 12 digits before the point. -#}
{% macro json_sum(json, path) %}{{ return(adapter.dispatch('json_sum')(json, path)) }}{% endmacro %}
{% macro duckdb__json_sum(json, path) -%}
    {%- set amounts = "try_cast(json_extract_string(try_cast(" ~ json ~ " as json), '$" ~ ('' if path.startswith('[') else '.') ~ path ~ "') as decimal(18, 6)[])" -%}
    case
            when list_count({{ amounts }}) = len({{ amounts }})
                then try_cast(list_sum({{ amounts }}) as decimal(24, 6))
        end
{%- endmacro %}
{% macro spark__json_sum(json, path) -%}
    aggregate(from_json(get_json_object({{ json }}, '${{ '' if path.startswith('[') else '.' }}{{ path }}'), 'array<decimal(24,6)>'), cast(0 as decimal(24, 6)), (total, amount) -> total + amount)
{%- endmacro %}


{#- A date so many months later; the last day of a shorter month for a day that it lacks. -#}
{% macro add_months(date, months) %}{{ return(adapter.dispatch('add_months')(date, months)) }}{% endmacro %}
{% macro duckdb__add_months(date, months) -%} cast({{ date }} + interval ({{ months }}) month as date) {%- endmacro %}
{% macro spark__add_months(date, months) -%} add_months({{ date }}, {{ months }}) {%- endmacro %}


{#- A positive decimal(20, 8) by another one as decimal(38, 18), rounded half up: exact to the last digit.
    Both are counted in their smallest unit, fewer than 10^20 of them, so that the widened dividend has at
    most 38 digits and neither it nor the quotient overflows an integer of 128 bits. -#}
{% macro rounded_quotient(dividend, divisor) %}{{ return(adapter.dispatch('rounded_quotient')(dividend, divisor)) }}{% endmacro %}

{% macro duckdb__rounded_quotient(dividend, divisor) -%}
    {%- set whole = 'cast(' ~ dividend ~ ' * 100000000 as hugeint) * cast(1000000000000000000 as hugeint)' -%}
    {%- set part = 'cast(' ~ divisor ~ ' * 100000000 as hugeint)' -%}
    cast(
        divide({{ whole }}, {{ part }}) + case when 2 * (({{ whole }}) % {{ part }}) >= {{ part }} then 1 else 0 end
        as decimal(38, 0)
    ) * cast(0.000000000000000001 as decimal(18, 18))
{%- endmacro %}

{#- Spark divides decimals as such: two of this type give decimal(38, 18), rounded half up. -#}
{% macro spark__rounded_quotient(dividend, divisor) -%}
    cast({{ dividend }} as decimal(20, 8)) / cast({{ divisor }} as decimal(20, 8))
{%- endmacro %}


{#- The rows of a CTE with columns that they may lack, null where they do: columns by name and type. Raw
    files hold what the connector asked for when it wrote them. -#}
{% macro with_columns(rows, columns) %}{{ return(adapter.dispatch('with_columns')(rows, columns)) }}{% endmacro %}
{% macro duckdb__with_columns(rows, columns) -%}
    select * from {{ rows }}
    union all by name
    select
        {%- for name, type in columns.items() %}
        cast(null as {{ type }}) as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    where 1 = 0
{%- endmacro %}
{% macro spark__with_columns(rows, columns) -%} select * from {{ rows }} {%- endmacro %}


{#- Milliseconds since 1970 as a time in UTC without a zone; null when they are of no year that models hold. -#}
{% macro milliseconds_to_utc(column) %}{{ return(adapter.dispatch('milliseconds_to_utc')(column)) }}{% endmacro %}
{% macro duckdb__milliseconds_to_utc(column) -%}
    case when {{ column }} between 0 and 7258118399999 then epoch_ms({{ column }}) end
{%- endmacro %}
{% macro spark__milliseconds_to_utc(column) -%}
    case when {{ column }} between 0 and 7258118399999 then timestamp_millis({{ column }}) end
{%- endmacro %}


{#- A JSON object of names and expressions. -#}
{% macro json_of(columns) %}{{ return(adapter.dispatch('json_of')(columns)) }}{% endmacro %}
{% macro duckdb__json_of(columns) -%}
    cast(json_object(
        {%- for name, expression in columns.items() %}'{{ name }}', {{ expression }}{{ ", " if not loop.last }}{% endfor -%}
    ) as varchar)
{%- endmacro %}
{% macro spark__json_of(columns) -%}
    to_json(named_struct(
        {%- for name, expression in columns.items() %}'{{ name }}', {{ expression }}{{ ", " if not loop.last }}{% endfor -%}
    ))
{%- endmacro %}


{#- An aggregate: rows as a JSON list of objects in a given order. `columns` are names and expressions. -#}
{% macro json_rows(columns, order) %}{{ return(adapter.dispatch('json_rows')(columns, order)) }}{% endmacro %}
{% macro duckdb__json_rows(columns, order) -%}
    cast(to_json(list(json_object(
        {%- for name, expression in columns.items() %}'{{ name }}', {{ expression }}{{ ", " if not loop.last }}{% endfor -%}
    ) order by {{ order | join(', ') }})) as varchar)
{%- endmacro %}
{% macro spark__json_rows(columns, order) -%}
    to_json(sort_array(collect_list(named_struct(
        {%- for name, expression in columns.items() %}'{{ name }}', {{ expression }}{{ ", " if not loop.last }}{% endfor -%}
    ))))
{%- endmacro %}


{#- The value of one action type in a JSON list of them, as text; null when the type is not there. -#}
{% macro action_value(actions, type) %}{{ return(adapter.dispatch('action_value')(actions, type)) }}{% endmacro %}
{% macro duckdb__action_value(actions, type) -%}
    list_filter(
        json_transform(try_cast({{ actions }} as json), '[{"action_type":"VARCHAR","value":"VARCHAR"}]'),
        action -> action.action_type = '{{ type }}'
    )[1].value
{%- endmacro %}
{% macro spark__action_value(actions, type) -%}
    filter(
        from_json({{ actions }}, 'array<struct<action_type:string,value:string>>'),
        action -> action.action_type = '{{ type }}'
    )[0].value
{%- endmacro %}


{#- Whether a JSON list of action types has one of them, whatever its number is. -#}
{% macro has_action(actions, type) %}{{ return(adapter.dispatch('has_action')(actions, type)) }}{% endmacro %}
{% macro duckdb__has_action(actions, type) -%}
    coalesce(
        list_contains(
            list_transform(
                json_transform(try_cast({{ actions }} as json), '[{"action_type":"VARCHAR"}]'), action -> action.action_type
            ),
            '{{ type }}'
        ),
        false
    )
{%- endmacro %}
{% macro spark__has_action(actions, type) -%}
    coalesce(exists(from_json({{ actions }}, 'array<struct<action_type:string>>'), action -> action.action_type = '{{ type }}'), false)
{%- endmacro %}


{#- The sum of one action type in a JSON list, as text: entries of one type (a click and a view, say) are
    parts of one number. No text at all where one of them is no number. `part` is the key of the number: `value`, or
    one of several that an entry may have beside it or lack (it is then nothing). -#}
{% macro action_total(actions, type, part='value') %}{{ return(adapter.dispatch('action_total')(actions, type, part)) }}{% endmacro %}
{% macro duckdb__action_total(actions, type, part) -%}
    list_reduce(
        list_transform(
            list_filter(
                json_transform(try_cast({{ actions }} as json), '[{"action_type":"VARCHAR","{{ part }}":"VARCHAR"}]'),
                action -> action.action_type = '{{ type }}'
            ),
            action -> coalesce(action."{{ part }}", '{{ "" if part == "value" else "0" }}')
        ),
        (total, value) -> coalesce(
            cast(try_cast(total as decimal(24, 6)) + try_cast(value as decimal(24, 6)) as varchar), ''
        ),
        '0'
    )
{%- endmacro %}
{% macro spark__action_total(actions, type, part) -%}
    aggregate(
        filter(
            from_json({{ actions }}, 'array<struct<action_type:string,`{{ part }}`:string>>'),
            action -> action.action_type = '{{ type }}'
        ),
        '0',
        (total, action) -> coalesce(
            cast(try_cast(total as decimal(24, 6)) + try_cast({{ "action.value" if part == "value" else "coalesce(action.`" ~ part ~ "`, '0')" }} as decimal(24, 6)) as string), ''
        )
    )
{%- endmacro %}
