"""Pages as Google sends them become exact rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.errors import BadRequest, RateLimited, ServerTrouble, ShapeChanged
from connectors.core.extraction import extract
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("google_ads")
_WINDOW = Window(date(2026, 1, 5), date(2026, 1, 7))
_CREDENTIAL = {"client_id": "c", "client_secret": "secret-1", "refresh_token": "refresh-1"}


def _page(name: str) -> Any:
    return json.loads((Path(__file__).parent / "pages" / f"{name}.json").read_text("utf-8"))


def _extract(
    kit: Any,
    handler: Callable[[Any], Any],
    stream: str = "ad_stats",
    account: Account | None = None,
    credential: Any = None,
) -> tuple[list[dict[str, Any]], list[Any], Any]:
    """Returns rows, typed pages and the server, which answers tokens by itself."""
    server = kit.server(lambda a: dict(kit.token) if a.path == "/token" else handler(a))
    account = account or Account("123-456-7890", login_id="999-000-1111")
    client = kit.client(
        server, platform=_PLATFORM, account=account, credential=credential or _CREDENTIAL
    )
    declared = _PLATFORM.stream(stream)
    window = _WINDOW if declared.kind == "report" else None
    pages = list(extract(_PLATFORM, declared, account, window, client))
    rows = [row for page in pages for row in page.batch.to_pylist()]
    return rows, pages, server


def _two_pages(asked: Any) -> Any:
    return _page("ad_stats_2" if asked.json.get("pageToken") else "ad_stats_1")


def test_two_pages_of_ads(kit: Any) -> None:
    rows, pages, server = _extract(kit, _two_pages)
    assert rows[0] == {
        "customer_id": "1234567890",
        "date": date(2026, 1, 5),
        "campaign_id": "111",
        "ad_group_id": "222",
        "ad_id": "333",
        "impressions": 100,
        "clicks": 0,
        "cost_micros": 12_340_000,
        "conversions": 1.5,
        "conversions_value": 15.0,
        "interactions": 0,
        "video_trueview_views": 7,
        "view_through_conversions": 1,
        "_extra": None,
    }
    assert rows[1]["clicks"] == 3
    assert rows[1]["interactions"] is None, "absent is null, not zero"
    assert rows[2]["clicks"] == 10**18 - 1
    assert rows[2]["conversions"] is None
    assert len(rows) == 3
    assert not any(page.rejected or page.unknown_fields for page in pages)
    first, second = (asked for asked in server.asked if asked.path != "/token")
    assert first.path == "/v26/customers/1234567890/googleAds:search"
    assert set(first.json) == {"query"}, "a page size would be refused"
    assert second.json == {"query": first.json["query"], "pageToken": "CPii5aS8"}
    assert first.headers["login-customer-id"] == "9990001111"
    assert "developer-token" not in first.headers


def test_headers_that_are_given(kit: Any) -> None:
    credential = {**_CREDENTIAL, "login_customer_id": "555-1", "developer_token": "dev-token-1"}
    _, _, server = _extract(kit, lambda asked: {}, account=Account("1"), credential=credential)
    headers = server.asked[-1].headers
    assert headers["login-customer-id"] == "5551"
    assert headers["developer-token"] == "dev-token-1"


def test_campaigns_keep_unknown_enums_and_unknown_fields(kit: Any) -> None:
    rows, pages, _ = _extract(kit, lambda asked: _page("campaigns"), "campaigns")
    assert rows[0] == {
        "customer_id": "1234567890",
        "campaign_id": "111",
        "name": "Brand – Zürich",
        "status": "ENABLED",
        "advertising_channel_type": "SEARCH",
        "advertising_channel_sub_type": None,
        "bidding_strategy_type": "MAXIMIZE_CONVERSIONS",
        "start_date_time": datetime(2026, 1, 1),
        "end_date_time": datetime(2037, 12, 30, 23, 59, 59),
        "budget_id": "9",
        "budget_amount_micros": 25_000_000,
        "budget_period": "DAILY",
        "budget_delivery_method": "STANDARD",
        "_extra": None,
    }
    assert rows[1]["advertising_channel_type"] == "A_CHANNEL_OF_TOMORROW"
    assert rows[1]["budget_amount_micros"] is None
    assert json.loads(rows[1]["_extra"]) == {"campaign": {"brandNew": True}}
    assert pages[0].unknown_fields == {"campaign.brandNew"}


def test_ads_keep_their_addresses_as_json(kit: Any) -> None:
    rows, pages, _ = _extract(kit, lambda asked: _page("ads"), "ads")
    assert json.loads(rows[0]["final_urls"]) == ["https://x.example/?utm_campaign=a&b=1"]
    assert rows[0]["image_url"] == "https://img.example/333.jpg"
    assert (rows[1]["final_urls"], rows[1]["image_url"], rows[1]["name"]) == (None, None, None)
    assert [(row["ad_group_id"], row["ad_id"]) for row in rows] == [("222", "333"), ("223", "333")]
    assert pages[0].unknown_fields == frozenset()


@pytest.mark.parametrize(
    "answer",
    [{}, {"results": []}, {"results": None}, [], [{"fieldMask": "x"}], {"fieldMask": "x"}],
    ids=str,
)
def test_nothing_to_report_is_an_empty_page(kit: Any, answer: Any) -> None:
    rows, pages, _ = _extract(kit, lambda asked: answer)
    assert rows == []
    assert len(pages) == 1


def test_an_answer_in_a_list_of_chunks_is_read_alike(kit: Any) -> None:
    page = _page("ad_stats_1")
    chunks = [
        {"results": page["results"][:1]},
        {"results": page["results"][1:], "nextPageToken": "t"},
        {"fieldMask": "x"},
    ]
    rows, _, _ = _extract(
        kit, lambda asked: _page("ad_stats_2") if asked.json.get("pageToken") else chunks
    )
    assert [row["ad_id"] for row in rows] == ["333", "334", "333"]


def test_an_empty_page_with_a_token_continues(kit: Any) -> None:
    answers = [{"nextPageToken": "a"}, {"results": [], "nextPageToken": "b"}, _page("ad_stats_2")]
    rows, pages, _ = _extract(kit, lambda asked: answers.pop(0))
    assert len(rows) == 1
    assert len(pages) == 3


def test_a_page_that_comes_twice_does_not_stop_the_chunk(kit: Any) -> None:
    """Its rows are taken once."""
    answers = [_page("ad_stats_1"), _page("ad_stats_1"), _page("ad_stats_2")]
    rows, _, _ = _extract(kit, lambda asked: answers.pop(0))
    assert [row["ad_id"] for row in rows] == ["333", "334", "333"]


def test_a_page_that_comes_for_ever_is_a_changed_shape(kit: Any) -> None:
    with pytest.raises(ShapeChanged, match="again and again"):
        _extract(kit, lambda asked: _page("ad_stats_1"))


@pytest.mark.parametrize("answer", ["text", 7, {"results": {"a": 1}}, {"results": "x"}, ["x"]])
def test_what_is_no_page_is_a_changed_shape(kit: Any, answer: Any) -> None:
    with pytest.raises(ShapeChanged) as caught:
        _extract(kit, lambda asked: answer)
    assert (caught.value.stream, caught.value.account) == ("ad_stats", "123-456-7890")
    assert caught.value.window == "2026-01-05..2026-01-07"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda row: row["segments"].pop("date"), "segments.date"),
        (lambda row: row.pop("segments"), "segments.date"),
        (lambda row: row["adGroupAd"]["ad"].pop("id"), "adGroupAd.ad.id"),
        (lambda row: row["customer"].pop("id"), "customer.id"),
        (lambda row: row["metrics"].update(clicks="abc"), "metrics.clicks"),
        (lambda row: row["metrics"].update(impressions=str(2**70)), "metrics.impressions"),
        (lambda row: row["metrics"].update(conversions="many"), "metrics.conversions"),
        (lambda row: row.update(metrics=[]), "metrics"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_that_does_not_fit_is_rejected_with_its_payload(
    kit: Any, change: Any, path: str
) -> None:
    page = _page("ad_stats_1")
    change(page["results"][0])
    del page["nextPageToken"]
    rows, pages, _ = _extract(kit, lambda asked: page)
    assert [row["ad_id"] for row in rows] == ["334"]
    (rejected,) = pages[0].rejected
    assert rejected.raw_path == path
    assert json.loads(rejected.payload_json) == page["results"][0]


def test_an_expired_page_token_asks_for_the_chunk_again(kit: Any) -> None:
    def handler(asked: Any) -> Any:
        if asked.json.get("pageToken"):
            return kit.answer(_failure("requestError", "EXPIRED_PAGE_TOKEN"), status=400)
        return _page("ad_stats_1")

    with pytest.raises(ServerTrouble) as caught:
        _extract(kit, handler)
    assert caught.value.restart_chunk


def test_a_broken_body_is_asked_for_again(kit: Any) -> None:
    answers = [kit.answer(body=b'{"results":[{"cust'), kit.answer(body=b""), _page("ad_stats_2")]
    rows, _, _ = _extract(kit, lambda asked: answers.pop(0))
    assert len(rows) == 1


def test_a_stream_that_turns_into_an_error_is_an_error(kit: Any) -> None:
    error = _failure("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED")
    with pytest.raises(RateLimited):
        _extract(kit, lambda asked: [_page("ad_stats_2"), error])


def test_a_manager_refuses_metrics(kit: Any) -> None:
    error = _failure("queryError", "REQUESTED_METRICS_FOR_MANAGER")
    with pytest.raises(BadRequest) as caught:
        _extract(kit, lambda asked: kit.answer(error, status=400))
    assert "client accounts" in caught.value.remedy


@given(st.integers(0, 40), st.integers(1, 9), st.data())
@settings(max_examples=40)
def test_all_pages_together_are_the_list(
    kit: Any, count: int, size: int, data: st.DataObject
) -> None:
    """Whatever the page size, with empty pages strewn in between."""
    records = []
    for number in range(count):
        record = _page_row()
        record["adGroupAd"]["ad"]["id"] = str(number)
        records.append(record)
    pages: list[list[Any]] = [records[n : n + size] for n in range(0, count, size)]
    for _ in range(data.draw(st.integers(0, 3))):
        pages.insert(data.draw(st.integers(0, len(pages))), [])

    def handler(asked: Any) -> Any:
        number = int(asked.json.get("pageToken", "t0")[1:])
        answer: dict[str, Any] = {"results": pages[number]} if pages and pages[number] else {}
        if number + 1 < len(pages):
            answer["nextPageToken"] = f"t{number + 1}"
        return answer

    rows, _, _ = _extract(kit, handler)
    assert [row["ad_id"] for row in rows] == [str(number) for number in range(count)]


_ROW = json.dumps(_page("ad_stats_1")["results"][0])


def _page_row() -> Any:
    return json.loads(_ROW)


def _failure(category: str, code: str) -> Any:
    kind = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"
    errors = [{"errorCode": {category: code}, "message": "It failed."}]
    return {"error": {"code": 400, "message": "m", "details": [{"@type": kind, "errors": errors}]}}


@pytest.mark.parametrize("spoilt", [b"\\ud83d", b"\xed\xa0\xbd", b"\xff"], ids=str)
def test_a_bad_character_in_one_name_costs_no_campaign(kit: Any, spoilt: bytes) -> None:
    names = [row["campaign"]["name"] for row in _page("campaigns")["results"]]
    written = json.dumps(names[0]).encode()
    body = json.dumps(_page("campaigns")).encode().replace(written, b'"Sale ' + spoilt + b'"', 1)
    rows, _, server = _extract(kit, lambda asked: kit.answer(body=body), "campaigns")
    assert [row["name"] for row in rows] == ["Sale \ufffd", *names[1:]]
    assert sum(asked.path != "/token" for asked in server.asked) == 1
