"""What the checks of the published file find."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.defs.checks import QUERY_CHECKS

TABLES = """
create table release_info as select timestamptz '{as_of}' as as_of;
create table dim_connections as select * from (
    values ('ends', 'active'), ('gone', 'removed'), ('lasts', 'active'), ('silent', 'active')
) as connections (platform, status);
create table dim_platforms as select * from (values
    ('ends', 'Ends', '202601', date '2027-01-15'),
    ('gone', 'Gone', 'v1', date '2026-12-01'),
    ('lasts', 'Lasts', 'v9', date '2028-01-01'),
    ('silent', 'Silent', 'v2', null)
) as platforms (platform, platform_name, api_version, api_sunset_date);
"""


def _found(name: str, as_of: str) -> list[str]:
    (check,) = [one for one in QUERY_CHECKS if one.name == name]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(TABLES.format(as_of=as_of))
        return [str(row[0]) for row in connection.execute(check.sql).fetchall()]


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2026-11-16 00:00:00+00", []),
        ("2026-11-16 00:00:01+00", ["Ends"]),
        ("2027-02-01 00:00:00+00", ["Ends"]),
    ],
)
def test_an_api_version_that_ends_is_reported_60_days_before(as_of: str, found: list[str]) -> None:
    assert _found("api_versions_last", as_of) == found
