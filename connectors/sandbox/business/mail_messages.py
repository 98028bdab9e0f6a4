"""The messages of an organization: letters by the week and the month, and mails that follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.sandbox.business.entities import History
from connectors.sandbox.business.mail_entities import (
    FLOW,
    NEWSLETTER,
    Audience,
    Flow,
    MailSystem,
    Message,
)
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.shop_entities import NEVER

DAY = 86_400
_HOUR = 3_600
_SUBJECTS = ("New this week", "What our customers love", "Three ideas for the weekend",
             "Back on the shelves", "A story from the workshop")  # fmt: skip
WELCOME, BACK_IN_STOCK, CART, WIN_BACK = range(4)
_FLOWS = (
    ("Welcome", "Added to List", "Welcome to the family"),
    ("Back in stock", "Metric", "It is here again"),
    ("Abandoned cart", "Metric", "You left something behind"),
    ("Win-back", "Date Based", "We miss you"),
)
_CAMPAIGNS = dict(
    zip((name for name, *_ in _FLOWS), ("welcome-flow", "back-in-stock", "cart", "win-back"),
        strict=True)
)  # fmt: skip
_TUESDAY, _FRIDAY = 1, 4
_WEEKS_BEFORE = 2
"""Letters are older than the business days: the first orders come from one."""


@dataclass(frozen=True, slots=True)
class Messages:
    """All messages of an organization.

    Attributes:
        audiences: Everybody, and the club of the most faithful.
        newsletters: By their instants.
        flows: By what starts them: WELCOME, BACK_IN_STOCK, CART and WIN_BACK.
    """

    audiences: tuple[Audience, Audience]
    newsletters: tuple[Message, ...]
    flows: tuple[Message, ...]


def utm_campaign(message: Message) -> str:
    """Returns the campaign that the links of a message name."""
    return "weekly-letter" if message.flow is None else _CAMPAIGNS[message.flow.name]


def messages_of(parameters: Parameters, system: MailSystem, zone: ZoneInfo) -> Messages:
    """Returns the messages that an organization sends with a system, in the zone of its account."""
    begin = _instant(parameters.first_day - timedelta(days=60), zone)
    audiences = (
        Audience(system.ids("audience", 1), "Newsletter", begin),
        Audience(system.ids("audience", 2), "Club", begin + DAY),
    )
    return Messages(
        audiences,
        _newsletters(parameters, system, zone, audiences),
        tuple(_flow_mail(system, place, audiences[0], begin) for place in range(len(_FLOWS))),
    )


def _newsletters(
    parameters: Parameters,
    system: MailSystem,
    zone: ZoneInfo,
    audiences: tuple[Audience, Audience],
) -> tuple[Message, ...]:
    found: list[Message] = []
    day = parameters.first_day - timedelta(days=7 * _WEEKS_BEFORE)
    while day <= parameters.end:
        if day.weekday() == _TUESDAY:
            found.append(_newsletter(system, len(found), "Weekly letter", audiences[0], day, zone))
        elif day.weekday() == _FRIDAY and day.isocalendar().week % 4 == 2:
            found.append(_newsletter(system, len(found), "Club letter", audiences[1], day, zone))
        day += timedelta(days=1)
    # Shortly before the end one is deleted with all its numbers, and one gets another name.
    late = _instant(parameters.days_before_end(3), zone)
    gone = max(len(found) - 3, 0)
    found[gone] = replace(found[gone], removed=max(late, found[gone].sent + DAY))
    renamed = found[-2]
    again = datetime.fromtimestamp(max(late, renamed.sent + DAY), UTC), f"{renamed.subject}, again"
    named = History.of(renamed.name.created, renamed.name.changes[0][1], again)
    found[-2] = replace(renamed, name=named)
    # Then what is never sent: called off, planned for after the last day, and a draft.
    last, unsent = found[-1], []
    for place, (name, planned) in enumerate(
        (
            ("Called off", last.sent - 2 * DAY),
            ("Coming soon", _instant(parameters.end + timedelta(days=2), zone)),
            ("Draft", NEVER),
        )
    ):
        at = last.sent - (5 - place) * DAY
        drafted = _newsletter(
            system, len(found) + place, name, audiences[0], parameters.end, zone, created=at
        )
        unsent.append(replace(drafted, planned=planned, sent=NEVER))
    unsent[0] = replace(unsent[0], cancelled=unsent[0].created + DAY)
    return (*found, *unsent)


def _newsletter(
    system: MailSystem,
    place: int,
    name: str,
    audience: Audience,
    day: date,
    zone: ZoneInfo,
    *,
    created: int | None = None,
) -> Message:
    sent = _instant(day, zone)
    first = sent - 2 * DAY + 5 * _HOUR if created is None else created
    return Message(
        number=place + 1,
        id=system.ids("message", place + 1),
        campaign_id=system.ids("campaign", place + 1),
        kind=NEWSLETTER,
        name=History.of(datetime.fromtimestamp(first, UTC), f"{name} {day:%Y-%m-%d}"),
        subject=_SUBJECTS[place % len(_SUBJECTS)],
        audience=audience,
        flow=None,
        created=first,
        planned=sent,
        sent=sent,
    )


def _flow_mail(system: MailSystem, place: int, audience: Audience, begin: int) -> Message:
    name, trigger, subject = _FLOWS[place]
    created = begin + (2 + place) * DAY
    number = 9_001 + place
    return Message(
        number=number,
        id=system.ids("message", number),
        campaign_id=None,
        kind=FLOW,
        name=History.of(datetime.fromtimestamp(created, UTC), f"{name} mail"),
        subject=subject,
        audience=audience,
        flow=Flow(system.ids("flow", place + 1), name, trigger, created),
        created=created,
    )


def _instant(day: date, zone: ZoneInfo) -> int:
    """Returns nine o'clock of a day."""
    return int(datetime.combine(day, time(9), zone).timestamp())
