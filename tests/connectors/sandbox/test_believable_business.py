"""The demo's business is one that a marketer believes: its ratios, its sources, its budgets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import Account, Campaign
from connectors.sandbox.platforms.shopify.truth import LEVELS
from connectors.sandbox.service import simulated
from connectors.sandbox.truth.question import Question
from orchestration.commands.demo import DAYS, END, LAST_DAY, SEED

COST, CLICKS, IMPRESSIONS, VALUE, CONVERSIONS = (
    "cost_cents", "clicks", "impressions", "value_cents", "conversions_hundredths",
)  # fmt: skip
RECENTLY = LAST_DAY - timedelta(days=28)
_PAID = ("google_ads", "meta_ads")
# Money of shops and accounts is compared in EUR, at the level of prices, not at a day's rate.


@pytest.fixture(scope="module")
def demo_business() -> Business:
    return simulated(Parameters(seed=SEED, days=DAYS, end=LAST_DAY))


@dataclass
class Story:
    """What one organization's demo comes to, money in EUR."""

    spend: float = 0.0
    orders: int = 0
    new: int = 0
    sessions: int = 0
    gross: float = 0.0
    net: float = 0.0
    recent_spend: float = 0.0
    recent_net: float = 0.0
    claimed: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    clicks: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cost: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    impressions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    conversions: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    by_source: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    orders_by_source: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    new_by_source: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@pytest.fixture(scope="module")
def stories(demo_business: Business) -> dict[str, Story]:
    found: dict[str, Story] = defaultdict(Story)
    for account in demo_business.people.accounts:
        _add_ads(found[account.organization.id], demo_business, account)
    for organization in demo_business.people.organizations:
        one, book = found[organization.id], demo_business.shop(organization)
        one.sessions = sum(
            demo_business.demand(organization, day).sessions for day in _days(demo_business)
        )
        cents = 1 / book.shop.units_per_eur
        account = demo_business.people.accounts_of(organization.id, "google_ads")[0]
        for row in _truth(demo_business, "shop_day", account):
            one.orders += row["counted_orders"]
            one.new += row["new_customers"]
            one.gross += float(row["net"]) * cents
            one.net += float(row["goods_revenue"]) * cents
            if row["date"] > str(RECENTLY):
                one.recent_net += float(row["goods_revenue"]) * cents
        landings = {
            str(order.id): order.visit.landing_page if order.visit else ""
            for offset in range(book.days)
            for order in book.day(offset)
        }
        shops = {
            str(order.id): order.source for offset in range(book.days) for order in book.day(offset)
        }
        for row in _truth(demo_business, "order", account):
            if row["is_counted"]:
                source = _source(row, landings[row["order_id"]], shops[row["order_id"]])
                one.by_source[source] += float(row["net"]) * cents
                one.orders_by_source[source] += 1
                one.new_by_source[source] += row["is_new_customer"]
    return dict(found)


def _days(business: Business) -> list[date]:
    first = business.parameters.first_day
    return [first + timedelta(days=step) for step in range(business.parameters.days)]


def _truth(business: Business, level: str, account: Account) -> Iterator[dict[str, Any]]:
    shop = business.shop(account.organization).shop
    rows = LEVELS[level](business, Question(level, END))
    return (row for row in rows if row["organization_id"] == shop.organization.id)


def _add_ads(one: Story, business: Business, account: Account) -> None:
    measures = business.portfolio(account).measures
    place = {name: measures.index(name) for name in (COST, CLICKS, IMPRESSIONS, VALUE, CONVERSIONS)}
    for day in _days(business):
        shown = business.shown(account, day, END)
        if shown is None:
            continue
        sums = {name: int(shown[at].sum()) for name, at in place.items()}
        one.spend += sums[COST] / 100 / account.units_per_eur
        if day > RECENTLY:
            one.recent_spend += sums[COST] / 100 / account.units_per_eur
        one.claimed[account.platform] += sums[VALUE] / 100 / account.units_per_eur
        one.cost[account.platform] += sums[COST] / 100 / account.units_per_eur
        one.clicks[account.platform] += sums[CLICKS]
        one.impressions[account.platform] += sums[IMPRESSIONS]
        one.conversions[account.platform] += sums[CONVERSIONS] / 100


def _source(row: dict[str, Any], landing: str, shop: str) -> str:
    """Where an order came from, by what the shop knows of its last visit."""
    if shop in ("pos", "shopify_draft_order"):
        return shop
    source, medium = row["last_visit_source"], (row["utm_medium"] or "").lower()
    if source is None:
        return "unknown"
    if medium == "email":
        return "email"
    if medium in ("cpc", "paid_social") or "gclid=" in landing:
        return "google_ads" if source == "google" else "meta_ads"
    return {"google": "search", "bing": "search", "direct": "direct"}.get(source, "elsewhere")


def test_what_the_shops_sell_is_three_to_six_times_what_ads_cost(
    stories: dict[str, Story],
) -> None:
    """As of a real shop: its revenue, refunds and new customers; all ratios of sums."""
    assert set(stories) == {"acme_outdoor", "kiwi_kitchen", "chai_house"}
    for name, one in stories.items():
        assert 3 < one.net / one.spend < 6, (name, "MER", one.net / one.spend)
        recently = one.recent_net / one.recent_spend
        assert 3 < recently < 6, (name, "MER of the last 28 days", recently)
        assert 60 < one.net / one.orders < 120, (name, "AOV", one.net / one.orders)
        assert 0.50 < one.new / one.orders < 0.65, (name, "new", one.new / one.orders)
        assert 0.01 < one.orders / one.sessions < 0.04, (name, one.orders / one.sessions)
        refunded = 1 - one.net / one.gross
        assert 0.05 < refunded < 0.10, (name, "refunded", refunded)
        assert 8 < one.spend / one.new < 60, (name, "CAC", one.spend / one.new)


def test_most_revenue_has_a_named_source_and_ads_bring_about_half(
    stories: dict[str, Story],
) -> None:
    for name, one in stories.items():
        whole = sum(one.by_source.values())
        assert 0.01 < one.by_source["unknown"] / whole < 0.12, (name, one.by_source)
        assert 0.35 < sum(one.by_source[each] for each in _PAID) / whole < 0.60, (name, whole)
        for each in ("search", "direct", "email", "elsewhere", *_PAID):
            assert one.by_source[each] / whole > 0.02, (name, each, one.by_source)


def test_letters_bring_customers_back_and_ads_bring_new_ones(stories: dict[str, Story]) -> None:
    for name, one in stories.items():
        new = {
            source: one.new_by_source[source] / one.orders_by_source[source]
            for source in one.orders_by_source
        }
        for platform in _PAID:
            assert new[platform] > 0.6 > 2 * new["email"], (name, new)


def test_platforms_claim_three_to_six_times_their_spend_and_more_than_the_shop_confirms(
    stories: dict[str, Story],
) -> None:
    for name, one in stories.items():
        for platform in _PAID:
            claimed, cost = one.claimed[platform], one.cost[platform]
            assert 3 < claimed / cost < 6, (name, platform, "ROAS", claimed / cost)
            confirmed = one.by_source[platform]
            assert 1.1 < claimed / confirmed < 4, (name, platform, claimed / confirmed)


def test_clicks_cost_and_convert_as_they_do_elsewhere(stories: dict[str, Story]) -> None:
    for name, one in stories.items():
        for platform in _PAID:
            clicks = one.clicks[platform]
            assert 0.15 < one.cost[platform] / clicks < 2.0, (name, platform, "CPC")
            assert 0.008 < clicks / one.impressions[platform] < 0.03, (name, platform, "CTR")
            assert 0.01 < one.conversions[platform] / clicks < 0.04, (name, platform, "rate")


@dataclass(frozen=True)
class Spent:
    """What a campaign cost on a day beside its budget of that day, in cents."""

    campaign: Campaign
    account: Account
    day: date
    cents: int
    budget: int


def _spent(business: Business) -> Iterator[Spent]:
    """All days on which a campaign cost anything, as first shown: nothing is credited yet."""
    for account in business.people.accounts:
        portfolio = business.portfolio(account)
        cost = portfolio.measures.index(COST)
        for day in _days(business):
            over = midnight(account.time_zone, day + timedelta(days=1))
            shown = business.shown(account, day, over)
            assert shown is not None
            for number, campaign in enumerate(portfolio.campaigns):
                cents = int(shown[cost][portfolio.campaign_of == number].sum())
                # Of two budgets of a day the larger one bounds it; none here is ever lowered.
                if cents:
                    yield Spent(campaign, account, day, cents, campaign.budget_cents.at(over))


def _bounds_hold(business: Business) -> int:
    """Compares every campaign's days, weeks and months with its budget; returns how many days."""
    by_month: dict[tuple[int, int], list[Spent]] = defaultdict(list)
    by_week: dict[tuple[int, date], list[Spent]] = defaultdict(list)
    count = 0
    for one in _spent(business):
        most = 2.0 if one.account.platform == "google_ads" else 1.75
        assert one.cents <= most * one.budget, one
        by_month[one.campaign.id, one.day.month].append(one)
        sunday = one.day - timedelta(days=one.day.isoweekday() % 7)
        by_week[one.campaign.id, sunday].append(one)
        count += 1
    for days in by_month.values():
        if days[0].account.platform == "google_ads":
            budget = max(one.budget for one in days)
            assert sum(one.cents for one in days) <= 30.4 * budget, days[0]
    for days in by_week.values():
        if days[0].account.platform == "meta_ads":
            budget = max(one.budget for one in days)
            assert sum(one.cents for one in days) <= 7 * budget, days[0]
    return count


def test_no_campaign_spends_more_than_its_budget_allows(demo_business: Business) -> None:
    assert _bounds_hold(demo_business) > 3_000


def test_a_budget_for_life_lasts(demo_business: Business) -> None:
    ended = 0
    for account in demo_business.people.accounts_on("meta_ads"):
        campaign = demo_business.portfolio(account).campaigns[4]
        assert campaign.end is not None
        days = (campaign.end - campaign.start).days + 1
        cents = [one.cents for one in _spent(demo_business) if one.campaign is campaign]
        ended += 1
        assert 0.3 * days < sum(cents) / campaign.budget_cents.at(END) <= days
    assert ended == 3


def test_budgets_are_used(demo_business: Business) -> None:
    """Neither dead numbers nor limits that every campaign hits."""
    used: dict[int, list[float]] = defaultdict(list)
    for one in _spent(demo_business):
        used[one.campaign.id].append(one.cents / one.budget)
    means = {campaign: float(np.mean(days)) for campaign, days in used.items()}
    assert all(0.3 < mean < 1.0 for mean in means.values()), means
    limited = sum(mean > 0.85 for mean in means.values()) / len(means)
    assert 0.1 < limited < 0.5


def test_no_search_ad_group_pays_more_for_a_click_than_it_bids(demo_business: Business) -> None:
    settled, seen = datetime(2027, 1, 1, tzinfo=UTC), 0
    for account in demo_business.people.accounts:
        portfolio = demo_business.portfolio(account)
        clicks, cost = (portfolio.measures.index(name) for name in (CLICKS, COST))
        shown = [demo_business.shown(account, day, settled) for day in _days(demo_business)]
        sums = sum(one for one in shown if one is not None)
        groups: dict[int, list[int]] = defaultdict(list)
        for place, unit in enumerate(portfolio.units):
            if unit.ad_group is not None and unit.ad_group.cpc_bid_cents is not None:
                groups[unit.ad_group.id].append(place)
        for places in groups.values():
            group = portfolio.units[places[0]].ad_group
            assert group is not None
            assert group.cpc_bid_cents is not None
            paid = sums[cost][places].sum() / sums[clicks][places].sum()
            assert 0.3 * group.cpc_bid_cents < paid < group.cpc_bid_cents
            seen += 1
    assert seen > 10


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    ads=st.integers(1, 4),
    campaigns=st.integers(1, 9),
    organizations=st.integers(1, 4),
)
def test_budgets_bound_what_any_business_spends(
    seed: int, ads: int, campaigns: int, organizations: int
) -> None:
    size = Parameters(seed=seed, days=40, campaigns=campaigns, ads=ads, organizations=organizations)
    assert _bounds_hold(simulated(size)) > 0
