"""Lists, reports and events as Mailchimp sends them become exact rows, with nothing personal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, AuthRejected, RateLimited, ServerTrouble
from connectors.core.extraction import extract
from connectors.core.http import Client
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.mailchimp import hooks

PLATFORM = get("mailchimp")
PAGES = Path(__file__).parent / "pages"
WINDOW = Window(datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC))
ADA = "11273c9a5dc6ae6c5aaccfb77b2addfb"


def page(name: str) -> Any:
    return json.loads((PAGES / f"{name}.json").read_text("utf-8"))


def hashed(text: str) -> str:
    return "token-" + hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.fixture
def events(kit: Any) -> Callable[..., tuple[list[dict[str, Any]], list[Any]]]:
    """Reads the events of a window; a handler answers what is no list of reports."""

    def call(handler: Callable[[Any], Any], stream: str = "email_activity", **report: Any) -> Any:
        counts = {"unsubscribed": 0, "opens": {"opens_total": 3}, "clicks": {"clicks_total": 1},
                  "bounces": {"hard_bounces": 1, "soft_bounces": 0}}  # fmt: skip
        listed = {"reports": [{"id": "a79651273b", **counts, **report}], "total_items": 1}
        server = kit.server(
            lambda asked: listed if asked.path == "/3.0/reports" else handler(asked)
        )
        account = Account("caf9055242d41edd9215d1898")
        client = kit.client(
            server, platform=PLATFORM, account=account, credential={"api_key": "0123456789-us21"}
        )
        found = extract(PLATFORM, PLATFORM.stream(stream), account, WINDOW, client, hash_pii=hashed)
        pages = list(found)
        assert [one.rejected for one in pages if one.rejected] == []
        return [row for each in pages for row in each.batch.to_pylist()], server.asked

    return call


def of_path(asked: Any) -> Any:
    return page(asked.path.rpartition("/")[2])


def test_a_report_is_a_count_to_date(read: Callable[..., Any]) -> None:
    found = read(PLATFORM, "reports", lambda _: page("reports"))
    first, old = found.rows
    assert (first["opens_total"], first["proxy_excluded_opens"]) == (412, 300)
    assert (first["revenue"], first["spent"]) == (Decimal("99.9"), Decimal(120))
    assert first["last_click_at"] is None
    assert first["sent_at"] == datetime(2026, 10, 28, 8, tzinfo=UTC)
    # What an older report lacks is unknown, not 0.
    assert (old["opens_total"], old["proxy_excluded_opens"], old["orders"]) == (3, None, None)
    assert [first["_extra"], old["_extra"]] == [None, None]
    (asked,) = found.asked
    assert asked.params["count"] == "1000"
    assert asked.params["exclude_fields"] == "reports._links,_links"


def test_what_recipients_did_in_a_window(events: Callable[..., Any]) -> None:
    rows, asked = events(of_path)
    found = {(row["action"], row["updated_at"].isoformat(), row["is_machine"]) for row in rows}
    # Opens are those with a flag; one is later than the window.
    assert found == {
        ("open", "2026-11-06T20:17:57+00:00", True),
        ("open", "2026-11-06T21:00:00+00:00", False),
        ("click", "2026-11-06T21:00:03+00:00", None),
        ("bounce", "2026-11-06T20:00:09+00:00", None),
    }
    assert {row["bounce_type"] for row in rows} == {None, "hard"}
    assert len({row["record_id"] for row in rows}) == len(rows)
    assert all(one.params["since"] == "2026-11-04T23:59:59+00:00" for one in asked[1:])
    reports = asked[0].params
    assert reports["since_send_time"] == "2026-08-07T00:00:00+00:00"
    assert reports["before_send_time"] == "2026-11-08T00:00:00+00:00"


def test_nothing_personal_is_in_a_row(events: Callable[..., Any]) -> None:
    rows, asked = events(of_path)
    shown = repr(rows)
    assert ADA not in shown
    assert "ada@example.com" not in shown
    assert "mc_eid" not in shown
    assert "1.2.3.4" not in shown
    opens = [row for row in rows if row["action"] == "open"]
    assert {row["member_id"] for row in opens} == {hashed(ADA)}
    assert {row["url"] for row in rows} == {None, "https://shop.example/tea"}
    fields = ",".join(one.params["fields"] for one in asked)
    assert "address" not in fields
    assert "merge" not in fields


@pytest.mark.parametrize(
    ("report", "paths"),
    [
        ({"opens": {"opens_total": 0}}, ["email-activity"]),
        (
            {"opens": {"opens_total": 9, "last_open": "2026-11-04T23:59:59+00:00"}},
            ["email-activity"],
        ),
        (
            {"opens": {"opens_total": 9, "last_open": "2026-11-05T00:00:00+00:00"}},
            ["open-details", "email-activity"],
        ),
        ({"clicks": {"clicks_total": 0}, "bounces": {"hard_bounces": 0, "soft_bounces": 0}},
         ["open-details"]),
        ({"clicks": {}}, ["open-details", "email-activity"]),
    ],
    ids=["none", "none since", "some since", "opens alone", "not said"],
)  # fmt: skip
def test_only_lists_that_can_hold_something_are_asked_for(
    events: Callable[..., Any], report: dict[str, Any], paths: list[str]
) -> None:
    _, asked = events(of_path, **report)
    assert [one.path.rpartition("/")[2] for one in asked[1:]] == paths


def test_a_campaign_that_is_deleted_meanwhile_has_no_events(
    kit: Any, events: Callable[..., Any]
) -> None:
    gone = {"title": "Resource Not Found", "status": 404, "detail": "It could not be found."}
    rows, _ = events(lambda _: kit.answer(gone, status=404))
    assert rows == []


def test_members_are_asked_for_by_audience_and_archived_ones_beside_the_others(
    events: Callable[..., Any],
) -> None:
    changed = {"id": ADA, "email_address": "Ada@Example.com", "list_id": "16d6ec4ffc",
               "last_changed": "2026-11-06T00:00:00+00:00", "timestamp_opt": ""}  # fmt: skip
    earlier = {**changed, "last_changed": "2026-11-04T23:59:59+00:00"}

    def handler(asked: Any) -> Any:
        if asked.path == "/3.0/lists":
            return {"lists": [{"id": "16d6ec4ffc"}], "total_items": 1}
        status = asked.params.get("status")
        rows = [{**one, "status": status or "subscribed"} for one in (earlier, changed)]
        return {"members": rows[: 1 if status else 2], "total_items": 1 if status else 2}

    rows, asked = events(handler, stream="members")
    # The first of both is of the bound itself, which is not part of the window.
    assert [(row["status"], row["joined_at"]) for row in rows] == [("subscribed", None)]
    assert rows[0]["email"] == hashed("ada@example.com")
    assert rows[0]["record_id"] == hashed(f"16d6ec4ffc/{ADA}")
    assert [one.params.get("status") for one in asked[1:]] == [None, "archived"]
    assert all("merge" not in one.params["fields"] for one in asked)


@pytest.mark.parametrize(
    ("credential", "place"),
    [
        ({"api_key": "0123-us21"}, "us21"),
        ({"api_key": "01-23-us6"}, "us6"),
        ({"access_token": "abc", "data_centre": "US10"}, "us10"),
    ],
)
def test_the_key_names_the_data_centre(
    monkeypatch: pytest.MonkeyPatch, credential: dict[str, str], place: str
) -> None:
    monkeypatch.delenv("TRIBUTARY_SANDBOX", raising=False)
    assert Client(PLATFORM, credential).base_url == f"https://{place}.api.mailchimp.com"


def test_a_key_without_a_data_centre_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIBUTARY_SANDBOX", raising=False)
    with pytest.raises(AuthRejected, match="data centre"):
        Client(PLATFORM, {"api_key": "0123456789"})
    # What is no part of a host's name leads nowhere.
    with pytest.raises(ValueError, match="no part of an address"):
        Client(PLATFORM, {"api_key": "0123-us21.evil.example/"})


def test_a_key_of_another_account_is_refused(kit: Any) -> None:
    server = kit.server(lambda _: {"account_id": "f00d", "account_name": "Other"})
    client = kit.client(server, platform=PLATFORM, credential={"api_key": "0-us21"})
    with pytest.raises(AccountGone, match="f00d, not caf9"):
        hooks.describe_account(client, Account("caf9"))


HTML = b"<html><title>Request Blocked</title></html>"


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        (401, {"title": "API Key Invalid", "detail": "or the wrong datacenter"}, AuthRejected,
         "whole"),
        (403, {"title": "User Disabled", "detail": "disabled"}, AuthRejected, "owner"),
        (403, HTML, RateLimited, "Blocked"),
        (503, HTML, RateLimited, "Blocked"),
        (429, {"title": "Too Many Requests", "detail": "10 simultaneous"}, RateLimited, "10"),
        (502, HTML, ServerTrouble, "502"),
    ],
)  # fmt: skip
def test_refusals_are_read(kit: Any, status: int, body: Any, error: type, says: str) -> None:
    sent = {"body": body} if isinstance(body, bytes) else {"data": body}
    server = kit.server(lambda _: kit.answer(status=status, **sent))
    client = kit.client(server, platform=PLATFORM, credential={"api_key": "0-us21"})
    with pytest.raises(error, match=says):
        client.get("/3.0/")
