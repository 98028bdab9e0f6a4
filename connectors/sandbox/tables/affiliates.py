"""What the network of a partner program shows as of a clock: lists of days, and their sums."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from connectors.sandbox.business.affiliate_entities import (
    APPROVED,
    Adjustment,
    Click,
    Conversion,
    Invoice,
    State,
)
from connectors.sandbox.business.affiliates import AffiliateBook


@dataclass(slots=True)
class Sums:
    """What a partner's offer came to on a day; money in cents."""

    clicks: int = 0
    unique_clicks: int = 0
    conversions: int = 0
    payout: int = 0
    revenue: int = 0
    sales: int = 0


@dataclass(frozen=True, slots=True)
class Program:
    """A partner program as its network shows it.

    Attributes:
        book: All that ever happens.
        clock: As of when, seconds since 1970 UTC.
    """

    book: AffiliateBook
    clock: int

    def conversions(self, start: int, end: int) -> list[tuple[Conversion, State]]:
        """Returns the conversions of a span of instants (half open), each as it stands."""
        shown = []
        for one in self.book.conversions:
            state = one.state(self.clock) if start <= one.at < end else None
            if state is not None:
                shown.append((one, state))
        return shown

    def held(self, start: int, end: int) -> list[Conversion]:
        """Returns what of a span waits for its release."""
        return [
            one
            for one in self.book.conversions
            if start <= one.at < end and one.is_held(self.clock)
        ]

    def clicks(self, start: int, end: int) -> list[Click]:
        """Returns the clicks of a span, the newest first."""
        last = min(end, self.clock + 1)
        return [one for one in reversed(self.book.clicks) if start <= one.at < last]

    def adjustments(self, first: date, last: date) -> list[Adjustment]:
        """Returns the corrections of a range of days (both included), withdrawn ones too."""
        return [
            one
            for one in self.book.adjustments
            if first <= one.day <= last and one.created <= self.clock
        ]

    def invoices(self) -> list[Invoice]:
        """Returns the invoices that have been written."""
        return [one for one in self.book.invoices if one.created <= self.clock]

    def converted(self) -> frozenset[str]:
        """Returns the ids of the clicks whose conversion is shown."""
        return frozenset(one.click.id for one, _ in self.conversions(0, self.clock + 1))

    def days(self, first: date, last: date) -> dict[tuple[date, str, str], Sums]:
        """Returns the sums of a range of days (both included), by day, partner and offer."""
        found: dict[tuple[date, str, str], Sums] = defaultdict(Sums)
        day_of = self.book.day_of
        for click in self.clicks(0, self.clock + 1):
            sums = found[day_of(click.at), click.partner.id, click.offer.id]
            sums.clicks += 1
            sums.unique_clicks += click.is_unique
        for one, state in self.conversions(0, self.clock + 1):
            if state.status == APPROVED:
                sums = found[day_of(one.at), one.click.partner.id, one.click.offer.id]
                sums.conversions += 1
                sums.payout += state.payout_cents
                sums.revenue += state.revenue_cents
                sums.sales += state.sale_cents
        for each in self.adjustments(first, last):
            if each.withdrawn > self.clock:
                sums = found[each.day, each.partner.id, each.offer.id]
                sums.clicks += each.clicks
                sums.conversions += each.conversions
                sums.payout += each.payout_cents
                sums.revenue += each.revenue_cents
        return {key: sums for key, sums in sorted(found.items()) if first <= key[0] <= last}
