"""Klaviyo's own Python client reads the sandbox: the same rows as `tributary run` writes.

The client is one of revision 2026-10-15, ours of 2026-07-15; but for campaigns both are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from klaviyo_api import KlaviyoAPI

from connectors.sandbox.server import SandboxClient
from tests.referees.pulls import Puller

ACCOUNT, DAYS = "Sand00", ("2026-10-20", "2026-11-12")
# Midnights of Berlin, before and after the end of summer time.
SINCE, UNTIL = "2026-10-19T22:00:00Z", "2026-11-12T23:00:00Z"
REPORTED = ["recipients", "delivered", "opens", "opens_unique", "conversions", "conversion_value"]


@pytest.fixture
def mail(sandbox: SandboxClient) -> KlaviyoAPI:
    key = "pk_sandbox_acme_outdoor"
    return KlaviyoAPI(key, test_host=f"{sandbox.url}/klaviyo")


def read(answer: Any) -> dict[str, Any]:
    """Returns an answer, which the client has held against its models, as JSON."""
    found: dict[str, Any] = answer.model_dump(mode="json", by_alias=True)
    return found


def listed(ask: Callable[..., Any], **asked: Any) -> Iterator[dict[str, Any]]:
    """Yields a list as the documentation reads one: by cursor, to the last page."""
    cursor: dict[str, str] = {}
    while True:
        answer = read(ask(**asked, **cursor))
        yield from answer["data"]
        following = answer["links"]["next"]
        if not following:
            return
        # The client cuts the cursor out of addresses of https alone.
        cursor = {"page_cursor": parse_qs(urlsplit(following).query)["page[cursor]"][0]}


def by_id(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


def test_profiles_are_the_clients(mail: KlaviyoAPI, puller: Puller) -> None:
    bounds = f"and(greater-than(updated,2026-10-19T21:59:59Z),less-than(updated,{UNTIL}))"
    asked = {"filter": bounds, "additional_fields_profile": ["subscriptions"], "page_size": 50}
    theirs = by_id(list(listed(mail.Profiles.get_profiles, **asked)), "id")
    ours = by_id(puller.rows("klaviyo/profiles", ACCOUNT, *DAYS), "profile_id")
    assert len(theirs) > 100
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        said, row = one["attributes"], ours[id_]
        assert row["email"] == puller.token("acme_outdoor", said["email"].lower())
        assert row["updated_at"] == datetime.fromisoformat(said["updated"])
        marketing = said["subscriptions"]["email"]["marketing"]
        assert row["email_consent"] == marketing["consent"]
        assert row["can_receive_email"] == marketing["can_receive_email_marketing"]


def test_events_are_the_clients_and_add_up_to_aggregates(mail: KlaviyoAPI, puller: Puller) -> None:
    bounds = f"greater-or-equal(datetime,{SINCE}),less-than(datetime,{UNTIL})"
    asked = {"filter": bounds, "include": ["metric"], "page_size": 1000}
    theirs = by_id(list(listed(mail.Events.get_events, **asked)), "id")
    rows = puller.rows("klaviyo/events", ACCOUNT, *DAYS)
    ours = by_id(rows, "event_id")
    assert len(theirs) > 1000
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        said, metric = one["attributes"], one["relationships"]["metric"]["data"]["id"]
        at = datetime.fromisoformat(said["datetime"])
        assert (ours[id_]["happened_at"], ours[id_]["metric_id"]) == (at, metric)
    # An order names no message, though it may be credited to one.
    counted = Counter((row["date"], row["metric_id"], row["message_id"] or "") for row in rows)
    summed: Counter[tuple[date, str, str]] = Counter()
    for row in puller.rows("klaviyo/metric_aggregates", ACCOUNT, *DAYS):
        message = "" if row["metric_name"] == "Placed Order" else row["message_id"]
        summed[row["date"], row["metric_id"], message] += row["events"]
    assert summed == counted


@pytest.mark.parametrize("kind", ["campaign", "flow"])
def test_reports_are_the_clients(mail: KlaviyoAPI, puller: Puller, kind: str) -> None:
    stream = {"campaign": "campaign_values", "flow": "flow_series"}[kind]
    rows = puller.rows(f"klaviyo/{stream}", ACCOUNT, *DAYS)
    metrics = {
        one["attributes"]["name"]: one["id"] for one in read(mail.Metrics.get_metrics())["data"]
    }
    span = {"start": f"{DAYS[0]}T00:00:00Z", "end": f"{DAYS[1]}T23:59:59Z"}
    asked: dict[str, Any] = {"statistics": REPORTED, "timeframe": span}
    asked["conversion_metric_id"] = metrics["Placed Order"]
    ask, type_ = mail.Reporting.query_campaign_values, "campaign-values-report"
    if kind == "flow":
        ask, type_ = mail.Reporting.query_flow_series, "flow-series-report"
        asked["interval"] = "daily"
    answer = ask({"data": {"type": type_, "attributes": asked}})
    theirs = {
        one["groupings"][f"{kind}_message_id"]: {
            name: sum(value) if isinstance(value, list) else value
            for name, value in one["statistics"].items()
        }
        for one in read(answer)["data"]["attributes"]["results"]
    }
    ours: dict[str, dict[str, float]] = {}
    for row in rows:
        sums = ours.setdefault(row[f"{kind}_message_id"], dict.fromkeys(REPORTED, 0.0))
        for name in REPORTED:
            sums[name] += float(row["unique_opens" if name == "opens_unique" else name])
    assert len(ours) >= 3
    assert ours == {message: pytest.approx(statistics) for message, statistics in theirs.items()}


def test_campaigns_have_the_shape_of_the_clients_revision(mail: KlaviyoAPI, puller: Puller) -> None:
    theirs = by_id(list(listed(mail.Campaigns.get_campaigns)), "id")
    ours = by_id(puller.rows("klaviyo/campaigns", ACCOUNT), "campaign_id")
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        assert one["attributes"]["definition"]["name"] == ours[id_]["name"]
        assert "status" not in one["attributes"]
    assert {row["status"] for row in ours.values()} >= {"Sent", "Draft", "Cancelled"}
