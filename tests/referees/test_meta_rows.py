"""Every stream of ours has the rows that Meta's own SDK reads, field by field.

The question is asked twice: by our connector, as `tributary run` does, and by `facebook-business`,
by pages and by a report made in the background.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount

from connectors.platforms import get
from connectors.sandbox.server import SandboxClient
from tests.referees.meta_columns import (
    ACCOUNT,
    AD_SETS,
    ADS,
    CAMPAIGNS,
    CREATIVES,
    HOUR,
    INSIGHTS,
    Columns,
    as_ours,
    json_columns,
    names,
)
from tests.referees.meta_sdk import ACME, CHAI, KIWI, finished, plain, sdk_account
from tests.referees.pulls import Puller, Row, check_same

# All that `platforms/meta_ads.md` lists: without, what was archived or deleted is hidden.
OF_CAMPAIGNS = ["ACTIVE", "ARCHIVED", "DELETED", "IN_PROCESS", "PAUSED", "WITH_ISSUES"]
OF_AD_SETS = [*OF_CAMPAIGNS, "CAMPAIGN_PAUSED"]
OF_ADS = [*OF_AD_SETS, "ADSET_PAUSED", "DISAPPROVED", "PENDING_REVIEW", "PENDING_BILLING_INFO"]
OF_ADS += ["PREAPPROVED"]
SPAN = ("2026-10-24", "2026-11-06")
DAY = ("2026-11-05", "2026-11-05")


@dataclass(frozen=True)
class Asked:
    """A report: how it is asked for, what tells its rows apart, what the sandbox leaves empty."""

    level: str
    key: tuple[str, ...]
    silent: frozenset[str] = frozenset()
    breakdowns: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()


REPORTS = {
    "campaign_insights": Asked(
        "campaign", ("date", "campaign_id"), frozenset({"attribution_setting"})
    ),
    "ad_set_insights": Asked("adset", ("date", "ad_set_id")),
    "ad_insights": Asked("ad", ("date", "ad_id")),
    "campaign_insights_hourly": Asked(
        "campaign", ("date", "campaign_id", "hour_range"), breakdowns=(HOUR,)
    ),
    "campaign_demographics": Asked(
        "campaign", ("date", "campaign_id", "age", "gender"), breakdowns=("age", "gender")
    ),
    "campaign_countries": Asked(
        "campaign", ("date", "campaign_id", "country"), breakdowns=("country",)
    ),
    "campaign_placements": Asked(
        "campaign",
        ("date", "campaign_id", "publisher_platform", "impression_device"),
        breakdowns=("publisher_platform", "impression_device"),
    ),
    "campaign_attribution": Asked(
        "campaign",
        ("date", "campaign_id"),
        windows=("1d_click", "7d_click", "28d_click", "1d_view"),
    ),
}


@pytest.fixture
def account(sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch) -> AdAccount:
    return sdk_account(sandbox, monkeypatch)


def ours(puller: Puller, stream: str, columns: Columns, account: str, *days: str) -> list[Row]:
    return puller.rows(f"meta_ads/{stream}", account, *days, lists=json_columns(columns))


def test_the_account(puller: Puller, account: AdAccount) -> None:
    read = account.api_get(fields=names(ACCOUNT)).export_all_data()
    theirs = [as_ours(read, ACCOUNT)]
    check_same(ours(puller, "accounts", ACCOUNT, ACME), theirs, "ad_account_id")


def test_campaigns(puller: Puller, account: AdAccount) -> None:
    cursor = account.get_campaigns(names(CAMPAIGNS), {"effective_status": OF_CAMPAIGNS, "limit": 3})
    theirs = [as_ours(row, CAMPAIGNS) for row in plain(cursor)]
    check_same(ours(puller, "campaigns", CAMPAIGNS, ACME), theirs, "campaign_id")


def test_ad_sets(puller: Puller, account: AdAccount) -> None:
    cursor = account.get_ad_sets(names(AD_SETS), {"effective_status": OF_AD_SETS, "limit": 5})
    theirs = [as_ours(row, AD_SETS) for row in plain(cursor)]
    silent = {"bid_amount", "lifetime_budget"}
    check_same(ours(puller, "ad_sets", AD_SETS, ACME), theirs, "ad_set_id", silent=silent)


def test_ads_with_their_creatives(puller: Puller, account: AdAccount) -> None:
    ads = plain(account.get_ads([*names(ADS), "creative"], {"effective_status": OF_ADS}))
    # Asked for apart, where our connector asks for them inside their ads.
    creatives = {
        row["id"]: as_ours(row, CREATIVES)
        for row in plain(account.get_ad_creatives(names(CREATIVES), {"limit": 10}))
    }
    theirs = [as_ours(row, ADS) | creatives[row["creative"]["id"]] for row in ads]
    check_same(ours(puller, "ads", {**ADS, **CREATIVES}, ACME), theirs, "ad_id")


def insights(account: AdAccount, stream: str, days: tuple[str, str], job: bool) -> list[Row]:
    """The rows of a report as the SDK has them, by pages or from a job."""
    asked, columns = REPORTS[stream], INSIGHTS[stream]
    params: dict[str, Any] = {
        "level": asked.level,
        "time_range": {"since": days[0], "until": days[1]},
        "time_increment": 1,
    }
    if asked.breakdowns:
        params["breakdowns"] = list(asked.breakdowns)
    if asked.windows:
        params["action_attribution_windows"] = list(asked.windows)
    if job:
        run = account.get_insights_async(names(columns), params)
        finished(run)
        rows = plain(run.get_insights(params={"limit": 200}))
    else:
        rows = plain(account.get_insights(names(columns), {**params, "limit": 200}))
    return [with_hour(as_ours(row, columns)) for row in rows]


def with_hour(row: Row) -> Row:
    """Adds what our rows tell of the hour, which Meta writes as `13:00:00 - 13:59:59`."""
    if "hour_range" not in row:
        return row
    text = row["hour_range"]
    # A day without impressions has conversions, but no hour: a key has no holes.
    return row | {"hour_range": text or "none", "hour": int(text[:2]) if text else None}


def jobs_started(sandbox: SandboxClient) -> int:
    """How many reports were asked for in the background since the log was emptied."""
    return sum(one["method"] == "POST" for one in sandbox.requests()["requests"])


@pytest.mark.parametrize("stream", REPORTS)
def test_reports(puller: Puller, sandbox: SandboxClient, account: AdAccount, stream: str) -> None:
    asked = REPORTS[stream]
    sandbox.forget_requests()
    found = ours(puller, stream, INSIGHTS[stream], ACME, *SPAN)
    assert jobs_started(sandbox) > 0
    at_once = insights(account, stream, SPAN, job=False)
    check_same(found, at_once, *asked.key, silent=asked.silent)
    check_same(found, insights(account, stream, SPAN, job=True), *asked.key, silent=asked.silent)


@pytest.mark.parametrize("stream", REPORTS)
def test_reports_of_a_day(
    puller: Puller, sandbox: SandboxClient, account: AdAccount, stream: str
) -> None:
    """One day our connector reads at once, anything longer from a job."""
    asked = REPORTS[stream]
    sandbox.forget_requests()
    found = ours(puller, stream, INSIGHTS[stream], ACME, *DAY)
    assert jobs_started(sandbox) == 0
    theirs = insights(account, stream, DAY, job=True)
    check_same(found, theirs, *asked.key, silent=asked.silent)


@pytest.mark.parametrize("other", [KIWI, CHAI])
def test_other_accounts_currencies_and_zones(
    puller: Puller, sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    account, stream = sdk_account(sandbox, monkeypatch, other), "ad_set_insights"
    found = ours(puller, stream, INSIGHTS[stream], other, *SPAN)
    theirs = insights(account, stream, SPAN, job=False)
    check_same(found, theirs, *REPORTS[stream].key, silent=REPORTS[stream].silent)


def test_every_stream_is_compared() -> None:
    declared = {stream.name for stream in get("meta_ads").streams}
    assert declared == {"accounts", "campaigns", "ad_sets", "ads", *REPORTS}
