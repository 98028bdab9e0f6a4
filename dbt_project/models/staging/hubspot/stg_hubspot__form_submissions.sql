with

source as (
    {{ winning_rows('hubspot', 'form_submissions', ['submission_id'], values=['form_id', 'email', 'submitted_at']) }}
),

renamed as (
    select
        {{ of_account() }},
        submission_id,
        date as date_day,
        submitted_at,
        form_id,
        form_name,
        email as email_token,
        page_path,
        {{ of_sync() }}
    from source
)

select * from renamed
