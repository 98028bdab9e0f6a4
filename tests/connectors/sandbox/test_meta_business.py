"""Meta's side of the business: what accounts hold, and figures that Google's do not have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.meta_ads.network import PLATFORM as META
from connectors.sandbox.service import simulated

SETTLED = datetime(2027, 1, 1, tzinfo=UTC)
GOOGLE = [49940, 534, 22071, 1002, 84348, 52, 4430]
DAYS = [date(2026, 7, 19) + timedelta(days=step) for step in range(120)]


def account(business: Business, number: int = 0) -> Account:
    return business.people.accounts_on(META)[number]


def measure(business: Business, one: Account, day: date, name: str) -> np.ndarray:
    shown = business.shown(one, day, SETTLED)
    assert shown is not None
    return shown[business.portfolio(one).measures.index(name)]


def test_one_account_an_organization_some_with_money_and_days_of_their_own(
    business: Business,
) -> None:
    people = business.people
    assert [one.organization for one in people.accounts_on(META)] == list(people.organizations)
    own = 0
    for one in people.accounts_on(META):
        google = people.accounts_of(one.organization.id, "google_ads")
        own += all(
            (one.currency, one.time_zone) != (other.currency, other.time_zone) for other in google
        )
        assert people.account(one.id, META) is one
        assert people.account(one.id, "google_ads") is None, "Google knows no account of Meta"
        assert one.id.isdigit()
    assert own == 2
    assert len({one.serial for one in people.accounts}) == len(people.accounts)


def test_campaigns_are_renamed_paused_archived_deleted_started_late_and_ended(
    business: Business,
) -> None:
    held = business.portfolio(account(business)).campaigns
    end = datetime(2026, 11, 15, tzinfo=UTC)
    assert held[0].name.at(held[0].name.created) != held[0].name.at(end)
    assert {status for _, status in held[1].status.changes} == {"ACTIVE", "PAUSED"}
    assert [held[number].status.at(end) for number in (2, 5, 6)] == [
        "ARCHIVED",
        "DELETED",
        "PAUSED",
    ]
    assert held[3].start > DAYS[20]
    assert held[4].end is not None
    assert all(one.ad_groups and one.ad_groups[0].ads for one in held)
    ids = [
        id_
        for other in business.people.accounts_on(META)
        for campaign in business.portfolio(other).campaigns
        for group in campaign.ad_groups
        for id_ in (campaign.id, group.id, *(ad.id for ad in group.ads))
    ]
    assert len(set(ids)) == 3 * (7 + 14 + 42)
    assert min(ids) > 2**53, "more than a double can hold"


@pytest.mark.parametrize(
    "clock", [SETTLED, datetime(2026, 11, 1, 8, 40, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)]
)
def test_hours_and_segments_add_up_to_the_day(business: Business, clock: datetime) -> None:
    looked_at = 0
    for one in business.people.accounts_on(META):
        for day in DAYS[60:110:2]:
            whole = business.shown(one, day, clock)
            if whole is None:
                continue
            cells = business.shown(one, day, clock, cells=True)
            segments = business.shown(one, day, clock, segments=True)
            assert cells is not None
            assert segments is not None
            assert np.array_equal(cells.sum(axis=(2, 3)), whole)
            assert np.array_equal(segments.sum(axis=2), whole)
            assert (cells >= 0).all()
            assert (segments >= 0).all()
            looked_at += 1
    assert looked_at > 10


def test_conversions_come_without_clicks_and_even_without_impressions(business: Business) -> None:
    one, late = account(business), 0
    for day in DAYS:
        impressions = measure(business, one, day, "impressions")
        late += int(measure(business, one, day, "conversions_hundredths")[impressions == 0].sum())
    assert late >= 500, "purchases of stopped ads"
    assert late % 100 == 0, "Meta credits whole purchases"


def test_windows_hold_what_they_say(business: Business) -> None:
    one = account(business)
    sums = {
        name: sum(
            int(measure(business, one, day, f"conversions_hundredths{name}").sum()) for day in DAYS
        )
        for name in ("", "_1d_click", "_7d_click", "_28d_click", "_1d_view")
    }
    assert sums["_1d_click"] < sums["_7d_click"] < sums["_28d_click"]
    assert sums[""] == sums["_7d_click"] + sums["_1d_view"], "the default attribution"


def test_what_people_do_narrows_towards_the_purchase(business: Business) -> None:
    one = account(business)
    names = ("impressions", "clicks", "link_clicks", "landing_page_views", "add_to_carts")
    sums = [sum(int(measure(business, one, day, name).sum()) for day in DAYS) for name in names]
    assert sums == sorted(sums, reverse=True)
    checkouts = sum(int(measure(business, one, day, "checkouts").sum()) for day in DAYS)
    assert 0 < checkouts < sums[-1]


def test_meta_claims_more_of_its_clicks_than_google(business: Business) -> None:
    def bias(one: Account) -> float:
        portfolio = business.portfolio(one)
        clicks = sum(measure(business, one, day, "clicks") for day in DAYS[:60])
        claimed = sum(
            int(measure(business, one, day, "conversions_hundredths").sum()) for day in DAYS[:60]
        )
        # Google credits about three quarters of a conversion on average.
        whole = 100 if one.platform == META else 100 * (0.55 + 0.45 * 0.57)
        return float(claimed / whole / (clicks * portfolio.conversion_rate).sum())

    london = next(one for one in business.people.accounts if one.time_zone == "Europe/London")
    assert bias(london) > 1.05
    assert bias(account(business, 2)) > 1.2 * bias(london)


def test_what_google_shows_is_pinned() -> None:
    """Whatever is drawn anew draws from a stream of its own: figures change on purpose or never."""
    business = simulated(Parameters())
    berlin = business.people.accounts[0]
    shown = business.shown(berlin, date(2026, 10, 1), SETTLED)
    assert shown is not None
    assert shown.sum(axis=1).tolist() == GOOGLE
