{#- Rows of a stream in our columns: `rows` reads them, `columns` has an expression for each of our names, `lineage` the columns
    that lead back to the sync. -#}
{% macro staged_rows(rows, columns, lineage) -%}
with

source as (
    {{ rows }}
),

renamed as (
    select
        {{ of_account() }},
        {%- for name, expression in columns.items() %}
        {{ expression }} as {{ name }},
        {%- endfor %}
        {{ lineage }}
    from source
)

select * from renamed
{%- endmacro %}


{#- The lineage of an entity that its last list has. -#}
{% macro of_last_list() -%}
        is_removed,
        _sync_id,
        _synced_at
{%- endmacro %}


{#- Invoices of a list, each as the last list has it: when a list first had it, and first had it as paid. `is_paid` is read
    from the columns of the list. -#}
{% macro staged_invoices(platform, stream, columns, values) -%}
with

listed as (
    {{ listed_rows(platform, stream, ['invoice_id'], values) }}
),

seen as (
    select
        *,
        coalesce({{ columns.is_paid }}, 1 = 0) as was_paid
    from listed
),

placed as (
    select
        *,
        min(list_fetched_at) over of_invoice as first_seen_at,
        min(case when was_paid then list_fetched_at end) over of_invoice as paid_seen_at,
        row_number() over (
            partition by _connection_id, invoice_id
            order by list_fetched_at desc, _sync_id desc
        ) as place
    from seen
    window of_invoice as (partition by _connection_id, invoice_id)
),

renamed as (
    select
        {{ of_account() }},
        invoice_id,
        {%- for name, expression in columns.items() %}
        {{ expression if name != 'is_paid' else 'was_paid' }} as {{ name }},
        {%- endfor %}
        first_seen_at,
        case when was_paid then paid_seen_at end as paid_seen_at,
        is_older_list as is_removed,
        _sync_id,
        _synced_at
    from placed
    where place = 1
)

select * from renamed
{%- endmacro %}


{#- A dimension of partners or offers: those that lists have, and those that facts alone show, which are inferred. `entity` is
    `affiliate` or `offer`, `described` what a list says about one. -#}
{% macro affiliate_dimension(entity, listed, described) -%}
{%- set facts = ['fact_affiliate_performance', 'fact_affiliate_conversions', 'fact_affiliate_clicks', 'fact_affiliate_adjustments'] -%}
{%- set id, name = entity ~ '_id', entity ~ '_name' -%}
{%- set unlisted -%}
select distinct
    shown.organization_id,
    shown.platform,
    shown.connection_id,
    shown.account_id,
    shown.{{ id }}
from (
    {%- for fact in facts %}
    select organization_id, platform, connection_id, account_id, {{ id }}
    from {{ ref(fact) }}
    {{ "union" if not loop.last }}
    {%- endfor %}
) as shown
left join {{ ref(listed) }} as listed
    on shown.connection_id = listed.connection_id and shown.{{ id }} = listed.{{ id }}
where listed.{{ id }} is null
{%- endset -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        connection_id,
        {{ set_fingerprint(['source', 'content']) }} as fingerprint
    from (
        select
            organization_id,
            connection_id,
            'list' as source,
            {{ row_text(['platform', 'account_id', id, name, 'status', 'platform_status', 'is_removed', '_sync_id'] + described | list) }} as content
        from {{ ref(listed) }}
        union all
        select
            organization_id,
            connection_id,
            'facts' as source,
            {{ row_text(['platform', 'account_id', id]) }} as content
        from ({{ unlisted }}) as unlisted
    ) as members
    group by organization_id, connection_id
    {% endcall %}
),

members as (
    select
        {{ entity_key([id], 'listed') }} as {{ entity }}_key,
{{ of_connection('listed') }},
        listed.{{ id }},
        listed.{{ name }},
        {%- for column in described %}
        listed.{{ column }},
        {%- endfor %}
        listed.status,
        listed.platform_status,
        listed.is_removed as is_deleted,
        false as is_inferred,
        listed._sync_id
    from {{ ref(listed) }} as listed
    inner join dirty_keys on listed.connection_id = dirty_keys.connection_id
    union all
    select
        {{ entity_key([id], 'unlisted') }} as {{ entity }}_key,
{{ of_connection('unlisted') }},
        unlisted.{{ id }},
        'Unknown {{ 'partner' if entity == 'affiliate' else 'offer' }}' as {{ name }},
        {%- for column, type in described.items() %}
        {{ unreported(type) }} as {{ column }},
        {%- endfor %}
        'UNKNOWN' as status,
        {{ unreported('varchar') }} as platform_status,
        false as is_deleted,
        true as is_inferred,
        {{ unreported('varchar') }} as _sync_id
    from ({{ unlisted }}) as unlisted
    inner join dirty_keys on unlisted.connection_id = dirty_keys.connection_id
)

select * from members
{%- endmacro %}


{#- Entities of a level, of all platforms, with our word for their status. -#}
{% macro with_status(level) -%}
with

listed as (
    {{ union_of(level) }}
),

named as (
    select
        listed.*,
        case when listed.is_removed then 'DELETED' else coalesce(words.word, 'UNKNOWN') end as status
    from listed
    left join {{ ref('int_platform_words') }} as words
        on listed.platform = words.platform and listed.platform_status = words.platform_word and words.kind = 'status'
)

select * from named
{%- endmacro %}


{#- Which partner's offer a row of a fact is of. -#}
{% macro of_affiliate() -%}
{{ entity_key(['affiliate_id']) }} as affiliate_key,
        stats.affiliate_id,
        {{ entity_key(['offer_id']) }} as offer_key,
        stats.offer_id
{%- endmacro %}
