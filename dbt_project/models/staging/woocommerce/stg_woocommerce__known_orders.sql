-- Orders with the state that is known last. A shop need not date an order anew that it takes out of the bin or deletes,
-- so the list of a day's orders, where it is newer than the order, says whether it is there and in which state. What is
-- in the bin or gone counts for nothing, paid or not.

with

records as (
    select * from {{ ref('stg_woocommerce__order_records') }}
),

record_states as (
    select * from {{ state_of('stg_woocommerce__order_records') }}
),

listed as (
    select *
    from {{ ref('stg_woocommerce__order_states') }}
    qualify row_number() over (
        partition by connection_id, order_id
        order by _synced_at desc, _sync_id desc, date_day
    ) = 1
),

listed_days as (
    select * from {{ ref('int_report_winners') }}
    where platform = 'woocommerce' and stream = 'order_states'
),

refunds as (
    select
        connection_id,
        order_id,
        {{ exact_sum('refunded_amount') }} as refunded_amount,
        {{ set_fingerprint(['refund_id', 'date_day', '_sync_id', '_chunk_id']) }} as fingerprint
    from {{ ref('stg_woocommerce__refunds') }}
    group by connection_id, order_id
),

known as (
    select
        records.* exclude (platform_status),
        case when listed._synced_at > records._synced_at then listed.platform_status else records.platform_status end as financial_status,
        listed.order_id is null and coalesce(listed_days.fetch_started_at > records._synced_at, false) as is_gone,
        coalesce(refunds.refunded_amount, 0) as refunded_amount_to_date,
        record_states.fingerprint as record_fingerprint,
        refunds.fingerprint as refunds_fingerprint
    from records
    inner join record_states
        on records.connection_id = record_states.connection_id and records.order_id = record_states.order_id
    left join listed
        on records.connection_id = listed.connection_id and records.order_id = listed.order_id
    left join listed_days
        on records.connection_id = listed_days.connection_id and records.date_day = listed_days.date_day
    left join refunds
        on records.connection_id = refunds.connection_id and records.order_id = refunds.order_id
),

judged as (
    select
        * exclude (paid_at, record_fingerprint, refunds_fingerprint),
        is_gone or coalesce(financial_status in ('trash', 'cancelled'), false) as is_cancelled,
        not is_gone
        and coalesce(financial_status, '') <> 'trash'
        and (paid_at is not null or coalesce(financial_status, '') in ('processing', 'completed', 'refunded')) as is_paid,
        {{ fingerprint(['record_fingerprint', 'refunds_fingerprint', 'financial_status', 'is_gone']) }} as fingerprint
    from known
    -- A cart that was never sent is none.
    where coalesce(financial_status, '') not in ('checkout-draft', 'auto-draft')
)

select * from judged
