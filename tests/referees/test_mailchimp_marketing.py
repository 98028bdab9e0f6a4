"""Mailchimp's own Python client reads the sandbox: the same rows as `tributary run` writes."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import mailchimp_marketing
import pytest
from mailchimp_marketing.api_client import ApiClientError

from connectors.sandbox.server import SandboxClient
from tests.referees.pulls import Puller

ORGANIZATION = "kiwi_kitchen"
KEY = f"sandbox-mailchimp-{ORGANIZATION}-us21"
DAYS = ("2026-10-20", "2026-11-15")
# The days of the account's zone, in UTC.
SINCE, BEFORE = "2026-10-19T11:00:00+00:00", "2026-11-15T11:00:00+00:00"


def signed_in(sandbox: SandboxClient, key: str = KEY) -> Any:
    client = mailchimp_marketing.Client()
    client.set_config({"api_key": key, "server": "us21"})
    client.api_client.host = f"{sandbox.url}/mailchimp/3.0"
    return client


@pytest.fixture
def client(sandbox: SandboxClient) -> Any:
    return signed_in(sandbox)


@pytest.fixture
def account(client: Any) -> str:
    return str(client.root.get_root()["account_id"])


def all_of(ask: Any, records: str, *of: str, size: int = 100, **asked: Any) -> list[dict[str, Any]]:
    """Reads a list to its end as the documentation says: by offset, to the total."""
    found: list[dict[str, Any]] = []
    while True:
        answer = ask(*of, count=size, offset=len(found), **asked)
        found += answer[records]
        if len(found) >= answer["total_items"]:
            return found


def instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def test_the_client_is_answered(client: Any) -> None:
    assert client.ping.get() == {"health_status": "Everything's Chimpy!"}


def test_campaigns_and_reports_are_the_clients(client: Any, account: str, puller: Puller) -> None:
    theirs = {one["id"]: one for one in all_of(client.campaigns.list, "campaigns", size=7)}
    ours = {one["campaign_id"]: one for one in puller.rows("mailchimp/campaigns", account)}
    assert len(theirs) > 8
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        assert ours[id_]["status"] == one["status"]
        assert ours[id_]["title"] == one["settings"]["title"]
        assert ours[id_]["sent_at"] == instant(one["send_time"])
    reports = {one["id"]: one for one in all_of(client.reports.get_all_campaign_reports, "reports")}
    read = {one["campaign_id"]: one for one in puller.rows("mailchimp/reports", account)}
    assert read.keys() == reports.keys()
    lacking = 0
    for id_, one in reports.items():
        assert read[id_]["opens_total"] == one["opens"]["opens_total"]
        assert read[id_]["proxy_excluded_opens"] == one["opens"].get("proxy_excluded_opens")
        assert read[id_]["revenue"] == Decimal(str(one["ecommerce"]["total_revenue"]))
        lacking += "proxy_excluded_opens" not in one["opens"]
    assert 0 < lacking < len(reports)


def test_members_are_the_clients(client: Any, account: str, puller: Puller) -> None:
    ours = {one["record_id"]: one for one in puller.rows("mailchimp/members", account, *DAYS)}
    theirs = {}
    for audience in all_of(client.lists.get_all_lists, "lists"):
        for status in ({}, {"status": "archived"}):
            members = all_of(
                client.lists.get_list_members_info,
                "members",
                audience["id"],
                since_last_changed=SINCE,
                before_last_changed=BEFORE,
                **status,
            )
            for one in members:
                token = puller.token(ORGANIZATION, f"{audience['id']}/{one['id']}")
                theirs[token] = one
    assert Counter(one["status"] for one in theirs.values()).keys() >= {"subscribed", "archived"}
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        address = one["email_address"].lower()
        assert hashlib.md5(address.encode()).hexdigest() == one["id"]
        assert ours[id_]["email"] == puller.token(ORGANIZATION, address)
        assert ours[id_]["member_id"] == puller.token(ORGANIZATION, one["id"])
        assert ours[id_]["status"] == one["status"]
        assert ours[id_]["updated_at"] == instant(one["last_changed"])


def test_events_are_the_clients(client: Any, account: str, puller: Puller) -> None:
    first, last = (datetime.fromisoformat(one).astimezone(UTC) for one in (SINCE, BEFORE))
    theirs: Counter[tuple[Any, ...]] = Counter()
    for report in all_of(client.reports.get_all_campaign_reports, "reports"):
        ask = client.reports.get_email_activity_for_campaign
        for row in all_of(ask, "emails", report["id"], size=50):
            who = puller.token(ORGANIZATION, row["email_id"])
            for one in row["activity"]:
                at = instant(one["timestamp"])
                if at is not None and first <= at < last:
                    theirs[report["id"], who, one["action"], at, one.get("type")] += 1
    ours: Counter[tuple[Any, ...]] = Counter(
        (one["campaign_id"], one["member_id"], one["action"], one["updated_at"], one["bounce_type"])
        for one in puller.rows("mailchimp/email_activity", account, *DAYS)
        if one["action"] != "unsubscribe"
    )
    assert {key[2] for key in theirs} == {"open", "click", "bounce"}
    assert ours == theirs


def test_a_wrong_key_is_refused_in_the_clients_words(sandbox: SandboxClient) -> None:
    with pytest.raises(ApiClientError) as refused:
        signed_in(sandbox, "0123456789-us21").ping.get()
    assert refused.value.status_code == 401
    assert "API Key Invalid" in refused.value.text
    with pytest.raises(ApiClientError) as wrong:
        signed_in(sandbox).reports.get_all_campaign_reports(fields=["reports.id", "reports.what"])
    assert wrong.value.status_code == 400
