{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'affiliate_key'],
) }}

{{ affiliate_dimension('affiliate', 'int_affiliates_unioned', {'joined_at': 'timestamp with time zone'}) }}
