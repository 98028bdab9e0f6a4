"""The endpoints: advertisers, lists and the integrated report; paths end with a slash."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.tiktok_ads import reports
from connectors.sandbox.platforms.tiktok_ads.entities import (
    LEVELS,
    advertiser,
    chosen,
    listed,
    rendered,
)
from connectors.sandbox.platforms.tiktok_ads.envelope import (
    BAD_APP,
    TikTokError,
    accepted,
    bad,
    no_permission,
    refuse,
)
from connectors.sandbox.platforms.tiktok_ads.parameters import read_json, read_page, required
from connectors.sandbox.platforms.tiktok_ads.sign_in import APP, sign_in
from connectors.sandbox.tables.things import things
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Run
from connectors.sandbox.wire.pages import asked_page, with_unknown_fields
from connectors.sandbox.world import World

_LIVING_VERSION = "v1.3"


class TikTokAds:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world, self._sign_in = world, sign_in(world)
        self._wire = Lifecycle(
            world.faults,
            refuse,
            check=_check_version,
            headers=lambda call: {"X-Tt-Logid": call.id},
            tokens=self._sign_in.tokens,
            token_of=self._sign_in.token_of,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/tiktok_ads`."""
        base, wire = "/open_api/{version}", self._wire.endpoint
        on_lists = WITH_TOKEN | {"unknown_field"}
        return [
            Route(f"{base}/oauth2/advertiser/get/", wire(self._authorized)),
            Route(f"{base}/advertiser/info/", wire(self._info, on_lists)),
            *(Route(f"{base}/{kind}/get/", wire(self._list(kind), on_lists)) for kind in LEVELS),
            Route(f"{base}/report/integrated/get/", wire(self._report, on_lists)),
        ]

    def _authorized(self, call: Call) -> Response:
        mine, asked = self._sign_in.reached(call), call.request.query_params
        if (asked.get("app_id"), asked.get("secret")) != APP:
            raise TikTokError(BAD_APP, "App id or secret is incorrect.")
        named = [{"advertiser_id": id_, "advertiser_name": one.name} for id_, one in mine.items()]
        return accepted(call, {"list": named})

    def _info(self, call: Call) -> Response:
        params = call.request.query_params
        required(params, "advertiser_ids")
        business, now = self._world.business, self._world.clock.now()
        mine = [self._advertiser(call, one) for one in read_json(params, "advertiser_ids", list)]
        found = [advertiser(business, one, now) for one in mine]
        asked = chosen(params, list(found[0]) if found else [], call.plan.retired_fields)
        rows = [{name: one[name] for name in asked} for one in found]
        return accepted(call, {"list": with_unknown_fields(rows, call.fault)})

    def _list(self, kind: str) -> Run:
        def run(call: Call) -> Response:
            params, retired = call.request.query_params, call.plan.retired_fields
            account = self._advertiser(call)
            now = self._world.clock.now()
            held = things(self._world.business, account, LEVELS[kind], now)
            found = [rendered(kind, one, params, retired) for one in listed(kind, held, params)]
            return self._paged(call, found, None)

        return run

    def _report(self, call: Call) -> Response:
        account = self._advertiser(call)
        business, now = self._world.business, self._world.clock.now()
        found, throttle = reports.rows(business, account, now, reports.asked(call))
        response = self._paged(call, found, "metrics")
        if throttle is not None:
            response.headers["X-Tt-Ads-Throttle"] = throttle
        return response

    def _advertiser(self, call: Call, named: str | None = None) -> Account:
        mine = self._sign_in.reached(call)
        id_ = named or required(call.request.query_params, "advertiser_id")
        call.note(account=id_)
        if id_ not in mine:
            raise no_permission(id_)
        return mine[id_]

    def _paged(self, call: Call, rows: list[dict[str, Any]], inside: str | None) -> Response:
        number, size = read_page(call)
        shown = asked_page(self._world.faults, call, rows, number, size, inside)
        info = {
            "page": number,
            "page_size": size,
            "total_number": shown.total,
            "total_page": shown.pages,
        }
        return accepted(call, {"list": shown.rows, "page_info": info})


def _check_version(call: Call) -> None:
    if call.request.path_params["version"] != _LIVING_VERSION or call.plan.sunset:
        raise bad("The version of this API is no longer supported. Please upgrade.")
