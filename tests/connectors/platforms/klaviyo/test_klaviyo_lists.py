"""Lists as Klaviyo sends them: what is included joins its own page, nothing personal stays."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.core.errors import ShapeChanged
from connectors.core.window import Window

DAYS = Window(date(2026, 11, 1), date(2026, 11, 3))
INSTANTS = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
NEXT = "/api/events?page%5Bcursor%5D=bmV4&filter=kept"
SENDER = "ada@example.com"


def test_campaigns_come_with_their_messages_from_two_lists_a_channel(api: Any, made: Any) -> None:
    related = {"campaign-messages": [("campaign-message", "X1")], "tags": []}
    said = {"name": "October", "status": "Sent", "archived": True}
    said |= {"audiences": {"included": ["L1"]}, "send_time": "2026-10-28T08:00:00+00:00"}
    campaign = made.entity("campaign", "C1", related, **said)
    content = {"subject": "Boots", "from_email": SENDER, "preview_text": "Warm"}
    definition = {"channel": "email", "label": "A", "content": content}
    message = made.entity("campaign-message", "X1", definition=definition)

    def answer(asked: Any) -> Any:
        wanted = asked.params["filter"]
        is_there = "'email'" in wanted and "archived,true" in wanted
        return made.page(*[campaign] * is_there, included=[message] * is_there)

    api.answers["/api/campaigns"] = answer
    (row,) = api.rows("campaigns")
    assert {one.params["include"] for one in api.asked} == {"campaign-messages"}
    assert (len(api.asked), row["campaign_id"], row["channel"]) == (6, "C1", "email")
    assert (row["sent_at"].hour, json.loads(row["included_audiences"])) == (8, ["L1"])
    (kept,) = json.loads(row["messages"])
    named = {"id": "X1", "channel": "email", "label": "A", "subject": "Boots"}
    assert (kept, row["_extra"]) == ({**named, "send_times": None}, None)


def test_a_campaign_of_the_next_revision_is_not_read_as_one_of_nulls(api: Any, made: Any) -> None:
    definition = {"name": "October", "archived": False}
    api.answers["/api/campaigns"] = made.page(made.entity("campaign", "C1", definition=definition))
    with pytest.raises(ShapeChanged, match="newer revision"):
        api.rows("campaigns")
    headers = api.asked[0].headers
    assert headers["revision"] == "2026-07-15"
    assert headers["Authorization"] == "Klaviyo-API-Key pk_0123456789"


def test_messages_of_flows_are_found_by_the_actions_that_send(api: Any, made: Any) -> None:
    entity, page = made.entity, made.page
    related = {"flow-actions": [("flow-action", one) for one in ("A1", "A2", "A3", "A4")]}
    actions = [
        entity("flow-action", "A1", definition={"type": "send-email"}),
        entity("flow-action", "A2", action_type="TIME_DELAY"),
        entity("flow-action", "A3", action_type="SEND_SMS"),
    ]
    api.answers["/api/flows"] = [page(entity("flow", "F1", related), included=actions), page()]
    content = {"subject": "Welcome", "from_email": SENDER}
    message = entity("flow-message", "Y1", name="One", channel="email", content=content)
    api.answers["/api/flow-actions/A1/flow-messages"] = page(message)
    # Taken out of the flow since it was listed.
    gone = {"errors": [{"code": "not_found"}]}
    api.answers["/api/flow-actions/A3/flow-messages"] = api.kit.answer(gone, status=404)
    (row,) = api.rows("flow_messages")
    assert (row["flow_message_id"], row["flow_id"], row["flow_action_id"]) == ("Y1", "F1", "A1")
    assert (row["subject"], row["_extra"]) == ("Welcome", None)
    # One that does not say what it does is asked as well.
    paths = [one.path.split("/") for one in api.asked]
    assert [one[3] for one in paths if "flow-actions" in one] == ["A1", "A3", "A4"]


def test_events_are_of_the_accounts_own_day_and_keep_what_is_known(api: Any, made: Any) -> None:
    def event(id_: str, time: str, metric: str, **properties: Any) -> Any:
        related = {"metric": ("metric", metric), "profile": ("profile", "P1"), "attributions": []}
        said = {"datetime": time, "timestamp": 1, "uuid": "u", "event_properties": properties}
        return made.entity("event", id_, related, **said)

    order = {"$value": 29.9, "$event_id": "7", "OrderId": "1001", "Email": SENDER}
    first = event("E1", "2026-11-01T23:30:00+00:00", "M1", **order)
    second = event("E2", "2026-11-01T12:00:00+00:00", "M2", **{"$message": "X1", "URL": "/ada"})
    names = [made.entity("metric", id_, name=id_.lower()) for id_ in ("M1", "M2")]
    api.answers["/api/events"] = [
        made.page(first, included=names[:1], after=f"https://a.klaviyo.com{NEXT}"),
        made.page(second, included=names[1:]),
    ]
    placed, click = api.rows("events", DAYS)
    assert (placed["date"], placed["metric_name"]) == (date(2026, 11, 2), "m1")
    assert (placed["value"], placed["order_id"]) == (Decimal("29.9"), "1001")
    assert (click["date"], click["metric_name"]) == (date(2026, 11, 1), "m2")
    assert (click["message_id"], "ada" in repr([placed, click])) == ("X1", False)
    one, two = api.asked
    # Berlin's midnights, and the address of the second page as it came.
    since, until = "2026-10-31T23:00:00Z", "2026-11-02T23:00:00Z"
    bounds = f"and(greater-or-equal(datetime,{since}),less-than(datetime,{until}))"
    assert one.params["filter"] == bounds
    assert two.url.endswith(NEXT)


def test_profiles_are_tokens_and_the_lower_bound_is_a_second_earlier(api: Any, made: Any) -> None:
    marketing = {"consent": "SUBSCRIBED", "can_receive_email_marketing": True, "method": "FORM"}
    said = {
        "email": "Ada@Example.com",
        "phone_number": "+49 30 1234567",
        "first_name": "Ada",
        "external_id": "ada-1",
        "updated": "2026-11-01T00:00:00+00:00",
        "location": {"city": "Ulm", "country": "Germany", "zip": "89073"},
        "properties": {"Shoe size": "Ada's"},
        "subscriptions": {"email": {"marketing": marketing}, "sms": None},
    }
    api.answers["/api/profiles"] = made.page(made.entity("profile", "P1", **said))
    (row,) = api.rows("profiles", INSTANTS)
    assert (row["email"], row["phone"]) == (f"<{SENDER}>", "<+49301234567>")
    assert (row["country"], row["email_consent"]) == ("Germany", "SUBSCRIBED")
    text = repr(row).replace(f"<{SENDER}>", "").lower()
    assert not [one for one in ("ada", "ulm", "89073") if one in text]
    (asked,) = api.asked
    since, until = "2026-10-31T23:59:59Z", "2026-11-03T00:00:00Z"
    bounds = f"and(greater-than(updated,{since}),less-than(updated,{until}))"
    assert asked.params["filter"] == bounds
    fields = set(asked.params["fields[profile]"].split(","))
    assert not fields & {"first_name", "last_name", "properties", "external_id", "location"}
