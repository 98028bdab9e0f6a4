-- The customers that every shop and file names. No name or address; e-mail and phone are tokens.

with

unioned as (
    {{ union_of('customers') }}
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'customer_id']) }} as customer_key,
        *
    from unioned
)

select * from keyed
