"""What the mail of an organization must come to, mail by mail, from the business alone.

- `mail_message` has each message that is there as of the clock with all that came of it by then;
  `mail_message_day` has what happened on a day of the account's calendar, whenever the mail was
  sent, and keeps the days of messages that are gone.
- `mail_sent_day` has, of messages that are there, all that came by then of the mails of a day.
- `delivered` is what was sent less what bounced, a bounce on its own day; `received` is what was
  sent and never bounces, on the day that it was sent. `opens` are those of
  readers and of machines together. `unique_…` are members: of a day those of that day, so they
  never add up to those of the message.
- `orders` and `revenue` are what the platform claims, `caused_…` those that a mail brought. `spent`
  is with tax and shipping, `revenue` without. An order counts on the day that it was placed; what
  becomes of it afterwards changes nothing here.
- Whoever complains gets no more mail, but has not unsubscribed.
- `person` has who each member is: one of the shop's customers, or who has not bought.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from connectors.sandbox.business import Business
from connectors.sandbox.business.mail import MailBook
from connectors.sandbox.business.mail_entities import HARD, MailSystem, Message, Send
from connectors.sandbox.business.shop_customers import person_of
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.shop_rows import asked, instant, money

Shown = Callable[[Message], bool]
"""Says whether a platform shows anything of a message."""

Biased = Callable[[str, Row], Row]

_COUNTS = (
    "sent", "delivered", "opens", "human_opens", "machine_opens", "clicks", "unsubscribes",
    "hard_bounces", "soft_bounces", "complaints", "orders", "caused_orders", "received",
)  # fmt: skip
_CENTS = ("spent", "revenue", "caused_revenue")
_PEOPLE = ("unique_opens", "unique_human_opens", "unique_clicks", "unique_orders")

_Event = tuple[int, str, int, int]
"""When it happened, what of, how much, and the number of the member."""


def levels_of(
    system: MailSystem, shown: Shown = lambda _: True, biased: Biased = lambda _, row: row
) -> dict[str, Answer]:
    """Returns the answers of all levels that a mail platform has.

    Args:
        system: The platform's side of the business.
        shown: Which messages the platform shows; all, unless it hides some.
        biased: From a level and its row to the row as the platform shows it.
    """
    answers = {
        "mail_message": _messages,
        "mail_message_day": _days,
        "mail_sent_day": _sent_days,
        "mail_member": _members,
        "mail_order": _orders,
        "person": _people,
    }

    def answered(level: str, business: Business, question: Question) -> Iterator[Row]:
        return (biased(level, row) for row in answers[level](system, shown, business, question))

    return {level: partial(answered, level) for level in answers}


def _books(system: MailSystem, business: Business, question: Question) -> Iterator[MailBook]:
    for book in business.mail(system):
        if question.account in (None, book.account_id):
            yield book


def _whose(book: MailBook) -> Row:
    return {
        "organization_id": book.book.shop.organization.id,
        "platform": book.system.platform,
        "account_id": book.account_id,
        "currency": book.book.shop.currency,
    }


def _all(book: MailBook, shown: Shown) -> Iterator[Message]:
    yield from filter(shown, (*book.messages.newsletters, *book.messages.flows))


def _messages(
    system: MailSystem, shown: Shown, business: Business, question: Question
) -> Iterator[Row]:
    clock = int(question.as_of.timestamp())
    for book in _books(system, business, question):
        for one in _all(book, shown):
            if not one.created <= clock < one.removed:
                continue
            is_sent = one.sent <= clock
            day = _day(book, one.sent) if is_sent else None
            if day is not None and not asked(question, day):
                continue
            yield {
                **_whose(book),
                "message_id": one.id,
                "campaign_id": one.campaign_id,
                "kind": one.kind,
                "name": one.name.at(question.as_of),
                "subject": one.subject,
                "status": one.status(clock),
                "audience_id": one.audience.id,
                "flow_id": None if one.flow is None else one.flow.id,
                "date": None if day is None else str(day),
                "sent_at": instant(one.sent) if is_sent else None,
                **_figures(_events(book.sends(one), clock)),
            }


def _days(
    system: MailSystem, shown: Shown, business: Business, question: Question
) -> Iterator[Row]:
    clock = int(question.as_of.timestamp())
    for book in _books(system, business, question):
        for one in _all(book, shown):
            by_day: dict[date, list[_Event]] = defaultdict(list)
            for event in _events(book.sends(one), clock):
                by_day[_day(book, event[0])].append(event)
            for day in sorted(by_day):
                if asked(question, day):
                    named = {"date": str(day), "message_id": one.id}
                    yield {**_whose(book), **named, **_figures(iter(by_day[day]))}


def _sent_days(
    system: MailSystem, shown: Shown, business: Business, question: Question
) -> Iterator[Row]:
    clock = int(question.as_of.timestamp())
    for book in _books(system, business, question):
        for one in _all(book, shown):
            by_day: dict[date, list[Send]] = defaultdict(list)
            for send in book.sends(one) if one.exists(clock) else ():
                if send.at <= clock:
                    by_day[_day(book, send.at)].append(send)
            for day, sends in sorted(by_day.items()):
                if asked(question, day):
                    named = {"date": str(day), "message_id": one.id}
                    yield {**_whose(book), **named, **_figures(_events(tuple(sends), clock))}


def _figures(events: Iterator[_Event]) -> Row:
    sums: Counter[str] = Counter()
    people: dict[str, set[int]] = defaultdict(set)
    for _, measure, amount, member in events:
        sums[measure] += amount
        people[f"unique_{measure}"].add(member)
    sums["delivered"] = sums["sent"] - sums["hard_bounces"] - sums["soft_bounces"]
    return {
        **{name: sums[name] for name in _COUNTS},
        **{name: len(people[name]) for name in _PEOPLE},
        **{name: money(sums[name]) for name in _CENTS},
    }


def _events(sends: tuple[Send, ...], clock: int) -> Iterator[_Event]:
    """Yields all that came of mails by an instant."""
    for one in sends:
        member = one.member.number
        for at, measure, amount in _of_mail(one):
            if at <= clock:
                yield at, measure, amount, member


def _of_mail(one: Send) -> Iterator[tuple[int, str, int]]:
    yield one.at, "sent", 1
    if one.bounce is None:
        yield one.at, "received", 1
    else:
        yield one.bounced, "hard_bounces" if one.bounce == HARD else "soft_bounces", 1
    for opening in one.openings:
        yield opening.at, "opens", 1
        yield opening.at, "machine_opens" if opening.is_machine else "human_opens", 1
    for click in one.clicks:
        yield click.at, "clicks", 1
    yield one.unsubscribed, "unsubscribes", 1
    yield one.complained, "complaints", 1
    for claim in one.claims:
        for prefix in ("", "caused_") if claim.is_caused else ("",):
            yield claim.at, f"{prefix}orders", 1
            yield claim.at, f"{prefix}revenue", claim.revenue_cents
        yield claim.at, "spent", claim.total_cents


def _members(system: MailSystem, _: Shown, business: Business, question: Question) -> Iterator[Row]:
    clock = int(question.as_of.timestamp())
    for book in _books(system, business, question):
        for one in book.members:
            if one.joined > clock:
                continue
            for audience in one.audiences:
                yield {
                    **_whose(book),
                    "member_id": one.id,
                    "audience_id": audience.id,
                    "email": one.email,
                    "country": one.country,
                    "is_customer": one.customer is not None,
                    "status": one.status(clock),
                    "joined_at": instant(one.joined),
                    "confirmed_at": instant(one.confirmed) if one.confirmed <= clock else None,
                    "left_at": instant(one.left) if one.left <= clock else None,
                }


def _people(system: MailSystem, _: Shown, business: Business, question: Question) -> Iterator[Row]:
    for book in _books(system, business, question):
        for one in book.members:
            if one.joined > int(question.as_of.timestamp()):
                continue
            place = one.customer
            person = f"reader {one.number}" if place is None else person_of(book.book.shop, place)
            yield {**_whose(book), "record_id": one.id, "email": one.email, "person": person}


def _orders(
    system: MailSystem, shown: Shown, business: Business, question: Question
) -> Iterator[Row]:
    clock = int(question.as_of.timestamp())
    for book in _books(system, business, question):
        for message in _all(book, shown):
            for send in book.sends(message):
                for claim in send.claims:
                    day = _day(book, claim.at)
                    if claim.at <= clock and asked(question, day):
                        yield {
                            **_whose(book),
                            "date": str(day),
                            "message_id": message.id,
                            "member_id": send.member.id,
                            "shop_order_id": str(book.book.order(claim.row).id),
                            "is_caused": claim.is_caused,
                            "spent": money(claim.total_cents),
                            "revenue": money(claim.revenue_cents),
                        }


def _day(book: MailBook, at: int) -> date:
    if at == NEVER:
        return date.max
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(book.book.shop.time_zone)).date()
