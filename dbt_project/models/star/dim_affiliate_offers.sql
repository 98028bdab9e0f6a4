{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'offer_key'],
) }}

{{ affiliate_dimension('offer', 'int_offers_unioned', {'payout_model': 'varchar', 'currency_code': 'varchar', 'created_at': 'timestamp with time zone'}) }}
