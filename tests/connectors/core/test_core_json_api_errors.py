"""What refusals of JSON:API mean, and what one can do about each."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core import errors
from connectors.core.json_api_errors import Refusals

READ = Refusals("Check the key.", "Give the key more scopes.", "A day has 225 requests.")


def refusal(code: str, detail: str = "", parameter: str = "") -> Any:
    source = {"parameter": parameter} if parameter else {"pointer": "/data/"}
    return {"errors": [{"code": code, "title": "No.", "detail": detail, "source": source}]}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, refusal("invalid", "'foo' is not an allowed filter.", "filter"), "BadRequest"),
        (400, refusal("invalid", "Invalid cursor.", "page[cursor]"), "ServerTrouble"),
        (400, refusal("invalid", "'x' is no field.", "fields[event]"), "FieldRefused"),
        (400, refusal("invalid", "The API key specified is invalid."), "AuthRejected"),
        (401, refusal("authentication_failed"), "AuthRejected"),
        (403, refusal("permission_denied"), "AuthRejected"),
        (403, None, "ServerTrouble"),
        (404, refusal("not_found"), "Vanished"),
        (410, refusal("gone"), "VersionSunset"),
    ],
)
def test_refusals(kit: Any, status: int, body: Any, kind: str) -> None:
    raw = b"<html>challenge</html>" if body is None else b""
    error = READ(kit.reply(body, status, body=raw))
    assert type(error).__name__ == kind
    # A list whose cursor has ended is read anew.
    assert getattr(error, "restart_chunk", False) == (status == 400 and kind == "ServerTrouble")


def test_a_field_that_is_refused_is_named(kit: Any) -> None:
    error = READ(kit.reply(refusal("invalid", "'a.b' is no field.", "fields[event]"), 400))
    assert isinstance(error, errors.FieldRefused)
    assert error.fields == ("a.b",)


def test_a_credential_is_refused_with_what_to_do(kit: Any) -> None:
    unknown, scope = (READ(kit.reply(refusal("x"), status)) for status in (401, 403))
    assert isinstance(unknown, errors.AuthRejected)
    assert isinstance(scope, errors.AuthRejected)
    assert (unknown.remedy, unknown.token_expired) == ("Check the key.", True)
    assert (scope.remedy, scope.token_expired) == ("Give the key more scopes.", False)


def test_a_short_limit_is_waited_for_and_a_long_one_is_not(kit: Any) -> None:
    soon, late = (
        READ(kit.reply(refusal("throttled"), 429, {"Retry-After": after}))
        for after in ("3", "7200")
    )
    assert isinstance(soon, errors.RateLimited)
    assert soon.retry_after == 3
    assert isinstance(late, errors.QuotaSpent)
    assert "2.0 hours" in late.remedy
    assert READ(kit.reply({}, 200)) is READ(kit.reply({}, 502)) is None
