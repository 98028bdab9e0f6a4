"""The things of an account as JSON:API shows them in revision 2026-07-15, as of one clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.sandbox.business.mail import MailBook
from connectors.sandbox.business.mail_entities import (
    BOUNCED,
    CANCELLED,
    DRAFT,
    PENDING,
    SCHEDULED,
    SENT,
    UNSUBSCRIBED,
    Member,
    Message,
)
from connectors.sandbox.business.mail_events import (
    CLICKED,
    ORDERED,
    MailEvent,
    MailEvents,
)
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.platforms.klaviyo.system import METRICS, made_id
from connectors.sandbox.wire.json_api import Json, entity

_STATUSES = {DRAFT: "Draft", SCHEDULED: "Scheduled", CANCELLED: "Cancelled", SENT: "Sent"}
_CONSENTS = {PENDING: "NEVER_SUBSCRIBED", UNSUBSCRIBED: "UNSUBSCRIBED"}
_SENDER = "hello@acme.example"
_ARCHIVED_AFTER = 60 * 86_400
"""Old newsletters are put into the archive."""


class Writer:
    """Writes the things of one account.

    Args:
        book: The account's mail.
        events: Its events.
        clock: As of when, in seconds since 1970 UTC.
        address: What addresses of the API begin with.
    """

    def __init__(self, book: MailBook, events: MailEvents, clock: int, address: str) -> None:
        self.book, self.events, self.clock = book, events, clock
        self.address = address

    def account(self) -> Json:
        """Returns the account itself."""
        one = self.book.account
        named = {"organization_name": f"{one.organization.name} Mail"}
        said = {
            "contact_information": {**named, "default_sender_email": _SENDER},
            "timezone": one.time_zone,
            "preferred_currency": one.currency,
        }
        return self._entity("account", self.book.account_id, said)

    def campaigns(self) -> Iterator[Json]:
        """Yields the campaigns that are there; all of them are e-mail."""
        for one in self.book.messages.newsletters:
            if one.exists(self.clock):
                yield self._campaign(one)

    def new_campaigns(self) -> Iterator[Json]:
        """Yields them in the shape of revision 2026-10-15: what is sent stands elsewhere."""
        for one in self.campaigns():
            said = one["attributes"]
            definition = {"name": said["name"], "archived": said["archived"], "send_settings": {}}
            times = {name: said[name] for name in ("created_at", "updated_at")}
            yield {**one, "attributes": {"definition": definition, **times}}

    def campaign_message(self, id_: str) -> Json:
        """Returns the message of a campaign."""
        message = next(one for one in self.book.messages.newsletters if one.id == id_)
        content = {"subject": message.subject, "preview_text": None, "from_email": _SENDER}
        definition = {"channel": "email", "label": None, "content": content}
        said = {"definition": definition, "send_times": None, "created_at": _text(message.created)}
        return self._entity("campaign-message", id_, said)

    def flows(self) -> Iterator[Json]:
        """Yields the flows that are there, each with two actions: to wait, and to send."""
        for one in self._flow_messages():
            if one.flow is not None:
                said = {"name": one.flow.name, "status": "live", "archived": False}
                actions = [("flow-action", action) for action in _actions(one)]
                related = {"flow-actions": actions, "tags": []}
                said |= {**_times(one.flow.created), "trigger_type": one.flow.trigger}
                yield self._entity("flow", one.flow.id, said, related)

    def flow_actions(self) -> Iterator[Json]:
        """Yields the actions of all flows."""
        for one in self._flow_messages():
            for action, kind in zip(_actions(one), ("time-delay", "send-email"), strict=True):
                said = {"definition": {"type": kind}, **_times(one.created)}
                yield self._entity("flow-action", action, said)

    def flow_messages(self, action: str) -> Iterator[Json]:
        """Yields the messages of an action."""
        for one in self._flow_messages():
            if action == _actions(one)[1]:
                said = {"name": one.name.at(self._now), "channel": "email", **_times(one.created)}
                content = {"subject": one.subject, "from_email": _SENDER}
                yield self._entity("flow-message", one.id, {**said, "content": content})

    def lists(self) -> Iterator[Json]:
        """Yields the list that people join."""
        one = self.book.messages.audiences[0]
        said = {"name": one.name, "opt_in_process": "double_opt_in", **_times(one.created)}
        yield self._entity("list", one.id, said)

    def segments(self) -> Iterator[Json]:
        """Yields the segments of it, which newsletters are sent to as well."""
        for one in self.book.messages.audiences[1:]:
            said = {"name": one.name, "definition": {}, "is_active": True, **_times(one.created)}
            yield self._entity("segment", one.id, said)

    def metric(self, kind: str) -> Json:
        """Returns the metric of a kind of events."""
        one = METRICS[kind]
        integration = {
            "object": "integration",
            "id": made_id("integration", one.integration),
            "name": one.integration,
            "category": one.category,
        }
        made = self.book.messages.audiences[0].created
        said = {"name": one.name, **_times(made), "integration": integration}
        return self._entity("metric", one.id(self.book.account_id), said)

    def profile(self, one: Member) -> Json:
        """Returns a profile; what only comes when it is asked for is among it."""
        status, last = one.status(self.clock), self.events.last_of(one.id, self.clock)
        changed = one.left if status == UNSUBSCRIBED else one.confirmed
        suppressed = {"reason": "HARD_BOUNCE", "timestamp": self._at(one.left)}
        marketing = {
            "can_receive_email_marketing": status not in (BOUNCED, UNSUBSCRIBED),
            "consent": _CONSENTS.get(status, "SUBSCRIBED"),
            "consent_timestamp": None if status == PENDING else self._at(changed),
            "method": "FORM",
            "suppression": [suppressed] if status == BOUNCED else [],
            "list_suppressions": [],
        }
        said = {
            "email": one.email,
            "phone_number": None,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "locale": "en-US",
            "created": _text(one.joined),
            "updated": _text(self.updated(one)),
            "last_event_date": None if last is None else _text(last),
            "location": {"city": "Springfield", "country": one.country, "zip": "10115"},
            "subscriptions": {"email": {"marketing": marketing}, "sms": None},
        }
        return self._entity("profile", one.id, said)

    def updated(self, one: Member) -> int:
        """Returns when a profile last changed: its events move that, too."""
        return max(one.updated(self.clock), self.events.last_of(one.id, self.clock) or 0)

    def event(self, one: MailEvent) -> Json:
        """Returns an event, with what its sender put in: among it who it was."""
        account, metric = self.book.account_id, METRICS[one.kind]
        said: Json = {"$event_id": str(one.at)}
        if one.kind == ORDERED:
            said |= {"$value": one.cents / 100, "OrderId": one.order}
            said["Customer Email"] = f"{one.person.lower()}@example.com"
        elif one.message is not None:
            said |= {"$message": one.message.id, "Subject": one.message.subject}
            said |= {"$flow": one.message.flow.id} if one.message.flow else {}
            said |= {"Bounce Type": one.detail.title()} if one.detail else {}
            said |= {"Bot Click": False} if one.kind == CLICKED else {}
        number = one.message.number if one.message else 0
        which = f"{account} {one.at} {one.kind} {one.person} {number} {one.order}"
        related = {"profile": ("profile", one.person), "metric": ("metric", metric.id(account))}
        body = {
            "timestamp": one.at,
            "event_properties": said,
            "datetime": _text(one.at),
            "uuid": f"{one.at:08x}-0000-11eb-8001-{one.person[-12:].lower()}",
        }
        id_ = made_id("message", f"event {which}")[12:]
        return self._entity("event", id_, body, {**related, "attributions": []})

    def _campaign(self, one: Message) -> Json:
        is_sent = one.sent <= self.clock
        planned = self._at(one.planned, known_from=one.created)
        renamed = [int(when.timestamp()) for when, _ in one.name.changes]
        changed = [one.created, one.sent, one.cancelled, *renamed]
        said = {
            "name": one.name.at(self._now),
            "status": _STATUSES[one.status(self.clock)],
            "archived": is_sent and one.sent + _ARCHIVED_AFTER <= self.clock,
            "audiences": {"included": [one.audience.id], "excluded": []},
            "send_options": {"use_smart_sending": True},
            "tracking_options": {"is_tracking_clicks": True, "is_tracking_opens": True},
            "send_strategy": {"method": "static"},
            "created_at": _text(one.created),
            "scheduled_at": planned and _text(one.created),
            "updated_at": _text(max(at for at in changed if at <= self.clock)),
            "send_time": planned,
        }
        related = {"campaign-messages": [("campaign-message", one.id)], "tags": []}
        return self._entity("campaign", str(one.campaign_id), said, related)

    def _flow_messages(self) -> Iterator[Message]:
        return (one for one in self.book.messages.flows if one.exists(self.clock))

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock, UTC)

    def _at(self, at: int, *, known_from: int = 0) -> str | None:
        return _text(at) if at < NEVER and known_from <= self.clock else None

    def _entity(self, type_: str, id_: str, said: Json, related: Json | None = None) -> Json:
        return entity(self.address, type_, id_, said, related)


def _actions(message: Message) -> tuple[str, str]:
    """Returns the ids of the actions of a flow: the one that waits and the one that sends."""
    return made_id("action", f"{message.id} wait"), made_id("action", f"{message.id} send")


def _times(made: int) -> Json:
    return {"created": _text(made), "updated": _text(made)}


def _text(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
