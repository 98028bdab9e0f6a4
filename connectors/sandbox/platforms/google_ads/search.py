"""Answering one query: from text to the bytes of a page or of a stream. No HTTP here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.errors import query_error, request_error
from connectors.sandbox.platforms.google_ads.gaql import parse
from connectors.sandbox.platforms.google_ads.managers import Manager
from connectors.sandbox.platforms.google_ads.rendering import Renderer
from connectors.sandbox.platforms.google_ads.result import Found
from connectors.sandbox.platforms.google_ads.subjects import Subject
from connectors.sandbox.platforms.google_ads.validation import Asked, check
from connectors.sandbox.tables.results import Kept
from connectors.sandbox.wire.pages import Position, Signed

PAGE_ROWS = 10_000
_TOKEN_LIVES = timedelta(hours=24)


class Searches:
    """Runs queries; a page token is bound to its query, letter by letter, and to its customer."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self._tokens = Signed(f"page tokens of sandbox {business.parameters.seed}")
        self._kept: Kept[Renderer] = Kept()

    def asked(self, account: Account, query: str, now: datetime) -> Asked:
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

    def search(
        self, account: Account, query: str, token: str, fault: str | None, now: datetime
    ) -> bytes:
        """Returns the body of one page.

        Args:
            account: Whose rows.
            query: The query's text.
            token: The page's; empty for the first page.
            fault: A fault that shows in the page itself: `duplicate_page`, `empty_page` or
                `unknown_field`.
            now: As of when a new result is.

        Raises:
            GoogleAdsError: The query or the page token is refused.
        """
        bound = f"{account.id} {query}"
        position = self._position(bound, token, now) if token else Position(now)
        renderer = self._rendered(account, query, position.clock)
        rows, more = renderer.rows(position.offset, PAGE_ROWS)
        following = position.at(position.offset + len(rows))
        if position.faulty(fault, len(rows)):
            following, more = position.repeated(), True
            rows = [] if fault == "empty_page" else rows
        if fault == "unknown_field" and position.repeats == 0:
            rows = with_unknown_fields(rows)
        members: dict[str, object] = {}
        if more:
            members["nextPageToken"] = self._tokens.write(bound, following.values())
        members["fieldMask"] = renderer.mask
        members["queryResourceConsumption"] = str(10 + len(rows) // 10)
        return _object(rows, members)

    def stream(
        self, account: Account, query: str, fault: str | None, now: datetime
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
        renderer = self._rendered(account, query, now)
        members: dict[str, object] = {"fieldMask": renderer.mask}
        total, more = 0, True
        while more:
            rows, more = renderer.rows(total, PAGE_ROWS)
            total += len(rows)
            if not more:
                members["queryResourceConsumption"] = str(10 + total // 10)
            shown = with_unknown_fields(rows) if fault == "unknown_field" else rows
            yield _object(shown, members)

    def _position(self, bound: str, token: str, now: datetime) -> Position:
        try:
            position = Position.read(self._tokens.read(bound, token))
        except ValueError as trouble:
            raise request_error("INVALID_PAGE_TOKEN", "Page token is invalid.") from trouble
        if now - position.clock > _TOKEN_LIVES:
            raise request_error("EXPIRED_PAGE_TOKEN", "Expired page token.")
        return position

    def _rendered(self, account: Account, query: str, clock: datetime) -> Renderer:
        def make() -> Renderer:
            asked = self.asked(account, query, clock)
            return Renderer(Found(self._business, Subject(clock, account), asked))

        return self._kept.find((account.id, query, clock), make)


def with_unknown_fields(rows: list[str]) -> list[str]:
    """Adds keys to every third row, at several levels, that no version of the API knows."""
    shown = list(rows)
    for place in range(0, len(rows), 3):
        row = (
            '{"sandboxResource":{"resourceName":"customers/0/sandboxResources/1","note":"new"},'
            + rows[place][1:]
        )
        row = row.replace('"metrics":{', '"metrics":{"sandboxMetric":"7",', 1)
        shown[place] = row.replace('"campaign":{', '"campaign":{"sandboxAttribute":{"depth":1},', 1)
    return shown


def _object(rows: list[str], members: dict[str, object]) -> bytes:
    rest = orjson.dumps(members)
    if not rows:
        return rest
    return b'{"results":[' + ",".join(rows).encode() + b"]," + rest[1:]
