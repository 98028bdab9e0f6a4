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
from connectors.sandbox.platforms.linkedin_ads.sign_in import sign_in
from connectors.sandbox.tables.things import things
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Run, json_response
from connectors.sandbox.wire.pages import Signed, tokened, with_unknown_fields
from connectors.sandbox.world import World

# Seen alive; of no other month is one known.
_VERSIONS = ("202511", *(f"20260{month}" for month in range(1, 8)), "202610")
_LONGEST_QUERY = 4_096


class LinkedInAds:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sign_in, self._token = sign_in(world)
        self._cursors = Signed("page tokens of LinkedIn")
        self._wire = Lifecycle(
            world.faults,
            refuse,
            check=self._check,
            headers=lambda call: {"x-li-uuid": call.id, "x-restli-protocol-version": "2.0.0"},
            tokens=self._sign_in.tokens,
            token_of=self._sign_in.token_of,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/linkedin_ads`."""
        ways, possible = self._wire.endpoint, WITH_TOKEN | {"unknown_field"}
        lists = {f"/rest/adAccounts/{{account}}/{name}": name for name in entities.LISTS}
        return [
            Route("/oauth/v2/accessToken", self._token.answer, methods=["POST"]),
            Route("/rest/adAccounts", ways(self._accounts, possible)),
            Route("/rest/adAnalytics", ways(self._analytics, possible)),
            *(Route(path, ways(self._list(name), possible)) for path, name in lists.items()),
        ]

    def _check(self, call: Call) -> None:
        version, query = call.request.headers.get("linkedin-version"), call.request.url.query
        if version is None:
            raise no_version()
        if version not in _VERSIONS or call.plan.sunset or self._today() >= _ends(version):
            raise dead_version(version)
        if len(query) > _LONGEST_QUERY:
            raise error(414, "Request-URI Too Long")
        plain = call.request.headers.get("x-restli-protocol-version") != "2.0.0"
        for name, value in parameters(query).items():
            if value is None or (plain and isinstance(value, list | dict)):
                raise bad(name)
        call.note(query=query)

    def _today(self) -> date:
        return self._world.clock.now().astimezone(UTC).date()

    def _accounts(self, call: Call) -> Response:
        business, params = self._world.business, parameters(call.request.url.query)
        rows = [entities.account(business, one) for one in self._sign_in.reached(call).values()]
        rows.extend(entities.test_account(one) for one in rows[:1])
        asked = entities.searched(params, "id")
        ids = None if asked is None else {one.rpartition(":")[2] for one in asked}
        found = [one for one in rows if ids is None or str(one["id"]) in ids]
        return self._paged(call, found, params, "search", 1_000)

    def _list(self, name: str) -> Run:
        level, render, finder, most = entities.LISTS[name]

        def run(call: Call) -> Response:
            id_, params = call.request.path_params["account"], parameters(call.request.url.query)
            missing = denied(name, call.request.headers["linkedin-version"])
            account = self._sign_in.account(call, id_, missing)
            if finder == "criteria" and call.request.headers.get("x-restli-method") != "FINDER":
                raise bad("q", why="found with X-RestLi-Method: FINDER only")
            held = things(self._world.business, account, level, self._world.clock.now())
            found = [render(one) for one in held if entities.is_listed(one, params)]
            return self._paged(call, found, params, finder, most)

        return run

    def _analytics(self, call: Call) -> Response:
        reached, now = self._sign_in.reached(call), self._world.clock.now()
        params = parameters(call.request.url.query)
        question = analytics.asked(params, self._today(), call.plan.retired_fields)
        window = (str(question.first), str(question.last))
        call.note(account=next(iter(question.accounts), None), window=window)
        if 0 < call.plan.heaviest_days <= (question.last - question.first).days:
            raise error(504, "Gateway Timeout")
        # Of an account that is out of reach there is nothing, and no word about it.
        mine = [reached[one] for one in question.accounts if one in reached]
        rows = analytics.elements(self._world.business, mine, question, now)
        body = {"paging": {"start": 0, "count": 10, "links": []}}
        return json_response(200, {**body, "elements": with_unknown_fields(rows, call.fault)})

    def _paged(
        self, call: Call, rows: list[dict[str, Any]], params: dict[str, Any], finder: str, most: int
    ) -> Response:
        if params.get("q") != finder:
            raise bad("q", why=f"the finder is {finder}")
        too_many = bad("pageSize", "FIELD_VALUE_TOO_HIGH", f"at most {most}")
        size = call.number("pageSize", 10, most, too_many)
        token = params.pop("pageToken", "")
        key = f"{call.request.url.path} {sorted(params.items())}"
        try:
            shown, following = tokened(self._world.faults, self._cursors, key, rows, token, size)
        except ValueError as trouble:
            raise bad("pageToken") from trouble
        call.note(page=bool(token), fault=shown.fault or call.fault)
        body = {
            "elements": with_unknown_fields(shown.rows, call.fault),
            "metadata": {"nextPageToken": following} if following else {},
            "paging": {"start": 0, "count": size, "links": []},
        }
        return json_response(200, body)


def _ends(version: str) -> date:
    """Returns when a version ends: in the middle of its month, a year later."""
    return date(int(version[:4]) + 1, int(version[4:]), 16)
