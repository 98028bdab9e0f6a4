"""What Google Ads' endpoints send: shapes, types, entities as of the clock, pages, streams."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient

BERLIN, AGENCY, REGION = "4100000037", "9000000001", "9000000002"
DAILY = (
    "SELECT customer.id, segments.date, campaign.id, ad_group.id, ad_group_ad.ad.id, "
    "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, "
    "metrics.conversions_value FROM ad_group_ad "
    "WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-03'"
)
# More than one page of 10,000 rows.
HOURLY = (
    "SELECT segments.date, segments.hour, campaign.id, metrics.impressions, metrics.clicks "
    "FROM campaign WHERE segments.date BETWEEN '2026-07-19' AND '2026-11-15'"
)


def key(row: dict[str, Any]) -> tuple[object, ...]:
    return (row["segments"]["date"], row["segments"]["hour"], row["campaign"]["id"])


def test_a_row_has_the_wires_types(acme: Any) -> None:
    row = acme.rows(BERLIN, DAILY)[0]
    assert row["customer"] == {"resourceName": f"customers/{BERLIN}", "id": BERLIN}
    group, ad = row["adGroup"]["id"], row["adGroupAd"]["ad"]["id"]
    assert row["adGroupAd"]["resourceName"] == f"customers/{BERLIN}/adGroupAds/{group}~{ad}"
    assert (
        row["campaign"]["resourceName"] == f"customers/{BERLIN}/campaigns/{row['campaign']['id']}"
    )
    metrics = row["metrics"]
    for name in ("impressions", "clicks", "costMicros"):
        assert metrics[name].isdigit()
    assert int(metrics["costMicros"]) % 10_000 == 0, "whole cents"
    assert isinstance(metrics["conversions"], int | float)
    assert row["segments"]["date"] == "2026-10-01"


def test_a_page_names_its_fields_and_ends_without_a_token(acme: Any) -> None:
    _, headers, page = acme.post(BERLIN, {"query": DAILY})
    assert page["fieldMask"].startswith(
        "customer.id,segments.date,campaign.id,adGroup.id,adGroupAd.ad"
    )
    assert page["queryResourceConsumption"].isdigit()
    assert "nextPageToken" not in page
    assert headers["request-id"]


def test_zero_metrics_are_sent_and_all_zero_rows_are_not(acme: Any) -> None:
    rows = acme.rows(BERLIN, DAILY)
    assert any(row["metrics"]["conversions"] == 0 for row in rows)
    assert all(row["metrics"]["impressions"] != "0" for row in rows)
    one = "SELECT segments.date, campaign.id, metrics.conversions FROM campaign "
    converting = acme.rows(BERLIN, one + "WHERE segments.date = '2026-10-30'")
    assert all(row["metrics"]["conversions"] != 0 for row in converting)
    assert len(converting) < 6, "during the outage most campaigns have no conversion at all"


def test_without_segments_rows_of_zero_come_too(acme: Any) -> None:
    query = "SELECT campaign.id, metrics.clicks FROM campaign WHERE segments.date = '2030-01-01'"
    rows = acme.rows(BERLIN, query)
    assert len(rows) == 7
    assert {row["metrics"]["clicks"] for row in rows} == {"0"}


def test_an_empty_result_has_no_results_key(acme: Any) -> None:
    query = DAILY.replace("2026-10", "2030-10")
    _, _, page = acme.post(BERLIN, {"query": query})
    assert "results" not in page
    _, _, chunks = acme.post(BERLIN, {"query": query}, method="searchStream")
    assert len(chunks) == 1
    assert "results" not in chunks[0]


def test_ratios_are_of_sums_in_micros_and_absent_without_a_denominator(acme: Any) -> None:
    query = (
        "SELECT campaign.id, segments.date, metrics.ctr, metrics.average_cpc, metrics.clicks, "
        "metrics.cost_micros, metrics.impressions, metrics.cost_per_conversion, "
        "metrics.conversions FROM campaign "
        "WHERE segments.date BETWEEN '2026-10-28' AND '2026-10-31'"
    )
    rows = acme.rows(BERLIN, query)
    assert any("costPerConversion" not in row["metrics"] for row in rows)
    for row in rows:
        metrics = row["metrics"]
        assert metrics["ctr"] == int(metrics["clicks"]) / int(metrics["impressions"])
        assert metrics["averageCpc"] == pytest.approx(
            int(metrics["costMicros"]) / int(metrics["clicks"])
        )
        assert ("costPerConversion" in metrics) == (metrics["conversions"] != 0)


def test_only_ratios(acme: Any) -> None:
    query = (
        "SELECT campaign.id, segments.date, metrics.ctr, metrics.cost_per_conversion "
        "FROM campaign WHERE segments.date = '2026-10-30'"
    )
    rows = acme.rows(BERLIN, query)
    assert rows
    assert all(0 < row["metrics"]["ctr"] < 1 for row in rows)


def test_devices_add_up_to_the_total(acme: Any) -> None:
    where = "FROM campaign WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-05'"
    split = acme.rows(
        BERLIN, f"SELECT segments.date, segments.device, campaign.id, metrics.clicks {where}"
    )
    total = acme.rows(BERLIN, f"SELECT segments.date, campaign.id, metrics.clicks {where}")
    assert {row["segments"]["device"] for row in split} == {"MOBILE", "DESKTOP", "TABLET"}
    assert sum(int(row["metrics"]["clicks"]) for row in split) == sum(
        int(row["metrics"]["clicks"]) for row in total
    )


def test_months_and_weeks_add_up_to_the_days(acme: Any) -> None:
    where = "FROM customer WHERE segments.date BETWEEN '2026-08-03' AND '2026-10-04'"
    days = acme.rows(BERLIN, f"SELECT segments.date, metrics.cost_micros {where}")
    for segment, count in (("month", 3), ("week", 9)):
        rows = acme.rows(BERLIN, f"SELECT segments.{segment}, metrics.cost_micros {where}")
        assert len(rows) == count
        assert sum(int(row["metrics"]["costMicros"]) for row in rows) == sum(
            int(row["metrics"]["costMicros"]) for row in days
        )


def test_filters_order_and_limit(acme: Any) -> None:
    query = (
        "SELECT segments.date, campaign.id, campaign.advertising_channel_type, metrics.clicks "
        "FROM campaign WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-10' "
        "AND campaign.advertising_channel_type IN ('SEARCH', 'PERFORMANCE_MAX') "
        "AND metrics.clicks > 20 ORDER BY metrics.clicks DESC, segments.date LIMIT 7"
    )
    rows = acme.rows(BERLIN, query)
    clicks = [int(row["metrics"]["clicks"]) for row in rows]
    assert len(rows) == 7
    assert clicks == sorted(clicks, reverse=True)
    assert clicks[-1] > 20
    channels = {row["campaign"]["advertisingChannelType"] for row in rows}
    assert channels <= {"SEARCH", "PERFORMANCE_MAX"}


def test_entities_are_shown_as_of_the_clock(acme: Any, sandbox: SandboxClient) -> None:
    query = (
        "SELECT campaign.id, campaign.name, campaign.status, campaign.end_date_time, "
        "campaign.start_date_time, campaign_budget.amount_micros FROM campaign"
    )
    late = {row["campaign"]["id"]: row for row in acme.rows(BERLIN, query)}
    sandbox.set_clock("2026-07-25T00:00:00Z")
    acme.token = acme.refresh()
    early = {row["campaign"]["id"]: row for row in acme.rows(BERLIN, query)}
    assert len(early) == len(late) - 1, "one starts late"
    assert {row["campaign"]["status"] for row in early.values()} == {"ENABLED"}
    assert {row["campaign"]["status"] for row in late.values()} == {"ENABLED", "PAUSED", "REMOVED"}
    renamed = [
        one for one in early if early[one]["campaign"]["name"] != late[one]["campaign"]["name"]
    ]
    assert len(renamed) == 1
    budget = [rows[renamed[0]]["campaignBudget"]["amountMicros"] for rows in (early, late)]
    assert int(budget[1]) == 2 * int(budget[0])
    ends = [
        row["campaign"]["endDateTime"] for row in late.values() if "endDateTime" in row["campaign"]
    ]
    assert [end[10:] for end in ends] == [" 23:59:59"]


def test_ads_name_what_they_have_and_omit_what_they_have_not(acme: Any) -> None:
    query = (
        "SELECT ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.ad.type, "
        "ad_group_ad.ad.final_urls, ad_group_ad.ad.image_ad.image_url, ad_group_ad.status, "
        "campaign.id, campaign.advertising_channel_type FROM ad_group_ad"
    )
    by_type = {row["adGroupAd"]["ad"]["type"]: row["adGroupAd"] for row in acme.rows(BERLIN, query)}
    assert by_type["IMAGE_AD"]["ad"]["imageAd"]["imageUrl"].endswith(".jpg")
    assert by_type["IMAGE_AD"]["ad"]["name"]
    search = by_type["RESPONSIVE_SEARCH_AD"]["ad"]
    assert "name" not in search
    assert "imageAd" not in search
    assert "utm_source=google&utm_medium=cpc&utm_campaign=" in search["finalUrls"][0]
    assert "finalUrls" not in by_type["SHOPPING_PRODUCT_AD"]["ad"]
    channels = {row["campaign"]["advertisingChannelType"] for row in acme.rows(BERLIN, query)}
    assert "PERFORMANCE_MAX" not in channels


def test_resource_names_can_be_left_out(acme: Any) -> None:
    query = "SELECT campaign.id FROM campaign PARAMETERS omit_unselected_resource_names = true"
    assert set(acme.rows(BERLIN, query)[0]["campaign"]) == {"id"}


def test_pages_are_of_10000_rows_and_miss_nothing(acme: Any, sandbox: SandboxClient) -> None:
    pages = list(acme.pages(BERLIN, HOURLY))
    assert [len(page["results"]) for page in pages[:-1]] == [10_000] * (len(pages) - 1)
    assert len(pages) > 1
    keys = [key(row) for page in pages for row in page["results"]]
    assert len(set(keys)) == len(keys)
    _, _, chunks = acme.post(BERLIN, {"query": HOURLY}, method="searchStream")
    assert [key(row) for chunk in chunks for row in chunk["results"]] == keys
    assert len({chunk["requestId"] for chunk in chunks}) == 1
    assert ["queryResourceConsumption" in chunk for chunk in chunks] == [False, True]


def test_ordered_pages_miss_nothing(acme: Any) -> None:
    ordered = HOURLY + " ORDER BY metrics.impressions DESC LIMIT 12000"
    rows = acme.rows(BERLIN, ordered)
    shown = [int(row["metrics"]["impressions"]) for row in rows]
    assert len(rows) == 12_000
    assert shown == sorted(shown, reverse=True)


def test_all_pages_show_the_instant_of_the_first(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_clock("2026-11-01T12:00:00Z")
    expected = acme.rows(BERLIN, HOURLY)
    _, _, first = acme.post(BERLIN, {"query": HOURLY})
    sandbox.set_clock("2026-11-01T13:30:00Z")
    _, _, second = acme.post(BERLIN, {"query": HOURLY, "pageToken": first["nextPageToken"]})
    assert first["results"] + second["results"] == expected
    assert acme.rows(BERLIN, HOURLY) != expected, "the clock has moved on for new queries"


def test_a_token_belongs_to_its_query_and_customer_and_does_not_live_for_ever(
    acme: Any, sandbox: SandboxClient
) -> None:
    token = acme.post(BERLIN, {"query": HOURLY})[2]["nextPageToken"]
    invalid = (400, {"requestError": "INVALID_PAGE_TOKEN"})
    other = HOURLY.replace("metrics.clicks", "metrics.cost_micros")
    assert acme.refusal(BERLIN, {"query": other, "pageToken": token}) == invalid
    assert acme.refusal("4101000040", {"query": HOURLY, "pageToken": token}) == invalid
    for broken in (token[:-2], "x", "äöü", token[::-1]):
        assert acme.refusal(BERLIN, {"query": HOURLY, "pageToken": broken}) == invalid
    sandbox.set_clock("2026-11-17T06:00:00Z")
    acme.token = acme.refresh()
    expired = (400, {"requestError": "EXPIRED_PAGE_TOKEN"})
    assert acme.refusal(BERLIN, {"query": HOURLY, "pageToken": token}) == expired


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"query": DAILY, "pageSize": 1000}, {"requestError": "PAGE_SIZE_NOT_SUPPORTED"}),
        ({"query": "  "}, {"requestError": "REQUIRED_FIELD_MISSING"}),
        ({"query": "SELECT x.y FROM campaign"}, {"queryError": "UNRECOGNIZED_FIELD"}),
    ],
)
def test_bad_requests(acme: Any, body: dict[str, Any], error: dict[str, str]) -> None:
    assert acme.refusal(BERLIN, body) == (400, error)


def test_an_unknown_key_is_refused_before_google_ads(acme: Any) -> None:
    status, _, answer = acme.post(BERLIN, {"query": DAILY, "page_tokn": "x"})
    assert status == 400
    assert "page_tokn" in answer["error"]["message"]
    assert "details" not in answer["error"]
    status, _, answer = acme.post(BERLIN, {"query": DAILY, "pageToken": ""}, method="searchStream")
    assert status == 400, "a stream has no pages"


def test_errors_of_a_stream_come_in_an_array(acme: Any) -> None:
    _, _, answer = acme.post(BERLIN, {"query": "SELECT x.y FROM campaign"}, method="searchStream")
    assert isinstance(answer, list)
    assert acme.refusal(BERLIN, {"query": "SELECT x.y FROM campaign"}, method="searchStream") == (
        400,
        {"queryError": "UNRECOGNIZED_FIELD"},
    )


@pytest.mark.parametrize("version", ["v23", "v24", "v25", "v26"])
def test_living_versions(acme: Any, version: str) -> None:
    assert acme.post(BERLIN, {"query": DAILY}, version=version)[0] == 200


@pytest.mark.parametrize("version", ["v20", "v17", "v22"])
def test_dead_versions(acme: Any, version: str) -> None:
    status, _, answer = acme.post(BERLIN, {"query": DAILY}, version=version)
    detail = answer["error"]["details"][0]
    assert status == 400
    assert f".{version}.errors.GoogleAdsFailure" in detail["@type"]
    assert detail["errors"][0]["errorCode"] == {"requestError": "UNSUPPORTED_VERSION"}


def test_a_version_that_is_not_yet_is_not_found(acme: Any) -> None:
    assert acme.post(BERLIN, {"query": DAILY}, version="v99")[0] == 404


def test_managers_list_their_clients_and_refuse_metrics(agency: Any) -> None:
    query = (
        "SELECT customer_client.id, customer_client.level, customer_client.manager, "
        "customer_client.currency_code, customer_client.time_zone, customer_client.status "
        "FROM customer_client"
    )
    rows = [row["customerClient"] for row in agency.rows(AGENCY, query)]
    assert {(row["id"], row["level"], row["manager"]) for row in rows} == {
        (AGENCY, "0", True),
        (REGION, "1", True),
        ("4101000040", "1", False),
        (BERLIN, "2", False),
    }
    assert len(agency.rows(AGENCY, query + " WHERE customer_client.manager = FALSE")) == 2
    assert agency.refusal(AGENCY, {"query": DAILY}) == (
        400,
        {"queryError": "REQUESTED_METRICS_FOR_MANAGER"},
    )
    customer = agency.rows(AGENCY, "SELECT customer.id, customer.manager FROM customer")
    assert customer[0]["customer"]["manager"] is True
