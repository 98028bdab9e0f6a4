"""Links, stages, owners, forms and mails as HubSpot sends them, and what its refusals mean."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.window import Window
from connectors.platforms import get

DAYS = Window(date(2026, 11, 1), date(2026, 11, 3))
_LIMIT = {"status": "error", "message": "You have reached your limit.", "errorType": "RATE_LIMIT"}


def millis(*moment: int) -> int:
    return round(datetime(2026, *moment, tzinfo=UTC).timestamp() * 1000)


def test_links_go_on_and_deals_without_any_are_no_trouble(api: Any, made: Any, kit: Any) -> None:
    api.answers[f"{made.objects}deals"] = made.page({"id": "9001"}, {"id": "9002"})
    primary = {"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"}

    def companies(asked: Any) -> Any:
        after = asked.json["inputs"][0].get("after")
        to = {"toObjectId": 71 if after else 70, "associationTypes": [primary] if not after else []}
        row = {"from": {"id": "9001"}, "to": [to]}
        more = {} if after else {"paging": {"next": {"after": "x"}}}
        errors = {"numErrors": 1, "errors": [{"category": "OBJECT_NOT_FOUND"}]}
        return kit.answer({"results": [{**row, **more}], **errors}, status=207)

    api.answers["/crm/associations/2026-09/deals/companies/batch/read"] = companies
    rows = api.rows("associations")
    assert [(one["object_type"], one["object_id"], one["is_primary"]) for one in rows] == [
        ("companies", "70", True),
        ("companies", "71", False),
    ]
    assert json.loads(rows[0]["labels"]) == ["Primary"]
    asked = [one.json["inputs"] for one in api.asked if one.path.endswith("companies/batch/read")]
    assert asked == [[{"id": "9001"}, {"id": "9002"}], [{"id": "9001", "after": "x"}]]


def test_a_pipeline_is_its_stages(api: Any, made: Any) -> None:
    stage = {"id": "closedwon", "label": "Won", "displayOrder": 4, "archived": False}
    stage |= {"metadata": {"isClosed": "true", "probability": "1.0"}, "writePermissions": "X"}
    pipeline = {"id": "default", "label": "Sales", "displayOrder": 0, "archived": True}
    api.answers["/crm/pipelines/2026-09/deals"] = made.page({**pipeline, "stages": [stage]})
    (row,) = api.rows("pipelines")
    assert (row["pipeline_name"], row["stage_id"], row["stage_order"]) == ("Sales", "closedwon", 4)
    assert (row["is_closed"], row["probability"], row["is_archived"]) == (True, Decimal(1), True)
    assert row["_extra"] is None


def test_owners_who_left_are_asked_for_apart(api: Any, made: Any) -> None:
    def answer(asked: Any) -> Any:
        gone = asked.params["archived"] == "true"
        said = {"firstName": "Kim", "email": "Kim@A.example", "archived": gone, "userId": 9}
        return made.page({"id": "2" if gone else "1", **said})

    api.answers["/crm/owners/2026-09"] = answer
    here, gone = api.rows("owners")
    assert (here["is_archived"], gone["is_archived"], gone["owner_id"]) == (False, True, "2")
    assert (here["email"], here["user_id"]) == ("<kim@a.example>", "9")


def test_forms_are_read_until_their_day_without_what_was_typed_in(api: Any, made: Any) -> None:
    # Whoever sends a form says of which page it is.
    pages_of = {4: "https://[x/"}

    def sent(number: int, at: int) -> Any:
        values = [{"name": "email", "value": "Ada@b.example"}, {"name": "plan", "value": "secret"}]
        page = pages_of.get(number, "https://a.example/offers?email=ada@b.example")
        return {"conversionId": f"c{number}", "submittedAt": at, "values": values, "pageUrl": page}

    api.answers["/marketing/forms/2026-09"] = made.page({"id": "f1", "name": "Offer"})
    # In Kolkata the 1st begins at 18:30 of the day before.
    newest = [sent(3, millis(11, 3, 12)), sent(4, millis(11, 1)), sent(2, millis(10, 31, 19))]
    older = [sent(1, millis(10, 31, 18)), sent(0, millis(10, 1))]
    path = "/form-integrations/v1/submissions/forms/f1"
    pages = {None: made.page(*newest, after="a"), "a": made.page(*older, after="b")}
    api.answers[path] = lambda asked: pages[asked.params.get("after")]
    odd, row = api.rows("form_submissions", DAYS)
    assert (odd["submission_id"], odd["page_path"]) == ("c4", None)
    assert (row["submission_id"], row["date"]) == ("c2", date(2026, 11, 1))
    assert (row["form_name"], row["email"]) == ("Offer", "<ada@b.example>")
    assert row["page_path"] == "/offers"
    assert "secret" not in str(row)


def test_mails_are_read_to_the_last_page(api: Any) -> None:
    def answer(asked: Any) -> Any:
        start = int(asked.params.get("offset", 0))
        event = {"id": f"e{start}", "created": millis(11, 1, 12, 0, start), "type": "OPEN"}
        event |= {"recipient": "ada@b.example", "userAgent": "x", "location": {"city": "Pune"}}
        return {"hasMore": start < 2, "offset": str(start + 1), "events": [event]}

    api.answers["/email/public/v1/events"] = answer
    rows = api.rows("email_events", DAYS)
    assert [one["event_id"] for one in rows] == ["e0", "e1", "e2"]
    assert {one["recipient"] for one in rows} == {"<ada@b.example>"}
    assert {one["_extra"] for one in rows} == {None}
    assert api.asked[0].params["startTimestamp"] == str(millis(10, 31, 18, 30))


def test_a_plan_without_forms_is_reported_and_empties_no_other_stream(api: Any, kit: Any) -> None:
    details = {"portalId": 48120003, "timeZone": "Asia/Kolkata", "companyCurrency": "INR"}
    api.answers["/account-info/2026-09/details"] = details
    refused = {"category": "MISSING_SCOPES", "message": "x", "errors": [
        {"context": {"requiredGranularScopes": ["forms"]}}]}  # fmt: skip
    api.answers["/marketing/forms/2026-09"] = kit.answer(refused, status=403)
    api.answers["/email/public/v1/events"] = {"hasMore": False, "events": []}
    client = kit.client(kit.server(api), platform=api.platform, credential=api.credential)
    account = api.platform.describe_account(client, api.account)
    assert (account.currency, account.time_zone) == ("INR", "Asia/Kolkata")
    assert account.granted == {"content"}
    (missing,) = api.platform.shortfalls(account)
    assert (missing.missing, missing.is_error) == ("forms", False)
    # A stream that is asked for all the same names the scope.
    with pytest.raises(AuthRejected, match="forms") as caught:
        api.rows("form_submissions", DAYS)
    assert "Grant forms" in caught.value.remedy
    api.account = account
    assert api.rows("form_submissions", DAYS) == []
    with pytest.raises(AccountGone, match="48120003"):
        api.platform.describe_account(client, replace(account, id="7"))


@pytest.mark.parametrize(
    ("status", "body", "headers", "error"),
    [
        (429, {**_LIMIT, "policyName": "DAILY"}, {}, QuotaSpent),
        (429, {**_LIMIT, "policyName": "TEN_SECONDLY_ROLLING"}, {}, RateLimited),
        (423, {"message": "locked"}, {}, RateLimited),
        (477, {"message": "moving"}, {"Retry-After": "86400"}, QuotaSpent),
        (477, {"message": "moving"}, {"Retry-After": "20"}, ServerTrouble),
        (401, {"category": "EXPIRED_AUTHENTICATION"}, {}, AuthRejected),
        (530, None, {}, AuthRejected),
        (403, {"category": "BANNED"}, {}, AuthRejected),
        (410, {"category": "GONE"}, {}, VersionSunset),
    ],
)
def test_refusals(kit: Any, status: int, body: Any, headers: Any, error: type) -> None:
    found = get("hubspot").read_error(kit.reply(body, status, headers))
    assert type(found) is error


def test_how_long_limits_want_one_to_wait(kit: Any) -> None:
    platform = get("hubspot")
    waits = {
        policy: platform.read_error(
            kit.reply({**_LIMIT, "policyName": policy}, 429, headers)
        ).retry_after
        for policy, headers in (
            ("SECONDLY", {}),
            ("TEN_SECONDLY_ROLLING", {}),
            ("OTHER", {"Retry-After": "7"}),
        )
    }
    assert waits == {"SECONDLY": 1, "TEN_SECONDLY_ROLLING": 10, "OTHER": 7}
    assert platform.read_error(kit.reply(None, 500)) is None
    used = kit.reply({}, 200, {"X-HubSpot-RateLimit-Remaining": "0"})
    assert (platform.read_usage(used), platform.read_usage(kit.reply({}))) == (10, 0)


def test_an_app_that_was_installed_signs_in_by_its_refresh_token(
    api: Any, made: Any, kit: Any
) -> None:
    secrets = {"client_id": "id-0123456789", "client_secret": "secret-0123456789"}
    api.credential = {**secrets, "refresh_token": "refresh-0123456789"}
    token = {"access_token": "access-0123456789", "expires_in": 1800, "hub_id": 1}
    expired = kit.answer({"category": "EXPIRED_AUTHENTICATION", "message": "expired"}, status=401)
    api.answers["/oauth/2026-09/token"] = [token, {**token, "access_token": "access-9876543210"}]
    api.answers["/crm/pipelines/2026-09/deals"] = [expired, made.page()]
    assert api.rows("pipelines") == []
    first, refused, second, answered = api.asked
    assert first.form["grant_type"] == second.form["grant_type"] == "refresh_token"
    assert refused.headers["Authorization"] == "Bearer access-0123456789"
    assert answered.headers["Authorization"] == "Bearer access-9876543210"
    api.answers["/oauth/2026-09/token"] = kit.answer(
        {"status": "BAD_REFRESH_TOKEN", "message": "missing or invalid refresh token"}, status=400
    )
    with pytest.raises(AuthRejected):
        api.rows("owners")
