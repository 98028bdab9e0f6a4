{#- Per account and day: what a mart depends on that shows the numbers of `fact` by campaign attributes,
    the day's facts and the campaign versions that hold on it. -#}
{% macro campaign_days(fact) -%}
with

facts as (
    select * from {{ state_of(fact) }}
),

first_days as (
    select
        campaign_key,
        min(date_day) as first_day
    from {{ ref(fact) }}
    group by campaign_key
),

versions as (
    select * from {{ ref('dim_campaigns') }}
),

-- A version counts on the days from `starts_on` to the day before `ends_on`; one that ends before
-- the campaign's first number counts on none, so a campaign seen for the first time dirties no day
-- before its own.
counting as (
    select
        versions.connection_id,
        greatest(versions.valid_from, first_days.first_day) as starts_on,
        versions.valid_to as ends_on,
        {{ hash_number(row_text([
            'versions.campaign_key', 'versions.campaign_name', 'versions.objective',
            'versions.campaign_type', 'versions.channel', 'versions.status',
        ])) }} as version_hash
    from versions
    inner join first_days on versions.campaign_key = first_days.campaign_key
    where versions.valid_to > first_days.first_day
),

-- xor is its own inverse: a version enters when it starts and leaves when it ends.
timeline as (
    select
        connection_id,
        starts_on as date_day,
        version_hash
    from counting
    union all
    select
        connection_id,
        ends_on as date_day,
        version_hash
    from counting
),

turns as (
    select
        connection_id,
        date_day,
        bit_xor(version_hash) as version_hash,
        false as is_fact
    from timeline
    group by connection_id, date_day
    union all
    select
        connection_id,
        date_day,
        null as version_hash,
        true as is_fact
    from facts
),

running as (
    select
        connection_id,
        date_day,
        is_fact,
        bit_xor(version_hash) over (
            partition by connection_id
            order by date_day
        ) as versions_hash
    from turns
),

fingerprinted as (
    select
        facts.organization_id,
        facts.platform,
        facts.connection_id,
        facts.date_day,
        concat_ws('-', facts.fingerprint, coalesce(cast(running.versions_hash as varchar), '0')) as fingerprint
    from facts
    inner join running
        on
            facts.connection_id = running.connection_id
            and facts.date_day = running.date_day
            and running.is_fact
)

select * from fingerprinted
{%- endmacro %}
