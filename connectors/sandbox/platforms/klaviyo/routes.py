"""The endpoints: lists, reports, aggregates, and the token address of OAuth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.mail_events import MailEvents, between
from connectors.sandbox.platforms.klaviyo.reports import DIMENSIONS, STATISTICS, Reports
from connectors.sandbox.platforms.klaviyo.resources import Writer
from connectors.sandbox.platforms.klaviyo.sign_in import sign_in, token_of
from connectors.sandbox.platforms.klaviyo.system import METRICS, SYSTEM
from connectors.sandbox.tables.mail import Days
from connectors.sandbox.wire.json_api import (
    Json,
    Listing,
    conditions,
    invalid,
    of_fault,
    posted,
    refusal,
    results,
    span,
)
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, json_response
from connectors.sandbox.wire.limits import MinuteLimits
from connectors.sandbox.world import World

_REVISIONS = tuple(f"{year}-{day}" for year in (2025, 2026) for day in ("01-15", "04-15", "07-15",
                                                                        "10-15"))  # fmt: skip
_LAST_OF_OLD_CAMPAIGNS = "2026-07-15"
_CHANNELS = ("email", "sms", "mobile_push")
_EQUALS, _BOUNDS = ("equals",), ("greater-or-equal", "greater-than", "less-or-equal", "less-than")
_OF_A_MINUTE = {
    "events": 3_500, "profiles": 700, "lists": 700, "campaigns": 150, "metrics": 150, "flows": 60,
    "flow-actions": 60, "metric-aggregates": 60, "accounts": 15, "campaign-values-reports": 2,
    "flow-series-reports": 2,
}  # fmt: skip
_POSSIBLE = WITH_TOKEN | {"unknown_field"}
Answer = Callable[[Call, Writer], Response]
Include = Callable[[str], Json]


class Endpoints:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.account_id: one for one in world.business.mail(SYSTEM)}
        self._events_of = {id_: MailEvents(one) for id_, one in self._books.items()}
        self._sign_in, self._refresh = sign_in(world)
        self._limits = MinuteLimits(_OF_A_MINUTE)
        self._wire = Lifecycle(
            world.faults,
            of_fault,
            check=_check_revision,
            headers=self._headers,
            tokens=self._sign_in.tokens,
            token_of=token_of,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/klaviyo`."""
        gets = (self._accounts, self._campaigns, self._events, self._flows, self._lists,
                self._metrics, self._profiles)  # fmt: skip
        posts = (self._campaign_values_reports, self._flow_series_reports, self._metric_aggregates)
        asked = [(_name(one), one, "GET") for one in gets]
        asked += [(_name(one), one, "POST") for one in posts]
        asked.append(("flow-actions/{id}/flow-messages", self._flow_messages, "GET"))
        return [
            Route("/oauth/token", self._refresh.answer, methods=["POST"]),
            *(Route(f"/api/{path}", self._endpoint(one), methods=[by]) for path, one, by in asked),
        ]

    def _endpoint(self, run: Answer) -> Any:
        def answer(call: Call) -> Response:
            for id_ in self._sign_in.reached(call):
                call.note(account=id_)
                address = str(call.request.url).partition("/api/")[0] + "/api"
                clock = int(self._world.clock.now().timestamp())
                return run(call, Writer(self._books[id_], self._events_of[id_], clock, address))
            raise refusal(403, "permission_denied", "You do not have permission.")

        return self._wire.endpoint(answer, _POSSIBLE)

    def _headers(self, call: Call) -> dict[str, str]:
        throttled = call.fault in ("429", "429_retry_after")
        endpoint = call.request.url.path.partition("/api/")[2].partition("/")[0]
        return {} if throttled else self._limits.headers(endpoint)

    def _list(self, call: Call, rows: Iterable[Json], most: int, **included: Include) -> Response:
        named = {name.replace("_", "-"): one for name, one in included.items()}
        listing = Listing(most, included=named)
        return listing.answer(self._world.faults, call, list(rows), lambda one: one)

    def _accounts(self, call: Call, writer: Writer) -> Response:
        return self._list(call, [writer.account()], 100)

    def _campaigns(self, call: Call, writer: Writer) -> Response:
        if call.request.headers["revision"] > _LAST_OF_OLD_CAMPAIGNS:
            conditions(call, {"archived": _EQUALS})
            return self._list(call, writer.new_campaigns(), 100)
        found = conditions(call, {"messages.channel": _EQUALS, "archived": _EQUALS})
        wanted = {"archived": "false", **{one.name: one.value for one in found}}
        if wanted.get("messages.channel") not in _CHANNELS:
            raise invalid("A channel filter is required to list campaigns.", "filter")
        archived, is_mail = wanted["archived"] == "true", wanted["messages.channel"] == "email"
        shown = [one for one in writer.campaigns() if one["attributes"]["archived"] == archived]
        return self._list(
            call, shown if is_mail else [], 100, campaign_messages=writer.campaign_message
        )

    def _flows(self, call: Call, writer: Writer) -> Response:
        archived = any(one.value == "true" for one in conditions(call, {"archived": _EQUALS}))
        actions = {one["id"]: one for one in writer.flow_actions()}
        rows = [] if archived else writer.flows()
        return self._list(call, rows, 50, flow_actions=actions.__getitem__)

    def _flow_messages(self, call: Call, writer: Writer) -> Response:
        action = str(call.request.path_params["id"])
        if action not in {one["id"] for one in writer.flow_actions()}:
            raise refusal(404, "not_found", "Not found.", f"There is no flow action {action}.")
        return self._list(call, writer.flow_messages(action), 50)

    def _lists(self, call: Call, writer: Writer) -> Response:
        return self._list(call, writer.lists(), 10)

    def _metrics(self, call: Call, writer: Writer) -> Response:
        return self._list(call, map(writer.metric, METRICS), 200)

    def _profiles(self, call: Call, writer: Writer) -> Response:
        start, end = span(conditions(call, {"updated": ("greater-than", "less-than")}))
        there = [one for one in writer.book.members if one.joined <= writer.clock]
        shown = [one for one in there if start <= writer.updated(one) < end]
        shown.sort(key=lambda one: (writer.updated(one), one.id))
        listing = Listing(100, 20, optional=frozenset({"subscriptions"}))
        return listing.answer(self._world.faults, call, shown, writer.profile)

    def _events(self, call: Call, writer: Writer) -> Response:
        start, end = span(conditions(call, {"datetime": _BOUNDS}))
        shown = between(writer.events.all, start, min(end, writer.clock + 1))
        kinds = {one.id(writer.book.account_id): kind for kind, one in METRICS.items()}
        listing = Listing(1_000, 200, included={"metric": lambda id_: writer.metric(kinds[id_])})
        return listing.answer(self._world.faults, call, shown, writer.event)

    def _campaign_values_reports(self, call: Call, writer: Writer) -> Response:
        reports, days = _question(call, "campaign-values-report", writer)
        return self._report(call, reports.campaign_values(*days), {})

    def _flow_series_reports(self, call: Call, writer: Writer) -> Response:
        reports, days = _question(call, "flow-series-report", writer)
        if (days[1] - days[0]).days >= 60:
            raise invalid("An interval of a day takes at most 60 days.")
        times, rows = reports.flow_series(*days)
        return self._report(call, rows, {"date_times": times})

    def _report(self, call: Call, rows: list[Json], more: Json) -> Response:
        asked, cursor = orjson.loads(call.body), call.request.query_params.get("page_cursor", "")
        shown, links = results(self._world.faults, call, asked, rows, cursor, 100)
        data = {"type": asked["data"]["type"], "id": call.id}
        attributes = {**more, "results": shown}
        return json_response(200, {"data": {**data, "attributes": attributes}, "links": links})

    def _metric_aggregates(self, call: Call, writer: Writer) -> Response:
        asked = posted(call, "metric-aggregate")
        by, sides = asked.get("by", []), [_time(one) for one in asked.get("filter", [])]
        if not by or [one for one in by if one not in DIMENSIONS]:
            raise invalid(f"{by} is not a valid choice.", "by")
        if len(sides) != 2 or asked.get("interval") != "day":
            raise invalid("Both bounds of datetime are required, and the interval day.")
        last = sides[1] - timedelta(microseconds=1)
        days = Days(sides[0].date(), last.date(), ZoneInfo(str(asked.get("timezone", "UTC"))))
        call.note(window=(str(days.first), str(days.last)))
        rows = Reports(writer).aggregates(str(asked.get("metric_id")), days, by)
        cursor, size = str(asked.pop("page_cursor", "")), int(asked.get("page_size", 500))
        shown, links = results(self._world.faults, call, asked, rows, cursor, size)
        attributes = {"dates": [one.isoformat() for one in days.midnights], "data": shown}
        own = {"links": {"self": links["self"]}, "attributes": attributes}
        data = {"type": "metric-aggregate", "id": call.id, **own}
        # There is no `next` where there is nothing more.
        return json_response(200, {"data": data, "links": {k: v for k, v in links.items() if v}})


def _name(answer: Answer) -> str:
    """Returns the address of what an answer is of, which has its name."""
    return answer.__name__.strip("_").replace("_", "-")


def _check_revision(call: Call) -> None:
    revision = call.request.headers.get("revision", "")
    if not revision:
        raise invalid("The revision header is required.")
    if call.plan.sunset or revision < _REVISIONS[0]:
        raise refusal(410, "gone", "This API revision has been retired.")
    if revision not in _REVISIONS:
        raise invalid(f"'{revision}' is not a valid revision.")


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


def _time(condition: object) -> datetime:
    text = str(condition).rpartition(",")[2].rstrip(")")
    try:
        return datetime.fromisoformat(text)
    except ValueError as trouble:
        raise invalid(f"'{text}' is not a valid datetime.", "filter") from trouble
