"""What mails and their events come to as of a clock, as platforms show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.sandbox.business.mail_entities import Send
from connectors.sandbox.business.mail_events import MailEvent


def sums(sends: Iterable[Send], clock: int) -> tuple[dict[str, int], dict[str, int]]:
    """Returns how much came of mails by an instant, and how many members each was of.

    `spent` is what their orders came to, in cents.
    """
    found: dict[str, int] = defaultdict(int)
    people: dict[str, set[str]] = defaultdict(set)
    for one in sends:
        for name, instants in (
            ("sent", [one.at]),
            ("bounces", [one.bounced] if one.bounce else []),
            ("opens", [each.at for each in one.openings]),
            ("clicks", [each.at for each in one.clicks]),
            ("unsubscribes", [one.unsubscribed]),
            ("complaints", [one.complained]),
            ("orders", [each.at for each in one.claims]),
        ):
            number = sum(at <= clock for at in instants)
            if number:
                found[name] += number
                people[name].add(one.member.id)
        found["spent"] += sum(each.total_cents for each in one.claims if each.at <= clock)
    return found, {name: len(who) for name, who in people.items()}


def counted(days: Sequence[Sequence[MailEvent]]) -> dict[str, list[float]]:
    """Returns of each day the number of its events, their value and how many people had one."""
    return {
        "count": [float(len(one)) for one in days],
        "sum_value": [sum(each.cents for each in one) / 100 for one in days],
        "unique": [float(len({each.person for each in one})) for one in days],
    }


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a zone, one after the other."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def all(self) -> list[date]:
        """Each of them."""
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]

    @property
    def midnights(self) -> list[datetime]:
        """When each of them begins."""
        return [datetime.combine(day, time(), self.zone) for day in self.all]

    @property
    def span(self) -> tuple[int, int]:
        """The instants of their beginning and their end, half open."""
        end = datetime.combine(self.last + timedelta(days=1), time(), self.zone)
        return int(self.midnights[0].timestamp()), int(end.timestamp())

    def of(self, at: int) -> date:
        """Returns the day of an instant."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone).date()

    def by_day(self, sends: Iterable[Send], clock: int) -> list[list[Send]]:
        """Returns of each day the mails that were sent on it by an instant."""
        found: dict[date, list[Send]] = defaultdict(list)
        for one in sends:
            if one.at <= clock:
                found[self.of(one.at)].append(one)
        return [found[day] for day in self.all]

    def grouped(
        self, events: Iterable[MailEvent], key: Callable[[MailEvent], tuple[str, ...]]
    ) -> Mapping[tuple[str, ...], Sequence[Sequence[MailEvent]]]:
        """Returns the events of each group, by day."""
        place = {day: number for number, day in enumerate(self.all)}
        found: dict[tuple[str, ...], list[list[MailEvent]]] = defaultdict(
            lambda: [[] for _ in place]
        )
        for one in events:
            found[key(one)][place[self.of(one.at)]].append(one)
        return dict(sorted(found.items()))
