"""The endpoints: tokens, what a property is (Admin API), and its reports (Data API)."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from connectors.sandbox.platforms.ga4.access import sign_in
from connectors.sandbox.platforms.ga4.errors import denied, of_fault
from connectors.sandbox.platforms.ga4.fields import DIMENSIONS, METRICS, shared
from connectors.sandbox.platforms.ga4.filters import word
from connectors.sandbox.platforms.ga4.questions import Question, check_fields, named
from connectors.sandbox.platforms.ga4.quota import Quota
from connectors.sandbox.platforms.ga4.reports import answer
from connectors.sandbox.platforms.ga4.site import Property, properties
from connectors.sandbox.wire.google_errors import NOT_FOUND, check_version, error
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, json_response
from connectors.sandbox.wire.pages import with_unknown_fields
from connectors.sandbox.wire.sign_in import in_authorization
from connectors.sandbox.world import World

_EVERY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world, self._quota = world, Quota()
        self._held = {one.id: one for one in properties(world.business)}
        self._sign_in, self._refresh = sign_in(world, [*self._held.values()])
        self._wire = Lifecycle(
            world.faults,
            of_fault,
            check=check_version,
            tokens=self._sign_in.tokens,
            token_of=in_authorization,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/ga4`."""
        wire, known, one = self._wire.endpoint, WITH_TOKEN | {"unknown_field"}, "properties/{id}"
        data = f"/v1beta/{one}"
        return [
            Route("/o/oauth2/v2/auth", self._refresh.consent),
            Route("/token", self._refresh.answer, methods=["POST"]),
            Route("/v1beta/accountSummaries", wire(self._summaries)),
            Route(f"/v1alpha/{one}/attributionSettings", wire(self._attribution)),
            Route(f"{data}:runReport", wire(self._report, known), methods=["POST"]),
            Route(f"{data}:checkCompatibility", wire(self._compatibility), methods=["POST"]),
            Route(data, wire(self._property, known)),
            Route("/{path:path}", _not_found, methods=_EVERY),
        ]

    def _mine(self, call: Call) -> Property:
        return self._held[self._sign_in.account(call, call.request.path_params["id"], denied()).id]

    def _summaries(self, call: Call) -> Response:
        reached = self._sign_in.reached(call).values()
        listed = [{"property": f"properties/{one.id}", "displayName": one.name} for one in reached]
        summary = {"displayName": "Web analytics", "propertySummaries": listed}
        return json_response(200, {"accountSummaries": [summary]} if listed else {})

    def _property(self, call: Call) -> Response:
        one = self._mine(call)
        body = {
            "name": f"properties/{one.id}",
            "parent": "accounts/91000037",
            "displayName": one.account.name,
            "industryCategory": "SHOPPING",
            "timeZone": one.time_zone,
            "currencyCode": one.currency,
            "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
            "createTime": f"{one.site.first_day}T00:00:00Z",
        }
        return json_response(200, with_unknown_fields([body], call.fault)[0])

    def _attribution(self, call: Call) -> Response:
        one, window = self._mine(call), "CONVERSION_EVENT_LOOKBACK_WINDOW"
        body = {
            "name": f"properties/{one.id}/attributionSettings",
            "acquisitionConversionEventLookbackWindow": f"ACQUISITION_{window}_30_DAYS",
            "otherConversionEventLookbackWindow": f"OTHER_{window}_90_DAYS",
            "reportingAttributionModel": one.attribution(self._world.clock.now()),
        }
        return json_response(200, body)

    def _report(self, call: Call) -> Response:
        one, body, now = self._mine(call), _json(call), self._world.clock.now()
        call.note(query=orjson.dumps(body).decode(), page=bool(int(body.get("offset") or 0)))
        question = Question.read(body, call.plan.retired_fields)
        call.note(window=(str(question.first), str(question.last)))
        found = answer(one, question, now)
        if "rows" in found:
            found["rows"] = with_unknown_fields(found["rows"], call.fault)
        quota = self._quota.spend(one.id, question, now)
        if question.with_quota:
            found["propertyQuota"] = quota
        return json_response(200, found)

    def _compatibility(self, call: Call) -> Response:
        body = _json(call)
        self._mine(call)
        asked = (*named(body, "dimensions"), *named(body, "metrics"))
        retired = call.plan.retired_fields
        check_fields(named(body, "dimensions"), "dimension", retired)
        check_fields(named(body, "metrics"), "metric", retired)
        only = word(body.get("compatibilityFilter"), ("COMPATIBLE", "INCOMPATIBLE"))
        found: dict[str, Any] = {}
        for kind, names in (("dimension", DIMENSIONS), ("metric", METRICS)):
            states = {
                one: "COMPATIBLE" if shared([*asked, one]) else "INCOMPATIBLE" for one in names
            }
            found[f"{kind}Compatibilities"] = [
                {f"{kind}Metadata": {"apiName": one}, "compatibility": state}
                for one, state in states.items()
                if only in ("", state)
            ]
        return json_response(200, found)


async def _not_found(_: Request) -> Response:
    return HTMLResponse(NOT_FOUND, 404)


def _json(call: Call) -> dict[str, Any]:
    try:
        body = orjson.loads(call.body or b"{}")
    except orjson.JSONDecodeError as trouble:
        raise error(400, "Invalid JSON payload received. Unexpected token.") from trouble
    if not isinstance(body, dict):
        raise error(400, "Invalid JSON payload received. Root element must be a message.")
    return body
