"""Meta's truth, against what the wire says: the same figures by two ways that share no code."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.meta_client import ACME, CHAI, HOURLY, KIWI, TOKENS, MetaClient, days

FIELDS = "account_id,campaign_id,adset_id,ad_id,impressions,clicks,spend,actions,action_values"
NAMES = {"adset_id": "ad_group_id", "date_start": "date", "country": "country_id"}
LEVELS = {
    "account_day": ("account", (), ("date",)),
    "campaign_day": ("campaign", (), ("date", "campaign_id")),
    "ad_group_day": ("adset", (), ("date", "campaign_id", "ad_group_id")),
    "ad_day": ("ad", (), ("date", "campaign_id", "ad_group_id", "ad_id")),
    "campaign_hour": ("campaign", (HOURLY,), ("date", "hour", "campaign_id")),
    "demographics_day": ("campaign", ("age", "gender"), ("date", "campaign_id", "age", "gender")),
    "geo_day": ("campaign", ("country",), ("date", "campaign_id", "country_id")),
}


def listed(row: dict[str, Any], name: str) -> Decimal:
    by_type = {one["action_type"]: one["value"] for one in row.get(name, [])}
    assert len(by_type) == len(row.get(name, []))
    return Decimal(by_type.get("omni_purchase", by_type.get("purchase", "0")))


def from_wire(row: dict[str, Any]) -> dict[str, Any]:
    hour = row.get(HOURLY)
    return {
        **{NAMES.get(name, name): value for name, value in row.items()},
        "hour": None if hour is None else int(hour[:2]),
        "impressions": int(row.get("impressions", "0")),
        "clicks": int(row.get("clicks", "0")),
        "cost": Decimal(row.get("spend", "0")),
        "conversions": listed(row, "actions"),
        "conversions_value": listed(row, "action_values"),
    }


@pytest.mark.parametrize("level", list(LEVELS))
@pytest.mark.parametrize("clock", ["2026-10-18T07:30:00Z", "2026-11-15T06:00:00Z"])
def test_the_wire_tells_the_truth(sandbox: SandboxClient, level: str, clock: str) -> None:
    sandbox.set_clock(clock)
    wire_level, breakdowns, key = LEVELS[level]
    for account in (ACME, KIWI, CHAI):
        rows = MetaClient(sandbox.url, TOKENS[account]).report(
            f"act_{account}/insights",
            level=wire_level,
            breakdowns=list(breakdowns),
            fields=FIELDS,
            time_increment=1,
            time_range=days("2026-10-10", "2026-11-16"),
        )
        wire = {tuple(row[name] for name in key): row for row in map(from_wire, rows)}
        stated = sandbox.truth(level, clock, account=account, **{"from": "2026-10-10"})
        truth = {tuple(row[name] for name in key): row for row in stated}
        assert len(wire) == len(rows)
        assert wire.keys() == truth.keys()
        assert len(truth) > 7
        for name in ("impressions", "clicks", "cost", "conversions", "conversions_value"):
            assert {one: row[name] for one, row in wire.items()} == {
                one: Decimal(row[name]) if isinstance(row[name], str) else row[name]
                for one, row in truth.items()
            }, name


KINDS = {"iphone": "mobile", "android_smartphone": "mobile", "desktop": "desktop", "other": "other"}
SPLIT = ("publisher_platform", "impression_device")


@pytest.mark.parametrize("clock", ["2026-10-18T07:30:00Z", "2026-11-15T06:00:00Z"])
def test_platforms_and_devices_of_the_wire_are_the_truths(
    sandbox: SandboxClient, meta: MetaClient, clock: str
) -> None:
    sandbox.set_clock(clock)
    span = days("2026-10-10", "2026-11-16")
    asked = {"level": "campaign", "fields": FIELDS, "time_increment": 1, "time_range": span}
    rows = meta.report(f"act_{ACME}/insights", breakdowns=list(SPLIT), **asked)
    wire: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 5)
    for row in map(from_wire, rows):
        device = KINDS.get(row["impression_device"], "tablet")
        key = (row["date"], row["campaign_id"], row["publisher_platform"], device)
        wire[key] = [a + b for a, b in zip(wire[key], numbers(row), strict=True)]
    stated = sandbox.truth("device_day", clock, account=ACME, **{"from": "2026-10-10"})
    keys = ("date", "campaign_id", "network", "device")
    assert {key: tuple(amounts) for key, amounts in wire.items()} == {
        tuple(row[name] for name in keys): numbers(row) for row in stated
    }
    platforms = meta.report(f"act_{ACME}/insights", breakdowns=["publisher_platform"], **asked)
    assert {row["publisher_platform"] for row in platforms} == {row["network"] for row in stated}
    assert len(platforms) < len(rows)


def numbers(row: dict[str, Any]) -> tuple[Decimal, ...]:
    names = ("impressions", "clicks", "cost", "conversions", "conversions_value")
    return tuple(Decimal(row[name]) for name in names)


@pytest.mark.parametrize("clock", ["2026-10-18T07:30:00Z", "2026-11-15T06:00:00Z"])
def test_attribution_windows_of_the_wire_are_the_truths(
    sandbox: SandboxClient, meta: MetaClient, clock: str
) -> None:
    sandbox.set_clock(clock)
    windows = ["1d_click", "7d_click", "28d_click", "1d_view"]
    rows = meta.report(
        f"act_{ACME}/insights", level="campaign", fields="campaign_id,actions,action_values",
        time_increment=1, time_range=days("2026-10-10", "2026-11-16"),
        action_attribution_windows=windows,
    )  # fmt: skip
    wire = {}
    for row in rows:
        for window in windows:
            amounts = tuple(
                sum(
                    (
                        Decimal(one.get(window, "0"))
                        for one in row.get(name, [])
                        if one["action_type"] == "omni_purchase"
                    ),
                    Decimal(0),
                )
                for name in ("actions", "action_values")
            )
            if any(amounts):
                wire[row["date_start"], row["campaign_id"], window] = amounts
    stated = sandbox.truth("window_day", clock, account=ACME, **{"from": "2026-10-10"})
    assert wire == {
        (row["date"], row["campaign_id"], row["attribution_window"]): (
            Decimal(row["conversions"]),
            Decimal(row["conversions_value"]),
        )
        for row in stated
    }
    assert {window for _, _, window in wire} == set(windows)


def test_reach_is_each_rows_own(sandbox: SandboxClient, meta: MetaClient) -> None:
    asked = {"fields": "campaign_id,ad_id,impressions,reach,frequency", "limit": 500}
    span = days("2026-11-01", "2026-11-07")
    stated = sandbox.truth(
        "campaign_reach", account=ACME, **{"from": span["since"], "to": span["until"]}
    )
    truth = {(row["date"], row["campaign_id"]): row["reach"] for row in stated}
    path = f"act_{ACME}/insights"
    daily = meta.rows(path, level="campaign", time_range=span, time_increment=1, **asked)
    reached = [row for row in daily if "reach" in row]
    assert truth == {(row["date_start"], row["campaign_id"]): int(row["reach"]) for row in reached}
    assert all("impressions" not in row for row in daily if row not in reached)
    whole = {
        row["campaign_id"]: row
        for row in meta.rows(path, level="campaign", time_range=span, **asked)
    }
    ads = meta.rows(path, level="ad", time_range=span, **asked)
    for campaign, row in whole.items():
        if "reach" not in row:
            continue
        days_of = [int(one["reach"]) for one in reached if one["campaign_id"] == campaign]
        ads_of = [int(one.get("reach", 0)) for one in ads if one["campaign_id"] == campaign]
        reach = int(row["reach"])
        assert max(days_of) <= reach < sum(days_of), "people come back on other days"
        assert max(ads_of) <= reach < sum(ads_of), "people see several ads"
        assert Decimal(row["frequency"]) == round(Decimal(row["impressions"]) / reach, 6) > 1
    segments = sandbox.truth("demographics_day", account=ACME, **{"from": "2026-11-07"})
    wire = meta.rows(
        path, level="campaign", time_increment=1, breakdowns=["age", "gender"], limit=500,
        time_range=days("2026-11-07", "2026-11-14"), fields="campaign_id,reach",
    )  # fmt: skip
    names = ("campaign_id", "age", "gender")
    assert {(r["date_start"], *(r[n] for n in names)): int(r.get("reach", 0)) for r in wire} == {
        (r["date"], *(r[n] for n in names)): r["reach"] for r in segments
    }


def test_levels_and_breakdowns_agree(sandbox: SandboxClient) -> None:
    def total(level: str) -> dict[str, list[Decimal]]:
        sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 5)
        for row in sandbox.truth(
            level, account=KIWI, platform="meta_ads", **{"from": "2026-10-01"}
        ):
            figures = ("impressions", "clicks", "cost", "conversions", "conversions_value")
            sums[row["date"]] = [
                one + Decimal(row[name])
                for one, name in zip(sums[row["date"]], figures, strict=True)
            ]
        return sums

    whole = total("account_day")
    assert len(whole) > 40
    for level in (*LEVELS, "device_day"):
        assert total(level) == whole, level


def test_conversions_arrive_for_28_days_and_old_days_do_not_vanish(sandbox: SandboxClient) -> None:
    asked = {"account": ACME, "from": "2026-09-20", "to": "2026-10-10"}
    clocks = ["2026-10-12", "2026-10-19", "2026-11-05", "2026-11-08", "2026-11-15"]
    counts = []
    for clock in clocks:
        rows = sandbox.truth("account_day", f"{clock}T12:00:00Z", **asked)
        counts.append(sum(Decimal(row["conversions"]) for row in rows))
        assert len(rows) == 21
    assert counts[0] < counts[1] < counts[2] <= counts[3]
    assert counts[3] == counts[4], "28 days after the last day nothing arrives"


def test_a_campaign_day_is_restated_to_nothing(sandbox: SandboxClient, meta: MetaClient) -> None:
    [event] = [
        one
        for one in sandbox.truth("events", platform="meta_ads")
        if one["kind"] == "restated_to_nothing"
    ]
    asked = {
        "level": "campaign",
        "fields": "campaign_id,impressions",
        "time_range": days(event["first_date"], event["last_date"]),
    }
    for clock, there in (("2026-10-25T00:00:00Z", True), ("2026-11-14T00:00:00Z", False)):
        sandbox.set_clock(clock)
        rows = meta.rows(f"act_{event['account_id']}/insights", **asked)
        assert any(row["campaign_id"] == event["campaign_id"] for row in rows) == there


def test_nodes_are_what_the_truth_says(sandbox: SandboxClient, meta: MetaClient) -> None:
    every = ["ACTIVE", "PAUSED", "ARCHIVED", "DELETED"]
    below = [*every, "CAMPAIGN_PAUSED"]
    for clock in ("2026-09-20T00:00:00Z", "2026-11-15T06:00:00Z"):
        sandbox.set_clock(clock)
        for level, edge, statuses in (
            ("campaigns", "campaigns", every),
            ("ad_groups", "adsets", below),
            ("ads", "ads", [*below, "ADSET_PAUSED", "DISAPPROVED"]),
        ):
            truth = sandbox.truth(level, account=ACME, platform="meta_ads")
            nodes = meta.rows(
                f"act_{ACME}/{edge}",
                fields="id,name,status,effective_status",
                effective_status=json.dumps(statuses),
                limit=10,
            )
            name = {"campaigns": "campaign_id", "ad_groups": "ad_group_id", "ads": "ad_id"}[level]
            assert {
                one["id"]: (one["name"], one["status"], one["effective_status"]) for one in nodes
            } == {one[name]: (one["name"], one["status"], one["effective_status"]) for one in truth}
            assert len(nodes) == len(truth) > 5
