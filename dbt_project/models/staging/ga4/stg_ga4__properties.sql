with

source as (
    {{ listed_rows('ga4', 'properties', ['property_id'], values=[
        'display_name', 'property_time_zone', 'reporting_attribution_model',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        property_id,
        display_name as property_name,
        account_currency,
        account_time_zone,
        service_level,
        reporting_attribution_model,
        acquisition_lookback_window,
        other_lookback_window,
        created_time as created_at,
        {{ of_list() }}
    from source
)

select * from renamed
