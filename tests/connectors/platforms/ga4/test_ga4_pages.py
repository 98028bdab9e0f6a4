"""Answers of Google Analytics become exact rows, and each of its refusals what it stands for."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    ShapeChanged,
    VersionSunset,
)
from connectors.core.replies import Reply
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.ga4 import hooks, reports
from connectors.platforms.ga4.failures import CONCURRENT_WAIT, read_error

_PLATFORM = get("ga4")
_DAY = Window(date(2026, 11, 1), date(2026, 11, 2))
_PAGE = json.loads((Path(__file__).parent / "pages" / "traffic.json").read_text("utf-8"))
_NOTHING = {"kind": "analyticsData#runReport", "metadata": {"currencyCode": "EUR"}}


@pytest.fixture
def report(kit: Any, read: Callable[..., Any]) -> Callable[..., Any]:
    """Reads a stream of reports; the fields go together, but for those that clash."""

    def call(
        answers: list[Any], stream: str = "traffic_hours", window: Window = _DAY, clash: Any = ()
    ) -> Any:
        waiting = list(answers)

        def handler(asked: Any) -> Any:
            if asked.path == "/token":
                return kit.token
            if not asked.path.endswith(":checkCompatibility"):
                return waiting.pop(0)
            names = {one["name"] for kind in ("dimensions", "metrics") for one in asked.json[kind]}
            found = [{"metricMetadata": {"apiName": one}} for one in (*clash, "adClicks")]
            assert set(clash) & names or not clash or waiting
            return {"metricCompatibilities": found}

        return read(_PLATFORM, stream, handler, window)

    return call


def _asked(found: Any, method: str) -> list[Any]:
    return [one.json for one in found.asked if one.path.endswith(method)]


def test_a_row_has_its_values_and_what_the_answer_says_of_itself(report: Any) -> None:
    found = report([_PAGE])
    first, refund = found.rows
    assert (first["date"], first["hour"]) == (date(2026, 11, 1), 14)
    assert (first["source"], first["campaign_id"]) == ("google", "20000000001")
    assert (first["sessions"], first["page_views"]) == (12, 31)
    assert first["key_events"] == Decimal("1.333333")
    assert first["purchase_revenue"] == Decimal("249.9")
    assert (first["stated_currency"], first["stated_time_zone"]) == ("EUR", "Europe/Berlin")
    assert (first["data_loss_from_other_row"], first["subject_to_thresholding"]) == (True, False)
    assert (first["samples_read_count"], first["sampling_space_size"]) == (500_000, 1_900_000)
    assert (refund["source"], refund["landing_page"], refund["sessions"]) == ("(not set)", "", 0)
    assert refund["purchase_revenue"] == Decimal("-20.05")
    assert {row["_extra"] for row in found.rows} == {None}
    assert found.rejected == []
    (asked,) = _asked(found, ":runReport")
    assert asked["dateRanges"] == [{"startDate": "2026-11-01", "endDate": "2026-11-01"}]
    names = [one["name"] for one in asked["dimensions"]]
    assert names[0] == "dateHour"
    assert [one["dimension"]["dimensionName"] for one in asked["orderBys"]] == names
    assert (len(names), len(asked["metrics"])) == (7, 10)


def test_pages_follow_until_all_rows_are_there(report: Any) -> None:
    """A page may have fewer rows than were asked for."""
    pages = [{**deepcopy(_PAGE), "rows": [row]} for row in _PAGE["rows"]]
    found = report(pages)
    assert [row["hour"] for row in found.rows] == [14, 15]
    assert [one["offset"] for one in _asked(found, ":runReport")] == ["0", "1"]
    with pytest.raises(ShapeChanged, match="2 rows is empty at row 1"):
        report([pages[0], {**_PAGE, "rows": []}])


def test_an_answer_without_rows_is_none_and_each_day_is_asked_for_apart(report: Any) -> None:
    found = report([_NOTHING, _NOTHING], window=Window(date(2026, 11, 1), date(2026, 11, 3)))
    assert found.rows == []
    days = [one["dateRanges"][0]["startDate"] for one in _asked(found, ":runReport")]
    assert days == ["2026-11-01", "2026-11-02"]
    # Compatibility costs tokens: once for all days.
    assert len(_asked(found, ":checkCompatibility")) == 1
    whole = report([_NOTHING], "channel_days", Window(date(2026, 11, 1), date(2026, 11, 3)))
    assert len(_asked(whole, ":runReport")) == 1


def test_compatibility_is_asked_once_for_all_windows_of_a_client(kit: Any) -> None:
    answers = {":runReport": _NOTHING, ":checkCompatibility": {}, "/token": kit.token}
    server = kit.server(lambda asked: next(v for k, v in answers.items() if asked.path.endswith(k)))
    credential = {one.name: "0123456789" for one in _PLATFORM.credential_fields}
    client = kit.client(
        server, platform=_PLATFORM, account=Account("310000037"), credential=credential
    )
    stream = _PLATFORM.stream("channel_days")
    for _ in range(2):
        assert [page.records for page in stream.pages(client, Account("310000037"), _DAY)] == [[]]
    checks = [one for one in server.asked if one.path.endswith(":checkCompatibility")]
    assert (len(checks), len(server.asked)) == (1, 4)


def test_a_field_that_no_longer_fits_is_left_out(report: Any) -> None:
    found = report([_PAGE], clash=["refundAmount"])
    (asked,) = _asked(found, ":runReport")
    assert "refundAmount" not in [one["name"] for one in asked["metrics"]]
    # Neither a part of the key nor what the stream is for.
    for name in ("landingPage", "sessions"):
        with pytest.raises(FieldRefused, match=name):
            report([_PAGE], clash=[name])


def test_only_key_events_are_asked_for(report: Any) -> None:
    (asked,) = _asked(report([_NOTHING], "key_event_days"), ":runReport")
    assert asked["dimensionFilter"]["filter"]["fieldName"] == "isKeyEvent"


def test_what_a_role_may_not_see_is_unknown(report: Any) -> None:
    page = deepcopy(_PAGE)
    restricted = [{"metricName": "purchaseRevenue", "restrictedMetricTypes": ["REVENUE_DATA"]}]
    page["metadata"]["schemaRestrictionResponse"] = {"activeMetricRestrictions": restricted}
    found = report([page])
    assert {row["purchase_revenue"] for row in found.rows} == {None}
    assert found.rows[0]["transactions"] == 1


def test_a_pull_stops_before_the_tokens_are_spent(report: Any) -> None:
    low = deepcopy(_PAGE)
    low["propertyQuota"]["tokensPerProjectPerHour"]["remaining"] = reports.RESERVE - 1
    assert len(report([low]).rows) == 2
    days = Window(date(2026, 11, 1), date(2026, 11, 3))
    with pytest.raises(QuotaSpent, match="of this project per hour"):
        report([low], window=days)
    low["propertyQuota"]["tokensPerProjectPerHour"]["remaining"] = reports.RESERVE
    assert len(report([low, _NOTHING], window=days).rows) == 2


def _refused(status: int, message: str, **more: Any) -> ConnectorError | None:
    words = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}
    body = {"code": status, "message": message, "status": words.get(status, "PERMISSION_DENIED")}
    return read_error(Reply(status, {}, b"", {"error": {**body, **more}}))


@pytest.mark.parametrize(
    ("bucket", "kind"),
    [
        ("Exhausted property tokens per day. These quota tokens will return in", QuotaSpent),
        ("Exhausted property tokens for a project per hour.", QuotaSpent),
        ("Exhausted potentially thresholded requests quota.", QuotaSpent),
        ("Exhausted server errors quota.", QuotaSpent),
        ("Exhausted concurrent requests quota.", RateLimited),
    ],
)
def test_each_bucket_has_its_wait(bucket: str, kind: type[ConnectorError]) -> None:
    found = _refused(429, bucket)
    assert type(found) is kind
    assert getattr(found, "retry_after", None) == (CONCURRENT_WAIT if kind is RateLimited else None)


def test_refusals_say_what_to_do() -> None:
    clash = _refused(400, "Please remove landingPage to make the request compatible for example.")
    gone = _refused(400, "Field conversions is not a valid metric. For a list of valid dimensions")
    assert isinstance(clash, FieldRefused)
    assert clash.fields == ("landingPage",)
    assert isinstance(gone, FieldRefused)
    assert gone.fields == ("conversions",)
    assert not isinstance(_refused(400, "A dateRange is required."), FieldRefused)
    over = _refused(401, "Request had invalid authentication credentials.")
    assert isinstance(over, AuthRejected)
    assert over.token_expired
    assert isinstance(_refused(403, "User does not have sufficient permissions"), AccountGone)
    disabled = _refused(403, "API has not been used", details=[{"reason": "SERVICE_DISABLED"}])
    assert isinstance(disabled, AuthRejected)
    assert "Admin API" in disabled.remedy
    assert isinstance(read_error(Reply(404, {}, b"<!DOCTYPE html>", None)), VersionSunset)


def test_a_property_says_what_its_key_events_rest_on() -> None:
    stream = _PLATFORM.stream("key_event_days")
    assert stream.basis is not None
    assert stream.basis(Account("1", settings={hooks.ATTRIBUTION: '{"a":1}'})) == '{"a":1}'
    assert stream.basis(Account("1")) is None
    assert [one.name for one in _PLATFORM.streams if one.basis] == ["key_event_days"]


def test_users_and_sessions_never_add_up() -> None:
    found = {
        (one.name, one.additivity)
        for stream in _PLATFORM.streams
        for one in stream.columns
        if one.role == "metric"
    }
    names = {"sessions", "engaged_sessions", "active_users", "total_users", "new_users"}
    assert {name for name, additivity in found if additivity == "none"} == names
