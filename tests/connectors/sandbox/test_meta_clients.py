"""What well-known clients of Meta ask for by default: Airbyte's source and Singer's tap."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.meta_client import MetaClient

WEEK = {"since": "2026-11-02", "until": "2026-11-08"}
# What Airbyte's source sends with `level=ad`, by breakdown of its streams.
ACTION_BREAKDOWNS = [
    ["action_type", "action_target_id", "action_destination"],
    ["action_type", "action_device"],
    ["action_reaction"],
    ["action_carousel_card_id", "action_carousel_card_name"],
    [],
]
WINDOWS = ["1d_click", "7d_click", "28d_click", "1d_view"]
DELIVERIES = ["active", "archived", "deleted", "paused", "campaign_paused", "adset_paused"]


def test_nodes_without_fields_name_their_account(meta: MetaClient) -> None:
    status, _, listed = meta.get("me/adaccounts")
    assert status == 200
    (first, *_) = listed["data"]
    assert first == {"account_id": first["id"].removeprefix("act_"), "id": first["id"]}
    path = first["id"]
    for edge in ("campaigns", "adsets", "ads", "adcreatives"):
        status, _, listed = meta.get(f"{path}/{edge}")
        assert status == 200
        assert listed["data"], edge
        for row in listed["data"]:
            assert set(row) == {"account_id", "id"}, edge
            assert row["account_id"] == first["account_id"]


def test_the_users_businesses(meta: MetaClient) -> None:
    status, _, answer = meta.get("me/business_users")
    assert status == 200
    assert [one["business"]["name"] for one in answer["data"]]


def _account(meta: MetaClient) -> str:
    return str(meta.get("me/adaccounts")[2]["data"][0]["id"])


def test_deliveries_can_be_filtered_by(meta: MetaClient) -> None:
    account = _account(meta)
    for edge, name in (("ads", "ad"), ("adsets", "adset"), ("campaigns", "campaign")):
        found = {}
        for delivery in DELIVERIES:
            asked = [{"field": f"{name}.delivery_info", "operator": "IN", "value": [delivery]}]
            status, _, answer = meta.get(
                f"{account}/{edge}", filtering=asked, fields="effective_status", limit=500
            )
            assert status == 200
            found[delivery] = {row["effective_status"] for row in answer["data"]}
        assert all(each <= {delivery.upper()} for delivery, each in found.items())
        assert any(found.values())


def test_a_creative_names_where_it_leads(meta: MetaClient) -> None:
    account = _account(meta)
    fields = "object_url,link_url,id"
    _, _, answer = meta.get(f"{account}/adcreatives", fields=fields, limit=5)
    for row in answer["data"]:
        assert row["object_url"] == row["link_url"]


def test_actions_are_split_as_clients_ask_for(sandbox: SandboxClient, meta: MetaClient) -> None:
    path = f"{_account(meta)}/insights"
    asked: dict[str, Any] = {
        "level": "ad",
        "time_range": WEEK,
        "fields": "actions,action_values,video_play_retention_0_to_15s_actions,spend",
        "action_attribution_windows": WINDOWS,
        "limit": 500,
    }
    plain = meta.rows(path, **asked)
    for names in ACTION_BREAKDOWNS:
        rows = meta.rows(path, **asked, action_breakdowns=names)
        assert [row["spend"] for row in rows] == [row["spend"] for row in plain]
        entries = [entry for row in rows for entry in row.get("actions", [])]
        before = [entry for row in plain for entry in row.get("actions", [])]
        assert [entry["value"] for entry in entries] == [entry["value"] for entry in before]
    rows = meta.rows(path, **asked, action_breakdowns=["action_type", "action_device"])
    assert {e["action_device"] for row in rows for e in row.get("actions", [])} == {"mobile_app"}


def test_one_type_in_two_entries_on_request(sandbox: SandboxClient, meta: MetaClient) -> None:
    path = f"{_account(meta)}/insights"
    asked: dict[str, Any] = {"level": "campaign", "time_range": WEEK, "fields": "actions"}
    plain = meta.rows(path, **asked)
    sandbox.set_faults(split_actions=True)
    try:
        divided = meta.rows(path, **asked)
    finally:
        sandbox.set_faults()
    assert _totals(divided) == _totals(plain)
    assert any(len(d["actions"]) > len(p["actions"]) for d, p in zip(divided, plain, strict=True))


def _totals(rows: list[dict[str, Any]]) -> list[dict[str, int]]:
    found = []
    for row in rows:
        totals: dict[str, int] = {}
        for entry in row.get("actions", []):
            totals[entry["action_type"]] = totals.get(entry["action_type"], 0) + int(entry["value"])
        found.append(totals)
    return found
