"""The endpoints: tokens, what a property is (Admin API), and its reports (Data API)."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from connectors.sandbox.platforms.ga4.access import Access
from connectors.sandbox.platforms.ga4.errors import NOT_FOUND, error, of_fault, unknown_key
from connectors.sandbox.platforms.ga4.fields import DIMENSIONS, KEY_EVENTS, METRICS, shared
from connectors.sandbox.platforms.ga4.filters import word
from connectors.sandbox.platforms.ga4.questions import Question, check_fields, named
from connectors.sandbox.platforms.ga4.quota import Quota
from connectors.sandbox.platforms.ga4.reports import answer
from connectors.sandbox.platforms.ga4.site import Property, properties
from connectors.sandbox.wire.bodies import read_form
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Refusal, json_response
from connectors.sandbox.wire.pages import with_unknown_fields
from connectors.sandbox.wire.sign_in import granted, in_authorization
from connectors.sandbox.world import World

_MOST_IN_BATCH = 5
_EVERY = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_CHECK_KEYS = {
    "property", "dimensions", "metrics", "dimensionFilter", "metricFilter", "compatibilityFilter",
}  # fmt: skip


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world, self._quota = world, Quota()
        self._access = Access(list(properties(world.business)))
        self._wire = Lifecycle(
            world.faults,
            of_fault,
            check=_check,
            tokens=self._access.tokens,
            token_of=in_authorization,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/ga4`."""
        wire, known, one = self._wire.endpoint, WITH_TOKEN | {"unknown_field"}, "properties/{id}"
        data = f"/v1beta/{one}"
        return [
            Route("/token", self._token, methods=["POST"]),
            Route("/v1beta/accountSummaries", wire(self._summaries)),
            Route(f"{data}/metadata", wire(self._metadata)),
            Route(f"{data}/keyEvents", wire(self._key_events)),
            Route(f"/v1alpha/{one}/attributionSettings", wire(self._attribution)),
            Route(f"{data}:runReport", wire(self._report, known), methods=["POST"]),
            Route(f"{data}:batchRunReports", wire(self._batch), methods=["POST"]),
            Route(f"{data}:checkCompatibility", wire(self._compatibility), methods=["POST"]),
            Route(data, wire(self._property, known)),
            Route("/{path:path}", _not_found, methods=_EVERY),
        ]

    async def _token(self, request: Request) -> Response:
        form, now = await read_form(request), self._world.clock.now()
        return granted(lambda: self._access.issue(form, now, self._world.faults.plan))

    def _mine(self, call: Call) -> Property:
        return self._access.property(call, self._world.clock.now())

    def _summaries(self, call: Call) -> Response:
        reached = self._access.reached(call, self._world.clock.now())
        listed = [
            {"property": f"properties/{one.id}", "displayName": _name(one),
             "propertyType": "PROPERTY_TYPE_ORDINARY", "parent": "accounts/91000037"}
            for one in reached
        ]  # fmt: skip
        summary = {
            "name": "accountSummaries/91000037",
            "account": "accounts/91000037",
            "displayName": "Web analytics",
            "propertySummaries": listed,
        }
        return json_response(200, {"accountSummaries": [summary]} if listed else {})

    def _property(self, call: Call) -> Response:
        one = self._mine(call)
        body = {
            "name": f"properties/{one.id}",
            "parent": "accounts/91000037",
            "account": "accounts/91000037",
            "displayName": _name(one),
            "industryCategory": "SHOPPING",
            "timeZone": one.time_zone,
            "currencyCode": one.currency,
            "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
            "propertyType": "PROPERTY_TYPE_ORDINARY",
            "createTime": f"{one.site.first_day}T00:00:00Z",
            "updateTime": f"{one.site.first_day}T00:00:00Z",
        }
        return json_response(200, with_unknown_fields([body], call.fault)[0])

    def _attribution(self, call: Call) -> Response:
        one = self._mine(call)
        days = "30_DAYS"
        return json_response(
            200,
            {
                "name": f"properties/{one.id}/attributionSettings",
                "acquisitionConversionEventLookbackWindow": "ACQUISITION_CONVERSION_EVENT_"
                f"LOOKBACK_WINDOW_{days}",
                "otherConversionEventLookbackWindow": "OTHER_CONVERSION_EVENT_LOOKBACK_WINDOW_"
                "90_DAYS",
                "reportingAttributionModel": one.attribution(self._world.clock.now()),
            },
        )

    def _key_events(self, call: Call) -> Response:
        one = self._mine(call)
        held = [
            {"name": f"properties/{one.id}/keyEvents/{number}", "eventName": name,
             "createTime": f"{one.site.first_day}T00:00:00Z", "deletable": name != "purchase",
             "custom": name != "purchase", "countingMethod": "ONCE_PER_EVENT"}
            for number, name in enumerate(KEY_EVENTS, start=1)
        ]  # fmt: skip
        return json_response(200, {"keyEvents": held})

    def _metadata(self, call: Call) -> Response:
        one = self._mine(call)
        body = {
            "name": f"properties/{one.id}/metadata",
            "dimensions": [_described(name) for name in DIMENSIONS],
            "metrics": [_described(name) | {"type": METRICS[name][0]} for name in METRICS],
        }
        return json_response(200, body)

    def _report(self, call: Call) -> Response:
        one, body = self._mine(call), _json(call)
        call.note(query=orjson.dumps(body).decode(), page=bool(int(body.get("offset") or 0)))
        return json_response(200, self._answer(call, one, body))

    def _batch(self, call: Call) -> Response:
        one, asked = self._mine(call), _json(call).get("requests", [])
        if len(asked) > _MOST_IN_BATCH:
            raise error(400, f"Batches are limited to {_MOST_IN_BATCH} requests.")
        reports = [self._answer(call, one, body) for body in asked]
        return json_response(200, {"reports": reports, "kind": "analyticsData#batchRunReports"})

    def _answer(self, call: Call, one: Property, body: dict[str, Any]) -> dict[str, Any]:
        now = self._world.clock.now()
        question = Question.read(body, one, now, call.plan.retired_fields)
        first, last = question.ranges[0][1], question.ranges[-1][2]
        call.note(window=(str(first), str(last)))
        found = answer(one, question, now)
        if "rows" in found:
            found["rows"] = with_unknown_fields(found["rows"], call.fault)
        quota = self._quota.spend(one.id, question, now)
        return found | ({"propertyQuota": quota} if question.with_quota else {})

    def _compatibility(self, call: Call) -> Response:
        body = _json(call)
        self._mine(call)
        for key in body:
            if key not in _CHECK_KEYS:
                raise unknown_key("", key)
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
                {f"{kind}Metadata": _described(one), "compatibility": state}
                for one, state in states.items()
                if only in ("", state)
            ]
        return json_response(200, found)


def _check(call: Call) -> None:
    if call.plan.sunset:
        raise _Html()


class _Html(Refusal):
    """The page that stands where there is no such address."""

    def __init__(self) -> None:
        super().__init__(404, NOT_FOUND)

    def response(self, _: Call) -> Response:
        """Returns the answer."""
        return HTMLResponse(NOT_FOUND, 404)


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


def _described(name: str) -> dict[str, str]:
    return {"apiName": name, "uiName": name, "description": name}


def _name(one: Property) -> str:
    return f"{one.site.organization.name} web"
