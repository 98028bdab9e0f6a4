"""The endpoints of the Marketing API that a warehouse reads."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.mail_entities import Send
from connectors.sandbox.platforms.mailchimp import details
from connectors.sandbox.platforms.mailchimp.answers import cut, listed, paths
from connectors.sandbox.platforms.mailchimp.errors import (
    invalid,
    not_found,
    of_fault,
    problem,
    unknown_key,
)
from connectors.sandbox.platforms.mailchimp.resources import ARCHIVED, Json, Writer
from connectors.sandbox.platforms.mailchimp.site import KEY, SYSTEM
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, json_response
from connectors.sandbox.wire.pages import with_unknown_fields
from connectors.sandbox.wire.tokens import Tokens, bearer
from connectors.sandbox.world import World

_DRIFTS = WITH_TOKEN | {"unknown_field"}
_LATER = frozenset({"opens.proxy_excluded_opens", "opens.proxy_excluded_unique_opens"})
"""Fields that the oldest reports lack."""
_OF_RECIPIENTS = ("opens", "activity", "timestamp", "campaign_id", "list_id", "email_id")
_SORTED = {"campaigns": ("create_time", "send_time"), "lists": ("date_created",),
           "members": ("last_changed", "timestamp_opt", "timestamp_signup")}  # fmt: skip
Details = Callable[[list[Send], int, int], list[Json]]


def key_of(request: Request) -> str | None:
    """Returns the key that a request signs in with: as a token, or as the password of any user."""
    given = request.headers.get("authorization")
    kind, _, text = (given or "").partition(" ")
    if kind.lower() != "basic":
        return bearer(given)
    try:
        return base64.b64decode(text).decode().partition(":")[2] or None
    except ValueError:
        return None


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.account_id: one for one in world.business.mail(SYSTEM)}
        self._tokens: Tokens[str] = Tokens(lasting_can_end=True)
        for account, book in self._books.items():
            self._tokens.keep(KEY.format(book.book.shop.organization.id), account)
        self._wire = Lifecycle(
            world.faults, of_fault, check=_check, tokens=self._tokens, token_of=key_of
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/mailchimp`."""
        wire, report = self._wire.endpoint, "/3.0/reports/{id}"
        rows: dict[str, tuple[str, Details]] = {
            "email-activity": ("emails", details.activity),
            "open-details": ("members", details.opens),
            "unsubscribed": ("unsubscribes", details.unsubscribed),
        }
        return [
            Route("/3.0/", wire(self._root)),
            Route("/3.0/ping", wire(self._ping)),
            Route("/3.0/lists", wire(self._lists, _DRIFTS)),
            Route("/3.0/lists/{id}/members", wire(self._members)),
            Route("/3.0/campaigns", wire(self._campaigns, _DRIFTS)),
            Route("/3.0/reports", wire(self._reports, _DRIFTS)),
            Route(report, wire(self._report)),
            *(
                Route(f"{report}/{name}", wire(self._detailed(records, read)))
                for name, (records, read) in rows.items()
            ),
        ]

    def _root(self, call: Call) -> Response:
        body = self._signed_in(call).account()
        return json_response(200, cut(call, body, paths(body)))

    def _ping(self, call: Call) -> Response:
        self._signed_in(call)
        return json_response(200, {"health_status": "Everything's Chimpy!"})

    def _lists(self, call: Call) -> Response:
        writer = self._signed_in(call)
        audiences = writer.book.messages.audiences
        rows = [writer.audience(one) for one in audiences if one.created <= writer.clock]
        return _answer(call, "lists", rows, rows)

    def _members(self, call: Call) -> Response:
        writer, asked = self._signed_in(call), call.request.query_params
        named = call.request.path_params["id"]
        found = [one for one in writer.book.messages.audiences if one.id == named]
        if not found:
            raise not_found()
        since, before = _bounds(call, "since_last_changed", "before_last_changed")
        status = asked.get("status")
        members = writer.members(found[0])
        rows = [
            one
            for one in members
            # Archived ones are hidden unless they are asked for.
            if (one["status"] == status if status else one["status"] != ARCHIVED)
            and since <= datetime.fromisoformat(one["last_changed"]).timestamp() <= before
        ]
        return _answer(call, "members", rows, members)

    def _campaigns(self, call: Call) -> Response:
        writer = self._signed_in(call)
        rows = [writer.campaign(one) for one in writer.campaigns()]
        return _answer(call, "campaigns", rows, rows)

    def _reports(self, call: Call) -> Response:
        writer = self._signed_in(call)
        since, before = _bounds(call, "since_send_time", "before_send_time")
        sent = writer.sent()
        rows = [writer.report(one) for one in sent if since <= one.sent <= before]
        known = [writer.report(one) for one in sent[:1]]
        return _answer(call, "reports", rows, known)

    def _report(self, call: Call) -> Response:
        writer = self._signed_in(call)
        found = writer.find(call.request.path_params["id"])
        if found is None:
            raise not_found()
        body = writer.report(found)
        return json_response(200, cut(call, body, paths(body) | _LATER))

    def _detailed(self, records: str, read: Details) -> Callable[[Call], Response]:
        def run(call: Call) -> Response:
            writer = self._signed_in(call)
            sends = writer.recipients(call.request.path_params["id"])
            if sends is None:
                raise not_found()
            since, _ = _bounds(call, "since", "")
            rows = read(sends, since, writer.clock)
            return _answer(call, records, rows, [*rows, dict.fromkeys(_OF_RECIPIENTS)])

        return run

    def _signed_in(self, call: Call) -> Writer:
        given = key_of(call.request)
        token, now = self._tokens.find(given), self._world.clock.now()
        call.note_query()
        if token is None or token.is_over(now, call.plan):
            raise unknown_key(is_missing=given is None)
        call.note(account=token.holder)
        if token.holder in call.plan.revoked_accounts:
            raise problem(403, "User Disabled", "This account has been disabled.")
        token.served += 1
        return Writer(self._books[token.holder], int(now.timestamp()))


def _check(call: Call) -> None:
    if call.plan.sunset:
        raise problem(410, "Gone", "This version of the API has been switched off.")


def _answer(call: Call, records: str, rows: list[Json], like: list[Json]) -> Response:
    """Returns a page of rows; what fields there are is seen from rows like them."""
    by = call.request.query_params.get("sort_field")
    if by is not None:
        if by not in _SORTED.get(records, ()):
            raise invalid("sort_field", "This value is not a field to sort by.")
        falling = call.request.query_params.get("sort_dir", "ASC") == "DESC"
        rows = sorted(rows, key=lambda one: str(one[by]), reverse=falling)
    known = frozenset(one for row in like[:50] + like[-1:] for one in paths(row))
    body = listed(call, records, rows, known | _LATER)
    if records in body:
        body[records] = with_unknown_fields(body[records], call.fault)
    return json_response(200, body)


def _bounds(call: Call, since: str, before: str) -> tuple[int, int]:
    asked, found = call.request.query_params, [0, 2**40]
    for place, name in enumerate((since, before)):
        text = asked.get(name)
        if text:
            try:
                found[place] = int(datetime.fromisoformat(text).timestamp())
            except ValueError as trouble:
                raise invalid(name, "This value is not a valid datetime.") from trouble
    return found[0], found[1]
