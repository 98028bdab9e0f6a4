"""Reports by the day of sending, aggregates by the day of the event, and what refusals mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connectors.core import errors
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.klaviyo.failures import read_error
from connectors.platforms.klaviyo.hooks import check_settings

DAYS = Window(date(2026, 11, 1), date(2026, 11, 5))
CAMPAIGNS, FLOWS = "/api/campaign-values-reports", "/api/flow-series-reports"
D = Decimal


def report(*results: Any, **more: Any) -> Any:
    return {"data": {"attributes": {"results": results, **more}}, "links": {"next": None}}


def result(campaign: str, **statistics: float) -> Any:
    named = {"campaign_id": campaign, "campaign_message_id": f"{campaign}x"}
    return {"groupings": {**named, "send_channel": "email"}, "statistics": statistics}


def asked_of(request: Any) -> Any:
    return request.json["data"]["attributes"]


def posts(api: Any) -> list[Any]:
    return [asked_of(one) for one in api.asked if one.method == "POST"]


def test_one_call_has_the_campaigns_of_all_days(api: Any, made: Any) -> None:
    sent = "2026-11-02T23:30:00+00:00"
    listed = made.entity("campaign", "C1", status="Sent", send_time=sent)
    api.answers["/api/campaigns"] = [made.page(listed), made.page()]
    row = result("C1", recipients=12.0, opens=7.0, conversion_value=240.5)
    api.answers[CAMPAIGNS] = report(row)
    (found,) = api.rows("campaign_values", DAYS)
    # Half past eleven in UTC is the next day in Berlin.
    assert (found["date"], found["campaign_id"]) == (date(2026, 11, 3), "C1")
    assert (found["recipients"], found["opens"], found["conversion_value"]) == (12, 7, D("240.5"))
    (asked,) = posts(api)
    span = {"start": "2026-11-01T00:00:00+00:00", "end": "2026-11-04T23:59:59+00:00"}
    assert (asked["timeframe"], asked["conversion_metric_id"]) == (span, "M1")
    assert "opens_unique" in asked["statistics"]


def test_a_campaign_that_no_list_has_is_found_on_its_day(api: Any) -> None:
    def answer(request: Any) -> Any:
        span = asked_of(request)["timeframe"]
        is_in = span["start"] <= "2026-11-03T12:00:00" <= span["end"]
        return report(*[result("gone", recipients=5.0)] * is_in)

    api.answers[CAMPAIGNS] = answer
    (found,) = api.rows("campaign_values", DAYS)
    assert (found["date"], found["campaign_id"]) == (date(2026, 11, 3), "gone")
    # Four days, two halves, and the two days of the one that has it.
    assert len(posts(api)) == 5


def test_a_statistic_that_is_refused_is_left_out(api: Any) -> None:
    def answer(request: Any) -> Any:
        if "spam_complaints" not in asked_of(request)["statistics"]:
            return report()
        said = "'spam_complaints' is not a valid statistic."
        source = {"pointer": "/data/attributes/statistics"}
        return api.kit.answer({"errors": [{"detail": said, "source": source}]}, status=400)

    api.answers[CAMPAIGNS] = answer
    assert api.rows("campaign_values", DAYS) == []
    assert len(posts(api)) == 2


def test_what_a_conversion_is_follows_from_the_shops_of_the_account(api: Any, made: Any) -> None:
    api.answers[CAMPAIGNS] = report()
    own = {"name": "Clicked Email", "integration": {"name": "Klaviyo", "category": "Internal"}}
    api.answers["/api/metrics"] = made.page(made.entity("metric", "M2", **own))
    api.rows("campaign_values", DAYS)
    (asked,) = posts(api)
    assert asked["conversion_metric_id"] == "M2"
    assert not [one for one in asked["statistics"] if one.startswith("conver")]
    shops = [{"name": f"Shop {one}", "category": "eCommerce"} for one in (1, 9)]
    api.answers["/api/metrics"] = made.page(
        *(made.entity("metric", f"M{one['name'][5:]}", name="Placed Order", integration=one)
          for one in shops)
    )  # fmt: skip
    with pytest.raises(errors.BadRequest, match=r"M9 \(Shop 9\)"):
        api.rows("campaign_values", DAYS)
    api.account = replace(api.account, settings={"conversion_metric": "M9"})
    api.rows("campaign_values", DAYS)
    assert posts(api)[-1]["conversion_metric_id"] == "M9"
    api.account = replace(api.account, settings={"conversion_metric": "M5"})
    with pytest.raises(errors.BadRequest, match="has no metric M5"):
        api.rows("campaign_values", DAYS)
    check_settings("AbC123", {"conversion_metric": "M9"})
    with pytest.raises(ValueError, match="no setting 'zone'"):
        check_settings("AbC123", {"zone": "UTC"})


def test_a_series_is_a_row_for_each_day_on_which_something_was_sent(api: Any) -> None:
    row = {
        "groupings": {"flow_id": "F1", "flow_message_id": "Y1", "send_channel": "email"},
        "statistics": {"recipients": [0.0, 3.0, 2.0], "conversion_value": [0.0, 19.9, 0.0]},
    }
    # The last day is beyond what was asked for.
    times = [f"2026-11-0{day}T00:00:00+01:00" for day in (1, 2, 5)]
    api.answers[FLOWS] = report(row, date_times=times)
    (found,) = api.rows("flow_series", DAYS)
    assert (found["date"], found["recipients"]) == (date(2026, 11, 2), 3)
    assert (found["conversion_value"], found["opens"]) == (D("19.9"), None)
    (asked,) = posts(api)
    assert (asked["interval"], asked["group_by"][0]) == ("daily", "flow_id")
    api.answers[FLOWS] = report(row, date_times=times[:2])
    with pytest.raises(errors.ShapeChanged, match="does not fit"):
        api.rows("flow_series", DAYS)


def test_aggregates_are_by_message_and_day_of_the_event(api: Any) -> None:
    # The first is of the day before those that were asked for; the second is empty.
    dates = [f"2026-{day}T00:00:00+01:00" for day in ("10-31", "11-02", "11-03")]

    def answer(request: Any) -> Any:
        asked, following = asked_of(request), None
        dimensions = {"M1": ["X1"], "M2": ["X1", "True"], "M4": [""]}[asked["metric_id"]]
        numbers = {"count": [1.0, 0.0, 3.0], "sum_value": [0.0, 0.0, 89.7]}
        groups = [{"dimensions": dimensions, "measurements": numbers}]
        if asked["metric_id"] == "M1" and "page_cursor" not in asked:
            groups, following = [], "https://a.klaviyo.com/x?page_cursor=c2"
        data = {"attributes": {"dates": dates, "data": groups}}
        return {"data": data, "links": {"self": "", "next": following}}

    api.answers["/api/metric-aggregates"] = answer
    rows = api.rows("metric_aggregates", DAYS)
    # Another sender's metric of the same name is none of Klaviyo's own.
    found = [(one["metric_id"], one["message_id"], one["detail"]) for one in rows]
    assert found == [("M2", "X1", "True"), ("M4", "", ""), ("M1", "X1", "")]
    amounts = {(one["date"], one["events"], one["value"]) for one in rows}
    assert amounts == {(date(2026, 11, 3), 3, D("89.7"))}
    asked = posts(api)
    assert [one["by"][0] for one in asked] == ["$message"] * 2 + ["$attributed_message"] * 2
    assert (asked[0]["by"][1:], asked[-1]["page_cursor"]) == (["Bot Click"], "c2")
    assert (asked[0]["timezone"], asked[0]["interval"]) == ("Europe/Berlin", "day")


def test_limits_are_obeyed_from_the_headers_and_those_of_a_day_end_a_report(kit: Any) -> None:
    headers = {"RateLimit-Limit": "2", "RateLimit-Remaining": "0", "RateLimit-Reset": "41"}
    assert get("klaviyo").read_usage(kit.reply({}, 200, headers)) == 41
    late = read_error(kit.reply({"errors": []}, 429, {"Retry-After": "7200"}))
    assert isinstance(late, errors.QuotaSpent)
    assert "2.0 hours. Reports have 225 requests a day" in late.remedy
