"""Stored deliveries as records of a stream: one line each, which the receiver has written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from connectors.core.personal import Hasher, scrubbed
from connectors.platforms.webhooks.events import Event

_GOOGLE = {
    "EMAIL": "email",
    "WORK_EMAIL": "work_email",
    "PHONE_NUMBER": "phone_number",
    "CITY": "city",
    "REGION": "region",
    "COUNTRY": "country",
    "COMPANY_NAME": "company_name",
    "JOB_TITLE": "job_title",
}
"""What is kept of the answers: e-mail and phone become tokens, all others that a person could be
known by (names, streets, answers to questions of one's own) are left out.
https://developers.google.com/google-ads/webhook/docs/implementation"""

_POSTBACK = {
    "transaction_id": ("transaction_id", "click_id"),
    "conversion_id": ("conversion_id", "txn_id"),
    "offer_id": ("offer_id", "oid", "campaign_id"),
    "partner_id": ("partner_id", "affiliate_id", "aff_id", "pub_id", "publisher_id"),
    "goal_id": ("goal_id", "adv_event_id", "event_id"),
    "status": ("status", "conversion_status"),
    "order_id": ("order_id",),
    "coupon_code": ("coupon_code",),
    "currency": ("currency", "currency_id"),
    "sale_amount": ("sale_amount", "amount"),
    "payout": ("payout", "payout_amount"),
    **{f"sub{n}": (f"sub{n}", f"aff_sub{n}" if n > 1 else "aff_sub") for n in range(1, 6)},
}
"""Our name -> the networks' parameters; the first that has a value counts.
https://helpdesk.everflow.io, https://support.tune.com, https://help.trackier.com"""


def line_of(sender: str, event: Event, received_at: datetime) -> bytes:
    """Returns the line by which an event is stored."""
    head: dict[str, Any] = {
        "record_id": event.id,
        "sender": sender,
        "topic": event.topic or None,
        "object_id": event.object_id or None,
        "happened_at": event.happened_at and event.happened_at.isoformat(),
        "received_at": received_at.isoformat(),
        "payload": orjson.Fragment(event.payload),
    }
    return orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE)


def stored(lines: bytes) -> Iterator[dict[str, Any]]:
    """Yields the events of a stored file; a last line that was cut off is none."""
    whole = lines[: lines.rfind(b"\n") + 1]
    for line in whole.splitlines():
        yield orjson.loads(line)


def _delivery(event: dict[str, Any]) -> dict[str, Any]:
    """The pull of the stream brings what it is about: of the body nothing is kept."""
    return {name: value for name, value in event.items() if name != "payload"}


def _lead_form(event: dict[str, Any]) -> dict[str, Any]:
    payload = _object(event.get("payload"))
    answers: dict[str, str] = {}
    given = payload.get("user_column_data")
    for one in given if isinstance(given, list) else ():
        name = _GOOGLE.get(str(_object(one).get("column_id")))
        if name:
            answers.setdefault(name, str(_object(one).get("string_value") or ""))
    known = {name: _text(payload[name]) for name in _KEPT if name in payload}
    return {**_delivery(event), "payload": known, "answers": answers}


_KEPT = (
    "lead_id", "form_id", "campaign_id", "adgroup_id", "creative_id", "asset_group_id", "gcl_id",
    "lead_stage", "lead_source", "is_test",
)  # fmt: skip


def _postback(event: dict[str, Any]) -> dict[str, Any]:
    payload = _object(event.get("payload"))
    said = {
        name: next((_text(payload[p]) for p in names if payload.get(p) not in (None, "")), None)
        for name, names in _POSTBACK.items()
    }
    return {**_delivery(event), "said": said}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> Any:
    """Ids come as text and as numbers; what is neither stays what it is."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def scrubbed_record(record: dict[str, Any], hasher: Hasher | None) -> dict[str, Any]:
    """Returns a record without addresses in what should hold none; its columns make tokens."""
    if hasher is None:
        return record
    answers = {
        name: value if name in _TOKENS else scrubbed(value, hasher)
        for name, value in record.get("answers", {}).items()
    }
    rest = {name: scrubbed(value, hasher) for name, value in record.items() if name != "answers"}
    return {**rest, "answers": answers} if answers else rest


_TOKENS = ("email", "work_email", "phone_number")

RECORDS: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "deliveries": _delivery,
    "lead_forms": _lead_form,
    "postbacks": _postback,
}
"""From a stored event to the record of each stream."""
