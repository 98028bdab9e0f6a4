"""Records as HubSpot sends them: whole lists, what changed, the bin, merges, histories."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.core.errors import ShapeChanged
from connectors.core.window import BEGINNING, Window

NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)
SINCE = Window(datetime(2026, 11, 1, tzinfo=UTC), NOW)
ALL = Window(BEGINNING, NOW)


def filters(asked: Any) -> dict[tuple[str, str], str]:
    (group,) = asked.json["filterGroups"]
    return {(one["propertyName"], one["operator"]): one["value"] for one in group["filters"]}


def test_the_first_window_is_the_whole_list(api: Any, made: Any) -> None:
    path = f"{made.objects}contacts"
    more = made.page(made.record(152, email=""))

    def answer(asked: Any) -> Any:
        if asked.params["archived"] == "true":
            return made.page()
        return more if asked.params.get("after") == "152" else made.recorded("contacts")

    api.answers[path] = answer
    first, second = api.rows("contacts", ALL)
    assert (first["record_id"], first["email"]) == ("151", "<ada@b.example>")
    assert (first["source"], first["company_id"]) == ("PAID_SOCIAL", "5000526215")
    # Both lists of ids are read, each id once.
    assert json.loads(first["merged_ids"]) == ["90", "140"]
    assert first["updated_at"] == datetime(2026, 11, 1, 9, 12, 3, 554000, UTC)
    # An empty text is no value, and nothing else of the person is kept.
    assert (second["email"], first["country"], first["_extra"]) == (None, None, None)
    assert "Ada" not in json.dumps(first, default=str)
    asked = api.asked[0].params
    assert {one.method for one in api.asked} == {"GET"}
    names = set(asked["properties"].split(","))
    assert names >= {"email", "hs_merged_object_ids", "hs_calculated_merged_vids", "utm_campaign"}
    assert not names & {"firstname", "lastname", "phone"}


def test_changes_are_walked_by_id_within_a_window_that_has_ended(api: Any, made: Any) -> None:
    """25,000 records of one instant in pages of 200, of which none is asked for by its place."""
    ids = range(1, 25_001)

    def answer(asked: Any) -> Any:
        after = int(filters(asked)["hs_object_id", "GT"])
        assert "after" not in asked.json
        rows = [made.record(one) for one in ids[after : after + 200]]
        return made.page(*rows, after="200" if after + 200 < len(ids) else None)

    api.answers[f"{made.objects}companies/search"] = answer
    rows = api.rows("companies", SINCE)
    assert [int(one["record_id"]) for one in rows] == list(ids)
    first = api.asked[0]
    assert filters(first) == {
        ("hs_lastmodifieddate", "GTE"): "1793491200000",
        ("hs_lastmodifieddate", "LT"): "1794722400000",
        ("hs_object_id", "GT"): "0",
    }
    assert (first.json["limit"], len(first.json["sorts"])) == (200, 1)
    # One page more, and the bin.
    assert len(api.asked) == 126


def test_contacts_keep_the_time_of_their_change_in_another_property(api: Any) -> None:
    api.rows("contacts", SINCE)
    assert ("lastmodifieddate", "GTE") in filters(api.asked[0])


def test_a_search_that_ignores_its_filter_is_noticed(api: Any, made: Any) -> None:
    answer = made.page(made.record(7), after="200")
    api.answers[f"{made.objects}companies/search"] = answer
    with pytest.raises(ShapeChanged, match="above 7"):
        api.rows("companies", SINCE)


def test_deals_that_changed_are_read_with_their_history(api: Any, made: Any) -> None:
    path = f"{made.objects}deals"
    found = made.page(*[made.record(9001 + one) for one in range(51)])
    api.answers[f"{path}/search"] = found
    api.answers[f"{path}/batch/read"] = [made.recorded("deals"), made.page()]
    (row,) = api.rows("deals", SINCE)
    reads = [one.json for one in api.asked if one.path.endswith("batch/read")]
    assert [len(one["inputs"]) for one in reads] == [50, 1]
    assert "dealstage" in reads[0]["propertiesWithHistory"]
    assert (row["amount"], row["currency"], row["is_won"]) == (Decimal("1200.50"), "EUR", True)
    assert row["probability"] == 1
    entries = json.loads(row["history"])
    assert [(one["property"], one["value"]) for one in entries] == [
        ("dealstage", "closedwon"),
        ("dealstage", "appointmentscheduled"),
    ]
    assert "updatedByUserId" not in row["history"]


def test_a_declared_property_stands_apart_and_others_are_kept(api: Any, made: Any) -> None:
    path, page = f"{made.objects}deals", made.recorded("deals")
    api.answers[path] = lambda asked: page if asked.params["archived"] == "false" else made.page()
    (row,) = api.rows("deals", ALL)
    assert row["custom"] is None
    assert json.loads(row["_extra"]) == {"properties": {"channel_partner": "tea-guild"}}
    settings = {"properties": "deals.channel_partner, contacts.plan"}
    api.account = replace(api.account, settings=settings)
    (row,) = api.rows("deals", ALL)
    assert (json.loads(row["custom"]), row["_extra"]) == ({"channel_partner": "tea-guild"}, None)
    assert "channel_partner" in api.asked[-1].params["properties"]


def test_what_was_put_into_the_bin_in_a_window_is_a_version(api: Any, made: Any) -> None:
    def binned(id_: int, at: str) -> Any:
        return {**made.record(id_, "2026-10-20T00:00:00Z"), "archived": True, "archivedAt": at}

    bin_ = made.page(binned(1, "2026-11-03T00:00:00Z"), binned(2, "2026-10-30T00:00:00Z"))
    api.answers[f"{made.objects}companies"] = bin_
    (row,) = api.rows("companies", SINCE)
    assert (row["record_id"], row["is_archived"]) == ("1", True)
    # It is newer than what was there before, whatever HubSpot says of its change.
    assert row["updated_at"] == row["archived_at"] == datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"pipelines": "x"}, "has no setting"),
        ({"properties": "contacts.firstname"}, "identifies a person"),
        ({"properties": "contacts.work_phone"}, "identifies a person"),
        ({"properties": "tickets.subject"}, "is no property"),
        ({"properties": "deals.a b"}, "is no property"),
        ({"properties": " ".join(f"deals.p{one}" for one in range(61))}, "more than 60"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    api: Any, settings: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        api.platform.check_settings("48120003", settings)
    api.platform.check_settings("48120003", {"properties": "deals.channel_partner contacts.plan"})
