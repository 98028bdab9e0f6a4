"""Advertisers, campaigns, ad groups and ads: their fields, and which of them a list shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.tiktok_ads.envelope import bad
from connectors.sandbox.platforms.tiktok_ads.network import NETWORK
from connectors.sandbox.platforms.tiktok_ads.parameters import read_json
from connectors.sandbox.tables.things import Thing

LEVELS = {"campaign": "campaign", "adgroup": "ad_group", "ad": "ad"}
"""Our level of each of the platform's."""
Fields = Mapping[str, Callable[[Thing], Any]]


def is_deleted(thing: Thing) -> bool:
    """Says whether it, or something above it, is deleted."""
    return "DELETE" in thing.statuses


def _secondary_status(thing: Thing) -> str:
    """Returns how it stands: what is stopped above it counts first."""
    levels = ("CAMPAIGN", "ADGROUP", "AD")[: len(thing.path)]
    for word in ("DELETE", "DISABLE"):
        if word in thing.statuses:
            level = levels[thing.statuses.index(word)]
            stopped = word if level == levels[-1] else f"{level}_{word}"
            return f"{levels[-1]}_STATUS_{stopped}"
    return f"{levels[-1]}_STATUS_{'ENABLE' if len(levels) == 1 else 'DELIVERY_OK'}"


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _budget(thing: Thing) -> float:
    """Returns the daily budget of its own; 0 where another level has it."""
    campaign = thing.campaign
    of_ad_groups = campaign.channel in NETWORK.budgets_of_ad_groups
    if of_ad_groups != (len(thing.path) > 1):
        return 0
    parts = len(campaign.ad_groups) if of_ad_groups else 1
    return campaign.budget_cents.at(thing.clock) // parts / 100


def _ends(thing: Thing) -> datetime:
    # What has no end is scheduled for ten years.
    last = thing.campaign.end or thing.campaign.start + timedelta(days=3650)
    return midnight(thing.account.time_zone, last + timedelta(days=1))


_ALL: Fields = {
    "advertiser_id": lambda one: one.account.id,
    "campaign_id": lambda one: one.above("campaign").id,
    "campaign_name": lambda one: one.above("campaign").name,
    "operation_status": lambda one: "ENABLE" if one.statuses[-1] == "ENABLE" else "DISABLE",
    "secondary_status": _secondary_status,
    "create_time": lambda one: _time(one.created),
    "modify_time": lambda one: _time(one.changed),
}
_BUDGET: Fields = {
    "budget": _budget,
    "budget_mode": lambda one: "BUDGET_MODE_DAY" if _budget(one) else "BUDGET_MODE_INFINITE",
}
_BELOW: Fields = {
    **_ALL,
    "adgroup_id": lambda one: one.above("ad_group").id,
    "adgroup_name": lambda one: one.above("ad_group").name,
}
FIELDS: Mapping[str, Fields] = {
    "campaign": {
        **_ALL,
        **_BUDGET,
        "objective_type": lambda one: one.campaign.channel,
        "campaign_type": lambda _: "REGULAR_CAMPAIGN",
        "is_smart_performance_campaign": lambda _: False,
    },
    "adgroup": {
        **_BELOW,
        **_BUDGET,
        "optimization_goal": lambda one: one.ad_group.type,
        "billing_event": lambda _: "OCPM",
        "bid_price": lambda _: 0,
        "placement_type": lambda _: "PLACEMENT_TYPE_NORMAL",
        "placements": lambda _: ["PLACEMENT_TIKTOK"],
        "schedule_start_time": lambda one: _time(
            midnight(one.account.time_zone, one.campaign.start)
        ),
        "schedule_end_time": lambda one: _time(_ends(one)),
        "location_ids": lambda _: ["6252001"],
        "age_groups": lambda _: None,
        "gender": lambda _: "GENDER_UNLIMITED",
    },
    "ad": {
        **_BELOW,
        "ad_id": lambda one: one.id,
        "ad_name": lambda one: one.name,
        "ad_format": lambda one: one.ad.type,
        "ad_text": lambda one: one.campaign.name.changes[0][1],
        "call_to_action": lambda _: "SHOP_NOW",
        "landing_page_url": lambda one: one.ad.final_urls[0],
        "video_id": lambda one: f"v10033g50000{one.id}",
        "image_ids": lambda one: [f"tos-sandbox/{one.id}"],
    },
}


def advertiser(business: Business, account: Account, clock: datetime) -> dict[str, Any]:
    """Returns an advertiser; in America its `timezone` is of Etc, where the sign is inverted."""
    made = midnight(account.time_zone, business.parameters.first_day) - timedelta(days=90)
    shift = clock.astimezone(ZoneInfo(account.time_zone)).utcoffset() or timedelta()
    fixed = f"Etc/GMT{-round(shift / timedelta(hours=1)):+d}"
    return {
        "advertiser_id": account.id,
        "name": account.name,
        "currency": account.currency,
        "timezone": fixed if account.time_zone.startswith("America/") else account.time_zone,
        "display_timezone": account.time_zone,
        "status": "STATUS_ENABLE",
        "role": "ROLE_ADVERTISER",
        "country": {"USD": "US", "NZD": "NZ"}.get(account.currency),
        "balance": 0,
        "create_time": int(made.timestamp()),
        "company": account.organization.name,
    }


def listed(kind: str, things: list[Thing], params: Mapping[str, str]) -> list[Thing]:
    """Returns what a list shows: deleted ones only if the filter asks for them.

    Raises:
        TikTokError: The filter cannot be read.
    """
    asked = read_json(params, "filtering", dict, {})
    primary = asked.get("primary_status", "STATUS_NOT_DELETE")
    if asked.get("secondary_status") == f"{kind.upper()}_STATUS_ALL":
        primary = "STATUS_ALL"
    if primary not in ("STATUS_ALL", "STATUS_NOT_DELETE", "STATUS_DELETE"):
        raise bad(f"filtering.primary_status: {primary} is not a valid value.")
    wanted = {"STATUS_NOT_DELETE": (False,), "STATUS_DELETE": (True,)}.get(primary, (False, True))
    return [one for one in things if is_deleted(one) in wanted]


def chosen(params: Mapping[str, str], known: Sequence[str], retired: frozenset[str]) -> list[str]:
    """Returns the fields that are asked for; all without `fields`.

    Raises:
        TikTokError: One of them is not there.
    """
    left = [one for one in known if one not in retired]
    asked: list[str] = read_json(params, "fields", list, left)
    unknown = [name for name in asked if name not in left]
    if unknown:
        raise bad(f"fields: {unknown} are not valid fields.")
    return asked


def rendered(
    kind: str, thing: Thing, params: Mapping[str, str], retired: frozenset[str]
) -> dict[str, Any]:
    """Returns the fields of a thing, or those of them that are asked for."""
    asked = chosen(params, list(FIELDS[kind]), retired)
    if kind == "ad" and thing.ad.type == "CATALOG_CAROUSEL":
        asked = [name for name in asked if name != "modify_time"]  # as of Smart+ ads
    return {name: FIELDS[kind][name](thing) for name in asked}
