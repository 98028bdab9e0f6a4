-- What each campaign came to so far, in every complete list of reports: all counts are to date, and have no day.

{% set counts = mailchimp_counts() %}

with

source as (
    {{ listed_rows('mailchimp', 'reports', ['campaign_id'], values=['opens_total', 'clicks_total', 'orders', 'revenue']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.campaign_id as message_id,
        source.sent_at,
        cast({{ instant_to_local('source.sent_at', 'source.account_time_zone') }} as date) as sent_day,
        {%- for name, expression in counts.items() %}
        cast({{ expression }} as {{ 'decimal(24, 6)' if name == 'revenue' else 'bigint' }}) as {{ name }},
        {%- endfor %}
        source.unique_opens,
        source.proxy_excluded_unique_opens as unique_human_opens,
        source.unique_subscriber_clicks as unique_clicks,
        coalesce(source.currency_code, source.account_currency) as currency_code,
        source.list_day,
        source.first_list_day,
        source.list_fetched_at,
        source._sync_id,
        source._chunk_id,
        source._synced_at
    from source
)

select * from renamed
