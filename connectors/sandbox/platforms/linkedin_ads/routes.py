"""The endpoints: tokens, lists of an account's things, analytics; versions stand in a header."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.platforms.linkedin_ads import analytics, entities
from connectors.sandbox.platforms.linkedin_ads.errors import (
    bad,
    dead_version,
    denied,
    error,
    no_version,
    refuse,
)
from connectors.sandbox.platforms.linkedin_ads.restli import parameters
from connectors.sandbox.platforms.linkedin_ads.sign_in import SignIn
from connectors.sandbox.tables.things import Thing, things
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Run, json_response
from connectors.sandbox.wire.pages import Signed, page, with_unknown_fields
from connectors.sandbox.wire.tokens import bearer
from connectors.sandbox.world import World

# Seen alive; of no other month is one known.
_VERSIONS = ("202511", *(f"20260{month}" for month in range(1, 8)), "202610")
_MOST_ON_PAGE = {"creatives": 100}
_LONGEST_QUERY = 4_096


class LinkedInAds:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world, self._sign_in = world, SignIn(world)
        self._tokens = Signed("page tokens of LinkedIn")
        self._wire = Lifecycle(
            world.faults,
            refuse,
            check=self._check,
            headers=lambda call: {"x-li-uuid": call.id, "x-restli-protocol-version": "2.0.0"},
            tokens=self._sign_in.tokens,
            token_of=lambda request: bearer(request.headers.get("authorization")),
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/linkedin_ads`."""
        ways, possible = self._wire.endpoint, WITH_TOKEN | {"unknown_field"}
        lists = [
            Route(f"/rest/adAccounts/{{account}}/{name}", ways(self._list(name), possible))
            for name in entities.RENDERED
        ]
        return [
            Route("/oauth/v2/accessToken", self._sign_in.issue, methods=["POST"]),
            Route("/rest/adAccounts", ways(self._accounts, possible)),
            Route("/rest/adAnalytics", ways(self._analytics, possible)),
            *lists,
        ]

    def _check(self, call: Call) -> None:
        version = call.request.headers.get("linkedin-version")
        if version is None:
            raise no_version()
        if version not in _VERSIONS or call.plan.sunset or self._today() >= _ends(version):
            raise dead_version(version)
        if len(call.request.url.query) > _LONGEST_QUERY:
            raise error(414, "Request-URI Too Long")
        params = parameters(call.request.url.query)
        plain = call.request.headers.get("x-restli-protocol-version") != "2.0.0"
        for name, value in params.items():
            if value is None or (plain and isinstance(value, list | dict)):
                raise bad(name)

    def _today(self) -> date:
        return self._world.clock.now().astimezone(UTC).date()

    def _accounts(self, call: Call) -> Response:
        business = self._world.business
        rows = [entities.account(business, one) for one in self._sign_in.accounts(call).values()]
        if rows:
            rows.append(entities.test_account(rows[0]))
        params = parameters(call.request.url.query)
        asked = _search(params, "id")
        ids = None if asked is None else {one.rpartition(":")[2] for one in asked}
        found = [one for one in rows if ids is None or str(one["id"]) in ids]
        return self._paged(call, found, params, "adAccounts")

    def _list(self, name: str) -> Run:
        level, render = entities.RENDERED[name]

        def run(call: Call) -> Response:
            params = parameters(call.request.url.query)
            account = call.request.path_params["account"]
            call.note(account=account)
            reached = self._sign_in.accounts(call)
            if account not in reached:
                raise denied(name, call.request.headers["linkedin-version"])
            if name == "creatives" and call.request.headers.get("x-restli-method") != "FINDER":
                raise bad("q", why="creatives are found with X-RestLi-Method: FINDER")
            held = things(self._world.business, reached[account], level, self._world.clock.now())
            found = [render(one) for one in held if _is_shown(one, params)]
            return self._paged(call, found, params, name)

        return run

    def _analytics(self, call: Call) -> Response:
        reached = self._sign_in.accounts(call)
        now = self._world.clock.now()
        question = analytics.asked(
            parameters(call.request.url.query), self._today(), call.plan.retired_fields
        )
        named = [one.rpartition(":")[2] for one in question.facets.get("account", ())]
        call.note(
            account=named[0] if named else None, window=(str(question.first), str(question.last))
        )
        call.note(query=call.request.url.query)
        if 0 < call.plan.heaviest_days <= (question.last - question.first).days:
            raise error(504, "Gateway Timeout")
        rows = analytics.elements(self._world.business, list(reached.values()), question, now)
        return json_response(
            200,
            {
                "paging": {"start": 0, "count": 10, "links": []},
                "elements": with_unknown_fields(rows, call.fault),
            },
        )

    def _paged(
        self, call: Call, rows: list[dict[str, Any]], params: dict[str, Any], name: str
    ) -> Response:
        finder = "criteria" if name == "creatives" else "search"
        if params.get("q") != finder:
            raise bad("q", why=f"the finder is {finder}")
        most, size = _MOST_ON_PAGE.get(name, 1_000), str(params.get("pageSize", 10))
        if not size.isdigit() or not 0 < int(size) <= most:
            raise bad("pageSize", "FIELD_VALUE_TOO_HIGH", f"at most {most}")
        token = params.pop("pageToken", "")
        bound = f"{call.request.url.path} {sorted(params.items())}"
        try:
            number = self._tokens.read(bound, token) if token else 1
        except ValueError as trouble:
            raise bad("pageToken") from trouble
        shown = page(self._world.faults, bound.encode(), rows, number, int(size))
        call.note(query=call.request.url.query, page=bool(token), fault=shown.fault or call.fault)
        following = {"nextPageToken": self._tokens.write(bound, number + 1)} if shown.more else {}
        return json_response(
            200,
            {
                "elements": with_unknown_fields(shown.rows, call.fault),
                "metadata": following,
                "paging": {"start": 0, "count": int(size), "links": []},
            },
        )


def _ends(version: str) -> date:
    """Returns when a version ends: in the middle of its month, a year later."""
    return date(int(version[:4]) + 1, int(version[4:]), 16)


def _search(params: dict[str, Any], field: str) -> list[str] | None:
    """Returns the values that `search` names for a field; None where it names none.

    Raises:
        Refusal: It is no record of lists.
    """
    search = params.get("search", {})
    if not isinstance(search, dict) or not isinstance(search.get(field, {}), dict):
        raise bad("search")
    values = search.get(field, {}).get("values")
    if values is not None and not isinstance(values, list):
        raise bad("search")
    return values


def _is_shown(thing: Thing, params: dict[str, Any]) -> bool:
    asked = _search(params, "status")
    if asked is not None:
        return thing.statuses[-1] in asked
    campaigns = params.get("campaigns")
    if isinstance(campaigns, list):
        return entities.urn("sponsoredCampaign", thing.ad_group.id) in campaigns
    return thing.statuses[-1] not in entities.HIDDEN
