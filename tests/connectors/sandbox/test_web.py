"""Visits of the business and the wire of analytics over them: known shares, and plain refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
import requests

from connectors.core.service_account import GRANT, ServiceAccount
from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.demand import SESSIONS_PER_CLICK
from connectors.sandbox.business.shop_entities import GOODS, NEVER
from connectors.sandbox.business.web import TRACKED, Site, site_of
from connectors.sandbox.platforms.ga4.access import SERVICE_ACCOUNT, secrets
from connectors.sandbox.platforms.ga4.credits import items_of
from connectors.sandbox.platforms.ga4.site import MOST_LINES
from connectors.sandbox.server import SandboxClient, sandbox_thread
from connectors.sandbox.service import simulated

SIZE = Parameters(days=40, organizations=2)
NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
PROPERTY = "v1beta/properties/310000153"


@pytest.fixture(scope="module")
def business() -> Business:
    return simulated(SIZE)


@pytest.fixture(scope="module")
def site(business: Business) -> Site:
    return site_of(business, business.people.organizations[0], {"google_ads"})


def test_a_site_has_visits_from_the_day_of_its_tag(business: Business, site: Site) -> None:
    assert site.day(site.first_day - timedelta(days=1)) is None
    assert site.day(SIZE.end + timedelta(days=1)) is None
    day = site.day(site.first_day)
    again = site_of(simulated(SIZE), business.people.organizations[0], {"google_ads"})
    assert day is not None
    assert orjson.dumps(day.person.tolist()) == orjson.dumps(
        again.day(site.first_day).person.tolist()  # type: ignore[union-attr]
    )


def test_the_tag_sees_a_known_part_of_visits_and_orders(business: Business, site: Site) -> None:
    organization = site.organization
    count = (SIZE.end - site.first_day).days + 1
    dates = [site.first_day + timedelta(days=number) for number in range(count)]
    days = {date: site.day(date) for date in dates}
    seen = sum(len(day.session) for day in days.values() if day)
    wanted = sum(business.demand(organization, date).sessions for date in dates)
    assert seen / wanted == pytest.approx(TRACKED, rel=0.06)
    book = business.shop(organization)
    on_site = sum(
        order.visit is not None and not order.test
        for date in dates
        for order in book.day((date - SIZE.first_day).days)
    )
    bought = [purchase for day in days.values() if day for purchase in day.purchases]
    assert len(bought) / on_site == pytest.approx(TRACKED, rel=0.08)
    for day in days.values():
        assert day is not None
        for one in day.purchases:
            # Each ends a visit of its own, from where the order came.
            assert day.origins[day.origin[one.place]] == one.origin
            assert day.is_engaged[one.place]
        assert len({one.place for one in day.purchases}) == len(day.purchases)


def test_visits_by_mail_follow_the_clicks_in_the_letters(business: Business, site: Site) -> None:
    book = business.mail_of(site.organization)
    assert book is not None
    address, zone = site.organization.site, ZoneInfo(site.shop.time_zone)
    clicked: Counter[Any] = Counter()
    for message in (*book.messages.newsletters, *book.messages.flows):
        for send in book.sends(message):
            for click in send.clicks:
                path = click.url.removeprefix(address)
                clicked[datetime.fromtimestamp(click.at, zone).date(), path] += "?" not in path
    came: Counter[Any] = Counter()
    for number in range((SIZE.end - site.first_day).days + 1):
        day = site.day(site.first_day + timedelta(days=number))
        assert day is not None
        bought = {one.place for one in day.purchases}
        for place, at in enumerate(day.origin.tolist()):
            origin = day.origins[at]
            if origin.medium == "email" and place not in bought:
                assert origin.source == book.system.platform
                came[site.first_day + timedelta(days=number), origin.landing] += 1
    in_days = {key: count for key, count in clicked.items() if site.first_day <= key[0] <= SIZE.end}
    # No visit without a click; of the clicks the known part.
    assert all(count <= in_days.get(key, 0) for key, count in came.items())
    part = came.total() / sum(in_days.values())
    assert part == pytest.approx(TRACKED * SESSIONS_PER_CLICK, abs=0.12)


def test_orders_keep_the_campaign_of_a_linked_ad_or_lose_it(site: Site) -> None:
    found: Counter[str] = Counter()
    for number in range(10):
        day = site.day(site.first_day + timedelta(days=number))
        for one in day.purchases if day else ():
            visit = one.order.visit
            if visit and "gad_campaignid" in visit.landing_page:
                found[f"{one.origin.source} / {one.origin.medium}"] += 1
                assert one.origin.campaign_id in visit.landing_page
                assert one.origin.channel
            elif visit and visit.source == "google":
                assert one.origin.medium in ("organic", "cpc")
    assert set(found) == {"google / cpc"}
    assert found["google / cpc"] > 5


def test_items_of_a_busy_day_are_a_sample(site: Site) -> None:
    """Of an ordinary day every line is read; of a busy one each second line, which counts twice."""
    whole = sampled = 0
    for number in range((SIZE.end - site.first_day).days + 1):
        day = site.day(site.first_day + timedelta(days=number))
        assert day is not None
        read, count = items_of(day, datetime(2027, 1, 1, tzinfo=UTC))
        lines = [
            (str(line.product.id), line.quantity, line.worth)
            for one in day.purchases
            for line in one.order.lines
            if line.kind == GOODS and line.product is not None and line.added == NEVER
        ]
        assert count == len(lines)
        times, shown = (1, lines) if count <= MOST_LINES else (2, lines[::2])
        found = [(one.id, one.quantity, one.cents) for one in read]
        assert found == [(id_, times * quantity, times * cents) for id_, quantity, cents in shown]
        whole, sampled = whole + (times == 1), sampled + (times == 2)
    assert whole
    assert sampled


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=10, organizations=2)) as sandbox:
        sandbox.set_clock(NOW)
        yield sandbox


def _token(sandbox: SandboxClient, **changed: str) -> requests.Response:
    way = ServiceAccount(**{
        "token_url": SERVICE_ACCOUNT.audience, "scope": SERVICE_ACCOUNT.scope,
        "key_field": "key", **changed,
    })  # fmt: skip
    email, key = way._key(secrets("kiwi_kitchen")["service_account_key"])
    form = {"grant_type": GRANT, "assertion": way._assertion(email, key)}
    return requests.post(f"{sandbox.url}/ga4/token", data=form, timeout=30)


def _ask(sandbox: SandboxClient, path: str, body: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {_token(sandbox).json()['access_token']}"}
    return requests.post(f"{sandbox.url}/ga4/{path}", json=body, headers=headers, timeout=30)


def test_an_assertion_is_for_this_address_and_scope(
    running: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", NOW.isoformat())
    assert _token(running).json()["expires_in"] == 3_599
    assert _token(running, token_url="https://elsewhere").json()["error"] == "invalid_grant"
    assert _token(running, scope="https://mail").json()["error"] == "invalid_scope"
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-16T10:00:00+00:00")
    assert _token(running).json()["error"] == "invalid_grant"


def test_the_wire_refuses_as_google_does(
    running: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", NOW.isoformat())
    days = [{"startDate": "2026-11-12", "endDate": "2026-11-14"}]
    whole = {"metrics": [{"name": "sessions"}], "dateRanges": days}
    assert _ask(running, f"{PROPERTY}:runReport", whole).json()["rowCount"] == 1
    nowhere = _ask(running, "v1beta/nothing", {})
    assert (nowhere.status_code, nowhere.text[:14]) == (404, "<!DOCTYPE html")
    strange = _ask(running, f"{PROPERTY}:runReport", {**whole, "metric": []})
    assert strange.status_code == 400
    assert 'Unknown name "metric"' in strange.json()["error"]["message"]
    no_days = {**whole, "dateRanges": [{"startDate": "2020-01-01", "endDate": "2020-01-02"}]}
    empty = _ask(running, f"{PROPERTY}:runReport", no_days).json()
    assert "rows" not in empty
    assert "rowCount" not in empty
    names = [{"name": "country"}, {"name": "deviceCategory"}]
    placed = _ask(running, f"{PROPERTY}:runReport", {**whole, "dimensions": names}).json()
    assert placed["metadata"]["subjectToThresholding"] is True
    unsigned = requests.post(f"{running.url}/ga4/{PROPERTY}:runReport", json=whole, timeout=30)
    assert unsigned.status_code == 401
