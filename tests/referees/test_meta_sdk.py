"""Meta's own SDK reads the sandbox: nodes by pages, insights at once and by job, errors, batches.

`facebook-business` is pointed at the sandbox by its one address, `FacebookSession.GRAPH`; its rows
are held against the sandbox's truth.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.campaign import Campaign
from facebook_business.adobjects.user import User
from facebook_business.exceptions import FacebookRequestError

from connectors.sandbox.server import SandboxClient
from tests.referees.meta_sdk import ACME, finished, sdk_account

SPAN = {"since": "2026-10-20", "until": "2026-11-14"}
FIELDS = [
    AdsInsights.Field.account_id,
    AdsInsights.Field.campaign_id,
    AdsInsights.Field.adset_id,
    AdsInsights.Field.ad_id,
    AdsInsights.Field.impressions,
    AdsInsights.Field.clicks,
    AdsInsights.Field.spend,
    AdsInsights.Field.reach,
    AdsInsights.Field.actions,
    AdsInsights.Field.action_values,
]
KEYS = {
    "campaign": ("campaign_day", {"campaign_id": "campaign_id"}),
    "ad": ("ad_day", {"campaign_id": "campaign_id", "adset_id": "ad_group_id", "ad_id": "ad_id"}),
}


@pytest.fixture
def account(sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch) -> AdAccount:
    return sdk_account(sandbox, monkeypatch)


def test_the_account_and_who_asks(account: AdAccount) -> None:
    read = account.api_get(fields=["name", "currency", "timezone_name", "amount_spent"])
    assert (read["currency"], read["timezone_name"]) == ("USD", "America/Los_Angeles")
    me = User("me", api=account.get_api_assured())
    assert [one["id"] for one in me.get_ad_accounts(fields=["id"])] == [f"act_{ACME}"]


def test_nodes_come_by_pages(sandbox: SandboxClient, account: AdAccount) -> None:
    statuses = ["ACTIVE", "PAUSED", "ARCHIVED", "DELETED"]
    fields = [Campaign.Field.name, Campaign.Field.effective_status, Campaign.Field.objective]
    cursor = account.get_campaigns(fields=fields, params={"effective_status": statuses, "limit": 2})
    campaigns = list(cursor)
    truth = sandbox.truth("campaigns", account=ACME, platform="meta_ads")
    assert {
        one["id"]: (one["name"], one["effective_status"], one["objective"]) for one in campaigns
    } == {
        one["campaign_id"]: (one["name"], one["effective_status"], one["channel"]) for one in truth
    }
    assert cursor.total() == 7
    ads = account.get_ads(fields=["creative", "adset_id"], params={"limit": 10})
    assert len({one["creative"]["id"] for one in ads}) == 28
    assert len(campaigns[0].get_ad_sets(fields=["name"])) == 2


@pytest.mark.parametrize("level", list(KEYS))
def test_insights_at_once(sandbox: SandboxClient, account: AdAccount, level: str) -> None:
    params = {"level": level, "time_range": SPAN, "time_increment": 1, "limit": 100}
    check(sandbox, level, list(account.get_insights(fields=FIELDS, params=params)))


@pytest.mark.parametrize("level", list(KEYS))
def test_insights_by_job(sandbox: SandboxClient, account: AdAccount, level: str) -> None:
    params = {"level": level, "time_range": SPAN, "time_increment": 1}
    run: AdReportRun = account.get_insights_async(fields=FIELDS, params=params)
    assert len(finished(run)) > (0 if level == "campaign" else 1)
    check(sandbox, level, list(run.get_insights(params={"limit": 100})))


def check(sandbox: SandboxClient, level: str, rows: list[AdsInsights]) -> None:
    """The SDK's rows are the truth's, figure by figure."""
    truth_level, names = KEYS[level]
    told = sandbox.truth(truth_level, account=ACME, **{"from": SPAN["since"], "to": SPAN["until"]})
    truth = {
        (row["date"], *(row[name] for name in names.values())): (
            row["impressions"],
            row["clicks"],
            Decimal(row["cost"]),
            Decimal(row["conversions"]),
            Decimal(row["conversions_value"]),
        )
        for row in told
    }
    read = {
        (row["date_start"], *(row[name] for name in names)): (
            int(row.get("impressions", "0")),
            int(row.get("clicks", "0")),
            Decimal(row.get("spend", "0")),
            purchases(row, "actions"),
            purchases(row, "action_values"),
        )
        for row in rows
    }
    assert len(read) == len(rows) > 100
    assert read == truth


def purchases(row: AdsInsights, name: str) -> Decimal:
    by_type: dict[str, str] = {one["action_type"]: one["value"] for one in row.get(name, [])}
    return Decimal(by_type.get("omni_purchase", "0"))


def test_every_field_served_is_one_of_the_sdks(account: AdAccount) -> None:
    known = set(vars(AdsInsights.Field).values())
    params = {"level": "ad", "date_preset": "last_7d", "breakdowns": ["age", "gender"]}
    rows = account.get_insights(fields=FIELDS, params=params)
    for row in rows:
        assert set(row) <= known | {"age", "gender"}


def test_errors_are_read_as_the_platforms(sandbox: SandboxClient, account: AdAccount) -> None:
    def refused(**params: Any) -> FacebookRequestError:
        with pytest.raises(FacebookRequestError) as refusal:
            account.get_insights(fields=["impressions"], params=params)
        return refusal.value

    assert refused(breakdowns=["dma"]).api_error_code() == 100
    sandbox.set_faults(rate=1, kinds=["429_retry_after"], retry_after=60)
    throttled = refused()
    sandbox.set_faults(rate=1, kinds=["expired_token"])
    expired = refused()
    sandbox.set_faults(rate=1, kinds=["503"])
    broken = refused()
    sandbox.set_faults()
    assert (throttled.http_status(), throttled.api_error_code()) == (400, 80000)
    assert (expired.api_error_code(), expired.api_error_subcode()) == (190, 463)
    assert broken.api_transient_error()


def test_a_batch_of_the_sdk(account: AdAccount) -> None:
    answers: list[Any] = []
    batch = account.get_api_assured().new_batch()
    for _ in range(3):
        account.get_campaigns(
            fields=["name"], batch=batch, success=lambda one: answers.append(one.json())
        )
    batch.execute()
    assert [len(one["data"]) for one in answers] == [5, 5, 5]
