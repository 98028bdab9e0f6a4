"""The envelope of every answer: HTTP 200, and a code that says whether it is one."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from connectors.sandbox.wire.lifecycle import Call, Refusal, json_response

NO_PERMISSION, BAD_PARAMETER, TOO_MANY = 40001, 40002, 40100
BAD_APP, BAD_TOKEN = 40101, 40105
INTERNAL, TIMED_OUT = 50000, 51039
_GATEWAY = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


def accepted(call: Call, data: Any) -> Response:
    """Returns an answer."""
    body = {"code": 0, "message": "OK", "request_id": call.id, "data": data}
    return json_response(200, body)


class TikTokError(Refusal):
    """A refusal as the platform words it: a code and a message, with HTTP 200."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(200, {"code": code, "message": message, "data": {}})

    def response(self, call: Call) -> Response:
        """Returns the answer with the request's id."""
        self.body["request_id"] = call.id
        return super().response(call)


def bad(message: str) -> TikTokError:
    """Returns the refusal of a parameter."""
    return TikTokError(BAD_PARAMETER, message)


def no_permission(advertiser: str) -> TikTokError:
    """Returns the refusal of an advertiser that is unknown or out of reach."""
    return TikTokError(NO_PERMISSION, f"No permission to operate advertiser {advertiser}.")


def refuse(call: Call) -> Refusal:
    """Returns what a fault says: the platform's own words, or those of the gateway before it."""
    if call.fault == "429":
        return TikTokError(TOO_MANY, "Requests made too frequently. App reaches the QPS limit 20.")
    if call.fault == "500":
        return TikTokError(INTERNAL, "System error, please retry later.")
    return Refusal.of_fault(call, lambda one: _GATEWAY.format(f"{one.value} {one.phrase}"))
