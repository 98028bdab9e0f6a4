"""The figures of the simulated business: sums, clocks, late conversions, credits, scripted days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.calendar import local_day
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.network import NETWORK
from connectors.sandbox.service import simulated

CLICKS, COST, CONVERSIONS, VALUE = (
    NETWORK.measures.index(name)
    for name in ("clicks", "cost_cents", "conversions_hundredths", "value_cents")
)
SETTLED = datetime(2027, 1, 1, tzinfo=UTC)
DAYS = [date(2026, 7, 19) + timedelta(days=step) for step in range(120)]


def account(business: Business, zone: str) -> Account:
    return next(one for one in business.people.accounts_on("google_ads") if one.time_zone == zone)


def test_the_default_business_is_what_the_scenario_asks_for(business: Business) -> None:
    accounts = business.people.accounts_on("google_ads")
    assert len(business.people.organizations) >= 2
    assert len(accounts) >= 4
    assert len({one.currency for one in accounts}) >= 3
    zones = {one.time_zone for one in accounts}
    assert len(zones) >= 4
    assert {"Pacific/Auckland", "Asia/Kolkata"} & zones
    assert business.parameters.first_day == date(2026, 7, 19)


def test_the_same_seed_gives_the_same_figures_in_any_order(business: Business) -> None:
    other = simulated(Parameters())
    berlin, london = account(business, "Europe/Berlin"), account(business, "Europe/London")
    business.shown(london, DAYS[5], SETTLED)
    for day in (DAYS[40], DAYS[3]):
        first = business.shown(berlin, day, SETTLED, cells=True)
        again = other.shown(berlin, day, SETTLED, cells=True)
        assert first is not None
        assert again is not None
        assert np.array_equal(first, again)


def test_another_seed_gives_other_figures(business: Business) -> None:
    berlin = account(business, "Europe/Berlin")
    one = business.shown(berlin, DAYS[3], SETTLED)
    other = simulated(Parameters(seed=8)).shown(berlin, DAYS[3], SETTLED)
    assert one is not None
    assert other is not None
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("clock", [SETTLED, datetime(2026, 10, 26, 9, 30, tzinfo=UTC)])
def test_hours_and_devices_add_up_to_the_day(business: Business, clock: datetime) -> None:
    looked_at = 0
    for one in business.people.accounts_on("google_ads"):
        for day in DAYS[90:110]:
            whole = business.shown(one, day, clock)
            cells = business.shown(one, day, clock, cells=True)
            assert (whole is None) == (cells is None)
            if whole is not None and cells is not None:
                assert np.array_equal(cells.sum(axis=(2, 3)), whole)
                assert (cells >= 0).all()
                looked_at += int(whole.any())
    assert looked_at > 40


def test_conversions_only_arrive_and_end_after_28_days(business: Business) -> None:
    berlin, day = account(business, "Europe/Berlin"), date(2026, 9, 1)
    over = datetime(2026, 9, 2, tzinfo=UTC)
    clocks = [over + timedelta(days=step) for step in range(31)]
    seen = []
    for clock in clocks:
        shown = business.shown(berlin, day, clock)
        assert shown is not None
        seen.append(shown[[CONVERSIONS, VALUE]])
    for earlier, later in pairwise(seen):
        assert (later >= earlier).all()
    totals = [int(one[0].sum()) for one in seen]
    assert totals[0] < totals[7] < totals[27], "some come in the first week, some after it"
    assert totals[28] == totals[-1], "nothing arrives more than 28 days after the click"
    assert totals[-1] % 100 != 0, "credit is fractional"


def test_invalid_clicks_are_credited_after_three_days(business: Business) -> None:
    berlin = account(business, "Europe/Berlin")
    credited = 0
    for day in DAYS[:60]:
        before_clock = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=2)
        before = business.shown(berlin, day, before_clock)
        after = business.shown(berlin, day, before_clock + timedelta(days=3))
        assert before is not None
        assert after is not None
        assert (after[COST] <= before[COST]).all()
        share = 1 - after[COST].sum() / before[COST].sum()
        if share:
            credited += 1
            assert 0.01 < share < 0.1
            assert after[CLICKS].sum() < before[CLICKS].sum()
    assert 4 <= credited <= 24


def test_only_hours_that_are_over_are_shown(business: Business) -> None:
    auckland = account(business, "Pacific/Auckland")
    day = date(2026, 11, 10)
    # 10:30 in Auckland (UTC+13): ten hours are over.
    clock = datetime(2026, 11, 9, 21, 30, tzinfo=UTC)
    cells = business.shown(auckland, day, clock, cells=True)
    assert cells is not None
    by_hour = cells[0].sum(axis=(0, 2))
    assert (by_hour[:10] > 0).all()
    assert (by_hour[10:] == 0).all()
    assert business.shown(auckland, day, datetime(2026, 11, 9, 11, 59, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("zone", "day", "hour", "hours"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 2, 2),
        ("America/New_York", date(2026, 11, 1), 1, 2),
        ("Pacific/Auckland", date(2026, 9, 27), 2, 0),
        ("Asia/Kolkata", date(2026, 10, 25), 2, 1),
    ],
)
def test_clock_changes(business: Business, zone: str, day: date, hour: int, hours: int) -> None:
    lengths = local_day(zone, day).lengths
    assert lengths[hour] == hours * 3600
    assert lengths.sum() == (23 + hours) * 3600
    cells = business.shown(account(business, zone), day, SETTLED, cells=True)
    assert cells is not None
    by_hour = cells[0].sum(axis=(0, 2))
    assert (by_hour[hour] > 0) == (hours > 0)
    assert (np.delete(by_hour, hour) > 0).all()
    if hours == 2:
        assert by_hour[hour] > 1.3 * by_hour[hour + 1], "two real hours are in it"


def test_the_autumn_hour_is_over_only_after_its_second_pass() -> None:
    ends = local_day("Europe/Berlin", date(2026, 10, 25)).ends
    assert ends[2] == datetime(2026, 10, 25, 2, tzinfo=UTC).timestamp()
    assert ends[1] == datetime(2026, 10, 25, 0, tzinfo=UTC).timestamp()


def test_a_day_is_restated_to_nothing(business: Business) -> None:
    events = [event for event in business.events if event.kind == "restated_to_nothing"]
    assert {event.campaign for event in events} == {0, None}
    for event in events:
        assert event.known_from is not None
        before = business.shown(event.account, event.first, event.known_from - timedelta(seconds=1))
        after = business.shown(event.account, event.first, event.known_from)
        assert before is not None
        assert after is not None
        gone = business.portfolio(event.account).campaign_of == (event.campaign or 0)
        if event.campaign is None:
            gone[:] = True
        assert before[:, gone].any()
        assert not after[:, gone].any()
        assert np.array_equal(before[CLICKS][~gone], after[CLICKS][~gone])
        assert event.first >= date(2026, 11, 8) - timedelta(days=30), "inside a 30-day lookback"
        assert event.first <= date(2026, 10, 18), "known 28 days before the end"


def test_the_incident_and_the_win_show_in_the_conversion_rate(business: Business) -> None:
    incident = next(event for event in business.events if event.kind == "incident")
    win = next(event for event in business.events if event.kind == "win")

    def rate(one: Account, days: list[date], campaign: int | None) -> float:
        units = business.portfolio(one).campaign_of
        chosen = np.ones_like(units, dtype=bool) if campaign is None else units == campaign
        shown = [business.shown(one, day, SETTLED) for day in days]
        total = sum(one[:, chosen].sum(axis=1) for one in shown if one is not None)
        return float(total[CONVERSIONS] / total[CLICKS])

    outage = [incident.first + timedelta(days=step) for step in range(3)]
    assert outage[-1] == incident.last
    before = [incident.first - timedelta(days=step) for step in range(1, 15)]
    assert rate(incident.account, outage, None) < 0.1 * rate(incident.account, before, None)

    after = [win.first + timedelta(days=step) for step in range(30)]
    earlier = [win.first - timedelta(days=step) for step in range(1, 31)]
    won = rate(win.account, after, win.campaign) / rate(win.account, earlier, win.campaign)
    assert 1.6 < won < 2.4
    assert 0.7 < rate(win.account, after, 1) / rate(win.account, earlier, 1) < 1.4


def test_the_week_and_the_day_have_their_shape(business: Business) -> None:
    berlin = account(business, "Europe/Berlin")
    weekday, weekend = [], []
    hours = np.zeros(24)
    for day in DAYS[7:49]:
        cells = business.shown(berlin, day, SETTLED, cells=True)
        assert cells is not None
        (weekend if day.weekday() >= 5 else weekday).append(int(cells[CLICKS].sum()))
        hours += cells[CLICKS].sum(axis=(0, 2))
    assert np.mean(weekend) > 1.08 * np.mean(weekday)
    assert hours[20] > 4 * hours[3]


def test_a_shop_gets_more_sessions_than_ads_bring_and_orders_among_them(business: Business) -> None:
    acme = business.people.organizations[0]
    days = DAYS[10:40]
    demand = [business.demand(acme, day) for day in days]
    clicks = sum(
        int(shown[CLICKS].sum())
        for one in business.people.accounts_of(acme.id, "google_ads")
        for day in days
        if (shown := business.shown(one, day, SETTLED)) is not None
    )
    assert 0.1 < clicks / sum(one.sessions for one in demand) < 0.5
    assert all(0 < one.orders < one.sessions for one in demand)


def test_nothing_happens_outside_the_business_days(business: Business) -> None:
    berlin = account(business, "Europe/Berlin")
    assert business.shown(berlin, date(2026, 7, 18), SETTLED) is None
    assert business.shown(berlin, date(2026, 11, 16), SETTLED) is None
