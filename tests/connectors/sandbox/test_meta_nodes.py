"""Meta's nodes and edges on the wire: fields, hidden nodes, conditions, pages."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.meta_client import ACME, KIWI, TOKENS, MetaClient

ACT = f"act_{ACME}"


def test_accounts(meta: MetaClient) -> None:
    fields = "id,account_id,name,currency,timezone_name,timezone_offset_hours_utc,account_status"
    [account] = meta.rows("me/adaccounts/", fields=fields)
    assert account == {
        "id": ACT,
        "account_id": ACME,
        "name": "Acme Outdoor Social",
        "currency": "USD",
        "timezone_name": "America/Los_Angeles",
        "timezone_offset_hours_utc": -8,
        "account_status": 1,
    }
    assert meta.get(f"{ACT}/", fields=fields)[2] == account
    unasked = {"account_id": ACT.removeprefix("act_"), "id": ACT}
    assert meta.get(ACT)[2] == unasked, "nothing but the ids comes unasked"


def test_money_of_nodes_is_in_minor_units(sandbox: SandboxClient, meta: MetaClient) -> None:
    spent = int(meta.get(ACT, fields="amount_spent")[2]["amount_spent"])
    told = sandbox.truth("account_day", account=ACME, platform="meta_ads")
    assert spent == sum(round(float(row["cost"]) * 100) for row in told)
    campaigns = meta.rows(f"{ACT}/campaigns", fields="id,daily_budget,lifetime_budget,objective")
    truth = {one["campaign_id"]: one for one in sandbox.truth("campaigns", account=ACME)}
    kinds = set()
    for one in campaigns:
        for name in ("daily_budget", "lifetime_budget"):
            budget = truth[one["id"]][name]
            assert one.get(name) == (None if budget is None else budget.replace(".", "")), name
            kinds |= {name} if name in one else set()
    assert kinds == {"daily_budget", "lifetime_budget"}
    traffic = meta.rows(f"{ACT}/adsets", fields="daily_budget,campaign{objective}", limit=100)
    assert {"daily_budget" in one for one in traffic} == {True, False}


def test_archived_and_deleted_nodes_are_hidden_unless_asked_for(meta: MetaClient) -> None:
    for edge, hidden in (("campaigns", 2), ("adsets", 4), ("ads", 14)):
        fields = {"fields": "effective_status", "limit": 100}
        shown = meta.rows(f"{ACT}/{edge}", **fields)
        gone = meta.rows(f"{ACT}/{edge}", effective_status=["ARCHIVED", "DELETED"], **fields)
        assert not {one["effective_status"] for one in shown} & {"ARCHIVED", "DELETED"}
        assert {one["effective_status"] for one in gone} == {"ARCHIVED", "DELETED"}
        assert len(gone) == hidden
        by_condition = [
            {"field": "effective_status", "operator": "IN", "value": ["ARCHIVED", "DELETED"]}
        ]
        assert meta.rows(f"{ACT}/{edge}", filtering=by_condition, **fields) == gone
        assert meta.get(gone[0]["id"], fields="effective_status")[2] == gone[0]
    statuses = {
        one["effective_status"] for one in meta.rows(f"{ACT}/ads", fields="effective_status")
    }
    assert {"ACTIVE", "PAUSED", "CAMPAIGN_PAUSED", "DISAPPROVED"} <= statuses
    assert meta.refusal(f"{ACT}/campaigns", effective_status=["ADSET_PAUSED"])[:2] == (400, 100)


def test_fields_nest(meta: MetaClient) -> None:
    fields = "id,name,creative{id,url_tags,object_story_id},campaign{name,objective},adset_id"
    [ad] = meta.get(f"{ACT}/ads", fields=fields, limit=1)[2]["data"]
    assert set(ad) == {"id", "name", "creative", "campaign", "adset_id"}
    assert set(ad["creative"]) == {"id", "url_tags", "object_story_id"}
    assert "utm_source=facebook" in ad["creative"]["url_tags"]
    assert f"utm_content={ad['id']}" in ad["creative"]["url_tags"]
    assert set(ad["campaign"]) == {"id", "name", "objective"}
    creative = meta.get(ad["creative"]["id"], fields="id,url_tags,object_story_id")[2]
    assert creative == ad["creative"]
    as_list = meta.get(f"{ACT}/ads", fields=["id", "adset_id"], limit=1)[2]["data"]
    assert as_list == [{"id": ad["id"], "adset_id": ad["adset_id"]}]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (f"{ACT}/campaigns", {"fields": "id,nothing"}),
        (f"{ACT}/ads", {"fields": "creative{nothing}"}),
        (f"{ACT}/ads", {"fields": "creative{id"}),
        (f"{ACT}/ads", {"fields": "id,,name"}),
        (ACT, {"fields": "impressions"}),
        (f"{ACT}/campaigns", {"limit": "many"}),
        (f"{ACT}/campaigns", {"after": "nonsense"}),
        (f"{ACT}/campaigns", {"filtering": "nonsense"}),
        (f"{ACT}/campaigns", {"filtering": [{"field": "id", "operator": "LIKE", "value": "1"}]}),
        (f"{ACT}/campaigns", {"filtering": [{"field": "x", "operator": "EQUAL", "value": "1"}]}),
        ("23846710000099999", {}),
        ("act_1", {}),
        ("nonsense", {}),
    ],
)
def test_what_does_not_exist_is_refused_with_code_100(
    meta: MetaClient, path: str, params: dict[str, Any]
) -> None:
    assert meta.refusal(path, **params)[:2] == (400, 100)


def test_nothing_can_be_changed(meta: MetaClient) -> None:
    before = meta.get(f"{ACT}/campaigns", fields="name")[2]
    for params in ({"name": "new"}, {"method": "delete"}):
        status, _, body = meta.post(f"{ACT}/campaigns", **params)
        assert (status, body["error"]["code"], body["error"]["error_subcode"]) == (400, 100, 33)
    assert meta.post(f"{ACT}/campaigns", method="get", fields="name")[2]["data"] == before["data"]


def test_unknown_paths_are_refused(meta: MetaClient) -> None:
    for path in (f"{ACT}/nothing", "me/nothing", f"{ACT}/ads/1", "v99.0/me", f"{ACT}/x/"):
        assert meta.refusal(path)[1] == 2500


def test_pages_go_on_and_end_without_next(meta: MetaClient) -> None:
    whole = [one["id"] for one in meta.rows(f"{ACT}/ads", limit=100)]
    assert len(whole) == 28
    assert [one["id"] for one in meta.rows(f"{ACT}/ads")] == whole, "25 by default"
    assert [one["id"] for one in meta.rows(f"{ACT}/ads", limit=3)] == whole
    _, _, first = meta.get(f"{ACT}/ads", limit=10)
    after = first["paging"]["cursors"]["after"]
    _, _, second = meta.get(f"{ACT}/ads", limit=10, after=after)
    assert [one["id"] for one in second["data"]] == whole[10:20]
    assert meta.refusal(f"{ACT}/ads", before=after)[:2] == (400, 100), "not served here"
    _, _, last = meta.get(f"{ACT}/ads", limit=100)
    assert last["paging"]["cursors"]["after"]
    assert "next" not in last["paging"]
    _, _, beyond = meta.get(f"{ACT}/ads", limit=100, after=last["paging"]["cursors"]["after"])
    assert beyond == {"data": []}
    assert meta.get(f"{ACT}/ads", limit=1, summary="true")[2]["summary"] == {"total_count": 28}


def test_pages_of_a_list_show_one_instant(sandbox: SandboxClient, meta: MetaClient) -> None:
    sandbox.set_clock("2026-09-01T00:00:00Z")
    _, _, first = meta.get(f"{ACT}/campaigns", limit=1, fields="name")
    sandbox.set_clock("2026-11-15T00:00:00Z")
    after = first["paging"]["cursors"]["after"]
    _, _, rest = meta.get(f"{ACT}/campaigns", limit=50, after=after, fields="effective_status")
    assert len(rest["data"]) == 6, "those that have been deleted since are still there"


def test_renames_and_times(sandbox: SandboxClient, meta: MetaClient) -> None:
    fields = {"fields": "name,created_time,updated_time,start_time,stop_time"}
    sandbox.set_clock("2026-08-01T00:00:00Z")
    campaigns = {one["id"]: one for one in meta.rows(f"{ACT}/campaigns", **fields)}
    assert len(campaigns) == 6, "one has not been made yet"
    sandbox.set_clock(None)
    later = {one["id"]: one for one in meta.rows(f"{ACT}/campaigns", **fields)}
    [renamed] = [
        id_ for id_ in campaigns if id_ in later and campaigns[id_]["name"] != later[id_]["name"]
    ]
    assert campaigns[renamed]["updated_time"] < later[renamed]["updated_time"]
    assert campaigns[renamed]["created_time"].endswith("-0700"), "no colon in the offset"
    since = [{"field": "campaign.updated_time", "operator": "GREATER_THAN", "value": 1_789_000_000}]
    changed = meta.rows(f"{ACT}/campaigns", filtering=since, **fields)
    assert 0 < len(changed) < len(later)
    assert renamed in {one["id"] for one in changed}
    assert sum("stop_time" in one for one in later.values()) == 1


def test_edges_of_nodes_below_the_account(meta: MetaClient) -> None:
    campaign = meta.rows(f"{ACT}/campaigns")[0]["id"]
    ad_sets = meta.rows(f"{campaign}/adsets", fields="campaign_id")
    assert {one["campaign_id"] for one in ad_sets} == {campaign}
    ads = meta.rows(f"{ad_sets[0]['id']}/ads", fields="adset_id")
    assert {one["adset_id"] for one in ads} == {ad_sets[0]["id"]}
    assert len(meta.rows(f"{ads[0]['id']}/adcreatives", fields="id,title")) == 1


def test_other_organizations_are_out_of_reach(meta: MetaClient) -> None:
    assert meta.refusal(f"act_{KIWI}/campaigns") == (403, 200, None)
    kiwi = MetaClient("http://" + meta.address.netloc, TOKENS[KIWI])
    foreign = kiwi.rows(f"act_{KIWI}/campaigns")[0]["id"]
    assert meta.refusal(foreign) == (400, 100, 33)
