{{ config(materialized='table') }}

-- A table: to plan the SQL above it takes DuckDB longer than to run it, and the fact and the dimension would each do so.
-- Newsletters and mails of flows, of every platform that has any, with our word for their status.

with

messages as (
    {{ union_of('email_message_list') }}
),

statuses as (
    select
        platform,
        platform_word as platform_status,
        word as status
    from {{ ref('int_platform_words') }}
    where kind = 'message_status'
),

named as (
    select
        messages.*,
        case when messages.is_removed then 'DELETED' else coalesce(statuses.status, 'UNKNOWN') end as status
    from messages
    left join statuses
        on messages.platform = statuses.platform and messages.platform_status = statuses.platform_status
)

select * from named
