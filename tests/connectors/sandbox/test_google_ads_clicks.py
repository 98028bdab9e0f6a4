"""Clicks, placements and labels: the wire against the truth."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.google_figures import (
    BERLIN,
    CLOCKS,
    DATES,
    FROM,
    METRICS,
    NEW_YORK,
    figures,
    numbers,
)


@pytest.mark.parametrize("clock", CLOCKS)
def test_clicks_of_the_wire_are_the_truths(sandbox: SandboxClient, acme: Any, clock: str) -> None:
    sandbox.set_clock(clock)
    day = clock[:8] + "12"
    query = (
        "SELECT segments.date, segments.device, campaign.id, click_view.gclid, "
        "click_view.ad_group_ad, click_view.keyword, metrics.clicks FROM click_view "
        f"WHERE segments.date = '{day}'"
    )
    rows = acme.rows(BERLIN, query)

    def last(name: str | None) -> tuple[str | None, str | None]:
        group, _, id_ = (name or "").rpartition("/")[2].partition("~")
        return group or None, id_ or None

    wire = {
        row["clickView"]["gclid"]: (
            row["segments"]["date"],
            row["campaign"]["id"],
            *last(row["clickView"].get("adGroupAd")),
            last(row["clickView"].get("keyword"))[1],
            row["segments"]["device"].lower(),
            row["metrics"]["clicks"],
        )
        for row in rows
    }
    named = ("date", "campaign_id", "ad_group_id", "ad_id", "keyword_id", "device")
    truth = sandbox.truth("click", clock, account=BERLIN, **{"from": day, "to": day})
    assert wire == {row["gclid"]: (*(row[one] for one in named), "1") for row in truth}
    assert len(wire) == len(rows) > 100


def test_a_day_has_the_clicks_that_reports_count(sandbox: SandboxClient) -> None:
    # Credits for invalid clicks come more than three days after them.
    day = "2026-11-13"
    asked = {"account": NEW_YORK, "from": day, "to": day}
    counted = {
        (row["campaign_id"], row["ad_group_id"], row["ad_id"]): int(row["clicks"])
        for row in sandbox.truth("ad_day", **asked)
        if int(row["clicks"])
    }
    listed = Counter(
        (row["campaign_id"], row["ad_group_id"], row["ad_id"])
        for row in sandbox.truth("click", **asked)
        if row["ad_id"] is not None
    )
    assert {key: listed[key] for key in counted} == counted
    assert len(counted) > 10


def test_the_clicks_that_orders_followed_are_there(sandbox: SandboxClient) -> None:
    orders = sandbox.truth("order", organization="acme_outdoor", **{"from": "2026-11-05"})
    kept = {row["click_id"]: row for row in orders if (row["click_id"] or "").startswith("Cj0K")}
    clicks = {
        row["gclid"]: row
        for row in sandbox.truth("click", organization="acme_outdoor", **{"from": "2026-11-03"})
    }
    assert len(kept) > 10
    assert kept.keys() <= clicks.keys()
    found = [(kept[one]["landing_campaign_id"], clicks[one]["campaign_id"]) for one in kept]
    assert all(named == clicked for named, clicked in found)


def test_clicks_are_asked_for_day_by_day(acme: Any) -> None:
    text = "SELECT click_view.gclid, segments.date, metrics.{} FROM click_view WHERE {}"
    days = "segments.date BETWEEN '2026-11-01' AND '2026-11-02'"
    for condition, code in (
        (days, "EXPECTED_FILTER_ON_A_SINGLE_DAY"),
        ("campaign.id = 1", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        ("segments.date = '2026-08-16'", "DATE_TOO_OLD"),
    ):
        _, reason = acme.refusal(BERLIN, {"query": text.format("clicks", condition)})
        assert code in reason.values()
    only = text.format("cost_micros", "segments.date = '2026-11-01'")
    _, reason = acme.refusal(BERLIN, {"query": only})
    assert "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE" in reason.values()
    assert acme.rows(BERLIN, text.format("clicks", "segments.date = '2026-08-17'"))


def test_placements_and_labels_of_the_wire_are_the_truths(
    sandbox: SandboxClient, acme: Any
) -> None:
    sandbox.set_clock(CLOCKS[-1])
    query = (
        "SELECT segments.date, ad_group.id, group_placement_view.placement, "
        f"group_placement_view.placement_type, {METRICS} FROM group_placement_view WHERE {DATES}"
    )
    wire = {
        (
            row["segments"]["date"],
            row["adGroup"]["id"],
            row["groupPlacementView"]["placement"],
            row["groupPlacementView"]["placementType"],
        ): figures(row)
        for row in acme.rows(BERLIN, query)
    }
    truth = sandbox.truth("placement_day", account=BERLIN, **FROM)
    in_groups = [row for row in truth if row["ad_group_id"] is not None]
    assert wire == {
        (row["date"], row["ad_group_id"], row["placement"], row["placement_type"]): numbers(row)
        for row in in_groups
        if row["placement"] is not None
    }
    assert len(wire) > 100
    merged = sum(numbers(row)[2] for row in in_groups if row["placement"] is None)
    assert Decimal("0.05") < merged / sum(numbers(row)[2] for row in in_groups) < Decimal("0.4")
    labels = {(row["id"], row["name"]) for row in _labels(acme, "label")}
    pairs = [
        row
        for one in ("campaign", "ad_group", "ad_group_ad")
        for row in _labels(acme, f"{one}_label")
    ]
    stated = sandbox.truth("labels", account=BERLIN)
    assert sorted((row["id"], row["name"]) for row in pairs) == sorted(
        (row["label_id"], row["label"]) for row in stated
    )
    assert {(row["label_id"], row["label"]) for row in stated} == labels


def test_placements_of_performance_max_have_impressions_alone(
    sandbox: SandboxClient, acme: Any
) -> None:
    view = "performance_max_placement_view"
    text = f"SELECT segments.date, campaign.id, {view}.placement, metrics.{{}} FROM {view} "
    wire = {
        (
            row["segments"]["date"],
            row["campaign"]["id"],
            row["performanceMaxPlacementView"]["placement"],
        ): int(row["metrics"]["impressions"])
        for row in acme.rows(BERLIN, f"{text.format('impressions')} WHERE {DATES}")
    }
    truth = [
        row
        for row in sandbox.truth("placement_day", account=BERLIN, **FROM)
        if row["ad_group_id"] is None
    ]
    parts = [row for row in truth if row["placement"] is not None]
    assert wire == {
        (row["date"], row["campaign_id"], row["placement"]): row["impressions"] for row in parts
    }
    assert len(wire) > 50
    assert {(row["clicks"], row["cost"], row["conversions"]) for row in parts} == {(None,) * 3}
    # The row without a placement has all that is not known by placement.
    whole = sandbox.truth("campaign_day", account=BERLIN, **FROM)
    campaigns = {row["campaign_id"] for row in truth}
    for name in ("impressions", "clicks", "cost", "conversions"):
        assert sum(Decimal(row[name] or 0) for row in truth) == sum(
            Decimal(row[name]) for row in whole if row["campaign_id"] in campaigns
        )
    _, reason = acme.refusal(BERLIN, {"query": f"{text.format('clicks')} WHERE {DATES}"})
    assert "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE" in reason.values()


def _labels(acme: Any, resource: str) -> list[dict[str, Any]]:
    rows = acme.rows(BERLIN, f"SELECT label.id, label.name FROM {resource}")
    return [row["label"] for row in rows]
