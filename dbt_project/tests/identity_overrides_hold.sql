-- Two records of which somebody has decided that they are two people are two people. One that fails is contradicted by a `same`.

select
    overrides.override_number,
    overrides.organization_id,
    records.person_key
from {{ ref('identity_overrides') }} as overrides
inner join {{ ref('dim_customer_records') }} as records
    on overrides.organization_id = records.organization_id and overrides.record_key = records.record_key
inner join {{ ref('dim_customer_records') }} as others
    on overrides.organization_id = others.organization_id and overrides.other_record_key = others.record_key
where overrides.override_kind = 'not_same' and records.person_key = others.person_key
