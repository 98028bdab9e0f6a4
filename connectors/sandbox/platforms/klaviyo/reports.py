"""Reports by the day of sending, and aggregates by the day of the event, as of one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business.mail_entities import Message, Send
from connectors.sandbox.business.mail_events import ORDERED, MailEvent, between
from connectors.sandbox.platforms.klaviyo.resources import Writer
from connectors.sandbox.platforms.klaviyo.system import METRICS
from connectors.sandbox.tables.mail import Days, counted, sums
from connectors.sandbox.wire.json_api import Json

_COUNTS = {
    "recipients": "sent", "bounced": "bounces", "opens": "opens", "clicks": "clicks",
    "unsubscribes": "unsubscribes", "spam_complaints": "complaints", "conversions": "orders",
}  # fmt: skip
_PEOPLE = {
    "opens_unique": "opens", "clicks_unique": "clicks", "unsubscribe_uniques": "unsubscribes",
    "conversion_uniques": "orders",
}  # fmt: skip
STATISTICS = frozenset({*_COUNTS, *_PEOPLE, "delivered", "failed", "conversion_value"})


def _message(one: MailEvent) -> str:
    return one.message.id if one.message else ""


# An order is credited to a message and is of none; of an event of a mail it is the other way round.
DIMENSIONS: dict[str, Callable[[MailEvent], str]] = {
    "$message": lambda one: "" if one.kind == ORDERED else _message(one),
    "$attributed_message": lambda one: _message(one) if one.kind == ORDERED else "",
    "Bounce Type": lambda one: one.detail.title(),
    "Bot Click": lambda _: "False",
}


class Reports:
    """The reports of one account, with some statistics and conversions of one metric."""

    def __init__(self, writer: Writer, names: Sequence[str] = (), metric: str = "") -> None:
        self._writer, self._names, self._clock = writer, names, writer.clock
        self._metrics = {one.id(writer.book.account_id): kind for kind, one in METRICS.items()}
        self._counts_orders = self._metrics.get(metric) == ORDERED
        self._zone = ZoneInfo(writer.book.book.shop.time_zone)

    def campaign_values(self, first: date, last: date) -> list[Json]:
        """Returns a row for each campaign that was sent between two days."""
        days = Days(first, last, self._zone)
        return [
            {
                "groupings": _groupings(one, "campaign", one.campaign_id),
                "statistics": self._statistics(self._writer.book.sends(one)),
            }
            for one in self._writer.book.messages.newsletters
            if one.sent <= self._clock < one.removed and first <= days.of(one.sent) <= last
        ]

    def flow_series(self, first: date, last: date) -> tuple[list[str], list[Json]]:
        """Returns the midnights of the days between two, and a row for each message of a flow."""
        days, rows = Days(first, last, self._zone), []
        for one in self._writer.book.messages.flows:
            sent = days.by_day(self._writer.book.sends(one), self._clock)
            if one.flow is not None and any(sent):
                each = [self._statistics(sends) for sends in sent]
                series = {name: [one[name] for one in each] for name in self._names}
                groupings = _groupings(one, "flow", one.flow.id)
                rows.append({"groupings": groupings, "statistics": series})
        return [one.isoformat() for one in days.midnights], rows

    def aggregates(self, metric: str, days: Days, by: Sequence[str]) -> list[Json]:
        """Returns what happened on days, a row for each group."""
        events = self._writer.events.of_kind[self._metrics.get(metric, "")]
        start, end = days.span
        shown = between(events, start, min(end, self._clock + 1))
        groups = days.grouped(shown, lambda one: tuple(DIMENSIONS[name](one) for name in by))
        return [
            {"dimensions": list(key), "measurements": counted(found)}
            for key, found in groups.items()
        ]

    def _statistics(self, sends: Iterable[Send]) -> dict[str, float]:
        counts, people = sums(sends, self._clock)
        if not self._counts_orders:
            counts["orders"] = counts["spent"] = people["orders"] = 0
        values: dict[str, Any] = {name: counts[ours] for name, ours in _COUNTS.items()}
        values |= {name: people.get(ours, 0) for name, ours in _PEOPLE.items()}
        values |= {"delivered": counts["sent"] - counts["bounces"], "failed": 0}
        values["conversion_value"] = counts["spent"] / 100
        return {name: float(values[name]) for name in self._names}


def _groupings(message: Message, kind: str, owner: str | None) -> Json:
    named = {f"{kind}_id": owner, f"{kind}_message_id": message.id}
    return {**named, "send_channel": "email"}
