"""What recipients did: the rows of a report's lists, as of one clock and after a time."""

from __future__ import annotations

from connectors.sandbox.business.mail_entities import Send
from connectors.sandbox.platforms.mailchimp.resources import Json, stamp
from connectors.sandbox.platforms.mailchimp.site import hash_of

_IP = "203.0.113.9"


def activity(sends: list[Send], since: int, clock: int) -> list[Json]:
    """Returns a row for each recipient, with what happened in between; all opens are alike."""
    rows = []
    for send in sends:
        events: list[Json] = [
            {"action": "open", "timestamp": stamp(one.at), "ip": _IP} for one in send.openings
        ]
        events += [
            {"action": "click", "timestamp": stamp(one.at), "url": one.url, "ip": _IP}
            for one in send.clicks
        ]
        if send.bounce is not None:
            at = stamp(send.bounced)
            events.append({"action": "bounce", "timestamp": at, "type": send.bounce})
        shown = [one for one in events if stamp(since) < one["timestamp"] <= stamp(clock)]
        shown.sort(key=lambda one: str(one["timestamp"]))
        rows.append({**_whose(send), "activity": shown})
    return rows


def opens(sends: list[Send], since: int, clock: int) -> list[Json]:
    """Returns a row for each recipient of whose mail there was an open, with a flag for each."""
    rows = []
    for send in sends:
        shown = [one for one in send.openings if since < one.at <= clock]
        if shown:
            rows.append(
                {
                    **_whose(send),
                    "contact_status": send.member.status(clock),
                    "merge_fields": {"FNAME": send.member.first_name},
                    "vip": False,
                    "opens_count": len(shown),
                    "proxy_excluded_opens_count": sum(not one.is_machine for one in shown),
                    "opens": [
                        {"timestamp": stamp(one.at), "is_proxy_open": one.is_machine}
                        for one in shown
                    ],
                }
            )
    return rows


def unsubscribed(sends: list[Send], _since: int, clock: int) -> list[Json]:
    """Returns who unsubscribed because of it."""
    return [
        {
            **_whose(send),
            "merge_fields": {"FNAME": send.member.first_name},
            "vip": False,
            "timestamp": stamp(send.unsubscribed),
            "reason": "None given",
        }
        for send in sends
        if send.unsubscribed <= clock
    ]


def _whose(send: Send) -> Json:
    return {
        "campaign_id": send.message.id,
        "list_id": send.message.audience.id,
        "list_is_active": True,
        "email_id": hash_of(send.member.email),
        "email_address": send.member.email,
    }
