{{ config(materialized='table') }}

-- A table: to plan the SQL above it takes DuckDB longer than to run it, and the fact and the dimension would each do so.
-- What mail came to by day, of every platform, with what its money is converted by.

with

reported as (
    {{ union_of('email_day') }}
),

stats as (
    select * from reported
    union all by name
    select * from {{ ref('int_email_report_differences') }}
),

-- What a platform sends beside mail, as text messages, is in the list of messages alone: it is never opened.
mails as (
    select stats.*
    from stats
    left join {{ ref('int_email_messages_unioned') }} as messages
        on stats.connection_id = messages.connection_id and stats.message_id = messages.message_id
    where coalesce(messages.channel, 'email') = 'email'
),

{{ with_reporting_rate('mails') }}

select * from converted
