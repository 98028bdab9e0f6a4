"""LinkedIn's error bodies, and what each asks for."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.replies import status_error
from connectors.platforms import get

_PLATFORM = get("linkedin_ads")
_DAY = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
_MILLIONS = (
    "The data request limit has been exceeded. More than 45 million metric values were requested "
    "in a 5-minute window."
)


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (426, {"code": "NONEXISTENT_VERSION", "message": "not active"}, VersionSunset, "NONEXIST"),
        (400, {"code": "VERSION_MISSING", "message": "Add it."}, BadRequest, "VERSION_MISSING"),
        (401, {"serviceErrorCode": 65602, "message": "expired"}, AuthRejected, "65602"),
        (403, {"serviceErrorCode": 100, "message": "Not enough"}, AccountGone, "error 100"),
        (404, {"message": "no such account"}, AccountGone, "error 404: no such account"),
        (429, {"serviceErrorCode": 101, "message": _DAY}, QuotaSpent, "APPLICATION DAY"),
        (429, {"message": _MILLIONS}, RateLimited, "45 million"),
        (429, {"message": "slow down"}, RateLimited, "slow down"),
        (503, {"message": "again"}, ServerTrouble, "again"),
        (503, "no JSON object", ServerTrouble, "503"),
    ],
)
def test_each_error(
    kit: Any, status: int, body: Any, kind: type[ConnectorError], words: str
) -> None:
    reply = kit.reply(body, status, {"x-li-uuid": "u-1"})
    error = _PLATFORM.read_error(reply) or status_error(reply)
    assert type(error) is kind
    assert words in error.message


def test_what_is_wrong_with_the_question_is_named(kit: Any) -> None:
    details = {"inputErrors": [{"code": "PARAM_INVALID", "description": "wrong type"}, None]}
    body = {"status": 400, "message": "Invalid param.", "errorDetails": details}
    error = _PLATFORM.read_error(kit.reply(body, 400, {"x-li-uuid": "u-1"}))
    assert error.message == (
        "LinkedIn's error 400: Invalid param. PARAM_INVALID: wrong type (x-li-uuid u-1)"
    )


def test_what_takes_too_long_may_be_asked_for_in_less(kit: Any) -> None:
    assert _PLATFORM.read_error(kit.reply({"message": "too slow"}, 504)).less_may_help
    assert _PLATFORM.read_error(kit.reply({"message": "busy"}, 503)) is None


def test_five_minutes_are_waited_for_metric_values(kit: Any) -> None:
    error = _PLATFORM.read_error(kit.reply({"message": _MILLIONS}, 429))
    assert error.retry_after == 300
    assert _PLATFORM.read_error(kit.reply({"message": "slow down"}, 429)).retry_after is None


def test_an_expired_token_is_renewed_once(kit: Any) -> None:
    tokens = iter(["first", "second"])

    def handler(asked: Any) -> Any:
        if asked.path == "/oauth/v2/accessToken":
            assert asked.form["grant_type"] == "refresh_token"
            return {"access_token": f"access-{next(tokens)}", "expires_in": 5183999}
        if asked.headers["Authorization"] == "Bearer access-first":
            body = {"status": 401, "serviceErrorCode": 65602, "code": "EXPIRED_ACCESS_TOKEN"}
            return kit.answer(body, status=401)
        return {"elements": []}

    # In the sandbox the token's address lies below the platform's, as everything does.
    client = kit.client(kit.server(handler), platform=_PLATFORM, base_url="http://127.0.0.1:9")
    assert list(_PLATFORM.discover(client)) == []
    assert client.stats.requests == 4


def test_the_version_has_not_ended_and_its_end_is_known() -> None:
    assert _PLATFORM.api_sunset is not None
    year, month = int(_PLATFORM.api_version[:4]), int(_PLATFORM.api_version[4:])
    assert (_PLATFORM.api_sunset.year, _PLATFORM.api_sunset.month) == (year + 1, month)
    assert _PLATFORM.headers["LinkedIn-Version"] == _PLATFORM.api_version
