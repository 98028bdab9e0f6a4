"""Pages as Meta sends them become exact rows."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.errors import ShapeChanged
from connectors.core.extraction import extract
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("meta_ads")
_ACCOUNT = Account("990000000000037", time_zone="America/Los_Angeles")
_TOKEN = "EAABsecret1234"
_ONE_DAY = Window(date(2026, 1, 5), date(2026, 1, 6))


def _page(name: str) -> Any:
    return json.loads((Path(__file__).parent / "pages" / f"{name}.json").read_text("utf-8"))


def _extract(
    kit: Any, handler: Callable[[Any], Any], stream: str, **credential: str
) -> tuple[list[dict[str, Any]], list[Any], Any]:
    server = kit.server(handler)
    client = kit.client(
        server,
        platform=_PLATFORM,
        account=_ACCOUNT,
        credential={"access_token": _TOKEN, **credential},
    )
    declared = _PLATFORM.stream(stream)
    window = _ONE_DAY if declared.kind == "report" else None
    pages = list(extract(_PLATFORM, declared, _ACCOUNT, window, client))
    return [row for page in pages for row in page.batch.to_pylist()], pages, server


def _campaigns(asked: Any) -> Any:
    return _page("campaigns_2" if asked.params.get("after") else "campaigns_1")


def test_two_pages_of_campaigns_with_those_that_are_gone(kit: Any) -> None:
    rows, pages, server = _extract(kit, _campaigns, "campaigns")
    assert rows[0] == {
        "ad_account_id": "990000000000037",
        "campaign_id": "23846765228240398",
        "name": "Brand – Zürich",
        "objective": "OUTCOME_SALES",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "configured_status": "ACTIVE",
        "buying_type": "AUCTION",
        "daily_budget": 5000,
        "lifetime_budget": None,
        "start_time": datetime(2026, 1, 9, 1, 5, tzinfo=UTC),
        "stop_time": None,
        "created_time": datetime(2026, 1, 9, 1, 4, 59, tzinfo=UTC),
        "updated_time": datetime(2026, 2, 1, tzinfo=UTC),
        "_extra": None,
    }
    assert (rows[1]["effective_status"], rows[1]["lifetime_budget"]) == ("DELETED", 120000)
    assert json.loads(rows[1]["_extra"]) == {"is_skadnetwork_attribution": False}
    assert len(rows) == 2, "a last page has a cursor too, and is the last"
    first, second = server.asked
    assert first.path == "/v26.0/act_990000000000037/campaigns"
    statuses = json.loads(first.params["effective_status"])
    assert {"ARCHIVED", "DELETED"} <= set(statuses)
    assert first.params["fields"].startswith("account_id,id,name,objective")
    assert {**first.params, "after": "QVFJ1"} == second.params
    assert pages[1].unknown_fields == {"is_skadnetwork_attribution"}


def test_the_token_is_in_a_header_and_in_no_address(
    kit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        rows, _, server = _extract(kit, _campaigns, "campaigns")
    assert all(asked.headers["Authorization"] == f"Bearer {_TOKEN}" for asked in server.asked)
    assert all(_TOKEN not in asked.url for asked in server.asked)
    assert _TOKEN not in repr(rows) + caplog.text


def test_the_proof_is_sent_when_there_is_a_secret_and_never_shown(kit: Any) -> None:
    _, _, server = _extract(kit, _campaigns, "campaigns", app_secret="shh-secret")
    proof = hmac.new(b"shh-secret", _TOKEN.encode(), hashlib.sha256).hexdigest()
    assert [asked.params["appsecret_proof"] for asked in server.asked] == [proof, proof]
    with pytest.raises(ShapeChanged) as caught:
        _extract(kit, lambda asked: {"data": proof}, "campaigns", app_secret="shh-secret")
    assert proof not in str(caught.value)


def test_ads_keep_their_creative(kit: Any) -> None:
    rows, pages, server = _extract(kit, lambda asked: _page("ads"), "ads")
    assert rows[0]["ad_set_id"] == "23846765228280398"
    assert rows[0]["creative_id"] == "777"
    assert rows[0]["url_tags"] == "utm_source=facebook&utm_campaign={{campaign.id}}"
    spec = json.loads(rows[0]["creative_object_story_spec"])
    assert len(spec["link_data"]["child_attachments"]) == 2
    assert (rows[1]["creative_id"], rows[1]["thumbnail_url"]) == (None, None)
    assert pages[0].unknown_fields == frozenset()
    fields = server.asked[0].params["fields"]
    assert fields.endswith("image_url,link_url,url_tags}")
    assert ",creative{id,name,title,body,object_type," in fields
    assert server.asked[0].params["limit"] == "100"


def test_a_day_of_ads(kit: Any) -> None:
    rows, pages, server = _extract(kit, lambda asked: _page("ad_insights"), "ad_insights")
    assert rows[0]["date"] == date(2026, 1, 5)
    assert rows[0]["spend"] == Decimal("10.710000")
    assert rows[0]["frequency"] == Decimal("1.033827")
    assert (rows[0]["impressions"], rows[0]["reach"]) == (489, 473)
    assert json.loads(rows[0]["actions"])[2] == {"action_type": "omni_purchase", "value": "2"}
    assert json.loads(rows[0]["action_values"])[0]["value"] == "84.50", "as it was sent"
    assert rows[0]["conversion_rate_ranking"] == "BELOW_AVERAGE_10"
    absent = ("clicks", "reach", "actions", "quality_ranking")
    assert [rows[1][name] for name in absent] == [None] * 4, "absent is null, not zero"
    assert pages[0].unknown_fields == frozenset()
    assert pages[0].rejected == ()
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("GET", "/v26.0/act_990000000000037/insights")
    assert asked.params["level"] == "ad"
    assert asked.params["time_increment"] == "1"
    assert json.loads(asked.params["time_range"]) == {"since": "2026-01-05", "until": "2026-01-05"}
    (statuses,) = json.loads(asked.params["filtering"])
    assert (statuses["field"], statuses["operator"]) == ("ad.effective_status", "IN")
    assert {"ARCHIVED", "DELETED", "DISAPPROVED"} <= set(statuses["value"])
    fields = asked.params["fields"].split(",")
    assert "date_start" not in fields, "it comes unasked"
    assert {"campaign_id", "adset_id", "ad_id", "actions", "reach", "quality_ranking"} <= set(
        fields
    )
    assert "breakdowns" not in asked.params


def test_an_hour_that_is_absent_keeps_its_row_and_its_key(kit: Any) -> None:
    name = "campaign_insights_hourly"
    rows, pages, server = _extract(kit, lambda asked: _page(name), name)
    assert [(row["hour_range"], row["hour"]) for row in rows] == [
        ("13:00:00 - 13:59:59", 13),
        ("none", None),
    ]
    assert rows[0]["spend"] == Decimal("1.005")
    assert pages[0].rejected == ()
    hour = "hourly_stats_aggregated_by_advertiser_time_zone"
    assert json.loads(server.asked[0].params["breakdowns"]) == [hour]
    fields = set(server.asked[0].params["fields"].split(","))
    assert not {hour, "hour", "reach", "frequency"} & fields
    assert not any(field.startswith(("video_", "unique_")) for field in fields)


@pytest.mark.parametrize("text", ["13:00:00 - 14:59:59", "1 pm", 13])
def test_an_hour_that_is_not_understood_goes_to_quarantine(kit: Any, text: Any) -> None:
    name = "campaign_insights_hourly"
    page = _page(name)
    page["data"][0]["hourly_stats_aggregated_by_advertiser_time_zone"] = text
    rows, pages, _ = _extract(kit, lambda asked: page, name)
    assert len(rows) == 1
    if text == 13:
        assert "hourly_stats" in pages[0].rejected[0].payload_json
    assert pages[0].rejected[0].raw_path == "hour"


def test_demographics(kit: Any) -> None:
    name = "campaign_demographics"
    rows, _, server = _extract(kit, lambda asked: _page(name), name)
    assert [(row["age"], row["gender"], row["reach"]) for row in rows] == [
        ("25-34", "female", 39),
        ("unknown", "unknown", None),
    ]
    assert json.loads(server.asked[0].params["breakdowns"]) == ["age", "gender"]
    assert not {"age", "gender"} & set(server.asked[0].params["fields"].split(","))


def test_windows_are_asked_for_by_one_report_alone(kit: Any) -> None:
    """With them Meta may return rows and types that the default does not have."""
    asked = {}
    for stream in _PLATFORM.streams:
        if stream.kind == "report":
            _, _, server = _extract(kit, lambda _: {"data": []}, stream.name)
            windows = server.asked[0].params.get("action_attribution_windows")
            if windows:
                asked[stream.name] = json.loads(windows)
    assert asked == {"campaign_attribution": ["1d_click", "7d_click", "28d_click", "1d_view"]}


def test_platforms_and_devices(kit: Any) -> None:
    name = "campaign_placements"
    rows, _, server = _extract(kit, lambda asked: _page(name), name)
    assert [(row["publisher_platform"], row["impression_device"]) for row in rows] == [
        ("instagram", "iphone"),
        ("unknown", "other"),
    ]
    assert json.loads(server.asked[0].params["breakdowns"]) == [
        "publisher_platform",
        "impression_device",
    ]


def test_the_account_itself(kit: Any) -> None:
    account = {
        "id": "act_990000000000037",
        "account_id": "990000000000037",
        "name": "Acme",
        "currency": "JPY",
        "timezone_name": "Asia/Kolkata",
        "timezone_offset_hours_utc": 5.5,
        "account_status": 1,
        "amount_spent": "39125",
    }
    rows, pages, _ = _extract(kit, lambda asked: account, "accounts")
    assert rows[0]["timezone_offset_hours_utc"] == 5.5
    assert (rows[0]["amount_spent"], rows[0]["account_status"]) == (39125, 1)
    assert pages[0].unknown_fields == frozenset()


@pytest.mark.parametrize("answer", [{"data": []}, {"data": [], "paging": {}}])
def test_nothing_to_report_is_an_empty_page(kit: Any, answer: Any) -> None:
    rows, pages, _ = _extract(kit, lambda asked: answer, "ad_insights")
    assert (rows, len(pages)) == ([], 1)


@pytest.mark.parametrize("answer", ["text", 7, [], {}, {"data": {"a": 1}}, {"data": None}])
def test_what_is_no_page_is_a_changed_shape(kit: Any, answer: Any) -> None:
    with pytest.raises(ShapeChanged) as caught:
        _extract(kit, lambda asked: answer, "campaigns")
    assert (caught.value.stream, caught.value.account) == ("campaigns", "990000000000037")


def test_a_page_that_comes_for_ever_is_a_changed_shape(kit: Any) -> None:
    with pytest.raises(ShapeChanged, match="again and again"):
        _extract(kit, lambda asked: _page("campaigns_1"), "campaigns")


def test_a_cursor_that_stands_in_the_next_address_alone_is_taken_from_there(kit: Any) -> None:
    first = _page("campaigns_1")
    del first["paging"]["cursors"]

    def handler(asked: Any) -> Any:
        return _page("campaigns_2") if asked.params.get("after") == "QVFJ1" else first

    rows, _, server = _extract(kit, handler, "campaigns")
    assert len(rows) == 2
    assert _TOKEN not in server.asked[1].url
    first["paging"] = {"next": "https://graph.facebook.com/x"}
    with pytest.raises(ShapeChanged, match="no cursor"):
        _extract(kit, lambda asked: first, "campaigns")


def test_less_is_asked_for_when_meta_says_so(kit: Any) -> None:
    """The limit is halved and stays halved; the cursor stays where it was."""
    limits: list[tuple[str, str]] = []

    def handler(asked: Any) -> Any:
        after = asked.params.get("after", "")
        limits.append((asked.params["limit"], after))
        if after and int(asked.params["limit"]) > 125:
            text = "Please reduce the amount of data you're asking for, then retry your request"
            return kit.answer({"error": {"code": 1, "message": text}}, status=500)
        return _campaigns(asked)

    rows, _, _ = _extract(kit, handler, "campaigns")
    assert len(rows) == 2
    assert limits == [("500", ""), ("500", "QVFJ1"), ("250", "QVFJ1"), ("125", "QVFJ1")]


@given(st.integers(0, 40), st.integers(1, 9), st.data())
@settings(max_examples=40, deadline=None)
def test_all_pages_together_are_the_list(
    kit: Any, count: int, size: int, data: st.DataObject
) -> None:
    """Whatever the page size, with empty pages strewn in between."""
    record = _page("campaigns_2")["data"][0]
    records = [{**record, "id": str(number)} for number in range(count)]
    pages: list[list[Any]] = [records[n : n + size] for n in range(0, count, size)] or [[]]
    for _ in range(data.draw(st.integers(0, 3))):
        pages.insert(data.draw(st.integers(0, len(pages))), [])

    def handler(asked: Any) -> Any:
        number = int(asked.params.get("after", "0"))
        paging: dict[str, Any] = {"cursors": {"before": "x", "after": str(number + 1)}}
        if number + 1 < len(pages):
            paging["next"] = "https://graph.facebook.com/next"
        return {"data": pages[number], "paging": paging}

    rows, _, _ = _extract(kit, handler, "campaigns")
    assert [row["campaign_id"] for row in rows] == [str(number) for number in range(count)]


@pytest.mark.parametrize("spoilt", [b"\\ud83d", b"\xed\xa0\xbd", b"\xff"], ids=str)
def test_a_bad_character_in_one_name_costs_no_campaign(kit: Any, spoilt: bytes) -> None:
    names = [row["name"] for row in _page("campaigns_2")["data"]]
    written = json.dumps(names[0]).encode()
    body = json.dumps(_page("campaigns_2")).encode().replace(written, b'"Sale ' + spoilt + b'"', 1)
    rows, _, server = _extract(kit, lambda asked: kit.answer(body=body), "campaigns")
    assert [row["name"] for row in rows] == ["Sale \ufffd", *names[1:]]
    assert len(server.asked) == 1
