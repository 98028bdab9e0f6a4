-- Each record that turned out to be another one, with the one that it is now: the end of a chain, of which a platform may
-- state each step or all of them. Where a circle is stated nothing is known.

with recursive

taken as (
    {{ union_of('crm_merge') }}
),

followed as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        record_type,
        record_id,
        merged_into_id,
        _sync_id,
        1 as steps
    from taken
    union
    select
        followed.organization_id,
        followed.connection_id,
        followed.platform,
        followed.account_id,
        followed.record_type,
        followed.record_id,
        taken.merged_into_id,
        taken._sync_id,
        followed.steps + 1 as steps
    from followed
    inner join taken
        on
            followed.connection_id = taken.connection_id
            and followed.record_type = taken.record_type
            and followed.merged_into_id = taken.record_id
    where followed.steps < 20
),

ends as (
    select
        followed.organization_id,
        followed.connection_id,
        followed.platform,
        followed.account_id,
        followed.record_type,
        followed.record_id,
        followed.merged_into_id,
        followed._sync_id
    from followed
    left join taken as later
        on
            followed.connection_id = later.connection_id
            and followed.record_type = later.record_type
            and followed.merged_into_id = later.record_id
    where later.record_id is null
    qualify row_number() over (
        partition by followed.connection_id, followed.record_type, followed.record_id
        order by followed.merged_into_id desc, followed.steps, followed._sync_id desc
    ) = 1
)

select * from ends
