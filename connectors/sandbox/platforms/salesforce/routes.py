"""The endpoints, below the address that a token names."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.platforms.salesforce.fields import FIELDS
from connectors.sandbox.platforms.salesforce.jobs import Jobs
from connectors.sandbox.platforms.salesforce.lists import Row, time
from connectors.sandbox.platforms.salesforce.objects import Shown
from connectors.sandbox.platforms.salesforce.people import Conversions
from connectors.sandbox.platforms.salesforce.sign_in import Door, refusal
from connectors.sandbox.platforms.salesforce.soql import Query, parsed
from connectors.sandbox.platforms.salesforce.system import SYSTEM
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Refusal, json_response
from connectors.sandbox.wire.pages import page
from connectors.sandbox.world import World

VERSIONS = ("41.0", "68.0")
_ROWS = 200
"""Rows of a page: no more than what is asked for, and wide rows come in fewer."""
_MOST_KEPT = 400
Answer = Callable[[Call, Shown], Response]


class Endpoints:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world, self._door = world, Door(world)
        self._books = {one.account.id: one for one in world.business.sales(SYSTEM)}
        self._conversions = {id_: Conversions(one) for id_, one in self._books.items()}
        self._jobs = {id_: Jobs() for id_ in self._books}
        self._shown: dict[str, Shown] = {}
        self._cursors: OrderedDict[str, tuple[Query, Sequence[Row], bytes]] = OrderedDict()
        self._asked = 0
        self._wire = Lifecycle(
            world.faults,
            _of_fault,
            check=_check_version,
            headers=self._limits,
            tokens=self._door.tokens,
            token_of=self._door.sign_in.token_of,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/salesforce`."""
        data = "/{address}/services/data/v{version}"
        asked: list[tuple[str, Answer, list[str]]] = [
            # Clients write both with and without a slash at the end.
            *(
                (f"/{name}{end}", self._query, ["GET"])
                for name in ("query", "queryAll")
                for end in ("", "/")
            ),
            ("/query/{locator}", self._more, ["GET"]),
            ("/sobjects/{object}/describe", self._describe, ["GET"]),
            ("/jobs/query", self._start, ["POST"]),
            ("/jobs/query", self._list, ["GET"]),
            ("/jobs/query/{id}", self._job, ["GET", "PATCH", "DELETE"]),
            ("/jobs/query/{id}/results", self._results, ["GET"]),
        ]
        return [
            Route("/services/oauth2/token", self._door.token, methods=["POST"]),
            *(Route(data + path, self._endpoint(run), methods=by) for path, run, by in asked),
        ]

    def _endpoint(self, run: Answer) -> Any:
        def answer(call: Call) -> Response:
            return run(call, self._at_clock(self._door.organization(call)))

        possible = WITH_TOKEN | {"job_failed"} if run == self._start else WITH_TOKEN
        return self._wire.endpoint(answer, possible)

    def _at_clock(self, id_: str) -> Shown:
        clock = int(self._world.clock.now().timestamp())
        kept = self._shown.get(id_)
        if kept is None or kept.clock != clock:
            kept = Shown(self._books[id_], self._conversions[id_], clock)
            self._shown[id_] = kept
        return kept

    def _query(self, call: Call, shown: Shown) -> Response:
        text = call.request.query_params.get("q", "")
        call.note_query()
        query = self._understood(text)
        rows = self._found(query, shown, deleted="/queryAll" in call.request.url.path)
        if not query.fields:
            return json_response(200, {"totalSize": len(rows), "done": True, "records": []})
        return self._paged(call, query, rows, f"{text} {shown.clock}".encode(), 1, "")

    def _more(self, call: Call, _shown: Shown) -> Response:
        cursor, _, start = str(call.request.path_params["locator"]).partition("-")
        if cursor not in self._cursors or not start.isdecimal():
            raise refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        query, rows, key = self._cursors[cursor]
        return self._paged(call, query, rows, key, int(start) // _ROWS + 1, cursor)

    def _paged(
        self, call: Call, query: Query, rows: Sequence[Row], key: bytes, number: int, cursor: str
    ) -> Response:
        cut = page(self._world.faults, key, rows, number, _ROWS)
        call.note(page=number > 1, fault=cut.fault or call.fault)
        records = [_record(query, row) for row in cut.rows]
        body = {"totalSize": len(rows), "done": not cut.more, "records": records}
        if cut.more:
            cursor = cursor or self._kept(query, rows, key)
            version = call.request.path_params["version"]
            following = f"{cursor}-{number * _ROWS}"
            # Of deleted rows, too, the next page lies below `query`.
            body["nextRecordsUrl"] = f"/services/data/v{version}/query/{following}"
        return json_response(200, body)

    def _kept(self, query: Query, rows: Sequence[Row], key: bytes) -> str:
        self._asked += 1
        cursor = f"0r8RO{self._asked:010d}AAA"
        self._cursors[cursor] = query, rows, key
        if len(self._cursors) > _MOST_KEPT:
            self._cursors.popitem(last=False)
        return cursor

    def _describe(self, call: Call, _: Shown) -> Response:
        object_ = str(call.request.path_params["object"])
        if object_ not in FIELDS:
            raise refusal(404, "NOT_FOUND", "The requested resource does not exist")
        fields = [
            {
                "name": name,
                "type": type_,
                "custom": name.endswith("__c"),
                "relationshipName": name.removesuffix("Id") if type_ == "reference" else None,
            }
            for name, type_ in FIELDS[object_].items()
            if "." not in name and not self._is_hidden(object_, name)
        ]
        return json_response(200, {"name": object_, "queryable": True, "fields": fields})

    def _start(self, call: Call, shown: Shown) -> Response:
        try:
            asked = dict(orjson.loads(call.body))
        except (ValueError, TypeError):
            raise refusal(400, "JSON_PARSER_ERROR", "Unexpected character") from None
        text, operation = str(asked.get("query")), str(asked.get("operation"))
        call.note(query=text)
        query = self._understood(text)
        rows = self._found(query, shown, deleted=operation == "queryAll")
        fails = call.fault == "job_failed"
        job = self._of(call).start(query, operation, rows, time(shown.clock), fails)
        return json_response(200, job.report())

    def _list(self, call: Call, _: Shown) -> Response:
        records = [{"id": one.id, "state": one.state} for one in self._of(call).all()]
        return json_response(200, {"done": True, "records": records, "nextRecordsUrl": None})

    def _job(self, call: Call, _: Shown) -> Response:
        jobs, id_ = self._of(call), call.request.path_params["id"]
        if call.request.method == "DELETE":
            jobs.delete(id_)
            return Response(status_code=204)
        if call.request.method == "PATCH":
            return json_response(200, jobs.abort(id_).report())
        return json_response(200, jobs.find(id_).report())

    def _results(self, call: Call, _: Shown) -> Response:
        job = self._of(call).find(call.request.path_params["id"])
        wrong = refusal(400, "INVALIDREQUEST", "maxRecords is a number")
        most = call.number("maxRecords", 50_000, 1_000_000, wrong)
        body, locator, rows = job.page(call.request.query_params.get("locator", ""), most)
        headers = {"Sforce-Locator": locator, "Sforce-NumberOfRecords": str(rows)}
        return Response(body, media_type="text/csv", headers=headers)

    def _of(self, call: Call) -> Jobs:
        return self._jobs[call.request.state.account]

    def _understood(self, text: str) -> Query:
        query = parsed(text)
        if query.object not in FIELDS:
            said = f"sObject type '{query.object}' is not supported."
            raise refusal(400, "INVALID_TYPE", said)
        for name in sorted(query.named()):
            known = name in FIELDS[query.object]
            if not known or self._is_hidden(query.object, name):
                said = f"No such column '{name}' on entity '{query.object}'."
                raise refusal(400, "INVALID_FIELD", f"\n{text}\n^\nERROR at Row:1:Column:1\n{said}")
        return query

    def _found(self, query: Query, shown: Shown, *, deleted: bool) -> list[Row]:
        rows = shown.rows(query.object)
        return query.of([row for row in rows if deleted or not row.get("IsDeleted")])

    def _is_hidden(self, object_: str, name: str) -> bool:
        return f"{object_}.{name}" in self._world.faults.plan.retired_fields

    def _limits(self, _: Call) -> dict[str, str]:
        return {"Sforce-Limit-Info": f"api-usage={25 + self._asked % 1000}/100000"}


def _record(query: Query, row: Row) -> Row:
    """Returns a row with the fields that are asked for; those of a parent lie in an object."""
    place = f"/services/data/v67.0/sobjects/{query.object}/{row['Id']}"
    record: Row = {"attributes": {"type": query.object, "url": place}}
    for name in query.fields:
        parent, dot, inner = name.partition(".")
        if dot:
            record.setdefault(parent, {"attributes": {"type": parent}})[inner] = row[name]
        else:
            record[name] = row[name]
    return record


def _of_fault(call: Call) -> Refusal:
    return Refusal.of_fault(call, lambda status: f"<html>{status.phrase}</html>")


def _check_version(call: Call) -> None:
    version = str(call.request.path_params.get("version", VERSIONS[1]))
    if call.plan.sunset or float(version) < float(VERSIONS[0]):
        raise refusal(410, "GONE", "The requested version is no longer available")
