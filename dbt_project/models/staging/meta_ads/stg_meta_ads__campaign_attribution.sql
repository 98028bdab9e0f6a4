-- Meta lists the windows of an action side by side: a row for each of them that counts anything.

with

source as (
    {{ winning_rows('meta_ads', 'campaign_attribution', ['campaign_id'], values=['actions', 'action_values']) }}
),

by_window as (
    {%- for window in ['1d_click', '7d_click', '28d_click', '1d_view'] %}
    select
        *,
        '{{ window }}' as attribution_window,
        {{ meta_conversions(window) | trim }}
    from source
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        campaign_id,

        -- strings
        currency_code,
        time_zone,
        attribution_window,

        -- numbers
        conversions,
        conversion_value,

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from by_window
    -- What is no number is unknown, not nothing.
    where coalesce(conversions, 1) <> 0 or coalesce(conversion_value, 1) <> 0
)

select * from renamed
