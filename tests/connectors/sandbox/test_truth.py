"""The truth, against what the wire says: the same figures by two ways that share no code."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient

BERLIN, NEW_YORK, AUCKLAND = "4100000037", "4101000040", "4200000337"
FIGURES = (
    "impressions",
    "clicks",
    "cost",
    "conversions",
    "conversions_value",
    "interactions",
    "view_through_conversions",
    "video_trueview_views",
)
METRICS = (
    "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, "
    "metrics.conversions_value, metrics.interactions, metrics.view_through_conversions, "
    "metrics.video_trueview_views"
)
KEYS = {
    "campaign_day": ("campaign", "segments.date, campaign.id", ("date", "campaign_id")),
    "campaign_hour": (
        "campaign",
        "segments.date, segments.hour, campaign.id",
        ("date", "hour", "campaign_id"),
    ),
    "ad_group_day": (
        "ad_group",
        "segments.date, campaign.id, ad_group.id",
        ("date", "campaign_id", "ad_group_id"),
    ),
    "ad_day": (
        "ad_group_ad",
        "segments.date, campaign.id, ad_group.id, ad_group_ad.ad.id",
        ("date", "campaign_id", "ad_group_id", "ad_id"),
    ),
    "account_day": ("customer", "segments.date", ("date",)),
}


def from_wire(row: dict[str, Any]) -> dict[str, Any]:
    metrics = row["metrics"]
    return {
        "date": row["segments"]["date"],
        "hour": row["segments"].get("hour"),
        "campaign_id": row.get("campaign", {}).get("id"),
        "ad_group_id": row.get("adGroup", {}).get("id"),
        "ad_id": row.get("adGroupAd", {}).get("ad", {}).get("id"),
        "impressions": int(metrics["impressions"]),
        "clicks": int(metrics["clicks"]),
        "cost": Decimal(metrics["costMicros"]) / 1_000_000,
        "conversions": Decimal(str(metrics["conversions"])),
        "conversions_value": Decimal(str(metrics["conversionsValue"])),
        "interactions": int(metrics["interactions"]),
        "view_through_conversions": int(metrics["viewThroughConversions"]),
        "video_trueview_views": int(metrics["videoTrueviewViews"]),
    }


@pytest.mark.parametrize("level", list(KEYS))
@pytest.mark.parametrize("clock", ["2026-10-18T07:30:00Z", "2026-11-15T06:00:00Z"])
def test_the_wire_tells_the_truth(
    sandbox: SandboxClient, google: Any, level: str, clock: str
) -> None:
    sandbox.set_clock(clock)
    resource, fields, key = KEYS[level]
    query = (
        f"SELECT {fields}, {METRICS} FROM {resource} "
        "WHERE segments.date BETWEEN '2026-10-10' AND '2026-11-15'"
    )
    for organization, account in (("acme_outdoor", NEW_YORK), ("kiwi_kitchen", AUCKLAND)):
        rows = [from_wire(row) for row in google(sandbox.url, organization).rows(account, query)]
        told = sandbox.truth(level, clock, account=account, **{"from": "2026-10-10"})
        wire = {tuple(row[name] for name in key): row for row in rows}
        truth = {tuple(row[name] for name in key): row for row in told}
        assert len(wire) == len(rows)
        assert wire.keys() == truth.keys()
        assert len(truth) > 7
        for name in FIGURES:
            assert {one: row[name] for one, row in wire.items()} == {
                one: Decimal(row[name]) if isinstance(row[name], str) else row[name]
                for one, row in truth.items()
            }, name


def total(rows: list[dict[str, Any]], *by: str) -> dict[tuple[Any, ...], list[Decimal]]:
    sums: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(FIGURES))
    for row in rows:
        key = tuple(row[name] for name in by)
        sums[key] = [
            known + Decimal(row[name]) for known, name in zip(sums[key], FIGURES, strict=True)
        ]
    return sums


def test_levels_agree_where_they_should(sandbox: SandboxClient) -> None:
    levels = {
        level: sandbox.truth(level, account=BERLIN, **{"from": "2026-10-20"}) for level in KEYS
    }
    campaigns = {one["campaign_id"]: one for one in sandbox.truth("campaigns", account=BERLIN)}
    by_campaign = total(levels["campaign_day"], "date", "campaign_id")
    assert total(levels["campaign_hour"], "date", "campaign_id") == by_campaign
    groups = total(levels["ad_group_day"], "date", "campaign_id")
    assert total(levels["ad_day"], "date", "campaign_id") == groups
    with_ads = {
        key: sums
        for key, sums in by_campaign.items()
        if campaigns[key[1]]["channel"] != "PERFORMANCE_MAX"
    }
    assert groups == with_ads
    assert len(with_ads) < len(by_campaign), "Performance Max is in no ad group"
    assert total(levels["campaign_day"], "date") == total(levels["account_day"], "date")


def test_yesterdays_conversions_have_grown_and_nothing_else_appeared(
    sandbox: SandboxClient,
) -> None:
    asked = {"account": BERLIN, "from": "2026-10-01", "to": "2026-10-14"}
    earlier = sandbox.truth("account_day", "2026-10-16T00:00:00Z", **asked)
    later = sandbox.truth("account_day", "2026-11-15T00:00:00Z", **asked)
    for old, new in zip(earlier, later, strict=True):
        assert new["impressions"] == old["impressions"]
        assert Decimal(new["conversions"]) >= Decimal(old["conversions"])
        assert Decimal(new["cost"]) <= Decimal(old["cost"])
    grown = total(later)[()][3] / total(earlier)[()][3]
    assert 1.05 < grown < 1.6


@pytest.mark.parametrize(
    ("level", "fields"),
    [
        ("accounts", {"account_id", "currency", "time_zone", "name", "organization_id"}),
        ("organizations", {"organization_id", "reporting_currency"}),
        ("campaigns", {"campaign_id", "name", "status", "channel", "budget", "end_date"}),
        ("ad_groups", {"ad_group_id", "campaign_id", "name", "status"}),
        ("ads", {"ad_id", "type", "final_urls", "image_url", "status"}),
        ("rates", {"date", "currency", "rate"}),
        ("events", {"kind", "first_date", "description", "known_from"}),
        ("demand", {"organization_id", "date", "sessions", "orders"}),
    ],
)
def test_other_levels(sandbox: SandboxClient, level: str, fields: set[str]) -> None:
    rows = sandbox.truth(level)
    assert rows
    assert all(fields <= set(row) for row in rows)


def test_money_is_exact_text(sandbox: SandboxClient) -> None:
    for row in sandbox.truth("campaign_day", account=BERLIN, **{"from": "2026-11-01"}):
        for name in ("cost", "conversions", "conversions_value"):
            assert isinstance(row[name], str)
            assert Decimal(row[name]).as_tuple().exponent == -2


@pytest.mark.parametrize(
    "asked", ["level=tea", "level=ads&as_of=yesterday", "level=ads&as_of=2026-01-01"]
)
def test_questions_without_sense_are_refused(acme: Any, asked: str) -> None:
    status, _, body = acme.call("GET", f"/sandbox/truth?{asked}")
    assert status == 400
    assert json.loads(body)["error"]
