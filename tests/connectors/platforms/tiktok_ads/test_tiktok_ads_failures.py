"""TikTok's codes, and what each asks for."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    RateLimited,
    ServerTrouble,
    TooHeavy,
    VersionSunset,
)
from connectors.platforms import get

_PLATFORM = get("tiktok_ads")


@pytest.mark.parametrize(
    ("code", "said", "kind"),
    [
        (40000, "exceeds 10000 advertisements", TooHeavy),
        (40001, "No permission to operate the advertiser", AccountGone),
        (40001, "Requests made too frequently", RateLimited),
        (40002, "max time span is 30 days when use stat_time_day", BadRequest),
        (40002, "Invalid metric fields: ['voucher_spend', 'reach'].", FieldRefused),
        (40002, "The version of this API is no longer supported", VersionSunset),
        (40007, "no such object", AccountGone),
        (40100, "App reaches the QPS limit 20", RateLimited),
        (40100, "", RateLimited),
        (40101, "app", AuthRejected),
        (40105, "Access token is incorrect or has been revoked.", AuthRejected),
        (40110, "auth_code", AuthRejected),
        (40201, "task not ready", ServerTrouble),
        (40300, "scope", AuthRejected),
        (40700, "validation", ServerTrouble),
        (41000, "country", AuthRejected),
        (40999, "something new", BadRequest),
        (50002, "internal", ServerTrouble),
        (51021, "busy", RateLimited),
        (51039, "internal service timeout", ServerTrouble),
    ],
)
def test_each_code(kit: Any, code: int, said: str, kind: type[ConnectorError]) -> None:
    error = _PLATFORM.read_error(
        kit.reply({"code": code, "message": said, "request_id": "r-1", "data": {}})
    )
    assert type(error) is kind
    assert f"error {code}: {said or 'no reason given'} (request_id r-1)" in error.message


@pytest.mark.parametrize(("code", "less"), [(51039, True), (50002, False), (40002, False)])
def test_what_takes_too_long_may_be_asked_for_in_less(kit: Any, code: int, less: bool) -> None:
    said = "internal error" if code == 50002 else "internal service timeout"
    assert _PLATFORM.read_error(kit.reply({"code": code, "message": said})).less_may_help is less


def test_the_fields_of_a_refusal_are_named(kit: Any) -> None:
    said = "Invalid metric fields: ['voucher_spend', 'reach']."
    error = _PLATFORM.read_error(kit.reply({"code": 40002, "message": said}))
    assert error.fields == ("voucher_spend", "reach")


@pytest.mark.parametrize("data", [{"code": 0}, {"code": "0"}, {}, [], None, "text"])
def test_what_holds_no_code_is_no_error_of_theirs(kit: Any, data: Any) -> None:
    assert _PLATFORM.read_error(kit.reply(data)) is None


def test_an_answer_that_leaves_rows_out_is_too_heavy(kit: Any) -> None:
    headers = {"x-tt-ads-throttle": "Number of ad ids is equal or more than 20k"}
    error = _PLATFORM.read_error(kit.reply({"code": 0}, 200, headers))
    assert isinstance(error, TooHeavy)
    assert "20k" in error.message


def test_a_refused_pace_is_kept_to_and_the_rows_still_come(kit: Any) -> None:
    answers = [{"code": 40100, "message": "QPS"}] * 3 + [{"code": 0, "data": {"list": []}}]
    server = kit.server(lambda _: answers.pop(0))
    sleeper = kit.sleeper()
    credential = {"access_token": "t", "app_id": "1", "secret": "s-0123456789"}
    client = kit.client(server, platform=_PLATFORM, credential=credential, sleep=sleeper)
    assert list(_PLATFORM.discover(client)) == []
    assert len(sleeper.waits) == 3
