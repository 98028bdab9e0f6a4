"""Answering one query: from text to the bytes of a page or of a stream. No HTTP here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.errors import query_error
from connectors.sandbox.platforms.google_ads.gaql import parse
from connectors.sandbox.platforms.google_ads.managers import Manager
from connectors.sandbox.platforms.google_ads.pages import (
    PageTokens,
    Position,
    all_pages,
    page,
)
from connectors.sandbox.platforms.google_ads.rendering import Renderer, field_mask
from connectors.sandbox.platforms.google_ads.result import Result, Rows
from connectors.sandbox.platforms.google_ads.validation import Asked, check

_KEPT_RESULTS = 24
_KEPT_SUBJECTS = 400_000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The body of a `search`, read.

    Attributes:
        query: The query's text; a page token is bound to it letter by letter.
        page_token: Empty for the first page.
        fault: A fault that shows in the page itself: `duplicate_page`, `empty_page` or
            `unknown_field`.
    """

    query: str
    page_token: str = ""
    fault: str | None = None


class Searches:
    """Runs queries, and keeps the last results so that their next pages cost nothing twice."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self._tokens = PageTokens(business.parameters.seed)
        self._kept: OrderedDict[tuple[str, str, datetime], tuple[Result, Renderer]] = OrderedDict()

    def asked(self, account: Account | Manager, query: str, now: datetime) -> Asked:
        """Parses and checks a query on an account.

        Raises:
            GoogleAdsError: The query breaks a rule.
        """
        asked = check(parse(query), now.astimezone(ZoneInfo(account.time_zone)).date())
        if isinstance(account, Manager) and (asked.metrics or asked.segments):
            raise query_error(
                "REQUESTED_METRICS_FOR_MANAGER",
                "Metrics cannot be requested for a manager account. To retrieve metrics, issue "
                "separate requests against each client account under the manager account.",
            )
        return asked

    def search(self, account: Account | Manager, request: SearchRequest, now: datetime) -> bytes:
        """Returns the body of one page.

        Raises:
            GoogleAdsError: The query or the page token is refused.
        """
        clock, position = now, Position()
        if request.page_token:
            clock, position = self._tokens.read(account.id, request.query, request.page_token, now)
        result, renderer = self._result(account, request.query, clock)
        pieces, following = page(result, position)
        fault = request.fault if position.repeats == 0 and pieces else None
        if fault in ("duplicate_page", "empty_page"):
            following = position.repeated()
        if fault == "empty_page":
            pieces = []
        members: dict[str, object] = {}
        if following is not None:
            members["nextPageToken"] = self._tokens.write(
                account.id, request.query, clock, following
            )
        members["fieldMask"] = field_mask(result)
        members["queryResourceConsumption"] = str(10 + sum(map(len, pieces)) // 10)
        return _object(_texts(renderer, pieces, fault), members)

    def stream(
        self, account: Account | Manager, query: str, fault: str | None, now: datetime
    ) -> Iterator[bytes]:
        """Yields the chunks of a stream, each one JSON object.

        Args:
            account: Whose rows.
            query: The query's text.
            fault: `unknown_field` or None.
            now: As of when.

        Raises:
            GoogleAdsError: At the first chunk: the query is refused.
        """
        result, renderer = self._result(account, query, now)
        members: dict[str, object] = {"fieldMask": field_mask(result)}
        total, rows = 0, list[str]()
        for pieces in all_pages(result):
            if rows:
                yield _object(rows, members)
            rows = _texts(renderer, pieces, fault)
            total += len(rows)
        members["queryResourceConsumption"] = str(10 + total // 10)
        yield _object(rows, members)

    def _result(
        self, account: Account | Manager, query: str, clock: datetime
    ) -> tuple[Result, Renderer]:
        key = (account.id, query, clock)
        kept = self._kept.pop(key, None)
        if kept is None:
            result = Result(self._business, account, self.asked(account, query, clock), clock)
            kept = (result, Renderer(result))
        self._kept[key] = kept
        subjects = sum(len(one.subjects) for one, _ in self._kept.values())
        while len(self._kept) > 1 and (
            len(self._kept) > _KEPT_RESULTS or subjects > _KEPT_SUBJECTS
        ):
            _, (dropped, _) = self._kept.popitem(last=False)
            subjects -= len(dropped.subjects)
        return kept


def with_unknown_fields(row: str) -> str:
    """Adds keys at several levels that no version of the API knows, as a newer one would."""
    row = (
        '{"sandboxResource":{"resourceName":"customers/0/sandboxResources/1","note":"new"},'
        + (row[1:])
    )
    row = row.replace('"metrics":{', '"metrics":{"sandboxMetric":"7",', 1)
    return row.replace('"campaign":{', '"campaign":{"sandboxAttribute":{"depth":1},', 1)


def _texts(renderer: Renderer, pieces: list[Rows], fault: str | None) -> list[str]:
    rows = [row for piece in pieces for row in renderer.rows(piece)]
    if fault == "unknown_field":
        rows[::3] = [with_unknown_fields(row) for row in rows[::3]]
    return rows


def _object(rows: list[str], members: dict[str, object]) -> bytes:
    rest = orjson.dumps(members)
    if not rows:
        return rest
    return b'{"results":[' + ",".join(rows).encode() + b"]," + rest[1:]
