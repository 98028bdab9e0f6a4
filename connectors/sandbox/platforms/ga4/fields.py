"""The catalogue: dimensions and metrics, and the tables that each of them is in.

A request is compatible if one table has all its fields. `visits` are sessions and the refunds that
come without one, `events` what happens in them, `credits` key events by the attribution model,
`items` what is bought.
"""

from __future__ import annotations

from collections.abc import Collection

TABLES = ("visits", "events", "credits", "items")
_ALL = frozenset(TABLES)
_SESSION = frozenset({"visits", "events"})
_EVENTS = frozenset({"events", "credits"})
DIMENSIONS: dict[str, frozenset[str]] = {
    "date": _ALL,
    "dateHour": _ALL,
    "hour": _ALL,
    "sessionSource": _SESSION,
    "sessionMedium": _SESSION,
    "sessionSourceMedium": _SESSION,
    "sessionCampaignName": _SESSION,
    "sessionCampaignId": _SESSION,
    "sessionDefaultChannelGroup": _SESSION,
    "landingPage": frozenset({"visits"}),
    "deviceCategory": _SESSION,
    "country": _SESSION,
    "countryId": _SESSION,
    "eventName": _EVENTS,
    "isKeyEvent": _EVENTS,
    "source": frozenset({"credits"}),
    "medium": frozenset({"credits"}),
    "campaignName": frozenset({"credits"}),
    "defaultChannelGroup": frozenset({"credits"}),
    "itemId": frozenset({"items"}),
    "itemName": frozenset({"items"}),
    "itemCategory": frozenset({"items"}),
}
_INTEGER, _FLOAT, _MONEY = "TYPE_INTEGER", "TYPE_FLOAT", "TYPE_CURRENCY"
METRICS: dict[str, tuple[str, frozenset[str]]] = {
    "sessions": (_INTEGER, frozenset({"visits"})),
    "engagedSessions": (_INTEGER, frozenset({"visits"})),
    "totalUsers": (_INTEGER, _SESSION),
    "activeUsers": (_INTEGER, _SESSION),
    "newUsers": (_INTEGER, frozenset({"visits"})),
    "screenPageViews": (_INTEGER, frozenset({"visits"})),
    "userEngagementDuration": ("TYPE_SECONDS", frozenset({"visits"})),
    "addToCarts": (_INTEGER, frozenset({"visits"})),
    "checkouts": (_INTEGER, frozenset({"visits"})),
    "eventCount": (_INTEGER, _SESSION),
    "keyEvents": (_FLOAT, frozenset({"visits", "events", "credits"})),
    "transactions": (_INTEGER, frozenset({"visits", "events"})),
    "grossPurchaseRevenue": (_MONEY, frozenset({"visits", "events"})),
    "refundAmount": (_MONEY, frozenset({"visits", "events"})),
    "purchaseRevenue": (_MONEY, frozenset({"visits", "events", "credits"})),
    "totalRevenue": (_MONEY, frozenset({"visits", "events", "credits"})),
    "itemsPurchased": (_INTEGER, frozenset({"items"})),
    "itemRevenue": (_MONEY, frozenset({"items"})),
}
KEY_EVENTS = ("purchase", "sign_up")


def tables_of(name: str) -> frozenset[str]:
    """Returns the tables that have a field; none of one that there is not."""
    if name in DIMENSIONS:
        return DIMENSIONS[name]
    return METRICS[name][1] if name in METRICS else frozenset()


def shared(names: Collection[str]) -> list[str]:
    """Returns the tables that have all of some fields, the first one first."""
    return [one for one in TABLES if all(one in tables_of(name) for name in names)]


def clashing(names: Collection[str]) -> str | None:
    """Returns the field that does not go with those before it; None if they go together."""
    taken: list[str] = []
    for name in names:
        if not shared([*taken, name]):
            return name
        taken.append(name)
    return None
