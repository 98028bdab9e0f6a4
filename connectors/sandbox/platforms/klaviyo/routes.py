"""The endpoints: lists, reports, aggregates, and the token address of OAuth."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import orjson
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.mail_events import MailEvents, between
from connectors.sandbox.platforms.klaviyo.reports import DIMENSIONS, STATISTICS, Reports
from connectors.sandbox.platforms.klaviyo.resources import Writer
from connectors.sandbox.platforms.klaviyo.sign_in import sign_in
from connectors.sandbox.platforms.klaviyo.system import METRICS, SYSTEM
from connectors.sandbox.tables.mail import Days
from connectors.sandbox.wire.json_api import (
    Json,
    Listing,
    conditions,
    invalid,
    posted,
    read,
    refusal,
    results,
    span,
)
from connectors.sandbox.wire.json_api_service import JsonApi
from connectors.sandbox.wire.lifecycle import Call, json_response
from connectors.sandbox.world import World

_OLDEST, _LAST_OF_OLD_CAMPAIGNS = "2025-01-15", "2026-07-15"
_CHANNELS = ("email", "sms", "mobile_push")
_EQUALS, _BOUNDS = ("equals",), ("greater-or-equal", "greater-than", "less-or-equal", "less-than")
_OF_A_MINUTE = {
    "events": 3_500, "profiles": 700, "lists": 700, "segments": 700, "campaigns": 150,
    "metrics": 150, "flows": 60, "flow-actions": 60, "metric-aggregates": 60, "accounts": 15,
    "campaign-values-reports": 2, "flow-series-reports": 2,
}  # fmt: skip


class Endpoints:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._faults = world.faults
        books = {one.account_id: one for one in world.business.mail(SYSTEM)}
        events = {id_: MailEvents(one) for id_, one in books.items()}
        found, self._refresh = sign_in(world)
        self._api = JsonApi(
            world.faults,
            found,
            _OF_A_MINUTE,
            lambda id_, clock, address: Writer(books[id_], events[id_], clock, address),
            _check_revision,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/klaviyo`."""
        gets = {
            "accounts": lambda call, writer: self._api.listed(call, [writer.account()], 100),
            "campaigns": self._campaigns,
            "events": self._events,
            "flows": self._flows,
            "flow-actions/{id}/flow-messages": self._flow_messages,
            "lists": lambda call, writer: self._api.listed(call, writer.lists(), 10),
            "segments": lambda call, writer: self._api.listed(call, writer.segments(), 10),
            "metrics": lambda call, one: self._api.listed(call, map(one.metric, METRICS), 200),
            "profiles": self._profiles,
        }
        posts = {
            "campaign-values-reports": self._campaign_values,
            "flow-series-reports": self._flow_series,
            "metric-aggregates": self._metric_aggregates,
        }
        token = Route("/oauth/token", self._refresh.answer, methods=["POST"])
        return [token, *self._api.routes("GET", gets), *self._api.routes("POST", posts)]

    def _campaigns(self, call: Call, writer: Writer) -> Response:
        if call.request.headers["revision"] > _LAST_OF_OLD_CAMPAIGNS:
            conditions(call, {"archived": _EQUALS})
            return self._api.listed(call, writer.new_campaigns(), 100)
        found = conditions(call, {"messages.channel": _EQUALS, "archived": _EQUALS})
        wanted = {"archived": "false", **{one.name: one.value for one in found}}
        if wanted.get("messages.channel") not in _CHANNELS:
            raise invalid("A channel filter is required to list campaigns.", "filter")
        archived, is_mail = wanted["archived"] == "true", wanted["messages.channel"] == "email"
        shown = [one for one in writer.campaigns() if one["attributes"]["archived"] == archived]
        return self._api.listed(
            call, shown if is_mail else [], 100, campaign_messages=writer.campaign_message
        )

    def _flows(self, call: Call, writer: Writer) -> Response:
        archived = any(one.value == "true" for one in conditions(call, {"archived": _EQUALS}))
        actions = {one["id"]: one for one in writer.flow_actions()}
        rows = [] if archived else writer.flows()
        return self._api.listed(call, rows, 50, flow_actions=actions.__getitem__)

    def _flow_messages(self, call: Call, writer: Writer) -> Response:
        return self._api.listed(call, writer.flow_messages(call.request.path_params["id"]), 50)

    def _profiles(self, call: Call, writer: Writer) -> Response:
        start, end = span(conditions(call, {"updated": ("greater-than", "less-than")}))
        there = [one for one in writer.book.members if one.joined <= writer.clock]
        shown = [one for one in there if start <= writer.updated(one) < end]
        shown.sort(key=lambda one: (writer.updated(one), one.id))
        listing = Listing(100, 20, optional=frozenset({"subscriptions"}))
        return listing.answer(self._faults, call, shown, writer.profile)

    def _events(self, call: Call, writer: Writer) -> Response:
        start, end = span(conditions(call, {"datetime": _BOUNDS}))
        shown = between(writer.events.all, start, min(end, writer.clock + 1))
        kinds = {one.id(writer.book.account_id): kind for kind, one in METRICS.items()}
        listing = Listing(1_000, 200, included={"metric": lambda id_: writer.metric(kinds[id_])})
        return listing.answer(self._faults, call, shown, writer.event)

    def _campaign_values(self, call: Call, writer: Writer) -> Response:
        reports, days = _question(call, "campaign-values-report", writer)
        return self._report(call, reports.campaign_values(*days), {})

    def _flow_series(self, call: Call, writer: Writer) -> Response:
        reports, days = _question(call, "flow-series-report", writer)
        if (days[1] - days[0]).days >= 60:
            raise invalid("An interval of a day takes at most 60 days.")
        times, rows = reports.flow_series(*days)
        return self._report(call, rows, {"date_times": times})

    def _report(self, call: Call, rows: list[Json], more: Json) -> Response:
        asked, cursor = orjson.loads(call.body), call.request.query_params.get("page_cursor", "")
        shown, links = results(self._faults, call, asked, rows, cursor, 100)
        data = {"type": asked["data"]["type"], "id": call.id}
        attributes = {**more, "results": shown}
        return json_response(200, {"data": {**data, "attributes": attributes}, "links": links})

    def _metric_aggregates(self, call: Call, writer: Writer) -> Response:
        asked = posted(call, "metric-aggregate")
        sides = read(",".join(asked.get("filter", [])), {"datetime": _BOUNDS})
        by = asked.get("by", [])
        if not by or [one for one in by if one not in DIMENSIONS]:
            raise invalid(f"{by} is not a valid choice.", "by")
        if len(sides) != 2 or asked.get("interval") != "day":
            raise invalid("Both bounds of datetime are required, and the interval day.")
        zone = ZoneInfo(str(asked.get("timezone", "UTC")))
        days = Days(sides[0].day, sides[1].day - timedelta(days=1), zone)
        call.note(window=(str(days.first), str(days.last)))
        rows = Reports(writer).aggregates(str(asked.get("metric_id")), days, by)
        cursor, size = str(asked.pop("page_cursor", "")), int(asked.get("page_size", 500))
        shown, links = results(self._faults, call, asked, rows, cursor, size)
        attributes = {"dates": [one.isoformat() for one in days.midnights], "data": shown}
        own = {"links": {"self": links["self"]}, "attributes": attributes}
        data = {"type": "metric-aggregate", "id": call.id, **own}
        # There is no `next` where there is nothing more.
        return json_response(200, {"data": data, "links": {k: v for k, v in links.items() if v}})


def _check_revision(call: Call) -> None:
    revision = call.request.headers.get("revision", "")
    if not revision:
        raise invalid("The revision header is required.")
    if call.plan.sunset or revision < _OLDEST:
        raise refusal(410, "gone", "This API revision has been retired.")


def _question(call: Call, type_: str, writer: Writer) -> tuple[Reports, tuple[date, date]]:
    asked = posted(call, type_)
    names, span = list(asked.get("statistics", [])), asked.get("timeframe", {})
    if not names or "conversion_metric_id" not in asked:
        raise invalid("statistics and conversion_metric_id are required.")
    for one in names:
        if one not in STATISTICS or one in call.plan.retired_fields:
            pointer = "/data/attributes/statistics"
            said = f"'{one}' is not a valid statistic."
            raise refusal(400, "invalid", "Invalid input.", said, pointer=pointer)
    try:
        # Whatever offset they have, both are of the account's own zone.
        first, last = (date.fromisoformat(str(span[side])[:10]) for side in ("start", "end"))
    except (KeyError, ValueError) as trouble:
        raise invalid("timeframe needs start and end.") from trouble
    call.note(window=(str(first), str(last)))
    return Reports(writer, names, str(asked["conversion_metric_id"])), (first, last)
