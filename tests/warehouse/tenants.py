"""A small build with tenants, as dbt leaves it: tables, and the records of what they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from warehouse.home import Home

ORDINARY = ("acme", "beta", "gamma")


def build(
    home: Home,
    organizations: Sequence[str] = ORDINARY,
    versions: Mapping[str, int] | None = None,
    *,
    rates: int = 1,
    sql: str = "one",
    as_of: str = "2026-11-15 12:00:00+00",
    extra: str = "",
) -> None:
    """Writes serve.duckdb.

    Args:
        home: the home.
        organizations: who is there; each has a connection of the same name with `-1` behind it.
        versions: the version of an organization's numbers, default 0: it changes all its tables.
        rates: version of a table that is nobody's.
        sql: stands for the SQL of the models.
        as_of: the clock of the build.
        extra: further statements.
    """
    found = versions or {}
    rows = ", ".join(f"('{name}', {found.get(name, 0)})" for name in organizations)
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            f"""
            create schema if not exists state;
            create or replace temp table tenants as
                select * from (values {rows}) as t (organization_id, version);
            create or replace table state.versions as
                select 'fact' as model, '{sql}' as checksum;
            create or replace table state.rewrites as select uuid() as invocation_id;

            create or replace table dim_organizations as
                select organization_id, upper(organization_id) || ' Ltd' as name,
                    'active' as status from tenants
                union all select '_shared', 'nobody', 'active';
            create or replace table state.dim_organizations as
                select organization_id, name as fingerprint from dim_organizations;

            create or replace table dim_connections as
                select organization_id || '-1' as connection_id, organization_id from tenants
                union all select 'ecb', '_shared';
            create or replace table state.dim_connections as
                select connection_id, organization_id as fingerprint from dim_connections;

            create or replace table fact as
                select organization_id, organization_id || '-1' as connection_id,
                    date '2026-11-01' + day::int as date_day,
                    organization_id || ' spent ' || version as label,
                    (day * 0.5)::decimal(18, 4) as net
                from tenants, range(40) as days (day)
                order by all;
            comment on table fact is 'one row per day';
            comment on column fact.net is 'it''s net';
            create or replace table state.fact as
                select organization_id, date_day, version::varchar as fingerprint
                from fact join tenants using (organization_id);

            create or replace table restatements as select * from fact;
            create or replace table state.restatements as
                select connection_id, date_day, version::varchar as fingerprint
                from fact join tenants using (organization_id);

            create or replace table syncs as
                select 'one-for-all' as sync_id, organization_id, version from tenants
                union all select 'rates', '_shared', {rates};
            create or replace table state.syncs as
                select sync_id, sum(version)::varchar as fingerprint from syncs group by 1;

            create or replace table freshness as
                select organization_id, timestamptz '{as_of}' as as_of from tenants;

            create or replace table rates as select {rates} as rate, 'USD' as currency;
            create or replace table state.rates as select 1 as day, '{rates}' as fingerprint;
            create or replace table docs_tables as select 'fact' as table_name;
            create or replace table release_info as select timestamptz '{as_of}' as as_of;
            create or replace table schema_version as select '1.0' as schema_version;
            {extra}
            """
        )
