"""The official client of the GA4 Data API reads the sandbox: the same rows as `tributary run`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports.rest import (
    BetaAnalyticsDataRestTransport,
)
from google.analytics.data_v1beta.types import (
    CheckCompatibilityRequest,
    DateRange,
    Dimension,
    Filter,
    FilterExpression,
    Metric,
    OrderBy,
    RunReportRequest,
)
from google.api_core.exceptions import BadRequest, Forbidden, GoogleAPICallError
from google.oauth2.credentials import Credentials

from connectors.core.stream import Stream
from connectors.platforms import get
from connectors.sandbox.platforms.ga4.access import CLIENT
from connectors.sandbox.server import SandboxClient
from tests.referees.pulls import Puller

PROPERTY = "properties/310000037"
FIRST, LAST = "2026-11-12", "2026-11-14"
REPORTS = [one for one in get("ga4").streams if one.kind == "report"]


@pytest.fixture
def client(sandbox: SandboxClient) -> BetaAnalyticsDataClient:
    form = {
        "grant_type": "refresh_token",
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "refresh_token": "1//sandbox-ga4-acme_outdoor",
    }
    granted = requests.post(f"{sandbox.url}/ga4/token", data=form, timeout=30).json()
    transport = BetaAnalyticsDataRestTransport(
        host=f"{sandbox.url.removeprefix('http://')}/ga4",
        url_scheme="http",
        credentials=Credentials(token=granted["access_token"]),
    )
    return BetaAnalyticsDataClient(transport=transport)


def _names(stream: Stream, role: str) -> list[str]:
    found = [one.asked_as for one in stream.columns if one.role == role]
    return list(dict.fromkeys(found))


def _report(stream: Stream, **more: Any) -> RunReportRequest:
    only = Filter(field_name="isKeyEvent", string_filter=Filter.StringFilter(value="true"))
    return RunReportRequest(
        property=PROPERTY,
        dimensions=[Dimension(name=name) for name in _names(stream, "dimension")],
        metrics=[Metric(name=name) for name in _names(stream, "metric")],
        date_ranges=[DateRange(start_date=FIRST, end_date=LAST)],
        dimension_filter=FilterExpression(filter=only) if stream.basis else None,
        **{"limit": 250_000, **more},
    )


@pytest.mark.parametrize("stream", REPORTS, ids=lambda one: one.name)
def test_reports_are_the_clients(
    client: BetaAnalyticsDataClient, puller: Puller, stream: Stream
) -> None:
    answer = client.run_report(_report(stream))
    theirs = {
        tuple(one.value for one in row.dimension_values): [one.value for one in row.metric_values]
        for row in answer.rows
    }
    assert len(theirs) == len(answer.rows) == answer.row_count > 2
    assert bool(answer.metadata.sampling_metadatas) == (stream.name == "item_days")
    ours: dict[tuple[str, ...], list[Any]] = {}
    keys = [one for one in stream.columns if one.role == "dimension"]
    numbers = [one.name for one in stream.columns if one.role == "metric"]
    for row in puller.table(f"ga4/{stream.name}", PROPERTY[11:], FIRST, LAST).to_pylist():
        hour = f"{row['hour']:02d}" if "hour" in row else ""
        rest = [row[one.name] for one in keys if one.name not in ("date", "hour")]
        ours[f"{row['date']:%Y%m%d}{hour}", *rest] = [row[name] for name in numbers]
        about = answer.metadata
        stated = (row["stated_currency"], row["stated_time_zone"])
        assert stated == (about.currency_code, about.time_zone)
        sample = about.sampling_metadatas[0] if about.sampling_metadatas else None
        assert row["samples_read_count"] == (sample and sample.samples_read_count)
        assert row["sampling_space_size"] == (sample and sample.sampling_space_size)
    assert ours.keys() == theirs.keys()
    for key, values in theirs.items():
        assert [Decimal(one) for one in values] == ours[key], key


def test_pages_and_quota_are_what_the_client_expects(client: BetaAnalyticsDataClient) -> None:
    stream = get("ga4").stream("channel_days")
    by = [
        OrderBy(dimension=OrderBy.DimensionOrderBy(dimension_name=name), desc=name == "date")
        for name in ("sessionDefaultChannelGroup", "date")
    ]
    whole = client.run_report(_report(stream, return_property_quota=True, order_bys=by))
    keys = [tuple(one.value for one in row.dimension_values) for row in whole.rows]
    assert keys == sorted(keys, key=lambda key: (key[1], -int(key[0])))
    assert whole.property_quota.tokens_per_day.remaining > 190_000
    assert whole.property_quota.concurrent_requests.remaining == 10
    paged = [
        row
        for offset in range(0, whole.row_count, 10)
        for row in client.run_report(_report(stream, offset=offset, order_bys=by, limit=10)).rows
    ]
    assert paged == list(whole.rows)


def test_fields_that_do_not_go_together(client: BetaAnalyticsDataClient) -> None:
    checked = client.check_compatibility(
        CheckCompatibilityRequest(
            property=PROPERTY,
            dimensions=[Dimension(name="itemName")],
            metrics=[Metric(name="itemRevenue")],
        )
    )
    said = {
        one.metric_metadata.api_name: one.compatibility.name
        for one in checked.metric_compatibilities
    }
    assert (said["itemsPurchased"], said["sessions"]) == ("COMPATIBLE", "INCOMPATIBLE")
    request = _report(get("ga4").stream("item_days"))
    request.metrics.append(Metric(name="sessions"))
    with pytest.raises(BadRequest, match="Please remove sessions to make the request"):
        client.run_report(request)


def test_refusals_are_those_that_the_client_knows(client: BetaAnalyticsDataClient) -> None:
    stream = get("ga4").stream("property_days")
    for change, words in (
        ({"property": "properties/310000153"}, "sufficient permissions"),
        ({"date_ranges": []}, "dateRange is required"),
        ({"metrics": [Metric(name="adClicks")]}, "adClicks is not a valid metric"),
        ({"metrics": [Metric(name="sessions")] * 11}, "limited to 10 metrics"),
        ({"offset": -1}, "must not be negative"),
    ):
        request = _report(stream)
        for name, value in change.items():
            setattr(request, name, value)
        with pytest.raises(GoogleAPICallError, match=words) as refused:
            client.run_report(request)
        known = Forbidden if "property" in change else BadRequest
        assert isinstance(refused.value, known)
