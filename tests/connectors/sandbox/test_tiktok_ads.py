"""TikTok's own ways: the envelope, deleted things, ranges, metrics without a value."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.tiktok_ads import reports
from connectors.sandbox.server import SandboxClient

ACME, KIWI = "7000000000000000037", "7000000000005000048"
Ask = Callable[..., dict[str, Any]]
REPORT = {
    "advertiser_id": ACME,
    "report_type": "BASIC",
    "data_level": "AUCTION_CAMPAIGN",
    "dimensions": ["campaign_id", "stat_time_day"],
    "metrics": ["spend", "impressions", "clicks", "conversion", "reach"],
    "start_date": "2026-10-20",
    "end_date": "2026-11-15",
    "page_size": "1000",
}
HOURS = {
    "dimensions": ["campaign_id", "stat_time_hour"],
    "metrics": ["spend", "impressions", "clicks", "conversion"],
    "start_date": "2026-11-13",
    "end_date": "2026-11-13",
}


def every(level: str) -> list[dict[str, str]]:
    named = {"field_name": f"{level}_status", "filter_type": "IN"}
    return [{**named, "filter_value": json.dumps(["STATUS_ALL"])}]


@pytest.fixture
def ask(acme: Any) -> Ask:
    def call(path: str, token: str = "sandbox-tiktok-acme_outdoor", **asked: Any) -> dict[str, Any]:
        texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in asked.items()}
        address = f"/tiktok_ads/open_api/v1.3/{path}?{urlencode(texts)}"
        status, _, body = acme.call("GET", address, headers={"Access-Token": token})
        assert status == 200, "errors have HTTP 200, too"
        return dict(json.loads(body))

    return call


def test_who_may_not_ask_is_refused_in_the_envelope(ask: Ask) -> None:
    assert ask("campaign/get/", "Bearer sandbox-tiktok-acme_outdoor")["code"] == 40105
    assert ask("campaign/get/", advertiser_id=KIWI)["code"] == 40001
    assert ask("oauth2/advertiser/get/", app_id="1", secret="x")["code"] == 40101
    answer = ask("advertiser/info/", advertiser_ids=[ACME], fields=["timezone", "display_timezone"])
    assert (answer["code"], answer["message"]) == (0, "OK")
    [zones] = answer["data"]["list"]
    assert zones == {"timezone": "Etc/GMT+7", "display_timezone": "America/Phoenix"}


@pytest.mark.parametrize("kind", ["campaign", "adgroup", "ad"])
def test_what_is_deleted_is_hidden_until_it_is_asked_for(ask: Ask, kind: str) -> None:
    def listed(**filtering: str) -> set[str]:
        asked = {"advertiser_id": ACME, "page_size": "7", "filtering": filtering}
        found: list[str] = []
        for number in range(1, 9):
            data = ask(f"{kind}/get/", page=str(number), **asked)["data"]
            found += [one[f"{kind}_id"] for one in data["list"]]
            if number >= data["page_info"]["total_page"]:
                assert len(found) == data["page_info"]["total_number"]
                return set(found)
        raise AssertionError("the pages have no end")

    alive, dead = listed(), listed(primary_status="STATUS_DELETE")
    assert alive
    assert dead
    assert listed(secondary_status=f"{kind.upper()}_STATUS_ALL") == alive | dead
    assert not alive & dead


def test_reports_leave_out_the_spend_of_what_is_deleted(ask: Ask) -> None:
    def spend(level: str, **more: Any) -> Decimal:
        asked = {**REPORT, "data_level": f"AUCTION_{level.upper()}", "metrics": ["spend"]}
        asked.update(dimensions=[f"{level}_id"], start_date="2026-08-01")
        rows = ask("report/integrated/get/", **{**asked, **more})["data"]["list"]
        return sum((Decimal(row["metrics"]["spend"]) for row in rows), Decimal(0))

    whole = spend("advertiser")
    for level in ("campaign", "adgroup", "ad"):
        assert spend(level, filtering=every(level)) == whole
        assert 0 < spend(level) < whole
        assert spend(level, filters=every(level)) == spend(level), "misspelt, so ignored"


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_date": "2026-10-16"},
        {**HOURS, "start_date": "2026-11-12"},
        {**HOURS, "metrics": ["reach"]},
        {"metrics": ["tea"]},
        {"metrics": ["ad_name"]},
        {"dimensions": ["ad_id", "stat_time_day"]},
        {"page_size": "1001"},
        {"filtering": every("ad")},
        {"metrics": "[spend"},
        {"start_date": "yesterday"},
    ],
)
def test_what_does_not_go_together_is_refused(ask: Ask, wrong: dict[str, Any]) -> None:
    assert ask("report/integrated/get/", **{**REPORT, **wrong})["code"] == 40002


def test_people_are_counted_sixteen_hours_late(ask: Ask, sandbox: SandboxClient) -> None:
    sandbox.set_clock("2026-11-14T20:00:00Z")
    rows = ask("report/integrated/get/", **REPORT)["data"]["list"]
    days = {row["dimensions"]["stat_time_day"][:10]: row["metrics"]["reach"] for row in rows}
    assert {day for day, reach in days.items() if reach == "-"} == {"2026-11-13", "2026-11-14"}
    assert len(days) == 26


@pytest.mark.parametrize(("level", "more"), [("campaign_day", {}), ("campaign_hour", HOURS)])
def test_the_wire_has_the_truth(
    ask: Ask, sandbox: SandboxClient, level: str, more: dict[str, Any]
) -> None:
    asked = {**REPORT, **more, "filtering": every("campaign")}
    wire = {}
    for row in ask("report/integrated/get/", **asked)["data"]["list"]:
        at = row["dimensions"].get("stat_time_hour", row["dimensions"].get("stat_time_day"))
        shown = [Decimal(row["metrics"][name]) for name in HOURS["metrics"]]
        wire[row["dimensions"]["campaign_id"], at] = shown
    span = {"from": asked["start_date"], "to": asked["end_date"]}
    truth = {
        (one["campaign_id"], f"{one['date']} {one.get('hour', 0):02d}:00:00"): [
            Decimal(one[name]) for name in ("cost", "impressions", "clicks", "conversions")
        ]
        for one in sandbox.truth(level, account=ACME, **span)
    }
    assert wire == truth
    assert len(wire) > 90


def test_of_too_many_ids_the_newest_are_left(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, clock = (
        business.people.account(ACME, "tiktok_ads"),
        datetime.fromisoformat("2026-11-15T06:00Z"),
    )
    assert account is not None
    first, last = date(2026, 11, 1), date(2026, 11, 10)
    question = reports.Asked("ad", None, first, last, {}, None, {}, True)
    whole, header = reports.rows(business, account, clock, question)
    assert header is None
    monkeypatch.setattr(reports, "MOST_IDS", 10)
    some, header = reports.rows(business, account, clock, question)
    assert 0 < len(some) <= 10 < len(whole)
    assert header is not None
    assert "narrow your filters" in header
