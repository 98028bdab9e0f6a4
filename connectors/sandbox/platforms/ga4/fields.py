"""The catalogue: dimensions and metrics, and the tables that each of them is in.

A request is compatible if one table has all its fields. `visits` are sessions and the refunds that
come without one, `events` what happens in them, `credits` key events by the attribution model,
`items` what is bought.
"""

from __future__ import annotations

from collections.abc import Collection

TABLES = ("visits", "events", "credits", "items")
_SESSION, _EVENTS = frozenset({"visits", "events"}), frozenset({"events", "credits"})
_VISITS, _CREDITS, _ITEMS = (frozenset({one}) for one in ("visits", "credits", "items"))
_CREDITED = frozenset({"visits", "events", "credits"})
_OF_A_SESSION = (
    "sessionSource", "sessionMedium", "sessionCampaignName", "sessionCampaignId",
    "sessionDefaultChannelGroup", "deviceCategory", "country", "countryId",
)  # fmt: skip
DIMENSIONS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("date", "dateHour"), frozenset(TABLES)),
    **dict.fromkeys(_OF_A_SESSION, _SESSION),
    "landingPage": _VISITS,
    **dict.fromkeys(("eventName", "isKeyEvent"), _EVENTS),
    **dict.fromkeys(("source", "medium", "campaignName", "defaultChannelGroup"), _CREDITS),
    **dict.fromkeys(("itemId", "itemName", "itemCategory"), _ITEMS),
}
_INTEGER, _FLOAT, _MONEY = "TYPE_INTEGER", "TYPE_FLOAT", "TYPE_CURRENCY"
METRICS: dict[str, tuple[str, frozenset[str]]] = {
    "sessions": (_INTEGER, _VISITS),
    "engagedSessions": (_INTEGER, _VISITS),
    "totalUsers": (_INTEGER, _SESSION),
    "activeUsers": (_INTEGER, _SESSION),
    "newUsers": (_INTEGER, _VISITS),
    "screenPageViews": (_INTEGER, _VISITS),
    "eventCount": (_INTEGER, _SESSION),
    "keyEvents": (_FLOAT, _CREDITED),
    "transactions": (_INTEGER, _SESSION),
    "refundAmount": (_MONEY, _SESSION),
    "purchaseRevenue": (_MONEY, _CREDITED),
    "totalRevenue": (_MONEY, _CREDITED),
    "itemsPurchased": (_INTEGER, _ITEMS),
    "itemRevenue": (_MONEY, _ITEMS),
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
