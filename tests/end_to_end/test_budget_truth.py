"""Budgets, and what is spent of them, equal the simulated business's."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.end_to_end.conftest import Releases, each_release

Key = tuple[str, str]


@each_release
def test_amounts_are_those_that_stood_on_the_last_day(releases: Releases, index: int) -> None:
    """The last whole day is over when a list is pulled, so the list before it says its budget."""
    stood = {}
    for earlier in range(max(index - 1, 0), -1, -1):
        stood |= _budgets(releases, earlier)
    stood = _budgets(releases, index) | stood
    with releases.open(index) as release:
        rows = release.execute(
            "select account_id, campaign_id, held_by, pacing.budget_type, pacing.daily_budget, "
            "budget from mart_budget_pacing as pacing inner join "
            "(select distinct campaign_key, campaign_id from dim_campaigns) using (campaign_key) "
            "qualify date_month = max(date_month) over (partition by connection_id)"
        ).fetchall()
    found = {(*row[:2], row[3]): row[4] if row[3] == "daily" else row[5] for row in rows}
    of_campaigns = {key for key, row in zip(found, rows, strict=True) if row[2] != "ad_groups"}
    assert {key: found[key] for key in of_campaigns} == {key: stood[key] for key in of_campaigns}
    assert len(of_campaigns) > (50 if releases.is_demo else 5)
    # What the ad groups of a campaign have is shared out among them, to whole cents.
    assert not {key[:2] for key in found.keys() - of_campaigns} & {key[:2] for key in stood}


@each_release
def test_spend_is_that_of_the_days_until_the_last_one(releases: Releases, index: int) -> None:
    spends: dict[Key, dict[date, Decimal]] = defaultdict(dict)
    for row in releases.truth("campaign_day", index):
        spends[row["account_id"], row["campaign_id"]][date.fromisoformat(row["date"])] = Decimal(
            row["cost"]
        )
    with releases.open(index) as release:
        rows = release.execute(
            "select account_id, campaign_id, period_start, through_day, spend_to_date "
            "from mart_budget_pacing inner join "
            "(select distinct campaign_key, campaign_id from dim_campaigns) using (campaign_key) "
            "where held_by <> 'ad_groups' and missing_days = 0"
        ).fetchall()
    for account, campaign, first, last, spend in rows:
        days = spends[account, campaign]
        expected = sum(cost for day, cost in days.items() if first <= day <= last)
        assert spend == expected, (account, campaign, first)
    assert len(rows) > (100 if releases.is_demo else 5)


def _budgets(releases: Releases, index: int) -> dict[tuple[str, str, str], Decimal]:
    """What each campaign has, by account, campaign and type of budget."""
    found = {}
    for row in releases.truth("campaigns", index):
        for kind, name in (("daily", "budget"), ("total", "lifetime_budget")):
            if row.get(name):
                found[row["account_id"], row["campaign_id"], kind] = Decimal(row[name])
    return found
