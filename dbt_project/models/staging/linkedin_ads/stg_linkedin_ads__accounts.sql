with

source as (
    {{ listed_rows('linkedin_ads', 'accounts', ['account_id'], values=[
        'name', 'currency', 'status', 'type', 'reference', 'last_modified_ms',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        name as account_name,
        currency as account_currency,
        status,
        {{ of_list() }}
    from source
)

select * from renamed
