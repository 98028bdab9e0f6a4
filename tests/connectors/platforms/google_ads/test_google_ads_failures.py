"""Each of Google's errors becomes the error of ours that says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from google.ads.googleads.v26.errors.types.errors import ErrorCode
from hypothesis import given
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
    ShapeChanged,
    TooHeavy,
    VersionSunset,
)
from connectors.platforms import get
from connectors.platforms.google_ads import failures
from connectors.platforms.google_ads.failures import read_error, seconds

_PLATFORM = get("google_ads")
_CREDENTIAL = {"client_id": "c", "client_secret": "secret-1", "refresh_token": "refresh-1"}
_FAILURE = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"


def _body(
    category: str, code: str, delay: str | None = None, status: str = "", message: str = "Why."
) -> dict[str, Any]:
    error: dict[str, Any] = {"errorCode": {category: code}, "message": message}
    if delay:
        quota = {"rateScope": "ACCOUNT", "rateName": "Requests", "retryDelay": delay}
        error["details"] = {"quotaErrorDetails": quota}
    details = [{"@type": _FAILURE, "errors": [error], "requestId": "aBc"}]
    return {"error": {"code": 400, "message": "Request failed.", "status": status,
                      "details": details}}  # fmt: skip


_TABLE: list[tuple[int, str, str, type[ConnectorError]]] = [
    (401, "authenticationError", "OAUTH_TOKEN_EXPIRED", AuthRejected),
    (401, "authenticationError", "OAUTH_TOKEN_INVALID", AuthRejected),
    (401, "authenticationError", "OAUTH_TOKEN_REVOKED", AuthRejected),
    (401, "authenticationError", "CUSTOMER_NOT_FOUND", AccountGone),
    (401, "authenticationError", "NOT_ADS_USER", AuthRejected),
    (401, "authenticationError", "TWO_STEP_VERIFICATION_NOT_ENROLLED", AuthRejected),
    (403, "authorizationError", "USER_PERMISSION_DENIED", AccountGone),
    (403, "authorizationError", "CUSTOMER_NOT_ENABLED", AccountGone),
    (403, "authorizationError", "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", AuthRejected),
    (
        403,
        "authorizationError",
        "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION",
        AccountGone,
    ),
    (403, "authorizationError", "METRIC_ACCESS_DENIED", AuthRejected),
    (400, "queryError", "UNRECOGNIZED_FIELD", FieldRefused),
    (
        400,
        "queryError",
        "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        BadRequest,
    ),
    (400, "queryError", "DATE_RANGE_TOO_WIDE", TooHeavy),
    (400, "queryError", "FILTER_HAS_TOO_MANY_VALUES", BadRequest),
    (400, "queryError", "REQUESTED_METRICS_FOR_MANAGER", BadRequest),
    (400, "queryError", "BAD_SYMBOL", BadRequest),
    (400, "requestError", "INVALID_PAGE_TOKEN", BadRequest),
    (400, "requestError", "EXPIRED_PAGE_TOKEN", ServerTrouble),
    (400, "requestError", "PAGE_SIZE_NOT_SUPPORTED", BadRequest),
    (400, "requestError", "UNSUPPORTED_VERSION", VersionSunset),
    (400, "requestError", "INVALID_CUSTOMER_ID", BadRequest),
    (400, "clickViewError", "DATE_TOO_OLD", BadRequest),
    (429, "quotaError", "RESOURCE_EXHAUSTED", RateLimited),
    (429, "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", RateLimited),
    (429, "quotaError", "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION", RateLimited),
    (429, "quotaError", "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", RateLimited),
    (403, "quotaError", "ACCESS_PROHIBITED", AuthRejected),
    (500, "internalError", "INTERNAL_ERROR", ServerTrouble),
    (503, "internalError", "TRANSIENT_ERROR", ServerTrouble),
    (504, "internalError", "DEADLINE_EXCEEDED", ServerTrouble),
]


@pytest.mark.parametrize("wrapped", [False, True], ids=["object", "array"])
@pytest.mark.parametrize(("status", "category", "code", "kind"), _TABLE, ids=lambda v: str(v))
def test_each_code_has_its_class_and_remedy(
    kit: Any, status: int, category: str, code: str, kind: type[ConnectorError], wrapped: bool
) -> None:
    body = _body(category, code)
    error = read_error(kit.reply([body] if wrapped else body, status))
    assert type(error) is kind
    assert error is not None
    assert code in error.message
    assert "Why." in error.message
    assert error.remedy


def test_every_code_of_the_table_is_one_of_googles() -> None:
    """Compared with the enums of the official package."""
    fields = {field.json_name: field for field in ErrorCode.pb().DESCRIPTOR.fields}
    for category, code in failures._BY_CODE:
        if category != "errorInfo":
            assert code in fields[category].enum_type.values_by_name, (category, code)
    assert set(failures._BY_CATEGORY) <= set(fields)


@pytest.mark.parametrize(
    ("code", "refreshes"),
    [
        ("OAUTH_TOKEN_EXPIRED", True),
        ("OAUTH_TOKEN_INVALID", True),
        ("OAUTH_TOKEN_REVOKED", True),
        ("NOT_ADS_USER", False),
    ],
)
def test_only_a_tokens_trouble_is_worth_a_refresh(kit: Any, code: str, refreshes: bool) -> None:
    error = read_error(kit.reply(_body("authenticationError", code), 401))
    assert isinstance(error, AuthRejected)
    assert error.token_expired is refreshes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", 30.0),
        ("1.500s", 1.5),
        ("0.000000001s", 1e-9),
        ("0s", 0.0),
        ("30", None),
        ("soon", None),
        ("-3s", None),
        ("infs", None),
        ("nans", None),
        ("s", None),
        (30, None),
        (None, None),
        ({"seconds": 3}, None),
    ],
)
def test_durations(text: object, expected: float | None) -> None:
    assert seconds(text) == expected


def test_the_delay_is_honoured_and_a_long_one_is_the_days_allowance(kit: Any) -> None:
    short = read_error(kit.reply(_body("quotaError", "RESOURCE_EXHAUSTED", "2.5s"), 429))
    assert isinstance(short, RateLimited)
    assert short.retry_after == 2.5
    long = read_error(kit.reply(_body("quotaError", "RESOURCE_EXHAUSTED", "36000s"), 429))
    assert isinstance(long, QuotaSpent)
    assert "36000 s" in long.message


def test_the_delay_may_stand_in_a_retry_info(kit: Any) -> None:
    body = {
        "error": {
            "code": 429,
            "status": "RESOURCE_EXHAUSTED",
            "message": "slow",
            "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "4s"}],
        }
    }
    error = read_error(kit.reply(body, 429))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 4.0


@pytest.mark.parametrize(
    ("status", "name", "reason", "kind"),
    [
        (403, "PERMISSION_DENIED", "SERVICE_DISABLED", AuthRejected),
        (403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", AuthRejected),
        (403, "PERMISSION_DENIED", "SOMETHING_NEW", AuthRejected),
        (401, "UNAUTHENTICATED", "", AuthRejected),
        (503, "UNAVAILABLE", "", ServerTrouble),
        (429, "RESOURCE_EXHAUSTED", "", RateLimited),
        (400, "INVALID_ARGUMENT", "", BadRequest),
        (404, "NOT_FOUND", "", BadRequest),
        (200, "SOMETHING_NEW", "", ServerTrouble),
    ],
)
def test_errors_without_a_code_of_google_ads(
    kit: Any, status: int, name: str, reason: str, kind: type[ConnectorError]
) -> None:
    info = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    body = {"error": {"status": name, "message": "m", "details": info if reason else []}}
    assert type(read_error(kit.reply(body, status))) is kind


def test_a_success_is_no_error(kit: Any) -> None:
    for data in ({}, {"results": []}, [], [{"results": []}], None, "text"):
        assert read_error(kit.reply(data)) is None


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    ["error", "details", "errors", "errorCode", "quotaErrorDetails", "message",
                     "retryDelay", "status", "reason", "quotaError", "code"]
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=20,
    ),
    st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503]),
)  # fmt: skip
def test_no_body_however_odd_breaks_the_reader(kit: Any, data: Any, status: int) -> None:
    error = read_error(kit.reply({"error": data}, status))
    assert error is None or isinstance(error, ConnectorError)


def _client(kit: Any, handler: Any, sleeper: Any = None) -> Any:
    return kit.client(
        kit.server(handler),
        platform=_PLATFORM,
        credential=_CREDENTIAL,
        account=Account("1"),
        sleep=sleeper or kit.sleeper(),
    )


def test_a_fractional_delay_is_what_the_client_waits(kit: Any) -> None:
    answers = [
        kit.answer([_body("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", "1.5s")], status=429),
        {"results": []},
    ]
    sleeper = kit.sleeper()
    client = _client(
        kit, lambda a: dict(kit.token) if a.path == "/token" else answers.pop(0), sleeper
    )
    client.post("/v26/customers/1/googleAds:search", json={})
    assert 1.5 <= sleeper.waits[0] <= 1.8


def test_an_expired_token_is_refreshed_and_the_page_comes(kit: Any) -> None:
    expired = kit.answer(_body("authenticationError", "OAUTH_TOKEN_EXPIRED"), status=401)
    answers = [expired, {"results": []}]
    client = _client(kit, lambda a: dict(kit.token, access_token=f"token-{len(answers)}")
                     if a.path == "/token" else answers.pop(0))  # fmt: skip
    assert client.post("/v26/x", json={}).data == {"results": []}
    assert client.stats.retries == 1


def test_a_revoked_grant_says_to_connect_again(kit: Any) -> None:
    body = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
    with pytest.raises(AuthRejected, match="invalid_grant") as caught:
        _client(kit, lambda asked: kit.answer(body, status=400)).post("/v26/x", json={})
    assert "Connect the account again" in caught.value.remedy


def test_a_page_of_html_is_shown_by_its_beginning(kit: Any) -> None:
    def handler(asked: Any) -> Any:
        if asked.path == "/token":
            return dict(kit.token)
        return kit.answer(body=b"<html><title>Error 404</title>" + b"x" * 5000, status=404)

    with pytest.raises(BadRequest, match="Error 404") as caught:
        _client(kit, handler).post("/v26/x", json={})
    assert len(str(caught.value)) < 1000


def test_a_token_address_that_sends_html_is_a_broken_body_not_a_crash(kit: Any) -> None:
    with pytest.raises((ShapeChanged, ConnectorError)):
        _client(kit, lambda asked: kit.answer(body=b"<html>")).post("/v26/x", json={})
