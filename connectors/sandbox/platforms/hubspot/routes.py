"""The endpoints, below the paths with a date and below the older ones, which answer alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.platforms.hubspot import lists
from connectors.sandbox.platforms.hubspot.records import Json, Record, Shown, time
from connectors.sandbox.platforms.hubspot.search import MOST_ROWS, found
from connectors.sandbox.platforms.hubspot.sign_in import invalid, of_fault, refusal, sign_in
from connectors.sandbox.platforms.hubspot.system import SYSTEM
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, json_response
from connectors.sandbox.wire.pages import page, with_unknown_fields
from connectors.sandbox.world import World

VERSIONS = ("2026-03", "2026-09")
_TYPES = ("contacts", "companies", "deals")
_USUAL = {
    "contacts": ("email", "firstname", "lastname", "createdate", "lastmodifieddate"),
    "companies": ("name", "domain", "createdate", "hs_lastmodifieddate"),
    "deals": ("dealname", "amount", "closedate", "dealstage", "pipeline", "createdate",
              "hs_lastmodifieddate"),
}  # fmt: skip
_POSSIBLE = WITH_TOKEN | {"unknown_field"}
Answer = Callable[[Call, Shown], Response]


class Endpoints:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.account.id: one for one in world.business.sales(SYSTEM)}
        self._sign_in, self._refresh = sign_in(world)
        self._shown: dict[str, Shown] = {}
        self._wire = Lifecycle(
            world.faults,
            of_fault,
            check=_check_version,
            headers=_limits,
            tokens=self._sign_in.tokens,
            token_of=self._sign_in.token_of,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/hubspot`."""
        get, post = ["GET"], ["POST"]
        asked: list[tuple[str, str, Answer, list[str]]] = [
            ("/crm/objects/{v}/{type}", "/crm/v3/objects/{type}", self._list, get),
            ("/crm/objects/{v}/{type}/search", "/crm/v3/objects/{type}/search", self._search, post),
            (
                "/crm/objects/{v}/{type}/batch/read",
                "/crm/v3/objects/{type}/batch/read",
                self._batch,
                post,
            ),
            (
                "/crm/associations/{v}/{type}/{to}/batch/read",
                "/crm/v4/associations/{type}/{to}/batch/read",
                self._associations,
                post,
            ),
            ("/crm/pipelines/{v}/{type}", "/crm/v3/pipelines/{type}", self._pipelines, get),
            ("/crm/owners/{v}", "/crm/v3/owners/", self._owners, get),
            ("/account-info/{v}/details", "/account-info/v3/details", self._details, get),
            ("/marketing/forms/{v}", "/marketing/v3/forms/", self._forms, get),
        ]
        only = [
            ("/form-integrations/v1/submissions/forms/{id}", self._submissions),
            ("/email/public/v1/events", self._events),
        ]
        return [
            *(
                Route(path, self._refresh.answer, methods=post)
                for path in ("/oauth/2026-09/token", "/oauth/v1/token")
            ),
            *(
                Route(path, self._endpoint(run), methods=by)
                for dated, classic, run, by in asked
                for path in (dated, classic)
            ),
            *(Route(path, self._endpoint(run), methods=get) for path, run in only),
        ]

    def _endpoint(self, run: Answer) -> Any:
        def answer(call: Call) -> Response:
            for id_ in self._sign_in.reached(call):
                call.note(account=id_)
                return run(call, self._at_clock(id_))
            # What was taken back is a token that is unknown.
            raise refusal(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")

        return self._wire.endpoint(answer, _POSSIBLE)

    def _at_clock(self, id_: str) -> Shown:
        clock = int(self._world.clock.now().timestamp())
        kept = self._shown.get(id_)
        if kept is None or kept.clock != clock:
            kept = self._shown[id_] = Shown(self._books[id_], clock)
        return kept

    def _list(self, call: Call, shown: Shown) -> Response:
        type_, history = _type(call), _names(call, "propertiesWithHistory")
        names = _names(call, "properties") or list(_USUAL[type_])
        archived = _is_archived(call)
        rows = [one for one in shown.of(type_) if (one.archived is not None) == archived]
        linked = _names(call, "associations")

        def written(one: Record) -> Json:
            row = one.shown([*names, "hs_object_id"], history)
            return {**row, "associations": lists.inline(one, linked)} if linked else row

        return self._paged(call, rows, written, 50 if history else 100)

    def _search(self, call: Call, shown: Shown) -> Response:
        asked, type_ = _posted(call), _type(call)
        size, start = int(asked.get("limit", 10)), int(asked.get("after") or 0)
        if not 0 < size <= 200:
            raise invalid("limit is at most 200")
        if start + size > MOST_ROWS:
            raise invalid("The results are limited to 10000 rows.")
        modified = _modified(type_)
        there = [one for one in shown.of(type_) if one.archived is None]
        rows = found(there, asked, modified)
        call.note(query=orjson.dumps(asked).decode(), page=start > 0)
        names = asked.get("properties") or list(_USUAL[type_])
        cut = [one.shown([*names, "hs_object_id"], []) for one in rows[start : start + size]]
        body: Json = {"total": len(rows), "results": with_unknown_fields(cut, call.fault)}
        if start + size < len(rows):
            body["paging"] = {"next": {"after": str(start + size)}}
        return json_response(200, body)

    def _batch(self, call: Call, shown: Shown) -> Response:
        asked, type_ = _posted(call), _type(call)
        history = asked.get("propertiesWithHistory") or []
        wanted = [str(one.get("id")) for one in asked.get("inputs") or ()]
        if len(wanted) > (50 if history else 100):
            raise invalid("Too many inputs.")
        archived = _is_archived(call)
        held = {
            str(one.id): one for one in shown.of(type_) if (one.archived is not None) == archived
        }
        names = [*(asked.get("properties") or _USUAL[type_]), "hs_object_id"]
        rows = [held[one].shown(names, history) for one in wanted if one in held]
        missing = [one for one in wanted if one not in held]
        return _batched(with_unknown_fields(rows, call.fault), missing, shown.clock)

    def _associations(self, call: Call, shown: Shown) -> Response:
        asked, to = _posted(call), str(call.request.path_params["to"])
        inputs = asked.get("inputs") or []
        if len(inputs) > 1000:
            raise invalid("Too many inputs.")
        held = {str(one.id): one for one in shown.of(_type(call))}
        rows, missing = [], []
        for one in inputs:
            record, start = held.get(str(one["id"])), int(one.get("after") or 0)
            linked = list(record.links().get(to, [])) if record else []
            if not linked:
                missing.append(str(one["id"]))
                continue
            row: Json = {"from": {"id": str(one["id"])}, "to": [lists.linked(linked[start], to)]}
            if start + 1 < len(linked):
                # One a page: a client must go on.
                row["paging"] = {"next": {"after": str(start + 1), "link": "?after"}}
            rows.append(row)
        return _batched(rows, missing, shown.clock)

    def _pipelines(self, _: Call, shown: Shown) -> Response:
        rows = lists.pipelines(shown)
        return json_response(200, {"results": rows})

    def _owners(self, call: Call, shown: Shown) -> Response:
        archived = _is_archived(call)
        rows = lists.owners(shown, archived=archived)
        return self._paged(call, rows, lambda one: one, 500)

    def _details(self, _: Call, shown: Shown) -> Response:
        body = lists.details(shown)
        return json_response(200, body)

    def _forms(self, call: Call, shown: Shown) -> Response:
        rows = lists.forms(shown)
        return self._paged(call, rows, lambda one: one, 500)

    def _submissions(self, call: Call, shown: Shown) -> Response:
        rows = lists.submissions(shown, str(call.request.path_params["id"]))
        return self._paged(call, rows, lambda one: one, 50, usual=20)

    def _events(self, call: Call, shown: Shown) -> Response:
        asked = call.request.query_params
        first, last = int(asked.get("startTimestamp") or 0), int(asked.get("endTimestamp") or NEVER)
        size, start = int(asked.get("limit") or 10), int(asked.get("offset") or 0)
        there = lists.mails(shown, first, last)
        rows = there[start : start + size]
        call.note_query()
        more = {"hasMore": start + size < len(there), "offset": str(start + size)}
        return json_response(200, {**more, "events": with_unknown_fields(rows, call.fault)})

    def _paged(
        self,
        call: Call,
        rows: Sequence[Any],
        write: Callable[[Any], Json],
        most: int,
        usual: int = 10,
    ) -> Response:
        """Returns the page of a list that comes behind `after`: as many rows were there before."""
        asked = call.request.query_params
        size = call.number("limit", usual, most, invalid(f"limit is at most {most}"))
        place = asked.get("after") or "1"
        if not place.isdecimal():
            raise invalid("after is invalid")
        cut = page(self._world.faults, call.list_key("after"), rows, int(place), size)
        call.note_query()
        call.note(page=place != "1", fault=cut.fault or call.fault)
        body: Json = {"results": with_unknown_fields([write(one) for one in cut.rows], call.fault)}
        if cut.more:
            following = str(int(place) + 1)
            body["paging"] = {"next": {"after": following, "link": f"?after={following}"}}
        return json_response(200, body)


def _check_version(call: Call) -> None:
    asked = call.request.path_params.get("v")
    if call.plan.sunset or (asked is not None and asked not in VERSIONS):
        raise refusal(410, "GONE", "This version of the API is no longer there.")


def _limits(call: Call) -> dict[str, str]:
    if call.request.url.path.endswith("/search"):
        return {}
    named = {"Interval-Milliseconds": 10_000, "Max": 190, "Remaining": 180}
    return {f"X-HubSpot-RateLimit-{name}": str(value) for name, value in named.items()}


def _is_archived(call: Call) -> bool:
    # The official client writes it with a capital.
    return call.request.query_params.get("archived", "").lower() == "true"


def _type(call: Call) -> str:
    type_ = str(call.request.path_params["type"])
    if type_ not in _TYPES:
        raise invalid(f"Unable to infer object type from: {type_}")
    return type_


def _modified(type_: str) -> str:
    return "lastmodifieddate" if type_ == "contacts" else "hs_lastmodifieddate"


def _names(call: Call, parameter: str) -> list[str]:
    """Returns the names of a parameter: with commas, or each by itself as the client sends them."""
    texts = call.request.query_params.getlist(parameter)
    return [one for text in texts for one in text.split(",") if one]


def _posted(call: Call) -> Json:
    try:
        return dict(orjson.loads(call.body))
    except (ValueError, TypeError) as trouble:
        raise invalid("Invalid input JSON") from trouble


def _batched(rows: list[Json], missing: Sequence[str], clock: int) -> Response:
    """Returns the answer to a question for many; what is not there is an error under 207."""
    done = {"startedAt": time(clock), "completedAt": time(clock)}
    body: Json = {"status": "COMPLETE", "results": rows, **done}
    if missing:
        body["numErrors"] = 1
        body["errors"] = [
            {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "message": "Could not get some objects.",
                "context": {"ids": list(missing)},
            }
        ]
    return json_response(207 if missing else 200, body)
