"""Keywords, terms and places: the wire against the truth, and against what they are parts of."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.shares import Shares
from connectors.sandbox.server import SandboxClient
from connectors.sandbox.service import simulated
from tests.connectors.sandbox.google_figures import (
    AGENCY,
    AUCKLAND,
    BERLIN,
    CLOCKS,
    DATES,
    FROM,
    MEASURES,
    METRICS,
    NEW_YORK,
    figures,
    numbers,
)


def added(rows: list[tuple[Any, tuple[Decimal, ...]]]) -> dict[Any, tuple[Decimal, ...]]:
    sums: dict[Any, tuple[Decimal, ...]] = defaultdict(lambda: (Decimal(0),) * len(MEASURES))
    for key, amounts in rows:
        sums[key] = tuple(a + b for a, b in zip(sums[key], amounts, strict=True))
    return dict(sums)


@pytest.mark.parametrize("clock", CLOCKS)
def test_keywords_of_the_wire_are_the_truths(
    sandbox: SandboxClient, google: Any, clock: str
) -> None:
    sandbox.set_clock(clock)
    query = (
        "SELECT segments.date, campaign.id, ad_group.id, ad_group_criterion.criterion_id, "
        f"{METRICS}, metrics.historical_quality_score FROM keyword_view WHERE {DATES}"
    )
    for organization, account in (("acme_outdoor", BERLIN), ("kiwi_kitchen", AUCKLAND)):
        rows = google(sandbox.url, organization).rows(account, query)
        wire = {
            (
                row["segments"]["date"],
                row["campaign"]["id"],
                row["adGroup"]["id"],
                row["adGroupCriterion"]["criterionId"],
            ): (figures(row), row["metrics"].get("historicalQualityScore"))
            for row in rows
        }
        truth = {
            (row["date"], row["campaign_id"], row["ad_group_id"], row["criterion_id"]): (
                numbers(row),
                None if row["quality_score"] is None else str(row["quality_score"]),
            )
            for row in sandbox.truth("keyword_day", clock, account=account, **FROM)
        }
        assert wire == truth
        assert len(truth) == len(rows) > 200


@pytest.mark.parametrize("clock", CLOCKS)
def test_search_terms_of_the_wire_are_the_truths(
    sandbox: SandboxClient, acme: Any, clock: str
) -> None:
    sandbox.set_clock(clock)
    query = (
        "SELECT segments.date, ad_group.id, search_term_view.search_term, search_term_view.status, "
        f"{METRICS} FROM search_term_view WHERE {DATES}"
    )
    rows = acme.rows(BERLIN, query)
    wire = {
        (
            row["segments"]["date"],
            row["adGroup"]["id"],
            row["searchTermView"]["searchTerm"],
            row["searchTermView"]["status"],
        ): figures(row)
        for row in rows
    }
    truth = [
        row
        for row in sandbox.truth("search_term_day", clock, account=BERLIN, **FROM)
        if row["search_term"] is not None
    ]
    assert wire == {
        (row["date"], row["ad_group_id"], row["search_term"], row["term_status"]): numbers(row)
        for row in truth
        if row["ad_group_id"] is not None
    }
    assert len(wire) == len(rows) > 200
    view = "campaign_search_term_view"
    text = f"SELECT segments.date, campaign.id, {view}.search_term, {METRICS} FROM {view} "
    of_campaigns = {
        (
            row["segments"]["date"],
            row["campaign"]["id"],
            row["campaignSearchTermView"]["searchTerm"],
        ): figures(row)
        for row in acme.rows(BERLIN, f"{text} WHERE {DATES}")
    }
    assert of_campaigns == {
        (row["date"], row["campaign_id"], row["search_term"]): numbers(row)
        for row in truth
        if row["ad_group_id"] is None
    }
    assert len(of_campaigns) > 50


def test_search_terms_with_what_is_withheld_add_up_to_their_ad_group(
    sandbox: SandboxClient,
) -> None:
    asked = {"account": NEW_YORK, **FROM}
    terms = sandbox.truth("search_term_day", **asked)
    wholes = {
        (row["date"], row["campaign_id"], row.get("ad_group_id")): numbers(row)
        for level in ("ad_group_day", "campaign_day")
        for row in sandbox.truth(level, **asked)
    }
    summed = added(
        [((row["date"], row["campaign_id"], row["ad_group_id"]), numbers(row)) for row in terms]
    )
    assert summed == {key: wholes[key] for key in summed}
    channels = {row["campaign_id"]: row["channel"] for row in sandbox.truth("campaigns", **asked)}
    in_groups = {(channels[row["campaign_id"]], row["ad_group_id"] is not None) for row in terms}
    assert in_groups == {("SEARCH", True), ("SHOPPING", True), ("PERFORMANCE_MAX", False)}
    withheld = sum(numbers(row)[2] for row in terms if row["search_term"] is None)
    assert Decimal("0.05") < withheld / sum(amounts[2] for amounts in summed.values()) < 1
    assert {row["term_status"] for row in terms} == {None, "NONE", "ADDED", "EXCLUDED"}


@pytest.mark.parametrize("clock", CLOCKS)
def test_places_of_the_wire_are_the_truths(sandbox: SandboxClient, google: Any, clock: str) -> None:
    sandbox.set_clock(clock)
    view = "geographic_view.country_criterion_id, geographic_view.location_type"
    query = (
        "SELECT segments.date, campaign.id, {}, " + METRICS + f" FROM geographic_view {{}}{DATES}"
    )
    client = google(sandbox.url)
    countries = client.rows(BERLIN, query.format(view, "WHERE "))
    regions = client.rows(BERLIN, query.format(f"{view}, segments.geo_target_region", "WHERE "))
    truth = sandbox.truth("geo_day", clock, account=BERLIN, **FROM)

    def key(row: dict[str, Any]) -> tuple[str, ...]:
        place = row["geographicView"]
        country, kind = place["countryCriterionId"], place["locationType"]
        return (row["segments"]["date"], row["campaign"]["id"], country, kind)

    def key_of(row: dict[str, Any]) -> tuple[str, ...]:
        return (row["date"], row["campaign_id"], row["country_id"], row["location_type"])

    assert added([(key(row), figures(row)) for row in countries]) == added(
        [(key_of(row), numbers(row)) for row in truth]
    )
    named = {(*key(row), row["segments"]["geoTargetRegion"]): figures(row) for row in regions}
    assert named == {
        (*key_of(row), f"geoTargetConstants/{row['region_id']}"): numbers(row)
        for row in truth
        if row["region_id"]
    }
    assert len(named) == len(regions) > 400


@pytest.mark.parametrize("clock", CLOCKS)
def test_devices_and_networks_of_the_wire_are_the_truths(
    sandbox: SandboxClient, acme: Any, clock: str
) -> None:
    sandbox.set_clock(clock)
    rows = acme.rows(
        BERLIN,
        "SELECT segments.date, campaign.id, segments.device, segments.ad_network_type, "
        f"{METRICS} FROM campaign WHERE {DATES}",
    )
    wire = {
        (
            row["segments"]["date"],
            row["campaign"]["id"],
            row["segments"]["device"].lower(),
            row["segments"]["adNetworkType"].lower(),
        ): figures(row)
        for row in rows
    }
    truth = sandbox.truth("device_day", clock, account=BERLIN, **FROM)
    assert wire == {
        (row["date"], row["campaign_id"], row["device"], row["network"]): numbers(row)
        for row in truth
    }
    assert len(wire) == len(rows) > 200
    campaigns = added(
        [
            ((row["date"], row["campaign_id"]), numbers(row))
            for row in sandbox.truth("campaign_day", clock, account=BERLIN, **FROM)
        ]
    )
    assert added([((r["date"], r["campaign_id"]), numbers(r)) for r in truth]) == campaigns


def test_networks_alone_add_up_to_the_week(acme: Any) -> None:
    """Without the day in SELECT a row is the whole range, and is the sum of its days."""
    head = "SELECT segments.ad_network_type, campaign.id, metrics.clicks"
    whole = acme.rows(BERLIN, f"{head} FROM campaign WHERE {DATES} ORDER BY campaign.id")
    daily = acme.rows(BERLIN, f"{head}, segments.date FROM campaign WHERE {DATES}")

    def clicks(rows: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for row in rows:
            key = (row["campaign"]["id"], row["segments"]["adNetworkType"])
            found[key] += int(row["metrics"]["clicks"])
        return found

    assert clicks(whole) == clicks(daily)
    assert len(whole) < len(daily)
    hours = acme.rows(
        BERLIN, f"{head}, segments.hour FROM campaign WHERE segments.date = '2026-11-10'"
    )
    of_day = acme.rows(BERLIN, f"{head} FROM campaign WHERE segments.date = '2026-11-10'")
    # Hours are divided each by itself: the sum is off by less than one an hour and device.
    assert all(abs(count - clicks(hours)[key]) < 72 for key, count in clicks(of_day).items())
    assert sum(clicks(hours).values()) == sum(clicks(of_day).values())
    searched = acme.rows(
        BERLIN,
        f"{head} FROM campaign WHERE {DATES} AND segments.ad_network_type = 'SEARCH_PARTNERS'",
    )
    assert {row["segments"]["adNetworkType"] for row in searched} == {"SEARCH_PARTNERS"}


def test_places_add_up_to_their_campaign_and_keywords_to_less_than_their_ad_group(
    sandbox: SandboxClient,
) -> None:
    asked = {"account": NEW_YORK, **FROM}
    campaigns = added(
        [
            ((r["date"], r["campaign_id"]), numbers(r))
            for r in sandbox.truth("campaign_day", **asked)
        ]
    )
    places = sandbox.truth("geo_day", **asked)
    assert added([((r["date"], r["campaign_id"]), numbers(r)) for r in places]) == campaigns
    assert {r["location_type"] for r in places} == {"LOCATION_OF_PRESENCE", "AREA_OF_INTEREST"}
    assert any(r["region_id"] is None for r in places)
    groups = added(
        [
            ((r["date"], r["ad_group_id"]), numbers(r))
            for r in sandbox.truth("ad_group_day", **asked)
        ]
    )
    keywords = added(
        [((r["date"], r["ad_group_id"]), numbers(r)) for r in sandbox.truth("keyword_day", **asked)]
    )
    channels = {r["campaign_id"]: r["channel"] for r in sandbox.truth("campaigns", **asked)}
    searched = {
        r["ad_group_id"]
        for r in sandbox.truth("ad_groups", **asked)
        if channels[r["campaign_id"]] == "SEARCH"
    }
    assert {group for _, group in keywords} == searched
    assert all(
        part <= whole
        for key, amounts in keywords.items()
        for part, whole in zip(amounts, groups[key], strict=True)
    )
    spent, of = sum(v[2] for v in keywords.values()), sum(groups[key][2] for key in keywords)
    assert Decimal("0.8") < spent / of < Decimal("0.97")


def test_removed_paused_and_negative_keywords(sandbox: SandboxClient) -> None:
    listed = {
        (row["ad_group_id"], row["criterion_id"]): row
        for row in sandbox.truth("keywords", account=BERLIN)
    }
    active: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sandbox.truth("keyword_day", account=BERLIN):
        active[row["ad_group_id"], row["criterion_id"]].append(row["date"])
    removed = [
        key for key, row in listed.items() if row["status"] == "REMOVED" and not row["negative"]
    ]
    assert removed
    assert all(max(active[key]) < "2026-10-01" for key in removed), "they keep their older days"
    assert all(key not in active for key, row in listed.items() if row["negative"])
    ids = Counter(criterion for _, criterion in listed)
    assert max(ids.values()) > 1, "a criterion id is unique inside its ad group only"
    assert len(sandbox.truth("keywords", "2026-07-20T00:00:00Z", account=BERLIN)) < len(listed)


def test_texts_of_responsive_search_ads_are_the_truths(sandbox: SandboxClient, acme: Any) -> None:
    texts = "ad_group_ad.ad.responsive_search_ad"
    rows = acme.rows(
        BERLIN,
        f"SELECT ad_group.id, ad_group_ad.ad.id, ad_group_ad.ad.type, {texts}.headlines, "
        f"{texts}.descriptions FROM ad_group_ad",
    )
    wire = {}
    for row in rows:
        said = row["adGroupAd"]["ad"].get("responsiveSearchAd", {})
        wire[row["adGroup"]["id"], row["adGroupAd"]["ad"]["id"]] = {
            name: [one["text"] for one in said.get(name, [])]
            for name in ("headlines", "descriptions")
        }
    assert wire == {
        (row["ad_group_id"], row["ad_id"]): {
            name: row[name] for name in ("headlines", "descriptions")
        }
        for row in sandbox.truth("ads", account=BERLIN)
    }
    assert {bool(one["headlines"]) for one in wire.values()} == {True, False}


def test_criteria_are_not_keywords_only(acme: Any) -> None:
    query = "SELECT ad_group_criterion.type, ad_group_criterion.negative FROM ad_group_criterion"
    rows = acme.rows(BERLIN, query)
    kinds = Counter(row["adGroupCriterion"]["type"] for row in rows)
    assert kinds == {"KEYWORD": 28, "AGE_RANGE": 4}
    only = acme.rows(BERLIN, f"{query} WHERE ad_group_criterion.type = 'KEYWORD'")
    assert len(only) == 28


def test_places_have_names_whoever_asks(acme: Any, agency: Any) -> None:
    query = (
        "SELECT geo_target_constant.id, geo_target_constant.canonical_name, "
        "geo_target_constant.parent_geo_target FROM geo_target_constant "
        "WHERE geo_target_constant.id IN (2276, 20226, 7)"
    )
    rows = [row["geoTargetConstant"] for row in acme.rows(BERLIN, query)]
    assert [row["canonicalName"] for row in rows] == ["Germany", "Berlin,Germany"]
    assert [row.get("parentGeoTarget") for row in rows] == [None, "geoTargetConstants/2276"]
    assert [row["geoTargetConstant"] for row in agency.rows(AGENCY, query)] == rows


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (
            "SELECT metrics.historical_quality_score FROM campaign",
            "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        (
            f"SELECT segments.hour, metrics.clicks FROM geographic_view WHERE {DATES}",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        (
            f"SELECT segments.geo_target_region, metrics.clicks FROM campaign WHERE {DATES}",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        (
            "SELECT metrics.clicks FROM ad_group_criterion",
            "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        (
            "SELECT ad_group_criterion.keyword.text FROM ad_group",
            "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",
        ),
    ],
)
def test_what_cannot_be_asked_together(acme: Any, query: str, code: str) -> None:
    assert acme.refusal(BERLIN, {"query": query}) == (400, {"queryError": code})


def test_shares_are_cut_without_a_rest() -> None:
    shares = Shares(np.array([0, 0, 0, 1, 2, 2]), np.array([3, 0, 4, 5, 0, 0]))
    whole = np.array([[100, 7, 9], [1, 0, 0]])
    parts = shares.cut(whole)
    assert parts.tolist() == [[42, 0, 58, 7, 0, 0], [0, 0, 1, 0, 0, 0]]


def test_parts_of_a_day_are_drawn_alone(business: Business) -> None:
    """Keywords and places are drawn beside the figures of old, which stay as they were."""
    other = simulated(Parameters())
    account = business.people.accounts_on("google_ads")[0]
    day = business.parameters.end
    from connectors.sandbox.platforms.google_ads.geography import Geography
    from connectors.sandbox.platforms.google_ads.keywords import Keywords

    one = Keywords(business.parameters, business.portfolio(account)).shares(day)
    again = Keywords(other.parameters, other.portfolio(account)).shares(day)
    assert (one.weight == again.weight).all()
    places = Geography(business.parameters, business.portfolio(account))
    assert (places.shares(day).weight != places.shares(business.parameters.first_day).weight).any()
