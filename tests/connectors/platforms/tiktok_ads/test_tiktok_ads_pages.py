"""Lists and reports as TikTok sends them become exact rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, AuthRejected, TooHeavy
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("tiktok_ads")
_DAY = Window(date(2026, 3, 1), date(2026, 3, 2))
_REPORT = "/open_api/v1.3/report/integrated/get/"


def _page(name: str) -> Any:
    return json.loads((Path(__file__).parent / "pages" / f"{name}.json").read_text("utf-8"))


def _answer(*records: Any, pages: int = 1) -> Any:
    return {"code": 0, "data": {"list": list(records), "page_info": {"total_page": pages}}}


def _filters(asked: Any) -> dict[str, list[str]]:
    filters = json.loads(asked.params["filtering"])
    assert all(one["filter_type"] == "IN" for one in filters)
    return {one["field_name"]: json.loads(one["filter_value"]) for one in filters}


def test_ads_deleted_ones_included(read: Callable[..., Any]) -> None:
    found = read(_PLATFORM, "ads", lambda _: _page("ads"))
    assert found.rows == [
        {
            "ad_id": "1728545390695442",
            "ad_group_id": "1728545385226289",
            "campaign_id": "1680018437245954",
            "advertiser_id": "7106541027904733185",
            "name": "Whale",
            "ad_format": "SINGLE_VIDEO",
            "ad_text": "Look",
            "call_to_action": "SHOP_NOW",
            "landing_page_url": "https://acme.example/?utm_source=tiktok",
            "video_id": "v100",
            "image_ids": '["tos/1"]',
            "operation_status": "ENABLE",
            "secondary_status": "AD_STATUS_DELETE",
            "create_time": datetime(2026, 1, 13, 13, 44, 30),
            "modify_time": None,
            "_extra": None,
        }
    ]
    (asked,) = found.asked
    assert asked.path == "/open_api/v1.3/ad/get/"
    assert asked.params["advertiser_id"] == "7002238017842757633"
    assert json.loads(asked.params["filtering"]) == {"secondary_status": "AD_STATUS_ALL"}
    assert {"adgroup_id", "ad_name"} <= set(json.loads(asked.params["fields"]))
    assert asked.headers["Access-Token"] == "access_token-0123456789"
    assert "Authorization" not in asked.headers


@pytest.mark.parametrize(("stream", "level"), [("campaigns", "campaign"), ("ad_groups", "adgroup")])
def test_the_other_lists(read: Callable[..., Any], stream: str, level: str) -> None:
    record = {"campaign_id": 1, "adgroup_id": 2}
    found = read(_PLATFORM, stream, lambda _: _answer(record))
    assert [row["campaign_id"] for row in found.rows] == ["1"]
    assert found.asked[0].path == f"/open_api/v1.3/{level}/get/"
    status = json.loads(found.asked[0].params["filtering"])["secondary_status"]
    assert status == f"{level.upper()}_STATUS_ALL"


def test_all_pages_of_a_daily_report(read: Callable[..., Any]) -> None:
    def handler(asked: Any) -> Any:
        page = _page("ad_reports")
        if asked.params.get("page") == "2":
            page["data"]["list"][0]["dimensions"]["ad_id"] = "2"
        return page

    found = read(_PLATFORM, "ad_reports", handler, _DAY)
    assert [row["ad_id"] for row in found.rows] == ["1728545390695442", "2"]
    assert {name: value for name, value in found.rows[0].items() if value is not None} == {
        "date": date(2026, 3, 1),
        "ad_id": "1728545390695442",
        "campaign_id": "1680018437245954",
        "ad_group_id": "1728545385226289",
        "spend": Decimal("234.56"),
        "impressions": 45230,
        "clicks": 1876,
        "conversion": 41,
        "complete_payment": 9,
        "complete_payment_value": Decimal("451.2"),
        "reach": 31000,
        "frequency": Decimal("1.46"),
    }
    first = found.asked[0]
    assert first.path == _REPORT
    assert (first.params["report_type"], first.params["data_level"]) == ("BASIC", "AUCTION_AD")
    assert json.loads(first.params["dimensions"]) == ["ad_id", "stat_time_day"]
    assert (first.params["start_date"], first.params["end_date"]) == ("2026-03-01", "2026-03-01")
    assert _filters(first) == {"ad_status": ["STATUS_ALL"]}
    metrics = json.loads(first.params["metrics"])
    assert {"campaign_id", "adgroup_id", "reach", "total_complete_payment_rate"} <= set(metrics)
    assert not {"ad_id", "date"} & set(metrics)


def test_hours_are_asked_for_day_by_day_and_without_people(read: Callable[..., Any]) -> None:
    window = Window(date(2026, 2, 28), date(2026, 3, 2))

    def handler(asked: Any) -> Any:
        page = _page("campaign_reports_hourly")
        return page if asked.params["start_date"] == "2026-03-01" else _answer()

    found = read(_PLATFORM, "campaign_reports_hourly", handler, window)
    (row,) = found.rows
    assert (row["date"], row["hour"]) == (date(2026, 3, 1), 13)
    assert (row["spend"], row["conversion"], row["likes"]) == (Decimal("234.56"), None, 36)
    assert json.loads(row["_extra"]) == {"metrics": {"odd": "1"}}
    assert [(one.params["start_date"], one.params["end_date"]) for one in found.asked] == [
        ("2026-02-28", "2026-02-28"),
        ("2026-03-01", "2026-03-01"),
    ]
    assert not {"reach", "frequency"} & set(json.loads(found.asked[0].params["metrics"]))


@pytest.mark.parametrize("hour", ["2026-03-01", "2026-03-01 13:30:00", "2026-03-01T13:00:00", 7])
def test_an_hour_that_is_none_is_rejected(read: Callable[..., Any], hour: Any) -> None:
    page = _page("campaign_reports_hourly")
    page["data"]["list"][0]["dimensions"]["stat_time_hour"] = hour
    found = read(_PLATFORM, "campaign_reports_hourly", lambda _: page, _DAY)
    assert (found.rows, len(found.rejected)) == ([], 1)


@pytest.mark.parametrize("odd", ["text", {}, {"dimensions": 1, "metrics": {}}])
def test_a_record_that_is_none_costs_itself_alone(read: Callable[..., Any], odd: Any) -> None:
    page = _page("ad_reports") | {}
    page["data"]["page_info"]["total_page"] = 1
    page["data"]["list"].append(odd)
    found = read(_PLATFORM, "ad_reports", lambda _: page, _DAY)
    assert (len(found.rows), len(found.rejected)) == (1, 1)


def test_a_metric_that_is_gone_costs_its_column_alone(read: Callable[..., Any]) -> None:
    refusal = {"code": 40002, "message": "Please correct it. Invalid metric fields: ['follows']."}

    def handler(asked: Any) -> Any:
        page = _page("ad_reports")
        page["data"]["page_info"]["total_page"] = 1
        return refusal if "follows" in asked.params["metrics"] else page

    found = read(_PLATFORM, "ad_reports", handler, _DAY)
    assert [(row["follows"], row["clicks"]) for row in found.rows] == [(None, 1876)]


def _cut(kit: Any, most: int, campaigns: list[str]) -> Callable[[Any], Any]:
    """Answers like TikTok: with more than `most` campaigns, the rest is left out with a header."""

    def handler(asked: Any) -> Any:
        if asked.path.endswith("/campaign/get/"):
            return _answer(*({"campaign_id": one} for one in campaigns))
        wanted = _filters(asked).get("campaign_ids", campaigns)
        assert len(wanted) <= 100 or "campaign_ids" not in _filters(asked)
        rows = [
            {
                "dimensions": {"campaign_id": one, "stat_time_day": "2026-03-01 00:00:00"},
                "metrics": {},
            }
            for one in wanted[:most]
        ]
        headers = {"X-Tt-Ads-Throttle": "only the top ids"} if len(wanted) > most else {}
        return kit.answer(_answer(*rows), headers=headers)

    return handler


@pytest.mark.parametrize("count", [1, 7, 99, 250])
def test_rows_that_are_left_out_are_asked_for_by_campaigns(
    kit: Any, read: Callable[..., Any], count: int
) -> None:
    campaigns = [str(n) for n in range(count)]
    found = read(_PLATFORM, "campaign_reports", _cut(kit, 30, campaigns), _DAY)
    assert sorted(row["campaign_id"] for row in found.rows) == sorted(campaigns)


@pytest.mark.parametrize("campaigns", [["1", "2"], ["1"], []])
def test_one_campaign_that_is_too_much(
    kit: Any, read: Callable[..., Any], campaigns: list[str]
) -> None:
    def cut(asked: Any) -> Any:
        if asked.path == _REPORT:
            return kit.answer(_answer(), headers={"X-Tt-Ads-Throttle": "only the top ids"})
        return _answer(*({"campaign_id": one} for one in campaigns))

    with pytest.raises(TooHeavy, match="only the top ids"):
        read(_PLATFORM, "campaign_reports", cut, _DAY)


_ADVERTISER = {"advertiser_id": 7, "name": "Acme", "currency": "USD", "timezone": "Etc/GMT+8"}


@pytest.mark.parametrize(
    ("more", "zone"),
    [({}, "Etc/GMT+8"), ({"display_timezone": "America/Los_Angeles"}, "America/Los_Angeles")],
)
def test_an_account_is_described(kit: Any, more: dict[str, str], zone: str) -> None:
    server = kit.server(lambda _: {"code": 0, "data": {"list": [_ADVERTISER | more]}})
    client = kit.client(server, platform=_PLATFORM, credential={"access_token": "t-0123456789"})
    described = _PLATFORM.describe_account(client, Account("7", "old", settings={"a": "b"}))
    assert described == Account("7", "Acme", "USD", zone, settings={"a": "b"})
    assert json.loads(server.asked[0].params["advertiser_ids"]) == ["7"]


def test_an_account_that_is_not_shown_is_gone(kit: Any) -> None:
    server = kit.server(lambda _: {"code": 0, "data": {"list": []}})
    client = kit.client(server, platform=_PLATFORM, credential={"access_token": "t-0123456789"})
    with pytest.raises(AccountGone, match="nothing about the advertiser 7"):
        _PLATFORM.describe_account(client, Account("7"))


def test_accounts_are_listed_to_an_app_that_names_itself(kit: Any) -> None:
    found = [{"advertiser_id": "7", "advertiser_name": "Acme"}]
    server = kit.server(lambda _: {"code": 0, "data": {"list": found}})
    credential = {"access_token": "t-0123456789", "app_id": "9", "secret": "s-0123456789"}
    client = kit.client(server, platform=_PLATFORM, credential=credential)
    assert list(_PLATFORM.discover(client)) == [Account("7", "Acme")]
    assert server.asked[0].params == {"app_id": "9", "secret": "s-0123456789"}
    without = kit.client(server, platform=_PLATFORM, credential={"access_token": "t-0123456789"})
    with pytest.raises(AuthRejected, match="names itself"):
        list(_PLATFORM.discover(without))
