{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'conversion_key', 'valid_from'],
    own_days=true,
) }}

-- Of the syncs of a day, in the order in which they were the truth, those that found a conversion other than before. A
-- conversion that a later sync of its day lacks keeps its last state, and is marked.

{% set state = ['affiliate_id', 'offer_id', 'platform_status', 'status_reason', 'payout', 'revenue', 'sale_amount', 'stated_currency', 'is_test'] %}
{% set described = ['click_id', 'order_id', 'event_name', 'sub_id', 'is_event', 'is_held', 'converted_at', 'clicked_at'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        {{ set_fingerprint(['stream', 'account_id', 'coverage_fingerprint']) }} as fingerprint
    from {{ ref('int_report_days') }}
    where level = 'affiliate_conversion'
    group by organization_id, platform, connection_id, date_day
    {% endcall %}
),

syncs as (
    select
        *,
        {{ stream_level() }} as level
    from {{ ref('stg_lake__syncs') }}
    where kind = 'report' and status = 'succeeded'
),

covering as (
    select
        syncs.organization_id,
        syncs.platform,
        syncs.connection_id,
        syncs.account_id,
        syncs.stream,
        syncs.account_currency,
        syncs.sync_id,
        syncs.chunk_id,
        syncs.committed_at,
        dirty_keys.date_day,
        row_number() over (
            partition by dirty_keys.connection_id, syncs.stream, dirty_keys.date_day
            order by syncs.fetch_started_at, syncs.sync_id, syncs.chunk_id
        ) as place
    from syncs
    inner join dirty_keys
        on
            syncs.connection_id = dirty_keys.connection_id
            and syncs.window_from <= dirty_keys.date_day
            and syncs.window_to > dirty_keys.date_day
    where syncs.level = 'affiliate_conversion' and not {{ is_left_day('syncs.left_days', 'dirty_keys.date_day') }}
),

-- A sync that was already overtaken when it was committed was never the truth of this day.
once_true as (
    select *
    from covering
    qualify place = max(place) over (
        partition by connection_id, stream, date_day
        order by committed_at
    )
),

numbered as (
    select
        * exclude (place),
        row_number() over (
            partition by connection_id, stream, date_day
            order by place
        ) as place,
        count(*) over (partition by connection_id, stream, date_day) as places
    from once_true
),

reported as (
    select
        numbered.organization_id,
        numbered.platform,
        numbered.connection_id,
        numbered.account_id,
        versions.stream_name,
        versions.conversion_id,
        numbered.date_day,
        numbered.account_currency,
        numbered.place,
        numbered.places,
        numbered.committed_at,
        numbered.sync_id,
        numbered.chunk_id,
        {%- for name in state + described %}
        versions.{{ name }},
        {%- endfor %}
        {{ row_text(state) }} as state_text
    from ({{ union_of('affiliate_conversion_version') }}) as versions
    inner join numbered
        on
            versions._sync_id = numbered.sync_id
            and versions.connection_id = numbered.connection_id
            and versions._chunk_id = numbered.chunk_id
            and versions.stream_name = numbered.stream
            and versions.date_day = numbered.date_day
),

compared as (
    select
        *,
        lag(place) over in_order as previous_place,
        lag(state_text) over in_order as previous_state_text,
        lead(place) over in_order as next_place
    from reported
    window in_order as (
        partition by connection_id, stream_name, date_day, conversion_id
        order by place
    )
),

changes as (
    select
        * exclude (previous_place, previous_state_text, next_place, state_text, places),
        false as is_missing
    from compared
    where
        previous_place is null
        or previous_place < place - 1
        or state_text <> previous_state_text
    union all by name
    select
        compared.* exclude (previous_place, previous_state_text, next_place, state_text, places) replace (
            numbered.place as place, numbered.committed_at as committed_at, numbered.sync_id as sync_id, numbered.chunk_id as chunk_id
        ),
        true as is_missing
    from compared
    inner join numbered
        on
            compared.connection_id = numbered.connection_id
            and compared.stream_name = numbered.stream
            and compared.date_day = numbered.date_day
            and numbered.place = compared.place + 1
    where coalesce(compared.next_place, compared.places + 1) > compared.place + 1
),

words as (
    select platform, platform_word, word
    from {{ ref('int_platform_words') }}
    where kind = 'conversion_status'
),

states as (
    select
{{ of_connection('changes') }},
        {{ entity_key(['stream_name', 'conversion_id'], 'changes') }} as conversion_key,
        changes.conversion_id,
        {{ entity_key(['affiliate_id'], 'changes') }} as affiliate_key,
        changes.affiliate_id,
        {{ entity_key(['offer_id'], 'changes') }} as offer_key,
        changes.offer_id,
        changes.date_day,
        {{ date_key('changes.date_day') }} as date_key,
        coalesce(words.word, 'UNKNOWN') as status,
        changes.platform_status,
        changes.status_reason,
        coalesce(changes.stated_currency, changes.account_currency) as currency_code,
        changes.payout,
        changes.revenue,
        changes.sale_amount,
        coalesce(changes.is_test, false) as is_test,
        changes.is_missing,
        {%- for name in described %}
        changes.{{ name }},
        {%- endfor %}
        changes.committed_at as valid_from,
        lead(changes.committed_at) over in_order as valid_to,
        lead(changes.committed_at) over in_order is null as is_current,
        changes.sync_id as _sync_id,
        changes.chunk_id as _chunk_id
    from changes
    left join words on changes.platform = words.platform and changes.platform_status = words.platform_word
    window in_order as (
        partition by changes.connection_id, changes.stream_name, changes.date_day, changes.conversion_id
        order by changes.place
    )
)

select * from states
