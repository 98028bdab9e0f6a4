-- Events as they were received. Which copy counts is decided in fact_events, day by day.

with

source as (
    {{ received_rows('events', 'events', by_day=true) }}
),

renamed as (
    select
        {{ of_account() }},
        event_id,
        record_hash,
        coalesce(source_row, 0) as source_row,

        -- what happened
        event as event_name,
        event_class as stated_class,
        category as event_category,
        action as event_action,
        label as event_label,
        {{ exact('value') }} as event_value,
        upper(currency) as stated_currency,
        order_id,
        network as stated_network,
        conversion_id,
        goal_id,

        -- when
        date as date_utc,
        coalesce(event_at, cast(date as timestamp with time zone)) as event_at,
        coalesce(received_at, event_at, cast(date as timestamp with time zone)) as received_at,
        clock as clock_rule,
        account_time_zone,

        -- who
        device_id as device_token,
        user_id as user_token,
        agent_kind,
        bot_reason,
        device_type,
        device_brand,
        device_model,
        browser,
        browser_version,
        operating_system,
        operating_system_version,
        country_code,
        region_code,
        city,
        analytics_consent,
        case when sampled_part > 0 and sampled_part <= 1 then sampled_part else 1 end as sample_rate,

        -- where
        url as page_url,
        page_host,
        page_path,
        page_title,
        parameters,
        referrer as referrer_url,
        referrer_host,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        utm_id,
        click_id,
        click_id_type,
        {{ surrogate_key(origin_columns()) }} as origin_key,

        -- lineage
        {{ of_sync() }}
    from source
)

select * from renamed
