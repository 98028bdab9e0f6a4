"""Google Ads' error bodies: a status of Google's APIs around a GoogleAdsFailure of the version."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from connectors.sandbox.wire.lifecycle import Call, Refusal

_STATUSES = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    401: (
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential.",
    ),
    403: ("PERMISSION_DENIED", "The caller does not have permission"),
    404: ("NOT_FOUND", "Requested entity was not found."),
    413: ("INVALID_ARGUMENT", "Request payload size exceeds the limit."),
    429: ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    500: ("INTERNAL", "Internal error encountered."),
    503: ("UNAVAILABLE", "The service is currently unavailable."),
}


class GoogleAdsError(Refusal):
    """A refusal as the platform words it.

    Attributes:
        http: The HTTP status.
        kind: The oneof member of ErrorCode, e.g. `queryError`; empty when the failure comes from
            before Google Ads and has no GoogleAdsFailure.
        code: The enum constant, e.g. `UNRECOGNIZED_FIELD`.
        message: For people.
        details: `details` of the single error, e.g. `quotaErrorDetails`.
        headers: More response headers.
    """

    def __init__(
        self,
        http: int,
        kind: str,
        code: str,
        message: str,
        details: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(http, None, headers or {})
        self.http, self.kind, self.code = http, kind, code
        self.message, self.details = message, details

    def response(self, call: Call) -> Response:
        """Returns the answer: a stream's is inside an array."""
        self.body = self.written(call.request.path_params["version"], call.id)
        if call.request.url.path.endswith(":searchStream"):
            self.body = [self.body]
        return super().response(call)

    def written(self, version: str, request_id: str) -> dict[str, Any]:
        """Returns the error object as JSON values."""
        status, message = _STATUSES[self.http]
        if not self.kind:
            info = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": self.code,
                "domain": "googleapis.com",
                "metadata": {"service": "googleads.googleapis.com"},
            }
            return _error(self.http, self.message, status, [info] if self.code else [])
        error: dict[str, Any] = {"errorCode": {self.kind: self.code}, "message": self.message}
        if self.details is not None:
            error["details"] = self.details
        failure = {
            "@type": f"type.googleapis.com/google.ads.googleads.{version}.errors.GoogleAdsFailure",
            "errors": [error],
            "requestId": request_id,
        }
        return _error(self.http, message, status, [failure])


def query_error(code: str, message: str) -> GoogleAdsError:
    """Returns a refusal of the query itself."""
    return GoogleAdsError(400, "queryError", code, message)


def request_error(code: str, message: str) -> GoogleAdsError:
    """Returns a refusal of the request around the query."""
    return GoogleAdsError(400, "requestError", code, message)


def unknown_json_name(name: str) -> GoogleAdsError:
    """Returns what Google's front end says to a JSON key that the message does not have."""
    return GoogleAdsError(
        400,
        "",
        "",
        f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.',
    )


def _error(http: int, message: str, status: str, details: list[Any]) -> dict[str, Any]:
    error: dict[str, Any] = {"code": http, "message": message, "status": status}
    if details:
        error["details"] = details
    return {"error": error}
