"""The graph: which path leads to which answer. No HTTP here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import orjson

from connectors.sandbox.platforms.meta_ads import edges
from connectors.sandbox.platforms.meta_ads.access import Access, Credential
from connectors.sandbox.platforms.meta_ads.asked import LEVELS, Asked
from connectors.sandbox.platforms.meta_ads.errors import (
    heavy,
    no_field,
    no_node,
    not_valid,
    unknown_path,
)
from connectors.sandbox.platforms.meta_ads.insights import (
    Insights,
    split_actions,
    with_unknown_fields,
)
from connectors.sandbox.platforms.meta_ads.jobs import Jobs, Run, check_finished
from connectors.sandbox.platforms.meta_ads.node_fields import render
from connectors.sandbox.platforms.meta_ads.nodes import KINDS, Node, account_node, find, nodes_below
from connectors.sandbox.platforms.meta_ads.usage import Usage
from connectors.sandbox.wire.pages import Position
from connectors.sandbox.world import World

_EDGES = {"campaigns": "campaign", "adsets": "adset", "ads": "ad", "adcreatives": "creative"}
_ORDER = (*KINDS, "creative")
_PAGED = ("after", "access_token")


@dataclass(slots=True)
class Asking:
    """One call of the graph.

    Attributes:
        method: GET or POST.
        version: As in the path, or the oldest living one.
        path: What follows it, in parts.
        params: The query and the form, together.
        base: The address that `paging.next` begins with.
        fault: A fault that the answer is to show.
        account: Filled in with the id of the account that the call turned out to be about.
        insights: Filled in with whether it was for insights.
        window: Filled in with the dates asked for.
    """

    method: str
    version: str
    path: tuple[str, ...]
    params: dict[str, str]
    base: str
    fault: str | None = None
    account: str | None = None
    insights: bool = False
    window: tuple[str, str] | None = field(default=None)


class Graph:
    """Answers calls over one world."""

    def __init__(self, world: World, access: Access) -> None:
        self._world, self._access = world, access
        self._insights, self._jobs = Insights(), Jobs()
        self.usage = Usage()

    def answer(self, call: Asking) -> Any:
        """Returns the body of an answer.

        Raises:
            GraphError: The call is refused.
        """
        now, plan = self._world.clock.now(), self._world.faults.plan
        credential = self._access.authenticate(
            call.params.get("access_token"), call.params.get("appsecret_proof"), now, plan
        )
        if not call.path or len(call.path) > 2:
            raise unknown_path("/".join(call.path))
        if call.method != "GET" and (call.method, call.path[-1]) != ("POST", "insights"):
            # Nothing can be changed here: reports are all that is started with a POST.
            raise no_node(call.path[0], call.method.lower())
        _refuse_retired(call, plan.retired_fields)
        if call.path[0] in ("me", credential.user_id):
            return self._of_user(call, credential)
        return self._of_node(call, credential)

    def _of_user(self, call: Asking, credential: Credential) -> Any:
        if len(call.path) == 1:
            return {"id": credential.user_id, "name": credential.user_name}
        if call.path[1] == "business_users":
            return self._business_users(credential)
        if call.path[1] != "adaccounts":
            raise unknown_path("/".join(call.path))
        start = edges.place(call.params, self._world.clock.now())
        revoked = self._world.faults.plan.revoked_accounts
        nodes = [
            account_node(self._world.business, one, start.clock)
            for one in self._access.accounts(credential, revoked)
        ]
        return self._list(call, edges.listed(nodes, "account", call.params), start)

    def _business_users(self, credential: Credential) -> Any:
        """The user's roles in businesses: one in that of each account it reaches."""
        revoked = self._world.faults.plan.revoked_accounts
        businesses: dict[int, str] = {}
        for account in self._access.accounts(credential, revoked):
            businesses[account.organization.number] = account.organization.name
        roles = [
            {
                "id": str(500_000_000_000_000 + number),
                "name": credential.user_name,
                "business": {"id": str(300_000_000_000_000 + number), "name": name},
                "role": "ADMIN",
            }
            for number, name in sorted(businesses.items())
        ]
        return {"data": roles, "paging": {"cursors": {"before": "MAZDZD", "after": "MAZDZD"}}}

    def _of_node(self, call: Asking, credential: Credential) -> Any:
        run = self._jobs.find(call.path[0])
        if run is not None:
            return self._of_run(call, credential, run)
        start = edges.place(call.params, self._world.clock.now())
        node = self._find(call, credential, start)
        edge = call.path[1] if len(call.path) == 2 else None
        call.account, call.insights = node.account.id, edge == "insights"
        self.usage.count(node.account.id, insights=call.insights)
        if edge is None:
            return render(node, edges.fields_of(call.params))
        if edge == "insights" and node.kind in LEVELS:
            return self._start(call, node) if call.method == "POST" else self._read(call, node)
        kind = _EDGES.get(edge)
        if kind is None or _ORDER.index(kind) <= _ORDER.index(node.kind):
            raise unknown_path("/".join(call.path))
        nodes = edges.listed(nodes_below(node, kind), kind, call.params)
        return self._list(call, nodes, start)

    def _find(self, call: Asking, credential: Credential, start: Position) -> Node:
        id_, revoked = call.path[0], self._world.faults.plan.revoked_accounts
        business = self._world.business
        if id_.startswith("act_"):
            call.account = id_.removeprefix("act_")
            account = self._access.account(credential, call.account, revoked)
            return account_node(business, account, start.clock)
        reachable = self._access.accounts(credential, revoked)
        tops = (account_node(business, one, start.clock) for one in reachable)
        node = find(tops, id_) if id_.isdigit() else None
        if node is None:
            raise no_node(id_, call.method.lower())
        return node

    def _start(self, call: Asking, node: Node) -> dict[str, str]:
        asked = self._insights.asked(node, call.params)
        call.window = _window(asked)
        self._refuse_heavy(asked)
        size = self._insights.estimate(node, asked)
        run = self._jobs.start(node, asked, size, call.fault)
        return {"report_run_id": run.id}

    def _read(self, call: Asking, node: Node) -> dict[str, Any]:
        asked = self._insights.asked(node, call.params)
        call.window = _window(asked)
        self._refuse_heavy(asked)
        if not call.params.get("after"):
            self._insights.check_size(node, asked)
        return self._page(call, node, asked)

    def _refuse_heavy(self, asked: Asked) -> None:
        first, last = map(date.fromisoformat, _window(asked))
        days, most = (last - first).days + 1, self._world.faults.plan.heaviest_days
        if 0 < most < days:
            raise heavy(days)

    def _of_run(self, call: Asking, credential: Credential, run: Run) -> Any:
        account = run.node.account
        call.account, call.insights = account.id, True
        self._access.account(credential, account.id, self._world.faults.plan.revoked_accounts)
        self.usage.count(account.id, insights=True)
        now = replace(run.node, clock=self._world.clock.now())
        if len(call.path) == 1:
            run.looked += 1
            fields = call.params.get("fields")
            return run.render(edges.fields_of(call.params) if fields else ())
        if call.path[1] != "insights":
            raise unknown_path("/".join(call.path))
        check_finished(run, now)
        call.window = _window(run.asked)
        return self._page(call, run.node, run.asked)

    def _page(self, call: Asking, node: Node, asked: Asked) -> dict[str, Any]:
        start = edges.place(call.params, node.clock)
        limit = edges.read_limit(call.params)
        rows, more = self._insights.page(node, asked, start.offset, limit)
        if self._world.faults.plan.split_actions:
            rows = [split_actions(row) for row in rows]
        if call.fault == "unknown_field" and start.repeats == 0:
            rows[::3] = [with_unknown_fields(row) for row in rows[::3]]
        return self._paged(call, [row.encode() for row in rows], start, more)

    def _list(self, call: Asking, nodes: list[Node], start: Position) -> dict[str, Any]:
        last = start.offset + edges.read_limit(call.params)
        rows = edges.rows(nodes[start.offset : last], call.params)
        if call.fault == "unknown_field" and start.repeats == 0:
            rows = [{"sandbox_field": {"depth": 1}, **row} for row in rows]
        body = self._paged(call, [orjson.dumps(row) for row in rows], start, last < len(nodes))
        if call.params.get("summary"):
            body["summary"] = {"total_count": len(nodes)}
        return body

    def _paged(
        self, call: Asking, rows: list[bytes], start: Position, more: bool
    ) -> dict[str, Any]:
        """Puts cursors around rows; the cursor `after` is there on the last page, too."""
        after = start.at(start.offset + len(rows))
        shown = rows
        if start.faulty(call.fault, len(rows)):
            after, more = start.repeated(), True
            shown = [] if call.fault == "empty_page" else rows
        body: dict[str, Any] = {"data": orjson.Fragment(b"[" + b",".join(shown) + b"]")}
        if rows:
            begin = edges.cursor(start.at(start.offset))
            body["paging"] = {"cursors": {"before": begin, "after": edges.cursor(after)}}
            if more:
                body["paging"]["next"] = self._link(call, edges.cursor(after))
        return body

    def _link(self, call: Asking, after: str) -> str:
        params = {name: value for name, value in call.params.items() if name not in _PAGED}
        token = {"access_token": call.params["access_token"]}
        query = urlencode({**token, **params, "after": after})
        return f"{call.base}/{call.version}/{'/'.join(call.path)}?{query}"


def _refuse_retired(call: Asking, retired: Set[str]) -> None:
    """Refuses a field that this version no longer has, in the words of the endpoint."""
    for name in re.findall(r"[a-z_0-9]+", call.params.get("fields", "")) if retired else ():
        if name not in retired:
            continue
        if call.path[-1] == "insights":
            raise not_valid(name)
        raise no_field(name, "AdAccount" if len(call.path) == 1 else call.path[-1].title())


def _window(asked: Asked) -> tuple[str, str]:
    days = [day for span in asked.periods for day in span]
    return str(min(days)), str(max(days))


def canonical(call: Asking) -> bytes:
    """Returns what makes a call this one, whoever makes it: no token is in it."""
    shown: Mapping[str, str] = {
        name: value
        for name, value in call.params.items()
        if name not in ("access_token", "appsecret_proof")
    }
    return f"{call.method} {'/'.join(call.path)} {urlencode(sorted(shown.items()))}".encode()
