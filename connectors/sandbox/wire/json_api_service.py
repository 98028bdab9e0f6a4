"""A service of JSON:API over accounts, of which each credential reaches one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.wire.faults import Faults
from connectors.sandbox.wire.json_api import Json, Listing, of_fault, refusal
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle
from connectors.sandbox.wire.limits import MinuteLimits
from connectors.sandbox.wire.sign_in import SignIn

W = TypeVar("W")
_POSSIBLE = WITH_TOKEN | {"unknown_field"}


class JsonApi(Generic[W]):
    """Leads calls to what writes the account of their credential.

    Args:
        faults: What goes wrong.
        sign_in: Who calls, and the clock.
        limits: Of each endpoint the requests that a minute may have.
        writer: From an account's id, the clock (seconds since 1970 UTC) and what addresses of the
            API begin with to what writes it.
        check: Refuses a call before it is led to an account.
    """

    def __init__(
        self,
        faults: Faults,
        sign_in: SignIn,
        limits: Mapping[str, int],
        writer: Callable[[str, int, str], W],
        check: Callable[[Call], None],
    ) -> None:
        self._faults, self._sign_in, self._writer = faults, sign_in, writer
        self._limits = MinuteLimits(limits)
        self._wire = Lifecycle(
            faults,
            of_fault,
            check=check,
            headers=self._headers,
            tokens=sign_in.tokens,
            token_of=sign_in.token_of,
        )

    def routes(self, method: str, answers: Mapping[str, Callable[[Call, W], Response]]) -> Any:
        """Yields the endpoints of some addresses below `/api`."""
        for path, run in answers.items():
            yield Route(f"/api/{path}", self._endpoint(run), methods=[method])

    def listed(self, call: Call, rows: Iterable[Json], most: int, **included: Any) -> Response:
        """Returns a page of a list; what may be included is by the name of its relation."""
        named = {name.replace("_", "-"): one for name, one in included.items()}
        listing = Listing(most, included=named)
        return listing.answer(self._faults, call, list(rows), lambda one: one)

    def _endpoint(self, run: Callable[[Call, W], Response]) -> Any:
        def answer(call: Call) -> Response:
            for id_ in self._sign_in.reached(call):
                call.note(account=id_)
                address = str(call.request.url).partition("/api/")[0] + "/api"
                return run(call, self._writer(id_, int(self._sign_in.now().timestamp()), address))
            raise refusal(403, "permission_denied", "You do not have permission.")

        return self._wire.endpoint(answer, _POSSIBLE)

    def _headers(self, call: Call) -> dict[str, str]:
        throttled = call.fault in ("429", "429_retry_after")
        endpoint = call.request.url.path.partition("/api/")[2].partition("/")[0]
        return {} if throttled else self._limits.headers(endpoint)
