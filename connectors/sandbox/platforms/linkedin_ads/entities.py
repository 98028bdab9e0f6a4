"""Accounts, campaign groups, campaigns and creatives as JSON; what is empty is absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.linkedin_ads.errors import bad
from connectors.sandbox.tables.things import Thing

TEST_ACCOUNT = 500_000_018
"""An account of every member's for trying things out: `test` is true."""
_HIDDEN = ("REMOVED", "PENDING_DELETION")
KINDS = {
    "account": "sponsoredAccount",
    "campaign": "sponsoredCampaignGroup",
    "ad_group": "sponsoredCampaign",
    "ad": "sponsoredCreative",
}
"""By our level, what the platform calls a thing in its URNs."""


def urn(kind: str, id_: object) -> str:
    """Returns an entity's URN."""
    return f"urn:li:{kind}:{id_}"


def account(business: Business, one: Account) -> dict[str, Any]:
    """Returns an account."""
    made = midnight(one.time_zone, business.parameters.first_day) - timedelta(days=200)
    named = {"id": int(one.id), "name": one.name, "currency": one.currency}
    return {**named, "type": "BUSINESS", **_common("ACTIVE", made, made)}


def test_account(like: dict[str, Any]) -> dict[str, Any]:
    """Returns the account for trying things out."""
    return {**like, "id": TEST_ACCOUNT, "name": "Test account", "test": True}


def _group(thing: Thing) -> dict[str, Any]:
    return {
        "id": int(thing.id),
        "name": thing.name,
        "account": urn("sponsoredAccount", thing.account.id),
        "objectiveType": thing.campaign.channel,
        "runSchedule": _schedule(thing),
        **_common(thing.statuses[-1], thing.created, thing.changed),
    }


def _campaign(thing: Thing) -> dict[str, Any]:
    group = thing.campaign
    cents = group.budget_cents.at(thing.clock) // len(group.ad_groups)
    return {
        **_group(thing),
        "campaignGroup": urn("sponsoredCampaignGroup", group.id),
        "type": "SPONSORED_UPDATES",
        "costType": "CPM",
        "dailyBudget": _money(thing, cents),
        "unitCost": _money(thing, max(1, cents // 40)),
    }


def _creative(thing: Thing) -> dict[str, Any]:
    serving = set(thing.statuses) == {"ACTIVE"}
    return {
        "id": urn("sponsoredCreative", thing.id),
        "account": urn("sponsoredAccount", thing.account.id),
        "campaign": urn("sponsoredCampaign", thing.ad_group.id),
        "content": _content(thing),
        "intendedStatus": thing.statuses[-1],
        "isServing": serving,
        "isTest": False,
        "review": {"status": "APPROVED"},
        "servingHoldReasons": [] if serving else ["CAMPAIGN_STOPPED"],
        "createdAt": _stamp(thing.created),
        "lastModifiedAt": _stamp(thing.changed),
    }


Render = Callable[[Thing], dict[str, Any]]
LISTS: Mapping[str, tuple[str, Render, str, int]] = {
    "adCampaignGroups": ("campaign", _group, "search", 1_000),
    "adCampaigns": ("ad_group", _campaign, "search", 1_000),
    "creatives": ("ad", _creative, "criteria", 100),
}
"""Of each list our level, how its things are written, its finder, and how many fit a page."""


def searched(params: Mapping[str, Any], field: str) -> list[str] | None:
    """Returns the values that `search` names for a field; None where it names none.

    Raises:
        Refusal: It is no record of lists.
    """
    search = params.get("search", {})
    found = search.get(field, {}) if isinstance(search, dict) else None
    values = found.get("values") if isinstance(found, dict) else ""
    if values is not None and not isinstance(values, list):
        raise bad("search")
    return values


def is_listed(thing: Thing, params: Mapping[str, Any]) -> bool:
    """Says whether a list has a thing: removed ones only if `search` names their status."""
    asked = searched(params, "status")
    return thing.statuses[-1] not in _HIDDEN if asked is None else thing.statuses[-1] in asked


def _content(thing: Thing) -> dict[str, Any]:
    if thing.ad.type != "textAd":
        return {"reference": urn(thing.ad.type, f"7{thing.id}")}
    texts = {"headline": "Tea for the office", "description": thing.campaign.name.changes[0][1]}
    return {"textAd": {**texts, "landingPage": thing.ad.final_urls[0]}}


def _schedule(thing: Thing) -> dict[str, int]:
    zone, campaign = thing.account.time_zone, thing.campaign
    start = {"start": _stamp(midnight(zone, campaign.start))}
    if campaign.end is None:
        return start
    return {**start, "end": _stamp(midnight(zone, campaign.end + timedelta(days=1)))}


def _money(thing: Thing, cents: int) -> dict[str, str]:
    return {"amount": f"{cents / 100:.2f}", "currencyCode": thing.account.currency}


def _stamp(instant: datetime) -> int:
    return int(instant.timestamp()) * 1000


def _common(status: str, created: datetime, changed: datetime) -> dict[str, Any]:
    stamps = {"created": {"time": _stamp(created)}, "lastModified": {"time": _stamp(changed)}}
    return {
        "status": status,
        "test": False,
        "servingStatuses": ["RUNNABLE"],
        "version": {"versionTag": "6"},
        "changeAuditStamps": stamps,
    }
