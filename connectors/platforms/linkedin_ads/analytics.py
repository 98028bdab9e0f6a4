"""Numbers of LinkedIn Ads: several questions to `adAnalytics`, put together again.

An answer has at most 20 fields, and at most 15,000 elements: beyond, it is cut without a word. An
element whose numbers are all nothing is left out, so that the first of several questions is which
elements there are. https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/ads-reporting
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged, TooHeavy
from connectors.core.http import Client
from connectors.core.rest import Rest
from connectors.core.stream import Page, Pages
from connectors.core.window import Window
from connectors.platforms.linkedin_ads.hooks import ACCOUNT_URN, bare, describe_account

LARGEST_ANSWER = 15_000
METRICS_AT_ONCE = 18
"""Twenty fields, two of which say what an element is about."""
MEMBER_PIVOTS = (
    "MEMBER_COMPANY_SIZE",
    "MEMBER_INDUSTRY",
    "MEMBER_SENIORITY",
    "MEMBER_JOB_FUNCTION",
    "MEMBER_COUNTRY_V2",
)

_ABOUT = {"dateRange", "pivotValues"}

_Rows = dict[tuple[str, ...], dict[str, Any]]
"""The numbers of each element, by its day and the values of its pivots."""


def performance(columns: tuple[Column, ...], pivots: Sequence[str]) -> Pages:
    """Returns the function that fetches an account's days, split by ad entities."""
    how = f"q=statistics&pivots=List({','.join(pivots)})&timeGranularity=(value:DAILY)"

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None, "a report has a window"
        question = _Question(client, account, how, window.start, window.last_day, len(pivots))
        rows, size = question.answer(columns)
        if not rows:
            # Nothing is also what LinkedIn answers when the account is no longer ours to read.
            describe_account(client, account)
        yield Page(
            [
                {"date": day, **dict(zip(pivots, map(bare, ids), strict=True)), **numbers}
                for (day, *ids), numbers in rows.items()
            ],
            size,
        )

    return pages


def demographics(columns: tuple[Column, ...]) -> Pages:
    """Returns the function that fetches an account's months, split by groups of members.

    Groups of fewer than three are left out of every answer: the less an answer is split, the less
    is lost. So it is asked for whole months over all campaigns. A month stands on its last day, so
    that it is pulled again for a whole lookback; the present one, up to today, on today.
    """

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None, "a report has a window"
        today = clock.now().date()
        for last in window.days():
            if last != today and (last > today or (last + timedelta(days=1)).day != 1):
                continue
            for pivot in MEMBER_PIVOTS:
                how = f"q=analytics&pivot=(value:{pivot})&timeGranularity=(value:ALL)"
                question = _Question(client, account, how, last.replace(day=1), last, 1)
                rows, size = question.answer(columns)
                same = {"date": last.isoformat(), "pivot": pivot}
                yield Page(
                    [{**same, "value": value, **numbers} for (_, value), numbers in rows.items()],
                    size,
                )

    return pages


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked for some days, whatever the fields."""

    client: Client
    account: Account
    how: str
    first: date
    last: date
    pivots: int

    def answer(self, columns: tuple[Column, ...]) -> tuple[_Rows, int]:
        """Returns the rows with all their numbers, and the size of what was read."""
        asked = [one.source for one in self.client.asked(columns) if one.role == "metric"]
        parts = [asked[n : n + METRICS_AT_ONCE] for n in range(0, len(asked), METRICS_AT_ONCE)]
        # Asked in parts, an element is missing from the part of which it has nothing.
        whole, size = self._rows([]) if len(parts) > 1 else ({}, 0)
        for metrics in parts if whole or len(parts) == 1 else ():
            rows, more = self._rows(metrics)
            size += more
            for key in whole.keys() | rows.keys():
                whole.setdefault(key, {}).update(rows.get(key) or dict.fromkeys(metrics, 0))
        return whole, size

    def _rows(self, metrics: Sequence[str]) -> tuple[_Rows, int]:
        fields = ",".join(["dateRange", "pivotValues", *metrics])
        dates = f"dateRange=(start:{_rest_li(self.first)},end:{_rest_li(self.last)})"
        query = f"{self.how}&{dates}&accounts=List({ACCOUNT_URN})&fields={fields}"
        (page,) = Rest(f"/rest/adAnalytics?{query}", "elements")(self.client, self.account)
        if len(page.records) >= LARGEST_ANSWER:
            raise TooHeavy(f"the answer has {LARGEST_ANSWER} elements: LinkedIn cuts it there")
        return dict(map(self._row, page.records)), page.bytes

    def _row(self, element: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
        try:
            start, values = element["dateRange"]["start"], element["pivotValues"]
            day = date(start["year"], start["month"], start["day"])
            if len(values) != self.pivots:
                raise ValueError(f"{len(values)} values of {self.pivots} pivots")
        except (KeyError, TypeError, ValueError) as trouble:
            raise ShapeChanged(f"an element is about nothing known: {trouble!r}") from trouble
        numbers = {name: value for name, value in element.items() if name not in _ABOUT}
        return (day.isoformat(), *map(str, values)), numbers


def _rest_li(day: date) -> str:
    return f"(year:{day.year},month:{day.month},day:{day.day})"
