-- Interests, behaviours and audiences that the ad sets of the current lists are aimed at, or keep out. They stand in the
-- targeting itself and in the parts of `flexible_spec`, of which all must fit.

with

ad_sets as (
    select * from {{ ref('stg_meta_ads__ad_sets') }}
    where is_current_list
),

specs as (
    select
        *,
        targeting as spec
    from ad_sets
    union all
    select
        *,
        cast({{ json_elements(json_list('targeting', 'flexible_spec')) }} as varchar) as spec
    from ad_sets
),

audiences as (
    {%- for kind, key in {
        'interest': 'interests', 'behavior': 'behaviors', 'custom_audience': 'custom_audiences',
        'excluded_custom_audience': 'excluded_custom_audiences',
    }.items() %}
    select
        *,
        '{{ kind }}' as target_kind,
        {{ json_elements(json_list('spec', key)) }} as audience
    from specs
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

named as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        ad_group_id,
        target_kind,
        {{ json_text('audience', 'id') }} as target_id,
        {{ json_text('audience', 'name') }} as target_name,
        is_current_list,
        _sync_id,
        _synced_at
    from audiences
),

-- One that stands in two parts is one row.
deduplicated as (
    select *
    from named
    where target_id is not null
    qualify row_number() over (
        partition by connection_id, ad_group_id, target_kind, target_id
        order by target_name
    ) = 1
)

select * from deduplicated
