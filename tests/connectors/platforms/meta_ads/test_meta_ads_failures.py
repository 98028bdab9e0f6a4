"""Each of Meta's errors becomes the error of ours that says what to do; usage is obeyed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    TooHeavy,
    VersionSunset,
)
from connectors.core.replies import Reply
from connectors.platforms import get
from connectors.platforms.meta_ads.failures import failed_report, read_error
from connectors.platforms.meta_ads.usage import read_usage

_PLATFORM = get("meta_ads")


def _body(code: int, subcode: int = 0, **more: Any) -> dict[str, Any]:
    error: dict[str, Any] = {"message": "Why.", "type": "OAuthException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    return {"error": {**error, "fbtrace_id": "EJplcsCHuLu", **more}}


_TABLE: list[tuple[int, int, int, type[ConnectorError]]] = [
    (400, 190, 0, AuthRejected),
    (400, 190, 463, AuthRejected),
    (401, 190, 460, AuthRejected),
    (400, 190, 467, AuthRejected),
    (400, 102, 0, AuthRejected),
    (403, 10, 0, AuthRejected),
    (403, 200, 0, AccountGone),
    (403, 273, 0, AccountGone),
    (400, 299, 0, AccountGone),
    (400, 803, 0, AccountGone),
    (400, 100, 0, BadRequest),
    (400, 100, 1487534, TooHeavy),
    (400, 100, 1504018, TooHeavy),
    (400, 2, 1504038, TooHeavy),
    (400, 2, 1504041, BadRequest),
    (400, 2, 1504042, BadRequest),
    (400, 2, 1504043, ServerTrouble),
    (500, 1, 0, ServerTrouble),
    (500, 1, 99, ServerTrouble),
    (500, 2, 0, ServerTrouble),
    (400, -2, 2490547, ServerTrouble),
    (400, 960, 0, ServerTrouble),
    (400, 104, 0, ServerTrouble),
    (400, 2635, 0, VersionSunset),
    (400, 3018, 0, BadRequest),
    (400, 4, 1504022, RateLimited),
    (403, 4, 1504039, RateLimited),
    (400, 17, 2446079, RateLimited),
    (400, 32, 0, RateLimited),
    (400, 613, 1487742, RateLimited),
    (400, 80000, 0, RateLimited),
    (400, 80003, 0, RateLimited),
    (429, 80004, 0, RateLimited),
    (400, 80008, 0, RateLimited),
    (400, 99999, 0, BadRequest),
    (503, 99999, 0, ServerTrouble),
    (200, 99999, 0, ServerTrouble),
]


@pytest.mark.parametrize(
    ("code", "message", "fields"),
    [
        (100, "(#100) frequency is not valid for fields param. please check it", ("frequency",)),
        (
            100,
            "(#100) relevance_score, social_spend are not valid for fields param. please check "
            "https://developers.facebook.com/docs/ for all valid values",
            ("relevance_score", "social_spend"),
        ),
        (
            100,
            "(#100) Tried accessing nonexisting field (buying_type) on node type (Campaign)",
            ("buying_type",),
        ),
        (
            100,
            "(#100) Tried accessing nonexisting field (name) on node type (AdCreative)",
            ("creative.name",),
        ),
        (12, "(#12) frequency field is deprecated for versions v27.0 and higher", ("frequency",)),
    ],
)
def test_a_refused_field_is_named(
    kit: Any, code: int, message: str, fields: tuple[str, ...]
) -> None:
    error = read_error(kit.reply(_body(code, message=message), 400))
    assert isinstance(error, FieldRefused)
    assert error.fields == fields


def test_a_refused_combination_is_no_refused_field(kit: Any) -> None:
    message = "(#100) Current combination of data breakdown columns (action_type, age) is invalid"
    assert type(read_error(kit.reply(_body(100, message=message), 400))) is BadRequest


@pytest.mark.parametrize(("status", "code", "subcode", "kind"), _TABLE, ids=lambda v: str(v))
def test_each_code_has_its_class_and_remedy(
    kit: Any, status: int, code: int, subcode: int, kind: type[ConnectorError]
) -> None:
    error = read_error(kit.reply(_body(code, subcode), status))
    assert type(error) is kind
    assert error is not None
    assert error.remedy
    if code != 99999:
        assert str(code) in error.message
        assert "Why." in error.message
        assert "EJplcsCHuLu" in error.message


def test_a_token_that_is_refused_says_why_and_what_to_do(kit: Any) -> None:
    remedies = {
        read_error(kit.reply(_body(190, subcode), 400)).remedy  # type: ignore[union-attr]
        for subcode in (463, 460, 467, 458)
    }
    assert len(remedies) == 4
    assert all("ads_read" in remedy for remedy in remedies)


def test_whatever_meta_calls_transient_is_tried_again(kit: Any) -> None:
    error = read_error(kit.reply(_body(100, is_transient=True), 400))
    assert type(error) is ServerTrouble
    error = read_error(kit.reply(_body(99999, is_transient=True), 400))
    assert type(error) is ServerTrouble
    still = read_error(kit.reply(_body(100, 1487534, is_transient=True), 400))
    assert type(still) is TooHeavy


def test_an_object_that_is_not_there_is_an_account_or_a_report() -> None:
    body = _body(100, 33)
    account = Reply(400, {}, b"", body, "https://graph.facebook.com/v26.0/act_1/ads")
    assert type(read_error(account)) is AccountGone
    run = Reply(400, {}, b"", body, "https://graph.facebook.com/v26.0/6023/insights")
    error = read_error(run)
    assert isinstance(error, ServerTrouble)
    assert error.restart_chunk, "the report has expired: it must be made again"


def test_reduce_the_amount_of_data_is_told_by_its_words(kit: Any) -> None:
    text = "Please reduce the amount of data you're asking for, then retry your request"
    error = read_error(kit.reply(_body(1, message=text), 500))
    assert isinstance(error, TooHeavy)
    assert error.pages_help


def test_why_a_report_failed() -> None:
    run = {"async_status": "Job Failed", "error_code": 100, "error_subcode": 1487534}
    assert isinstance(failed_report(run), TooHeavy)
    run = {"async_status": "Job Failed", "error_code": -2, "error_message": "Try again later."}
    assert isinstance(failed_report(run), ServerTrouble)
    assert "Try again later." in failed_report(run).message
    assert isinstance(failed_report({"async_status": "Job Skipped"}), ServerTrouble)
    assert isinstance(failed_report({"error_code": 4}), RateLimited)


def _case(minutes: float, percent: float = 100) -> dict[str, str]:
    case = {"type": "ads_insights", "call_count": percent, "total_cputime": 1, "total_time": 2,
            "estimated_time_to_regain_access": minutes}  # fmt: skip
    return {"X-Business-Use-Case-Usage": json.dumps({"1": [case]})}


def _account_usage(percent: float, reset: float) -> dict[str, str]:
    usage = {"acc_id_util_pct": percent, "reset_time_duration": reset}
    return {"X-Ad-Account-Usage": json.dumps(usage)}


def _app_usage(name: str, value: float) -> dict[str, str]:
    return {"X-App-Usage": json.dumps({"call_count": 1, "total_time": 1, name: value})}


def _throttle(**percent: float) -> dict[str, str]:
    return {"x-fb-ads-insights-throttle": json.dumps(percent)}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        (_case(0, 28), 0),
        (_case(0, 74.9), 0),
        (_case(0, 95), 24),
        (_case(2, 100), 120),
        (_case(3, 50), 180),
        (_case(0, 100), 60),
        (_app_usage("total_cputime", 85), 12),
        (_app_usage("total_time", 100), 60),
        (_account_usage(9.67, 100), 0),
        (_account_usage(100, 100), 100),
        (_account_usage(95, 5), 5),
        (_throttle(app_id_util_pct=0, acc_id_util_pct=80), 6),
        (_throttle(app_id_util_pct=100), 60),
        ({**_case(0, 80), **_account_usage(100, 45)}, 45),
        ({"X-App-Usage": "no JSON"}, 0),
        ({"X-App-Usage": "[1]"}, 0),
        ({"X-Business-Use-Case-Usage": '{"1": {"call_count": 100}, "2": [7]}'}, 0),
        ({"X-App-Usage": '{"call_count": "many", "total_time": null}'}, 0),
        ({"x-app-usage": '{"call_count": "1e400"}'}, 0),
    ],
    ids=str,
)
def test_the_next_request_waits_as_usage_asks(
    kit: Any, headers: dict[str, str], seconds: float
) -> None:
    assert read_usage(kit.reply({}, headers=headers)) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        (_case(1), 60.0),
        (_case(5), 300.0),
        (_account_usage(100, 100), 100.0),
        (_account_usage(10, 100), None),
    ],
    ids=str,
)
def test_a_refusal_is_waited_for_as_long_as_meta_says(
    kit: Any, headers: dict[str, str], wait: float | None
) -> None:
    error = read_error(kit.reply(_body(80000), 400, headers))
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


def test_a_long_ban_is_a_spent_quota(kit: Any) -> None:
    error = read_error(kit.reply(_body(17), 400, _case(17)))
    assert isinstance(error, QuotaSpent)
    assert "17 minutes" in error.remedy
    assert "1020 s" in error.message


def _client(kit: Any, answers: list[Any], sleeper: Any) -> Any:
    return kit.client(
        kit.server(lambda asked: answers.pop(0)),
        platform=_PLATFORM,
        credential={"access_token": "EAABsecret1234"},
        account=Account("1"),
        sleep=sleeper,
    )


def test_the_client_waits_out_a_throttle_that_is_http_400(kit: Any) -> None:
    sleeper = kit.sleeper()
    refused = kit.answer(_body(80000), status=400, headers=_case(2))
    client = _client(kit, [refused, {"data": []}], sleeper)
    assert client.get("/v26.0/act_1/ads").data == {"data": []}
    assert client.stats.retries == 1
    assert sleeper.waits[0] >= 120


def test_the_client_slows_down_after_a_success(kit: Any) -> None:
    sleeper = kit.sleeper()
    client = _client(kit, [kit.answer({}, headers=_case(0, 95)), {}], sleeper)
    client.get("/v26.0/act_1")
    assert sleeper.waits == []
    client.get("/v26.0/act_1")
    assert sleeper.waits == [pytest.approx(24.0, abs=0.1)]


def test_an_expired_token_is_not_refreshed_but_told(kit: Any) -> None:
    client = _client(kit, [kit.answer(_body(190, 463), status=400)], kit.sleeper())
    with pytest.raises(AuthRejected) as caught:
        client.get("/v26.0/me/adaccounts")
    assert "has expired" in caught.value.remedy


def test_a_success_is_no_error(kit: Any) -> None:
    for data in ({}, {"data": []}, [], None, "text", {"error": "text"}, {"error_code": 0}):
        assert read_error(kit.reply(data)) is None


_ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["code", "error_subcode", "message", "is_transient", "fbtrace_id"]), _ODD
    ),
    st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503]),
    st.one_of(_ODD.map(json.dumps), st.text(max_size=20)),
)
@settings(deadline=None)
def test_no_body_and_no_header_however_odd_breaks_the_readers(
    kit: Any, error: Any, status: int, usage: str
) -> None:
    names = ("X-App-Usage", "X-Business-Use-Case-Usage", "X-Ad-Account-Usage")
    reply = kit.reply({"error": error}, status, dict.fromkeys(names, usage), b"x")
    assert isinstance(read_error(reply), ConnectorError)
    assert 0 <= read_usage(reply) < float("inf")
