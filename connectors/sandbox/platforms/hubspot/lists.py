"""Lists beside the records: stages, owners, the account, forms and what was sent in, mails."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.sandbox.business.crm_entities import OPEN
from connectors.sandbox.business.crm_mail import events_of
from connectors.sandbox.platforms.hubspot.records import Json, Record, Shown, time
from connectors.sandbox.platforms.hubspot.system import FORMS

_EVENTS = {"sent": "SENT", "delivered": "DELIVERED", "opened": "OPEN", "clicked": "CLICK",
           "bounced": "BOUNCE"}  # fmt: skip


def pipelines(shown: Shown) -> list[Json]:
    """Returns the pipelines with their stages, whose own dates say nothing."""
    ids = shown.book.system.ids
    dates = {"createdAt": "1970-01-01T00:00:00Z", "updatedAt": "1970-01-01T00:00:00Z"}
    return [
        {
            "id": ids("pipeline", one.number),
            "label": one.name,
            "displayOrder": one.number - 1,
            "archived": False,
            **dates,
            "stages": [
                {
                    "id": ids("stage", stage.number),
                    "label": stage.name,
                    "displayOrder": stage.order,
                    "archived": False,
                    **dates,
                    "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
                    "metadata": {
                        "isClosed": str(stage.outcome != OPEN).lower(),
                        "probability": str(stage.per_mille / 1000),
                    },
                }
                for stage in one.stages
            ],
        }
        for one in shown.book.pipelines
    ]


def owners(shown: Shown, *, archived: bool) -> list[Json]:
    """Returns who looks after deals, or who no longer does."""
    made = time(shown.book.people[0].created)
    return [
        {
            "id": shown.book.system.ids("owner", one.number),
            "email": one.email,
            "firstName": one.first_name,
            "lastName": one.last_name,
            "userId": 61 + one.number,
            "userIdIncludingInactive": 61 + one.number,
            "type": "PERSON",
            "archived": archived,
            "createdAt": made,
            "updatedAt": made if one.left > shown.clock else time(one.left),
            "teams": [{"id": "7", "name": "Offices", "primary": True}],
        }
        for one in shown.book.owners
        if (one.left <= shown.clock) == archived
    ]


def details(shown: Shown) -> Json:
    """Returns the account."""
    account = shown.book.account
    return {
        "portalId": int(account.id),
        "accountType": "STANDARD",
        "timeZone": account.time_zone,
        "companyCurrency": account.currency,
        "additionalCurrencies": ["GBP"],
        "utcOffset": "+05:30",
        "utcOffsetMilliseconds": 19_800_000,
        "uiDomain": "app-eu1.hubspot.com",
        "dataHostingLocation": "eu1",
    }


def forms(shown: Shown) -> list[Json]:
    """Returns the forms."""
    made = time(shown.book.people[0].created)
    named = dict(FORMS.values())
    return [
        {
            "id": shown.book.system.ids("form", number),
            "name": name,
            "createdAt": made,
            "updatedAt": made,
            "archived": False,
            "formType": "hubspot",
        }
        for number, name in sorted(named.items())
    ]


def submissions(shown: Shown, form: str) -> list[Json]:
    """Returns what was sent in by a form, the newest first."""
    ids = shown.book.system.ids
    return [
        {
            "conversionId": f"c0ffee00-0000-4000-8000-{one.number:012d}",
            "submittedAt": one.created * 1000,
            "values": [
                {"name": "email", "value": one.email, "objectTypeId": "0-1"},
                {"name": "firstname", "value": one.first_name, "objectTypeId": "0-1"},
            ],
            "pageUrl": f"{shown.book.book.shop.organization.site}/offices?email={one.email}",
        }
        for one in reversed(shown.book.people)
        if one.created <= shown.clock
        and one.origin.kind in FORMS
        and ids("form", FORMS[one.origin.kind][0]) == form
    ]


def mails(shown: Shown, first: int, last: int) -> list[Json]:
    """Returns what happened to mails between two instants, in milliseconds."""
    there = [
        one
        for one in events_of(shown.book)
        if one.at <= shown.clock and first <= one.at * 1000 < last
    ]
    return [
        {
            "id": f"17d3fcc4-{one.person.number:06d}-{one.kind}",
            "created": one.at * 1000,
            "type": _EVENTS[one.kind],
            "recipient": one.person.email,
            "portalId": int(shown.book.account.id),
            "appId": 113,
            "emailCampaignId": 8_706_210,
        }
        for one in there
    ]


def inline(one: Record, types: Sequence[str]) -> Json:
    """Returns the links of a record; one stands there once for each kind of link."""
    links, own = one.links(), "deal" if "contacts" in one.links() else "contact"
    single = {"companies": "company", "contacts": "contact", "deals": "deal"}
    return {
        type_: {
            "results": [
                {"id": id_, "type": f"{own}_to_{single[type_]}{ending}"}
                for id_ in links[type_]
                for ending in ("", "_unlabeled")
            ]
        }
        for type_ in types
        if links.get(type_)
    }


def linked(id_: str, to: str) -> Json:
    """Returns a link as batches show it: once for each kind of link."""
    labels = ("Primary", None) if to == "companies" else (None,)
    types = [
        {"category": "HUBSPOT_DEFINED", "typeId": 5 if one else 341, "label": one} for one in labels
    ]
    return {"toObjectId": int(id_), "associationTypes": types}
